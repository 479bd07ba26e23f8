// Limits and pauses of a host, on nginx. What must not go out yet is waited for by turning the Scanner over, not by
// time: the rates and pauses here are so long that a test never sees them end.
#include <filesystem>
#include <memory>
#include <set>

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "tests/mirror/registry/scanning.h"
#include "tests/support/servers.h"

namespace tidemark::mirror::registry {

using tests::Nginx;
using tests::TempFolder;

namespace {

// @PORT2@ is the token server of /v2/private/ on @PORT1@. A file `refuse` makes @PORT1@ refuse.
constexpr std::string_view k_servers = R"(
default_type application/json;
map $arg_last $next { '' '</v2/pages/tags/list?last=v1>; rel="next"'; v1 '</v2/pages/tags/list?last=v2>; rel="next"'; default ''; }
map $http_authorization $anonymous { '' 1; default 0; }
server {
    listen 127.0.0.1:@PORT1@;
    error_page 418 = @refused;
    location @refused { return 429 '{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}'; }
    location / { if (-f @FOLDER@/refuse) { return 418; } return 200 '{"tags":["v1"]}'; }
    location = /v2/pages/tags/list { add_header Link $next; return 200 '{"tags":["v-$request_id"]}'; }
    location /v2/private/ { add_header WWW-Authenticate 'Bearer realm="http://127.0.0.1:@PORT2@/token",service="s",scope="repository:private/x:pull"' always;
        if ($anonymous) { return 401 '{}'; } return 200 '{"tags":["v1"]}'; }
    location /v2/down/ { return 503 'down for repair'; }
}
server { listen 127.0.0.1:@PORT2@; location / { return 200 '{"token":"t1"}'; } }
)";

struct Fixture {
    TempFolder folder;
    std::unique_ptr<Nginx> server;
    Limits limits = quick_limits();

    Fixture() {
        if (tests::find_program("nginx")) server = std::make_unique<Nginx>(folder / "n", k_servers, 2);
    }

    Access access(const std::string& repository) const { return access_to(server->host(), repository); }

    /// A Scanner that has found out that the server speaks plain HTTP, and a log without that.
    std::unique_ptr<Scanner> scanner() const {
        auto scanner = std::make_unique<Scanner>(limits);
        BOOST_TEST(printed(scan_one(*scanner, access("team/first"))) == "");
        server->forget_requests();
        return scanner;
    }

    void refuse(bool on) const {
        const auto file = folder / "n/refuse";
        if (on) tests::write_text(file, "");
        if (!on) std::filesystem::remove(file);
    }

    std::vector<ScanRequest> requests(unsigned count, const std::string& group = "team") const {
        std::vector<ScanRequest> requests;
        for (unsigned i = 0; i < count; ++i)
            requests.push_back({std::to_string(i), access(fmt::format("{}/app-{}", group, i)), {}});
        return requests;
    }

    /// Requests to the registry itself that its log has; the last ones may come late there.
    std::size_t asked() const {
        std::size_t count = 0;
        for (const std::string& line : server->requests())
            count += line.starts_with(std::to_string(server->port()) + " ") ? 1U : 0U;
        return count;
    }
};

/// Results of scans that were submitted.
struct Results {
    std::vector<ScanResult> all;
    std::set<std::string> messages;

    unsigned requests() const {
        unsigned count = 0;
        for (const ScanResult& result : all)
            count += result.requests;
        return count;
    }

    ScanDone take() {
        return [this](ScanResult&& result) {
            messages.insert(result.message);
            all.push_back(std::move(result));
        };
    }
};

/// Lets whatever can go out go out, and its answers come.
void turn_over(Scanner& scanner, const Results& results, std::size_t wanted) {
    while (results.all.size() < wanted)
        scanner.step(std::chrono::seconds(10));
    for (int i = 0; i < 50; ++i)
        scanner.step(std::chrono::milliseconds(0));
}

const std::string k_slow_down = " answered 429 Too Many Requests: TOOMANYREQUESTS: slow down";

}  // namespace

#define SKIP_WITHOUT_NGINX() \
    if (tests::skip_without({"nginx"})) return

BOOST_FIXTURE_TEST_SUITE(registry_traffic, Fixture)

