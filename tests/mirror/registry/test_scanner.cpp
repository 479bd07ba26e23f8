// Scans of Debian's docker-registry in its ways of login.
#include <set>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "tests/mirror/registry/scanning.h"
#include "tests/support/servers.h"

namespace tidemark::mirror::registry {

using tests::DockerRegistry;
using tests::Pki;
using tests::TempFolder;
using tests::TokenServer;

BOOST_AUTO_TEST_SUITE(registry_scanner)

namespace {

const std::vector<std::string> k_tags = {"1.0.0", "1.1.0", "main-0a1b2c3-1700000000"};

}  // namespace

BOOST_AUTO_TEST_CASE(a_plain_registry_on_loopback_is_scanned_without_being_told) {
    if (tests::skip_without({"docker-registry"})) return;
    const TempFolder folder;
    DockerRegistry registry(folder / "r");
    registry.add_tags("team/app", k_tags);
    Scanner scanner(quick_limits());
    const ScanResult first = scan_one(scanner, access_to(registry.host(), "team/app"));
    BOOST_TEST(printed(first) == "");
    BOOST_TEST(name(first.outcome) == "whole");
    BOOST_TEST(sorted(first) == k_tags, boost::test_tools::per_element());
    BOOST_TEST(first.requests == 2U);  // https was tried first
    BOOST_TEST(scan_one(scanner, access_to(registry.host(), "team/app")).requests == 1U);
}

BOOST_AUTO_TEST_CASE(an_equal_answer_is_not_read_again) {
    if (tests::skip_without({"docker-registry"})) return;
    const TempFolder folder;
    DockerRegistry registry(folder / "r");
    registry.add_tags("team/app", {"1.0.0"});
    Scanner scanner(quick_limits());
    const Access access = access_to(registry.host(), "team/app");
    const ScanResult first = scan_one(scanner, access);
    BOOST_TEST(first.hash.size() == 32U);
    const ScanResult second = scan_one(scanner, access, first.hash);
    BOOST_TEST(name(second.outcome) == "whole");
    BOOST_TEST(second.unchanged);
    BOOST_TEST(second.tags.empty());
    BOOST_CHECK(second.hash == first.hash);
    registry.add_tags("team/app", {"1.0.1"});
    const ScanResult third = scan_one(scanner, access, first.hash);
    BOOST_TEST(!third.unchanged);
    BOOST_TEST(third.tags.size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_empty_repository_is_whole_and_an_unknown_one_fails) {
    if (tests::skip_without({"docker-registry"})) return;
    const TempFolder folder;
    DockerRegistry registry(folder / "r");
    registry.add_tags("team/app", {"1.0.0"});
    registry.remove_tag("team/app", "1.0.0");
    Scanner scanner(quick_limits());
    const ScanResult empty = scan_one(scanner, access_to(registry.host(), "team/app"));
    BOOST_TEST(name(empty.outcome) == "whole");
    BOOST_TEST(empty.tags.empty());
    const ScanResult unknown = scan_one(scanner, access_to(registry.host(), "team/none"));
    BOOST_TEST(name(unknown.outcome) == "failed");
    BOOST_TEST(unknown.http_status == 404);
    BOOST_CHECK(unknown.kind == ErrorKind::not_found);
    BOOST_TEST(unknown.message == registry.host() +
                                      " answered 404 Not Found for the tag list of team/none: "
                                      "NAME_UNKNOWN: repository name not known to registry");
}

BOOST_AUTO_TEST_CASE(basic_login_is_learnt_once_and_a_wrong_password_is_told) {
    if (tests::skip_without({"docker-registry", "htpasswd"})) return;
    const TempFolder folder;
    DockerRegistry registry(folder / "r", {.user = "alice", .password = "s3cret"});
    registry.add_tags("team/app", k_tags);
    Scanner scanner(quick_limits());
    Access access = access_to(registry.host(), "team/app");
    access.credential = password_credential("alice", "s3cret");
    BOOST_TEST(sorted(scan_one(scanner, access)) == k_tags, boost::test_tools::per_element());
    BOOST_TEST(scan_one(scanner, access).requests == 1U);

    access.credential = password_credential("alice", "canary-wrong");
    const ScanResult wrong = scan_one(scanner, access);
    BOOST_TEST(name(wrong.outcome) == "failed");
    BOOST_CHECK(wrong.kind == ErrorKind::authentication);
    BOOST_TEST(wrong.message == registry.host() +
                                    " answered 401 Unauthorized for the tag list of team/app: "
                                    "UNAUTHORIZED: authentication required; the credential was refused");
    access.credential.reset();
    const ScanResult none = scan_one(scanner, access);
    BOOST_TEST(none.message.ends_with("it wants a credential (secretRef), and there is none"));
}

BOOST_AUTO_TEST_CASE(tokens_are_fetched_for_several_repositories_at_once_and_kept) {
    if (tests::skip_without({"docker-registry", "python3", "openssl"})) return;
    const TempFolder folder;
    const TokenServer tokens(folder / "t");
    DockerRegistry registry(folder / "r", {.tokens = &tokens});
    std::vector<ScanRequest> requests;
    for (int i = 0; i < 40; ++i) {
        const std::string repository = "team/app-" + std::to_string(i);
        registry.add_tags(repository, {"1.0." + std::to_string(i)});
        Access access = access_to(registry.host(), repository);
        access.credential = password_credential("alice", "s3cret");
        requests.push_back({repository, access, {}});
    }
    Scanner scanner(quick_limits());
    std::set<std::string> found;
    unsigned asked = 0;
    const auto collect = [&](ScanResult&& result) {
        BOOST_TEST(printed(result) == "");
        BOOST_REQUIRE(result.tags.size() == 1U);
        found.insert(result.id + ":" + std::string(result.tags[0]));
        asked += result.requests;
    };
    scanner.scan(requests, collect);
    BOOST_TEST(found.size() == 40U);
    BOOST_TEST(found.count("team/app-7:1.0.7") == 1U);
    BOOST_TEST(tokens.requests().size() <= 8U);
    asked = 0;
    scanner.scan(requests, collect);
    BOOST_TEST(asked == 40U);
    BOOST_TEST(tokens.requests().size() <= 8U);
}

BOOST_AUTO_TEST_CASE(a_repository_without_the_right_does_not_spoil_its_neighbours) {
    if (tests::skip_without({"docker-registry", "python3", "openssl"})) return;
    const TempFolder folder;
    const TokenServer tokens(folder / "t");
    DockerRegistry registry(folder / "r", {.tokens = &tokens});
    registry.add_tags("public/app", {"1.0.0"});
    registry.add_tags("private/app", {"1.0.0"});
    Scanner scanner(quick_limits());
    const std::vector<ScanRequest> requests = {{"public", access_to(registry.host(), "public/app"), {}},
                                               {"private", access_to(registry.host(), "private/app"), {}},
                                               {"public again", access_to(registry.host(), "public/app"), {}}};
    std::set<std::string> outcomes;
    scanner.scan(requests, [&](ScanResult&& result) { outcomes.insert(result.id + " " + name(result.outcome)); });
    const std::set<std::string> expected = {"public whole", "private failed", "public again whole"};
    BOOST_TEST(outcomes == expected, boost::test_tools::per_element());
    const ScanResult refused = scan_one(scanner, access_to(registry.host(), "private/app"));
    BOOST_CHECK(refused.kind == ErrorKind::authentication);
    BOOST_TEST(refused.message.ends_with("there is no credential (secretRef), and anonymous access does not do"),
               refused.message);
}

BOOST_AUTO_TEST_CASE(identity_tokens_are_traded_and_registry_tokens_sent_as_they_are) {
    if (tests::skip_without({"docker-registry", "python3", "openssl"})) return;
    const TempFolder folder;
    const TokenServer tokens(folder / "t");
    DockerRegistry registry(folder / "r", {.tokens = &tokens});
    registry.add_tags("team/app", k_tags);
    Scanner scanner(quick_limits());
    Access access = access_to(registry.host(), "team/app");
    access.credential.emplace();
    access.credential->identity_token = SecretString("identity-alice");
    BOOST_TEST(sorted(scan_one(scanner, access)) == k_tags, boost::test_tools::per_element());
    BOOST_TEST(tokens.requests().at(0) == "POST /token -");

    access.credential->identity_token = SecretString("canary-identity");
    const ScanResult wrong = scan_one(scanner, access);
    BOOST_CHECK(wrong.kind == ErrorKind::authentication);
    BOOST_TEST(wrong.message.find("bad credentials; the credential was refused") != std::string::npos, wrong.message);

    access.credential->registry_token = SecretString("canary-registry");
    const ScanResult token = scan_one(scanner, access);
    BOOST_CHECK(token.kind == ErrorKind::authentication);
    BOOST_TEST(token.requests == 1U);
    BOOST_TEST(printed(token).find("canary") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_token_server_that_refuses_is_quoted_without_the_credential) {
    if (tests::skip_without({"docker-registry", "python3", "openssl"})) return;
    const TempFolder folder;
    const TokenServer tokens(folder / "t");
    DockerRegistry registry(folder / "r", {.tokens = &tokens});
    registry.add_tags("team/app", k_tags);
    Scanner scanner(quick_limits());
    Access access = access_to(registry.host(), "team/app");
    access.credential = password_credential("alice", "canary-password");
    const ScanResult result = scan_one(scanner, access);
    BOOST_CHECK(result.kind == ErrorKind::authentication);
    BOOST_TEST(result.http_status == 401);
    BOOST_TEST(result.message.find("token server http://127.0.0.1:") != std::string::npos, result.message);
    BOOST_TEST(result.message.ends_with("UNAUTHORIZED: bad credentials; the credential was refused"), result.message);
    BOOST_TEST(printed(result).find("canary") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(private_authorities_and_client_certificates_do_not_mix) {
    if (tests::skip_without({"docker-registry", "openssl"})) return;
    const TempFolder folder;
    const Pki pki(folder / "pki");
    const Pki other(folder / "other", "Other CA");
    DockerRegistry registry(folder / "r", {.pki = &pki});
    DockerRegistry strict(folder / "s", {.pki = &pki, .client_certificates = true});
    registry.add_tags("team/app", k_tags);
    strict.add_tags("team/app", k_tags);
    Scanner scanner(quick_limits());

    Access access = access_to("localhost:" + std::to_string(registry.port()), "team/app");
    access.tls.ca_pem = pki.text("ca.crt");
    const ScanResult good = scan_one(scanner, access);
    BOOST_TEST(printed(good) == "");
    BOOST_TEST(sorted(good) == k_tags, boost::test_tools::per_element());
    // The connection is open now; who does not trust this authority must not get it.
    access.tls.ca_pem = other.text("ca.crt");
    const ScanResult untrusted = scan_one(scanner, access);
    BOOST_TEST(name(untrusted.outcome) == "failed");
    BOOST_TEST(untrusted.message.starts_with("the certificate of localhost:"), untrusted.message);
    access.tls.ca_pem.clear();
    BOOST_TEST(name(scan_one(scanner, access).outcome) == "failed");

    Access mutual = access_to("localhost:" + std::to_string(strict.port()), "team/app");
    mutual.tls.ca_pem = pki.text("ca.crt");
    const ScanResult without = scan_one(scanner, mutual);
    BOOST_TEST(without.message.find("refused the TLS connection") != std::string::npos, without.message);
    mutual.tls.client_certificate_pem = pki.text("client.crt");
    mutual.tls.client_key_pem = SecretString(pki.text("client.key"));
    const ScanResult with = scan_one(scanner, mutual);
    BOOST_TEST(printed(with) == "");
    BOOST_TEST(with.tags.size() == 3U);
    mutual.tls.client_certificate_pem.clear();
    mutual.tls.client_key_pem = {};
    BOOST_TEST(name(scan_one(scanner, mutual).outcome) == "failed");
}

BOOST_AUTO_TEST_CASE(unusable_certificates_and_names_fail_before_any_request) {
    if (tests::skip_without({"openssl"})) return;
    const TempFolder folder;
    const Pki pki(folder / "pki");
    const Pki other(folder / "other");
    Scanner scanner(quick_limits());
    const auto message = [&](const http::TlsSettings& tls, const std::string& host = "localhost:1") {
        Access access = access_to(host, "team/app");
        access.tls = tls;
        const ScanResult result = scan_one(scanner, access);
        BOOST_TEST(result.requests == 0U);
        BOOST_CHECK(result.kind == ErrorKind::invalid);
        return result.message;
    };
    const std::string certificate = pki.text("client.crt");
    const SecretString key(pki.text("client.key"));
    BOOST_TEST(message({.ca_pem = "canary", .client_certificate_pem = {}, .client_key_pem = {}})
                   .starts_with("the CA certificate (ca.crt) cannot be read"));
    BOOST_TEST(message({.ca_pem = {}, .client_certificate_pem = certificate, .client_key_pem = {}}) ==
               "the client certificate (tls.crt) has no key (tls.key)");
    BOOST_TEST(message({.ca_pem = {}, .client_certificate_pem = {}, .client_key_pem = key}) ==
               "the client key (tls.key) has no certificate (tls.crt)");
    BOOST_TEST(message({.ca_pem = {}, .client_certificate_pem = other.text("client.crt"), .client_key_pem = key}) ==
               "the client key (tls.key) does not belong to the certificate (tls.crt)");
    tests::run_checked({"openssl", "ec", "-aes128", "-passout", "pass:x", "-in", pki.file("client.key"), "-out",
                        pki.file("locked.key")});
    BOOST_TEST(message({.ca_pem = {},
                        .client_certificate_pem = certificate,
                        .client_key_pem = SecretString(pki.text("locked.key"))})
                   .starts_with("the client key (tls.key) cannot be read, or is under a passphrase"));
    BOOST_TEST(message({}, "user@localhost").ends_with("is not a repository's name"));
    BOOST_TEST(message({}, "localhost/x?").ends_with("is not a repository's name"));
}

BOOST_AUTO_TEST_CASE(a_registry_that_is_not_there_is_not_asked_for_every_repository) {
    Scanner scanner(quick_limits());
    const std::string host = "127.0.0.1:" + std::to_string(tests::free_port());
    std::vector<ScanRequest> requests;
    for (int i = 0; i < 50; ++i)
        requests.push_back({std::to_string(i), access_to(host, "team/app"), {}});
    unsigned failed = 0;
    unsigned asked = 0;
    std::string last;
    scanner.scan(requests, [&](ScanResult&& result) {
        failed += result.outcome == Outcome::failed && result.kind == ErrorKind::network ? 1U : 0U;
        asked += result.requests;
        last = result.message;
    });
    BOOST_TEST(failed == 50U);
    BOOST_TEST(asked <= 8U);
    BOOST_TEST(last.starts_with(host + " cannot be reached: "), last);
}

BOOST_AUTO_TEST_CASE(digests_come_by_head) {
    if (tests::skip_without({"docker-registry"})) return;
    const TempFolder folder;
    DockerRegistry registry(folder / "r");
    const std::string digest = registry.add_tags("team/app", {"1.0.0"});
    Scanner scanner(quick_limits());
    const Access access = access_to(registry.host(), "team/app");
    BOOST_TEST(digest_one(scanner, access, "1.0.0").digest == digest);
    const DigestResult missing = digest_one(scanner, access, "9.9.9");
    BOOST_TEST(!missing.ok());
    BOOST_CHECK(missing.kind == ErrorKind::not_found);
    BOOST_TEST(missing.message == registry.host() + " answered 404 Not Found for the digest of team/app:9.9.9");
    BOOST_TEST(digest_one(scanner, access, "a/../b").message == "a/../b is not a tag");
}

BOOST_AUTO_TEST_CASE(scans_go_on_in_steps_and_a_callback_may_ask_for_more) {
    if (tests::skip_without({"docker-registry"})) return;
    const TempFolder folder;
    DockerRegistry registry(folder / "r");
    const std::string digest = registry.add_tags("team/app", k_tags);
    Scanner scanner(quick_limits());
    const Access access = access_to(registry.host(), "team/app");
    DigestResult found;
    scanner.submit(ScanRequest{"scan", access, {}}, [&](ScanResult&&) {
        scanner.submit(DigestRequest{"digest", access, k_tags.back()},
                       [&](DigestResult&& result) { found = std::move(result); });
    });
    BOOST_TEST(!scanner.idle());
    while (!scanner.idle())
        scanner.step(std::chrono::seconds(10));
    BOOST_TEST(found.digest == digest);
    BOOST_TEST(found.requests == 1U);
}

BOOST_AUTO_TEST_CASE(waking_ends_a_step_that_has_nothing_to_do) {
    Scanner scanner(quick_limits());
    const std::jthread waker([&] { scanner.wake(); });
    scanner.step(std::chrono::hours(24));  // else it waits for a day
    BOOST_TEST(scanner.idle());
}

BOOST_AUTO_TEST_CASE(what_the_callback_throws_comes_out) {
    if (tests::skip_without({"docker-registry"})) return;
    const TempFolder folder;
    DockerRegistry registry(folder / "r");
    registry.add_tags("team/app", k_tags);
    Scanner scanner(quick_limits());
    const std::vector<ScanRequest> requests(20, {"x", access_to(registry.host(), "team/app"), {}});
    BOOST_CHECK_THROW(scanner.scan(requests, [](ScanResult&&) { throw std::runtime_error("full"); }),
                      std::runtime_error);
    BOOST_TEST(scanner.idle());
    BOOST_TEST(scan_one(scanner, access_to(registry.host(), "team/app")).tags.size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::mirror::registry
