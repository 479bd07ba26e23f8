#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "mirror/git/access.h"
#include "tests/mirror/git/remote_fixture.h"

using namespace tidemark::mirror;
using namespace tidemark::mirror::git;
using tidemark::tests::contains;
using tidemark::tests::error_of;
using tidemark::tests::Keys;
using tidemark::tests::secret_keys;

namespace {

const Keys k_ssh = {{"identity", "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----\n"},
                    {"known_hosts", "host ssh-ed25519 AAAA\n"}};
constexpr const char* k_pem = "-----BEGIN CERTIFICATE-----\n";

RemoteAccess read(const std::string& url, const Keys& keys = {}) {
    return make_remote_access(url, secret_keys(keys), "flux-system/fleet");
}
std::string refusal(const std::string& url, const Keys& keys = {}) {
    const Error error = error_of([&] { read(url, keys); });
    BOOST_TEST((error.kind() == ErrorKind::invalid));
    return error.what();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(git_remote_access)

BOOST_AUTO_TEST_CASE(each_form_of_address_has_its_transport) {
    BOOST_TEST((read("/srv/fleet.git").transport == Transport::file));
    BOOST_TEST((read("file:///srv/fleet.git").transport == Transport::file));
    BOOST_TEST((read("https://git.example/fleet.git").transport == Transport::https));
    BOOST_TEST((read("http://git.example/fleet.git").transport == Transport::http));
    BOOST_TEST((read("ssh://git@git.example/fleet.git", k_ssh).transport == Transport::ssh));
}

BOOST_AUTO_TEST_CASE(other_addresses_are_refused_with_what_to_write) {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"git@git.example:team/fleet.git", "write ssh://git@git.example/team/fleet.git"},
        {"git://git.example/fleet.git", "must begin with ssh://"},
        {"ext::sh -c touch% /tmp/x", "must begin with ssh://"},
        {"ext::sh://-c", "must begin with ssh://"},
        {"fleet.git", "must begin with ssh://"},
        {"", "empty"},
        {"ssh://-oProxyCommand=touch/x", "does not begin with '-'"},
        {"ssh://-oProxyCommand=x@host/x", "does not begin with '-'"},
        {"https:///fleet.git", "names no host"},
        {"https://git.example", "names no repository"},
        {"file://host/fleet.git", "file:///"},
        {"https://git.example/a\nb", "control characters"},
        {"https://git.example/" + std::string(3000, 'x'), "longer than"},
    };
    for (const auto& [url, reason] : cases) {
        BOOST_TEST_CONTEXT(url.substr(0, 60)) {
            BOOST_TEST(contains(refusal(url, k_ssh), reason), refusal(url, k_ssh));
        }
    }
}

BOOST_AUTO_TEST_CASE(credentials_leave_the_address) {
    const RemoteAccess access = read("https://ali%40ce:s3%3Acret@git.example/fleet.git");
    BOOST_TEST(access.url == "https://git.example/fleet.git");
    BOOST_TEST(access.shown_url == access.url);
    BOOST_TEST(access.username == "ali@ce");
    BOOST_TEST(access.password.reveal() == "s3:cret");
}

BOOST_AUTO_TEST_CASE(the_secret_goes_before_the_address) {
    const RemoteAccess access =
        read("https://old:older@git.example/fleet.git", {{"username", "bot\n"}, {"password", "new\n"}});
    BOOST_TEST(access.username == "bot");
    BOOST_TEST(access.password.reveal() == "new");
}

BOOST_AUTO_TEST_CASE(an_ssh_address_without_a_user_means_git) {
    BOOST_TEST(read("ssh://git.example:2222/fleet.git", k_ssh).url == "ssh://git@git.example:2222/fleet.git");
}

BOOST_AUTO_TEST_CASE(what_a_secret_lacks_is_named) {
    BOOST_TEST(contains(refusal("ssh://git@h/x"), "identity"));
    BOOST_TEST(contains(refusal("ssh://git@h/x", {{"identity", k_ssh.at("identity")}}), "known_hosts"));
    BOOST_TEST(
        contains(refusal("ssh://git@h/x", {{"identity", "nonsense"}, {"known_hosts", "h x"}}), "no private key"));
    BOOST_TEST(contains(refusal("https://h/x", {{"password", "p"}}), "needs a username"));
    BOOST_TEST(contains(refusal("https://h/x", {{"username", "u"}, {"bearerToken", "t"}}), "exclude"));
    BOOST_TEST(contains(refusal("https://h/x", {{"tls.crt", k_pem}}), "both"));
    BOOST_TEST(contains(refusal("https://h/x", {{"ca.crt", "nonsense"}}), "not PEM"));
    BOOST_TEST(contains(refusal("https://h/x", {{"username", "u"}, {"password", "a\nb"}}), "line breaks"));
    BOOST_TEST(contains(refusal("http://h/x", {{"username", "u"}, {"password", "p"}}), "plain http"));
}

BOOST_AUTO_TEST_CASE(loopback_takes_a_password_over_http) {
    BOOST_TEST(read("http://127.0.0.1:3000/x", {{"username", "u"}, {"password", "p"}}).username == "u");
    BOOST_TEST(contains(refusal("http://127.0.0.1.example/x", {{"username", "u"}, {"password", "p"}}), "plain http"));
}

BOOST_AUTO_TEST_CASE(old_and_new_names_of_certificates_are_read) {
    BOOST_TEST(read("https://h/x", {{"caFile", k_pem}}).ca_certificates == k_pem);
    BOOST_TEST(read("https://h/x", {{"ca.crt", k_pem}}).ca_certificates == k_pem);
    const RemoteAccess access = read("https://h/x", {{"certFile", k_pem}, {"keyFile", k_pem}});
    BOOST_TEST(access.client_certificate == k_pem);
    BOOST_TEST(access.client_key.reveal() == k_pem);
}

BOOST_AUTO_TEST_CASE(no_message_holds_a_credential) {
    const std::string secret = "pl4nted-canary";
    for (const std::string& url : std::vector<std::string>{
             "ssh://git:" + secret + "@h/x", "git://u:" + secret + "@h/x", "http://u:" + secret + "@h/x",
             "https://" + secret + "@h", "https://h?private_token=" + secret, "ftp://" + secret + "@h/x"}) {
        BOOST_TEST(!contains(refusal(url), secret), refusal(url));
    }
    BOOST_TEST(redact_url("https://u:p@h/x?token=t#f") == "https://h/x");
    BOOST_TEST(redact_url("ssh://git:p@h/x") == "ssh://git@h/x");
}

BOOST_AUTO_TEST_CASE(a_proxy_gets_its_login_encoded) {
    RemoteAccess access = read("https://h/x");
    set_proxy(access, secret_keys({{"address", "http://proxy:3128\n"}, {"username", "u"}, {"password", "p@:/"}}),
              "ns/p");
    BOOST_TEST(access.proxy.reveal() == "http://u:p%40%3A%2F@proxy:3128");
    BOOST_CHECK_THROW(set_proxy(access, secret_keys({{"address", "proxy:3128"}}), "ns/p"), Error);
}

BOOST_AUTO_TEST_SUITE_END()
