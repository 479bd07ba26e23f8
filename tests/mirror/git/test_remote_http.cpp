#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/mirror/git/remote_fixture.h"

using namespace tidemark::mirror;
using namespace tidemark::mirror::git;
using namespace tidemark::tests;

namespace {

bool is_missing() {
    return skip_without({"python3", "openssl"});
}

struct HttpFixture : RemoteFixture {
    void serve(const HttpGitOptions& options = {}) { http.emplace(folder / "http", root, options); }
    std::string url(std::string_view prefix = {}) const { return http->url(server, prefix); }

    void check_round_trip(const Keys& keys) {
        Remote origin = remote(url(), keys);
        BOOST_TEST((origin.fetch(k_main).tips.at("main") == id_of(first)));
        const PushResult result = push(origin);
        BOOST_TEST(result.ok(), result.branches[0].message);
        BOOST_TEST(server.tip("main").value() == bump);
    }
    PushResult push(Remote& origin) {
        bump = commit_in_mirror(first, "a: 2\n");
        return origin.push(std::vector<PushUpdate>{{id_of(bump), "main", id_of(first), PushMode::fast_forward}});
    }
    Error list_error(const std::string& address, const Keys& keys = {}) {
        return error_of([&] { remote(address, keys).list(k_main); });
    }

