// What registries do wrong or on purpose: nginx and a small socket program in their place.
#include <memory>

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "mirror/registry/answers.h"
#include "tests/mirror/registry/scanning.h"
#include "tests/support/servers.h"

namespace tidemark::mirror::registry {

using tests::Nginx;
using tests::OddServer;
using tests::Pki;
using tests::TempFolder;

namespace {

// One server with a path for each misdeed. @PORT2@ is another host: what it is asked shows in the log.
constexpr std::string_view k_hostile = R"(
default_type application/json;
map $arg_last $page { '' p1; v2 p2; default p3; }
map $page $next { p1 '<https://169.254.169.254:1/x?n=2&last=v2>; rel="next"'; p2 '</wrong/path?n=2&last=v4>; rel="next"'; default ''; }
map $page $tags { p1 '"v1","v2"'; p2 '"v3","v4"'; default '"v5"'; }
map $arg_last $gitea_next { '' '</v2/gitea/tags/list?n=1000&last=v1>; rel="next"'; default ''; }
map $arg_last $gitea_tags { '' '"v1"'; default ''; }
map $arg_n $n_given { '' 0; default 1; }
map $arg_scope $token { default 403; ~^repository(:|%3A)hushed(:|%3A)pull$ 200; }
map $http_authorization $anonymous { '' 1; default 0; }
server {
    listen 127.0.0.1:@PORT1@;
    location = /v2/pages/tags/list { add_header Link $next; return 200 '{"name":"pages","tags":[$tags]}'; }
    location = /v2/gitea/tags/list { add_header Link $gitea_next; return 200 '{"name":"gitea","tags":[$gitea_tags]}'; }
    location /v2/loop/ { add_header Link '</v2/loop/tags/list?n=2&last=v1>; rel="next"'; return 200 '{"tags":["v1"]}'; }
    location /v2/endless/ { add_header Link '</v2/endless/tags/list?last=t$request_id>; rel="next"'; return 200 '{"tags":["t$request_id"]}'; }
    location /v2/empty/ { add_header Link '</v2/empty/tags/list?last=$request_id>; rel="next"'; return 200 '{"tags":[]}'; }
    location = /v2/cut/tags/list { add_header Link '</v2/cut/tags/list?last=v1>; rel="next"'; if ($arg_last = v1) { return 444; } return 200 '{"tags":["v1"]}'; }
    location = /v2/denied2/tags/list { add_header Link '</v2/denied2/tags/list?last=v1>; rel="next"'; if ($arg_last = v1) { return 403 '{"errors":[{"code":"DENIED","message":"no more"}]}'; } return 200 '{"tags":["v1"]}'; }
    location = /v2/strict/tags/list { if ($n_given) { return 400 '{"errors":[{"code":"UNSUPPORTED","message":"n is too large"}]}'; } return 200 '{"tags":["v1"]}'; }
    location /v2/invalid/ { return 400 '{"errors":[{"code":"NAME_INVALID","message":"bad name"}]}'; }
    location /v2/e429/ { add_header Retry-After 30 always; return 429 '{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}'; }
    location /v2/e503/ { return 503 'down for repair'; }
    location /v2/reset/ { return 444; }
    location /v2/denied/ { return 403 '{"errors":[{"code":"DENIED","message":"no"}]}'; }
    location /v2/nochallenge/ { return 401 '{}'; }
    location /v2/html/ { default_type text/html; return 200 '<html>portal</html>'; }
    location /v2/badjson/ { return 200 '{"name":"x","tags":["a",'; }
    location /v2/odd/ { add_header Warning '299 - "please move"'; return 200 '{"tags":["ok","no way",""]}'; }
    location = /v2/slow/tags/list { limit_rate 100; alias @FOLDER@/big.json; }
    location = /v2/big/tags/list { alias @FOLDER@/big.json; }
    location = /v2/bomb/tags/list { add_header Content-Encoding gzip; alias @FOLDER@/bomb.gz; }
    location /v2/turns/ { return 307 /v2/turns/tags/list?x; }
    location = /v2/moved/tags/list { return 301 /v2/pages/tags/list?last=v4; }
    location /v2/away/ { return 307 http://localhost:@PORT2@$request_uri; }
    location /v2/inward/ { return 307 http://169.254.169.254/latest/meta-data/; }
    location /v2/file/ { return 307 file:///etc/passwd; }
    location /v2/realm-inward/ { add_header WWW-Authenticate 'Bearer realm="http://10.1.2.3/token",service="x"' always; return 401 '{}'; }
    location /v2/echo/ { add_header WWW-Authenticate 'Basic realm="x"' always; if ($anonymous) { return 401 '{}'; } return 403 '{"errors":[{"code":"DENIED","message":"you sent $http_authorization and canary-password"}]}'; }
    location /v2/echo-token/ { add_header WWW-Authenticate 'Bearer realm="http://127.0.0.1:@PORT1@/handed-out",service="s"' always; if ($anonymous) { return 401 '{}'; } return 403 '{"errors":[{"code":"DENIED","message":"you sent $http_authorization"}]}'; }
    location = /handed-out { return 200 '{"token":"canary-token"}'; }
    location /v2/secret/ { add_header WWW-Authenticate 'Basic realm="x"' always; if ($anonymous) { return 401 '{}'; } return 307 http://localhost:@PORT2@/v2/x/tags/list; }
    location = /v2/thousand/tags/list { if ($arg_last) { return 200 '{"tags":["one-more"]}'; } alias @FOLDER@/thousand.json; }
    location = /v2/stuck/tags/list { alias @FOLDER@/thousand.json; }
    location /v2/nodigest/ { return 200 '{"schemaVersion":2}'; }
    location /v2/nohead/ { if ($request_method = HEAD) { return 405; } add_header Docker-Content-Digest sha256:wrong; return 200 '{"schemaVersion":2}'; }
    location /v2/fine/ { return 200 '{"tags":["v1"]}'; }
}
server {
    listen 127.0.0.1:@PORT2@;
    location = /v2/ { add_header WWW-Authenticate 'Bearer realm="http://127.0.0.1:@PORT2@/token",service="s",scope="repository:user/image:pull"' always; return 401 '{}'; }
    location = /token { if ($token = 403) { return 403 '{}'; } return 200 '{"token":"t1"}'; }
    location /v2/hushed/ { if ($http_authorization != "Bearer t1") { return 401 '{}'; } return 200 '{"tags":["v1"]}'; }
    location / { return 200 '{"tags":["elsewhere"]}'; }
}
)";

std::string list_of(std::size_t count, const std::string& prefix) {
    std::string body = "{\"name\":\"x\",\"tags\":[";
    for (std::size_t i = 0; i < count; ++i)
        body += fmt::format("{}\"{}{}\"", i > 0 ? "," : "", prefix, i);
    return body + "]}";
}

/// One server for all cases.
struct Hostile {
    TempFolder folder;
    std::unique_ptr<Nginx> server;

    Hostile() {
        if (!tests::find_program("nginx")) return;
        tests::write_text(folder / "n/thousand.json", list_of(1000, "tag-"));
        tests::write_text(folder / "n/big.json", list_of(5000, "a-rather-long-tag-"));
        tests::write_text(folder / "n/bomb", std::string(32U << 20U, ' '));
        tests::run_checked({"gzip", "-n", (folder / "n/bomb").string()});
        server = std::make_unique<Nginx>(folder / "n", k_hostile, 2);
    }
};

struct Fixture {
    static Hostile& hostile() {
        static Hostile shared;
        return shared;
    }
    TempFolder folder;
    Nginx* server = hostile().server.get();
    Limits limits = quick_limits();

    Fixture() {
        if (server != nullptr) server->forget_requests();
    }
    Access access(const std::string& repository) const { return access_to(server->host(), repository); }
    ScanResult scan(const std::string& repository) const {
        Scanner scanner(limits);
        return scan_one(scanner, access(repository));
    }
    std::size_t requests_to(unsigned port) const {
        std::size_t count = 0;
        for (const std::string& line : server->requests()) {
            count += line.starts_with(std::to_string(server->port(port)) + " ") ? 1U : 0U;
        }
        return count;
    }
};

#define SKIP_WITHOUT_NGINX() \
    if (tests::skip_without({"nginx", "gzip"})) return

}  // namespace

BOOST_FIXTURE_TEST_SUITE(registry_hostile, Fixture)

BOOST_AUTO_TEST_CASE(pages_are_followed_by_the_query_of_links_alone) {
    SKIP_WITHOUT_NGINX();
    const ScanResult result = scan("pages");
    BOOST_TEST(printed(result) == "");
    const std::vector<std::string> expected = {"v1", "v2", "v3", "v4", "v5"};
    BOOST_TEST(sorted(result) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(equal_pages_are_found_unchanged) {
    SKIP_WITHOUT_NGINX();
    Scanner scanner(limits);
    const ScanResult first = scan_one(scanner, access("pages"));
    const ScanResult second = scan_one(scanner, access("pages"), first.hash);
    BOOST_TEST(second.unchanged);
    BOOST_TEST(second.tags.empty());
}

BOOST_AUTO_TEST_CASE(an_empty_last_page_is_the_end) {
    SKIP_WITHOUT_NGINX();
    const ScanResult result = scan("gitea");
    BOOST_TEST(name(result.outcome) == "whole");
    BOOST_TEST(result.tags.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_registry_that_says_only_at_its_root_how_to_log_in_is_asked_there) {
    SKIP_WITHOUT_NGINX();
    Scanner scanner(limits);
    const ScanResult result = scan_one(scanner, access_to(fmt::format("127.0.0.1:{}", server->port(2)), "hushed"));
    BOOST_TEST(printed(result) == "");
    BOOST_TEST(name(result.outcome) == "whole");
    BOOST_TEST(result.requests == 5U);  // https in vain; the list, the root, a token, the list
}

BOOST_AUTO_TEST_CASE(pages_that_do_not_end_give_a_partial_scan) {
    SKIP_WITHOUT_NGINX();
    const ScanResult loop = scan("loop");
    BOOST_TEST(name(loop.outcome) == "partial");
    BOOST_TEST(loop.message.find("a page came twice") != std::string::npos, loop.message);
    BOOST_TEST(loop.requests <= 4U);
    BOOST_TEST(name(scan("empty").outcome) == "partial");
    limits.pages = 10;
    const ScanResult endless = scan("endless");
    BOOST_TEST(name(endless.outcome) == "partial");
    BOOST_TEST(endless.message.find("more than 10 pages") != std::string::npos, endless.message);
    BOOST_TEST(endless.tags.size() == 10U);
}

BOOST_AUTO_TEST_CASE(a_later_page_that_fails_makes_the_scan_partial) {
    SKIP_WITHOUT_NGINX();
    const ScanResult cut = scan("cut");
    BOOST_TEST(name(cut.outcome) == "partial");
    BOOST_TEST(cut.tags.size() == 1U);
    BOOST_CHECK(cut.kind == ErrorKind::network);
    const ScanResult denied = scan("denied2");
    BOOST_TEST(name(denied.outcome) == "partial");
    BOOST_TEST(denied.http_status == 403);
    BOOST_TEST(denied.message.find("DENIED: no more, after 1 pages with 1 tags") != std::string::npos, denied.message);
}

BOOST_AUTO_TEST_CASE(a_registry_that_refuses_the_page_size_is_asked_without) {
    SKIP_WITHOUT_NGINX();
    Scanner scanner(limits);
    const ScanResult first = scan_one(scanner, access("strict"));
    BOOST_TEST(printed(first) == "");
    BOOST_TEST(first.tags.size() == 1U);
    BOOST_TEST(scan_one(scanner, access("strict")).requests == 1U);
    const ScanResult invalid = scan("invalid");
    BOOST_TEST(name(invalid.outcome) == "failed");
    BOOST_TEST(invalid.message.ends_with("NAME_INVALID: bad name"), invalid.message);
}

BOOST_AUTO_TEST_CASE(a_full_page_without_a_link_is_asked_on) {
    SKIP_WITHOUT_NGINX();
    const ScanResult cut = scan("thousand");
    BOOST_TEST(name(cut.outcome) == "whole");
    BOOST_TEST(cut.tags.size() == 1001U);
    Scanner scanner(limits);
    const ScanResult stuck = scan_one(scanner, access("stuck"));
    BOOST_TEST(name(stuck.outcome) == "whole");
    BOOST_TEST(stuck.tags.size() == 1000U);
    BOOST_TEST(scan_one(scanner, access("stuck"), stuck.hash).unchanged);
}

BOOST_AUTO_TEST_CASE(refusals_are_told_with_status_and_words) {
    SKIP_WITHOUT_NGINX();
    struct Row {
        std::string repository;
        int status;
        ErrorKind kind;
        std::string ending;
    };
    const std::vector<Row> rows = {
        {"denied", 403, ErrorKind::permission, "answered 403 Forbidden for the tag list of denied: DENIED: no"},
        {"e503", 503, ErrorKind::refused, "answered 503 Service Unavailable: down for repair"},
        {"e429", 429, ErrorKind::refused, "TOOMANYREQUESTS: slow down"},
        {"nochallenge", 401, ErrorKind::authentication, "it does not say how to log in"},
        {"html", 200, ErrorKind::invalid, "but with an HTML page, not a tag list"},
        {"badjson", 200, ErrorKind::invalid, ""},
        {"reset", 0, ErrorKind::network, ""},
        {"turns", 307, ErrorKind::refused, "there were too many redirects"},
        {"inward", 307, ErrorKind::refused, "it leads to a private address that is not the registry's own"},
        {"file", 307, ErrorKind::refused, "its Location cannot be read"},
        {"realm-inward", 401, ErrorKind::authentication,
         "its token server is not asked: it leads to a private address that is not the registry's own"},
    };
    for (const Row& row : rows) {
        BOOST_TEST_CONTEXT(row.repository) {
            const ScanResult result = scan(row.repository);
            BOOST_TEST(name(result.outcome) == "failed");
            BOOST_TEST(result.http_status == row.status);
            BOOST_CHECK(result.kind == row.kind);
            BOOST_TEST(result.message.ends_with(row.ending), result.message);
            BOOST_TEST(result.message.find(server->host()) != std::string::npos, result.message);
            BOOST_TEST(result.tags.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(passing_refusals_are_tried_again_and_a_pause_is_kept) {
    SKIP_WITHOUT_NGINX();
    BOOST_TEST(scan("e503").requests == 4U);  // the first finds out that there is no TLS
    BOOST_TEST(scan("reset").requests == 4U);
    server->forget_requests();
    Scanner scanner(limits);
    std::vector<ScanRequest> requests;
    for (int i = 0; i < 100; ++i)
        requests.push_back({"busy", access("e429"), {}});
    unsigned paused = 0;
    scanner.scan(requests, [&](ScanResult&& result) {
        paused += result.http_status == 429 && result.retry_after && result.retry_after->count() >= 29 ? 1U : 0U;
    });
    BOOST_TEST(paused == 100U);
    BOOST_TEST(server->requests().size() <= 3U);
    const ScanResult other = scan_one(scanner, access("fine"));
    BOOST_TEST(other.requests == 0U);
    BOOST_TEST(other.message.ends_with("TOOMANYREQUESTS: slow down"), other.message);
    BOOST_TEST(other.retry_after.value().count() >= 1);
    // It asked for that: nobody else may end it.
    scanner.end_own_pauses();
    BOOST_TEST(scan_one(scanner, access("fine")).requests == 0U);
}

BOOST_AUTO_TEST_CASE(redirects_are_followed_without_the_credential) {
    SKIP_WITHOUT_NGINX();
    const ScanResult own = scan("moved");
    BOOST_TEST(printed(own) == "");
    BOOST_TEST(sorted(own).at(0) == "v5");
    Scanner scanner(limits);
    Access secret = access("secret");
    secret.credential = password_credential("alice", "canary-password");
    const ScanResult result = scan_one(scanner, secret);
    BOOST_TEST(printed(result) == "");
    BOOST_TEST(sorted(result).at(0) == "elsewhere");
    BOOST_TEST(requests_to(2) == 1U);
    const std::string other = std::to_string(server->port(2));
    for (const std::string& line : server->requests()) {
        if (line.starts_with(other)) BOOST_TEST(line.ends_with(" -"), line);
    }
}

BOOST_AUTO_TEST_CASE(secrets_that_a_server_repeats_are_not_told) {
    SKIP_WITHOUT_NGINX();
    Scanner scanner(limits);
    Access echo = access("echo");
    echo.credential = password_credential("alice", "canary-password");
    const ScanResult result = scan_one(scanner, echo);
    BOOST_TEST(result.message.ends_with("DENIED: you sent Basic *** and ***"), result.message);
    // Longer than what is told of an answer.
    echo = access("echo");
    echo.credential = password_credential("alice", std::string(2000, 'x'));
    const ScanResult long_one = scan_one(scanner, echo);
    BOOST_TEST(long_one.message.ends_with("DENIED: you sent Basic *** and canary-password"), long_one.message);
    const ScanResult token = scan("echo-token");
    BOOST_TEST(token.message.ends_with("DENIED: you sent Bearer ***"), token.message);
}

BOOST_AUTO_TEST_CASE(names_that_are_no_tags_and_warnings_are_told) {
    SKIP_WITHOUT_NGINX();
    const ScanResult result = scan("odd");
    BOOST_TEST(name(result.outcome) == "whole");
    BOOST_TEST(sorted(result).size() == 1U);
    BOOST_REQUIRE(result.warnings.size() == 2U);
    BOOST_TEST(result.warnings[0].ends_with("warns: 299 - \"please move\""));
    BOOST_TEST(result.warnings[1] == "2 names in the tag list of odd are no valid tags and were left out");
}

BOOST_AUTO_TEST_CASE(too_much_is_not_read) {
    SKIP_WITHOUT_NGINX();
    limits.body_bytes = 10'000;
    const ScanResult big = scan("big");
    BOOST_TEST(name(big.outcome) == "failed");
    BOOST_TEST(big.message.ends_with("is larger than is read"), big.message);
    limits.body_bytes = 16U << 20U;
    BOOST_TEST(scan("big").tags.size() == 5000U);
    BOOST_TEST(scan("bomb").message.ends_with("is larger than is read"));
    limits.tags = 4000;
    BOOST_TEST(name(scan("big").outcome) == "partial");
}

BOOST_AUTO_TEST_CASE(a_registry_that_is_slow_or_silent_costs_its_time_limit_only) {
    SKIP_WITHOUT_NGINX();
    Scanner scanner(limits);
    Access slow = access("slow");
    slow.timeout = std::chrono::seconds(2);
    const ScanResult result = scan_one(scanner, slow);
    BOOST_CHECK(result.kind == ErrorKind::network);
    BOOST_TEST(result.message.ends_with("did not answer for the tag list of slow within 2s"), result.message);
    if (tests::skip_without({"python3"})) return;
    const OddServer silent(folder / "silent", "silent");
    Access access = access_to(silent.host(), "team/app");
    access.timeout = std::chrono::seconds(2);
    BOOST_TEST(scan_one(scanner, access).message.ends_with("within 2s"));
}

BOOST_AUTO_TEST_CASE(a_cut_body_is_no_list) {
    if (tests::skip_without({"python3"})) return;
    const OddServer cutting(folder / "cutting", "truncated");
    Scanner scanner(limits);
    const ScanResult result = scan_one(scanner, access_to(cutting.host(), "team/app"));
    BOOST_TEST(name(result.outcome) == "failed");
    BOOST_TEST(result.message.find("cut its answer for the tag list of team/app off") != std::string::npos,
               result.message);
}

BOOST_AUTO_TEST_CASE(a_digest_without_a_header_comes_from_the_bytes) {
    SKIP_WITHOUT_NGINX();
    Scanner scanner(limits);
    const std::string expected = "sha256:" + to_hex(sha256(R"({"schemaVersion":2})"));
    BOOST_TEST(digest_one(scanner, access("nodigest"), "v1").digest == expected);
    BOOST_TEST(digest_one(scanner, access("nohead"), "v1").digest == expected);
    const DigestResult page = digest_one(scanner, access("html"), "v1");
    BOOST_TEST(page.message.find("something that is no manifest") != std::string::npos, page.message);
    BOOST_TEST(digest_one(scanner, access("denied"), "v1").message.ends_with("DENIED: no"));
}

BOOST_AUTO_TEST_CASE(https_servers_may_not_lead_to_plain_http) {
    if (tests::skip_without({"nginx", "openssl"})) return;
    const Pki pki(folder / "pki");
    const Nginx secure(folder / "s",
                       fmt::format(R"(
        ssl_certificate {0}; ssl_certificate_key {1};
        server {{ listen 127.0.0.1:@PORT1@ ssl http2;
            location /v2/down/ {{ return 307 http://127.0.0.1:@PORT2@/; }}
            location /v2/realm/ {{ add_header WWW-Authenticate 'Bearer realm="http://127.0.0.1:@PORT2@/token"' always; return 401; }} }}
        server {{ listen 127.0.0.1:@PORT2@; location / {{ return 200 '{{"token":"x"}}'; }} }})",
                                   pki.file("server.crt").string(), pki.file("server.key").string()),
                       2);
    Scanner scanner(limits);
    for (const std::string repository : {"down", "realm"}) {
        Access access = access_to(secure.host(), repository);
        access.tls.ca_pem = pki.text("ca.crt");
        access.credential = password_credential("alice", "canary-password");
        const ScanResult result = scan_one(scanner, access);
        BOOST_TEST(result.message.ends_with("it leads from https to plain http"), result.message);
    }
    for (const std::string& line : secure.requests()) {
        BOOST_TEST(line.find("canary") == std::string::npos);
        BOOST_TEST(line.starts_with(std::to_string(secure.port(1))), line);
    }
}

BOOST_AUTO_TEST_CASE(connections_that_the_server_ends_are_opened_again) {
    if (tests::skip_without({"nginx", "openssl"})) return;
    const Pki pki(folder / "pki");
    const Nginx secure(folder / "s",
                       fmt::format(R"(
        ssl_certificate {0}; ssl_certificate_key {1}; keepalive_requests 7;
        server {{ listen 127.0.0.1:@PORT1@ ssl http2; listen 127.0.0.1:@PORT2@ ssl;
            location / {{ return 200 '{{"tags":["v1"]}}'; }} }})",
                                   pki.file("server.crt").string(), pki.file("server.key").string()),
                       2);
    Scanner scanner(limits);
    for (const unsigned port : {1U, 2U}) {
        std::vector<ScanRequest> requests;
        for (int i = 0; i < 200; ++i) {
            Access access = access_to(secure.host(port), "app-" + std::to_string(i));
            access.tls.ca_pem = pki.text("ca.crt");
            requests.push_back({"x", access, {}});
        }
        unsigned whole = 0;
        std::string trouble;
        scanner.scan(requests, [&](ScanResult&& result) {
            whole += result.outcome == Outcome::whole ? 1U : 0U;
            trouble += result.message;
        });
        BOOST_TEST(whole == 200U, trouble);
    }
}

BOOST_AUTO_TEST_CASE(a_proxy_is_used_and_refuses_without_its_password_being_told) {
    SKIP_WITHOUT_NGINX();
    Scanner scanner(limits);
    Access access = access_to("registry.test:80", "pages");
    access.insecure = true;
    access.proxy = {"http://" + server->host(1), "proxy-user", SecretString("canary-proxy")};
    const ScanResult result = scan_one(scanner, access);
    BOOST_TEST(name(result.outcome) == "whole");  // nginx takes the absolute URL as its own
    access.proxy.address = "ftp://x";
    BOOST_TEST(scan_one(scanner, access).message ==
               "the proxy's address must begin with http://, https:// or socks5://");
    BOOST_TEST(printed(result).find("canary") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::mirror::registry