BOOST_AUTO_TEST_CASE(no_more_than_its_rate_is_asked_until_the_rate_is_another) {
    SKIP_WITHOUT_NGINX();
    const auto scanner = this->scanner();
    scanner->limit_hosts({{server->host(), {.requests_per_second = 0.01}}});
    Results results;
    for (ScanRequest& request : requests(10))
        scanner->submit(std::move(request), results.take());
    turn_over(*scanner, results, 1);
    BOOST_TEST(asked() <= 1U);
    BOOST_TEST(results.all.size() == 1U);
    scanner->limit_hosts({{"ghcr.io", {.requests_per_second = 0.01}}});
    turn_over(*scanner, results, 10);
    BOOST_TEST(results.requests() == 10U);
    BOOST_TEST(results.messages.size() == 1U);
    BOOST_TEST(results.messages.contains(""));
}

BOOST_AUTO_TEST_CASE(every_request_counts) {
    SKIP_WITHOUT_NGINX();
    const auto scanner = this->scanner();
    const std::map<std::string, HostLimits> slow = {{server->host(), {.requests_per_second = 0.01}}};
    // The second page, the request with the token, and the digest by HEAD wait like the first of another.
    for (const std::string repository : {"pages", "private/x"}) {
        server->forget_requests();
        scanner->limit_hosts({});
        scanner->limit_hosts(slow);
        Results results;
        scanner->submit(ScanRequest{"x", access(repository), {}}, results.take());
        while (asked() == 0)
            scanner->step(std::chrono::milliseconds(10));
        turn_over(*scanner, results, 0);
        BOOST_TEST(results.all.empty());
        BOOST_TEST(!scanner->idle());
        scanner->limit_hosts({});
        turn_over(*scanner, results, 1);
        BOOST_TEST(printed(results.all[0]) == "");
        BOOST_TEST(results.requests() == 3U);
    }
    server->forget_requests();
    scanner->limit_hosts(slow);
    Results results;
    for (ScanRequest& request : requests(1))
        scanner->submit(std::move(request), results.take());
    turn_over(*scanner, results, 1);
    bool answered = false;
    scanner->submit(DigestRequest{"digest", access("team/app"), "v1"}, [&](DigestResult&&) { answered = true; });
    turn_over(*scanner, results, 1);
    BOOST_TEST(!answered);
    BOOST_TEST(asked() <= 1U);
}

BOOST_AUTO_TEST_CASE(a_token_server_has_limits_of_its_own) {
    SKIP_WITHOUT_NGINX();
    const auto scanner = this->scanner();
    scanner->limit_hosts({{server->host(2), {.requests_per_second = 0.01}}});
    Results results;
    scanner->submit(ScanRequest{"x", access("private/x"), {}}, results.take());
    turn_over(*scanner, results, 1);
    BOOST_TEST(printed(results.all[0]) == "");
    Access other = access("private/x");
    other.credential = password_credential("alice", "s3cret");
    scanner->submit(ScanRequest{"x", other, {}}, results.take());
    turn_over(*scanner, results, 1);
    BOOST_TEST(results.all.size() == 1U);  // it needs a token, and that is the second request there
    BOOST_TEST(printed(scan_one(*scanner, access("private/x"))) == "");  // with the token that it has
}

