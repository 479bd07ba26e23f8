#include <string>

#include <boost/test/unit_test.hpp>

#include "mirror/web/caller.h"
#include "mirror/web/forms.h"
#include "tests/support/temporary_folder.h"

namespace tidemark::mirror::web {
namespace {

/// A service that takes no commands any more: it answers at once.
struct Desk {
    Desk() {
        orders.close("the service ends");
        WebSettings settings;
        settings.proxy = ProxySettings{"X-Remote-User", {"192.0.2.7"}, {"dana"}};
        site.set_settings(settings);
    }

    Request request(const std::string& user, const std::string& body) {
        Request request;
        request.method = Method::post;
        request.path_text = "/commands";
        request.peer.address = "192.0.2.7";
        request.headers = {{"host", "tidemark.test"}, {"x-remote-user", user}};
        request.body = body;
        return request;
    }
    std::string csrf(const std::string& user) { return find_caller(site, request(user, "")).csrf; }

    tests::TemporaryFolder folder;
    service::Live live;
    service::Orders orders;
    LogRing log;
    Site site{live, orders, log, folder.path(), "0.0.0"};
};

constexpr std::string_view k_pin =
    "verb=pin&kind=ImagePolicy&namespace=flux-system&name=web&tag=1.25.1&reason=bug+4711&back=%2Fimages%2Fflux-system%"
    "2Fweb";

std::string header(const Answer& answer, const std::string& name) {
    return std::string(find_only(answer.headers, name).value_or(""));
}

BOOST_AUTO_TEST_SUITE(forms)

BOOST_AUTO_TEST_CASE(a_form_becomes_a_command_and_leads_back) {
    Desk desk;
    const Answer answer =
        take_command(desk.site, desk.request("dana", std::string(k_pin) + "&csrf=" + desk.csrf("dana")));
    BOOST_TEST(answer.status == 303);
    BOOST_TEST(header(answer, "Location") == "/images/flux-system/web?said=1");
    const auto ticket = desk.orders.find_ticket(1);
    BOOST_REQUIRE(ticket);
    BOOST_TEST((ticket->command().verb == service::Verb::pin));
    BOOST_TEST(ticket->command().object.to_string() == "flux-system/web");
    BOOST_TEST(ticket->command().who == "dana");
    BOOST_TEST(ticket->command().tag == "1.25.1");
    BOOST_TEST(ticket->command().reason == "bug 4711");
}

BOOST_AUTO_TEST_CASE(a_form_of_somebody_else_is_no_command) {
    Desk desk;
    struct Case {
        std::string user, csrf;
        int wanted;
    };
    const Case cases[] = {
        {"dana", "", 403},
        {"dana", "0000", 403},
        {"dana", desk.csrf("mallory"), 403},
        {"mallory", desk.csrf("mallory"), 403},
        {"", desk.csrf("dana"), 401},
    };
    for (const Case& each : cases) {
        const Answer answer =
            take_command(desk.site, desk.request(each.user, std::string(k_pin) + "&csrf=" + each.csrf));
        BOOST_TEST(answer.status == each.wanted);
    }
    Request foreign = desk.request("dana", std::string(k_pin) + "&csrf=" + desk.csrf("dana"));
    foreign.headers.emplace_back("origin", "https://evil.test");
    BOOST_TEST(take_command(desk.site, foreign).status == 403);
    // Said twice, nobody knows which one counts.
    const std::string twice = "&csrf=" + desk.csrf("dana");
    BOOST_TEST(take_command(desk.site, desk.request("dana", std::string(k_pin) + twice + twice)).status == 403);
    BOOST_TEST(!desk.orders.find_ticket(1));
}

BOOST_AUTO_TEST_CASE(a_form_never_leads_to_another_site) {
    Desk desk;
    for (const std::string back : {"https%3A%2F%2Fevil.test", "%2F%2Fevil.test", "%2F%5Cevil.test", ""}) {
        const Answer answer = take_command(
            desk.site, desk.request("dana", "verb=reconcile&kind=ImagePolicy&namespace=a&name=b&back=" + back +
                                                "&csrf=" + desk.csrf("dana")));
        BOOST_TEST(answer.status == 303);
        BOOST_TEST(header(answer, "Location").starts_with("/?said="));
    }
}

BOOST_AUTO_TEST_CASE(a_form_that_asks_for_nothing_known_is_refused) {
    Desk desk;
    for (const std::string body : {"", "verb=delete&kind=ImagePolicy&name=web", "verb=pin&kind=Secret&name=web",
                                   "verb=pin&kind=ImagePolicy&name=web&until=soon"})
        BOOST_TEST(take_command(desk.site, desk.request("dana", body + "&csrf=" + desk.csrf("dana"))).status == 400);
}

BOOST_AUTO_TEST_CASE(a_pin_may_end_after_a_duration) {
    const std::chrono::sys_seconds now{std::chrono::seconds(1'800'000'000)};
    struct Case {
        std::string given, wanted;
    };
    const Case cases[] = {
        {"72h", "2027-01-18T08:00:00Z"},
        {"1h30m", "2027-01-15T09:30:00Z"},
        {"2026-12-31", "2026-12-31"},
        {"-72h", "-72h"},
        {"0", "0"},
        {"9999999h", "9999999h"},
        {"soon", "soon"},
        {"", ""},
    };
    for (const Case& each : cases)
        BOOST_TEST(end_of_pin(each.given, now) == each.wanted);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::mirror::web