    std::optional<HttpGitServer> http;
    std::string bump;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(git_remote_http, HttpFixture)

BOOST_AUTO_TEST_CASE(http_without_login) {
    if (is_missing()) return;
    serve();
    check_round_trip({});
}

BOOST_AUTO_TEST_CASE(a_check_that_finds_nothing_new_is_one_listing) {
    if (is_missing()) return;
    serve();
    Remote origin = remote(url());
    const std::vector<std::string> branches = {"main", "flux-imageupdates"};
    origin.fetch(branches);
    http->forget_requests();
    origin.fetch(branches);
    BOOST_TEST(http->requests().size() == 2u);  // the greeting of protocol 2, and the listing
    http->forget_requests();
    origin.fetch(k_main);
    BOOST_TEST(http->requests().size() == 2u);
}

BOOST_AUTO_TEST_CASE(basic_login_is_sent_at_once) {
    if (is_missing()) return;
    serve({.user = "alice", .password = "s3cret"});
    check_round_trip({{"username", "alice"}, {"password", "s3cret"}});
    for (const std::string& request : http->requests())
        BOOST_TEST(request.ends_with(" Basic"), request);
}

BOOST_AUTO_TEST_CASE(a_wrong_or_missing_password_is_an_authentication_error) {
    if (is_missing()) return;
    serve({.user = "alice", .password = "s3cret"});
    Error error = list_error(url(), {{"username", "alice"}, {"password", "wrong"}});
    BOOST_TEST((error.kind() == ErrorKind::authentication), error.what());
    BOOST_TEST(contains(error.what(), "does not accept"), error.what());
    error = list_error(url());
    BOOST_TEST((error.kind() == ErrorKind::authentication), error.what());
}

BOOST_AUTO_TEST_CASE(a_bearer_token_is_sent) {
    if (is_missing()) return;
    serve({.token = "t0ken-value"});
    check_round_trip({{"bearerToken", "t0ken-value\n"}});
    BOOST_TEST((list_error(url(), {{"bearerToken", "other"}}).kind() == ErrorKind::authentication));
}

BOOST_AUTO_TEST_CASE(a_reader_may_not_push) {
    if (is_missing()) return;
    serve({.user = "alice", .password = "s3cret", .readers = {"bob"}});
    Remote origin = remote(url(), {{"username", "bob"}, {"password", "s3cret"}});
    origin.fetch(k_main);
    const PushResult result = push(origin);
    BOOST_TEST(to_string(result.branches[0].refusal) == "authentication", result.branches[0].message);
    BOOST_TEST(result.server_lines == std::vector<std::string>{"Write access to repository not granted."},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(https_with_an_authority_of_its_own) {
    if (is_missing()) return;
    const Pki pki(folder / "pki");
    serve({.user = "alice", .password = "s3cret", .pki = &pki});
    check_round_trip({{"username", "alice"}, {"password", "s3cret"}, {"ca.crt", pki.text("ca.crt")}});
}

BOOST_AUTO_TEST_CASE(an_untrusted_certificate_is_told) {
    if (is_missing()) return;
    const Pki pki(folder / "pki");
    const Pki other(folder / "other", "Other CA");
    serve({.pki = &pki});
    for (const Keys& keys : std::vector<Keys>{{}, {{"ca.crt", other.text("ca.crt")}}}) {
        const Error error = list_error(url(), keys);
        BOOST_TEST((error.kind() == ErrorKind::network), error.what());
        BOOST_TEST(contains(error.what(), "ca.crt"), error.what());
    }
}

BOOST_AUTO_TEST_CASE(client_certificates) {
    if (is_missing()) return;
    const Pki pki(folder / "pki");
    serve({.pki = &pki, .client_certificates = true});
    const Error error = list_error(url(), {{"ca.crt", pki.text("ca.crt")}});
    BOOST_TEST(contains(error.what(), "https://127.0.0.1"), error.what());
    check_round_trip(
        {{"ca.crt", pki.text("ca.crt")}, {"tls.crt", pki.text("client.crt")}, {"tls.key", pki.text("client.key")}});
}

BOOST_AUTO_TEST_CASE(a_redirect_is_followed_only_without_a_credential) {
    if (is_missing()) return;
    serve();
    BOOST_TEST((remote(url("/moved")).list(k_main).at("main") == id_of(first)));
    http->forget_requests();
    const Error error = list_error(url("/moved"), {{"username", "alice"}, {"password", "s3cret"}});
    BOOST_TEST((error.kind() == ErrorKind::invalid), error.what());
    BOOST_TEST(contains(error.what(), "redirects"), error.what());
    BOOST_TEST(http->requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_server_that_stalls_meets_the_deadline) {
    if (is_missing()) return;
    serve();
    RemoteAccess impatient = access(url("/stall"));
    impatient.timeout = std::chrono::milliseconds(500);
    const Error error = error_of([&] { Remote(mirror, impatient, private_root).fetch(k_main); });
    BOOST_TEST((error.kind() == ErrorKind::network));
    BOOST_TEST(contains(error.what(), "did not end within 0.5 s"), error.what());
}

BOOST_AUTO_TEST_CASE(a_stop_ends_a_stalled_fetch) {
    if (is_missing()) return;
    serve();
    std::stop_source source;
    Remote origin = remote(url("/stall"));
    origin.set_stop(source.get_token());
    std::jthread stopper([&] {
        wait_until([&] { return !http->requests().empty(); }, "the request");
        source.request_stop();
    });
    BOOST_TEST(contains(error_of([&] { origin.fetch(k_main); }).what(), "stopped on request"));
}

BOOST_AUTO_TEST_CASE(a_credential_that_the_server_sends_back_is_hidden) {
    if (is_missing()) return;
    serve();
    const Keys keys = {{"username", "alice"}, {"password", "pl4nted-canary"}};
    const Error error = list_error(url("/echo"), keys);
    BOOST_TEST(contains(error.what(), "you sent Basic ***"), error.what());
    remote().fetch(k_main);
    const PushResult result = [&] {
        Remote origin = remote(url("/echo"), keys);
        return push(origin);
    }();
    for (const std::string& line : result.server_lines)
        BOOST_TEST(line == "you sent Basic ***");
}

BOOST_AUTO_TEST_CASE(other_failures_of_a_server) {
    if (is_missing()) return;
    serve();
    BOOST_TEST((list_error(url() + "-gone").kind() == ErrorKind::not_found));
    BOOST_TEST((list_error("http://127.0.0.1:" + std::to_string(free_port()) + "/x").kind() == ErrorKind::network));
    BOOST_TEST((list_error("https://127.0.0.1:" + std::to_string(http->port()) + "/x").kind() == ErrorKind::network));
    BOOST_TEST((list_error("https://host.invalid/x").kind() == ErrorKind::network));
}

BOOST_AUTO_TEST_SUITE_END()