BOOST_AUTO_TEST_CASE(waiting_for_its_turn_does_not_use_up_a_scans_time) {
    SKIP_WITHOUT_NGINX();
    const auto scanner = this->scanner();
    scanner->limit_hosts({{server->host(), {.requests_per_second = 0.75}}});
    Access access = this->access("pages");
    access.timeout = std::chrono::seconds(2);  // its three pages take longer
    const ScanResult result = scan_one(*scanner, access);
    BOOST_TEST(printed(result) == "");
    BOOST_TEST(result.tags.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_host_that_refuses_is_left_alone_by_all_its_repositories) {
    SKIP_WITHOUT_NGINX();
    const auto scanner = this->scanner();
    refuse(true);
    Results results;
    scanner->scan(requests(100), results.take());
    BOOST_TEST(results.all.size() == 100U);
    BOOST_TEST(results.messages.size() == 1U);
    BOOST_TEST(*results.messages.begin() == server->host() + k_slow_down);
    // All that may be under way at once, then twice one alone; 100 without a pause.
    BOOST_TEST(results.requests() <= 18U);
    for (const ScanResult& result : results.all) {
        BOOST_TEST(result.http_status == 429);
        BOOST_TEST(!result.retry_after.has_value());
        BOOST_TEST(result.left_alone.value_or(std::chrono::seconds(0)).count() >= 1);
    }
}

BOOST_AUTO_TEST_CASE(a_pause_is_kept_told_and_ended_by_a_good_answer) {
    SKIP_WITHOUT_NGINX();
    limits.tries = 1;
    limits.retry_delay = limits.longest_pause = std::chrono::hours(1);
    const auto scanner = this->scanner();
    refuse(true);
    const ScanResult first = scan_one(*scanner, access("team/app"));
    BOOST_TEST(first.message == server->host() + k_slow_down);
    BOOST_TEST(first.left_alone.value().count() >= 1799);
    refuse(false);
    const ScanResult second = scan_one(*scanner, access("team/other"));
    BOOST_TEST(second.message == first.message);
    BOOST_TEST(second.requests == 0U);
    BOOST_TEST(second.left_alone.value().count() >= 1799);
    BOOST_TEST(scanner->pauses().count(server->host()) == 1U);
    BOOST_TEST(digest_one(*scanner, access("team/other"), "v1").message == first.message);
    // Another set of certificates or another login is the same host.
    Access other = access("team/app");
    other.proxy.address = "http://" + server->host(2);
    BOOST_TEST(scan_one(*scanner, other).requests == 0U);

    scanner->end_own_pauses();
    BOOST_TEST(scanner->pauses().empty());
    Results results;
    scanner->scan(requests(20), results.take());
    BOOST_TEST(results.messages.size() == 1U);
    BOOST_TEST(results.messages.contains(""));
    BOOST_TEST(results.requests() == 20U);
}

BOOST_AUTO_TEST_CASE(after_a_pause_one_request_finds_out_for_all) {
    SKIP_WITHOUT_NGINX();
    limits.tries = 1;
    limits.retry_delay = limits.longest_pause = std::chrono::hours(1);
    const auto scanner = this->scanner();
    refuse(true);
    scan_one(*scanner, access("team/app"));
    scanner->end_own_pauses();
    Results results;
    scanner->scan(requests(50), results.take());
    BOOST_TEST(results.all.size() == 50U);
    BOOST_TEST(results.messages.size() == 1U);
    BOOST_TEST(results.requests() == 1U);
}

BOOST_AUTO_TEST_CASE(one_repository_that_is_always_refused_does_not_end_the_others) {
    SKIP_WITHOUT_NGINX();
    const auto scanner = this->scanner();
    std::vector<ScanRequest> all = requests(40);
    all.insert(all.begin() + 20, ScanRequest{"down", access("down/app"), {}});
    Results results;
    unsigned whole = 0;
    scanner->scan(all, [&](ScanResult&& result) {
        whole += result.outcome == Outcome::whole ? 1U : 0U;
        if (result.id == "down")
            BOOST_TEST(result.message == server->host() + " answered 503 Service Unavailable: down for repair");
    });
    BOOST_TEST(whole == 40U);
}

BOOST_AUTO_TEST_CASE(a_host_that_does_not_answer_is_not_tried_before_its_pause_ends) {
    limits.retry_delay = limits.longest_pause = std::chrono::hours(1);
    Scanner scanner(limits);
    const std::string host = "127.0.0.1:" + std::to_string(tests::free_port());
    std::vector<ScanRequest> requests;
    for (int i = 0; i < 20; ++i)
        requests.push_back({std::to_string(i), access_to(host, "team/app"), {}});
    Results results;
    scanner.scan(requests, results.take());
    BOOST_TEST(results.all.size() == 20U);
    const ScanResult next = scan_one(scanner, access_to(host, "team/app"));
    BOOST_TEST(next.requests == 0U);
    BOOST_TEST(next.message.starts_with(host + " cannot be reached: "), next.message);
    BOOST_TEST(next.left_alone.value().count() >= 1799);
    BOOST_TEST(scanner.pauses().count(host) == 1U);
    scanner.end_own_pauses();
    BOOST_TEST(scan_one(scanner, access_to(host, "team/app")).requests >= 1U);
    BOOST_TEST(scan_one(scanner, access_to(host, "team/app")).requests == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::mirror::registry
