#include <boost/test/unit_test.hpp>

#include "mirror/service/report_memory.h"

using namespace tidemark::mirror::service;

namespace {

ReportLine scan(Outcome outcome, const std::string& text, const std::string& object = "flux-system/web") {
    return {Step::scan, outcome, "ghcr.io/acme/web", text, {}, object};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_service_report_memory)

BOOST_AUTO_TEST_CASE(what_stays_the_same_is_not_repeated) {
    ReportMemory memory;
    BOOST_TEST(memory.is_news(scan(Outcome::done, "found 2 tags")));
    BOOST_TEST(!memory.is_news(scan(Outcome::same, "found 2 tags, none new")));
    BOOST_TEST(!memory.is_news(scan(Outcome::same, "found 2 tags, none new")));
    BOOST_TEST(memory.is_news(scan(Outcome::done, "found 3 tags, 1 new (1.1.0)")));
}

BOOST_AUTO_TEST_CASE(a_reason_is_told_when_it_begins_and_when_it_ends) {
    ReportMemory memory;
    BOOST_TEST(!memory.is_news(scan(Outcome::same, "found 2 tags, none new")));
    BOOST_TEST(memory.is_news(scan(Outcome::failed, "connection refused")));
    BOOST_TEST(memory.failing() == 1U);
    BOOST_TEST(!memory.is_news(scan(Outcome::failed, "connection refused")));
    BOOST_TEST(memory.is_news(scan(Outcome::failed, "401")));
    BOOST_TEST(memory.is_news(scan(Outcome::same, "found 2 tags, none new")));
    BOOST_TEST(!memory.is_news(scan(Outcome::same, "found 2 tags, none new")));
    BOOST_TEST(memory.failing() == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_begun_again_and_again_is_told_once_until_it_ends_well) {
    ReportMemory memory;
    for (int round = 0; round < 2; ++round) {
        BOOST_TEST(memory.is_news(scan(Outcome::begun, "fetching for the first time")));
        BOOST_TEST(memory.is_news(scan(Outcome::failed, "no branch main")) == (round == 0));
        BOOST_TEST(!memory.is_news(scan(Outcome::begun, "fetching for the first time")));
        BOOST_TEST(memory.is_news(scan(Outcome::begun, "removed, and cloned anew")));
        BOOST_TEST(memory.is_news(scan(Outcome::done, "pushed")));
        memory.is_news(scan(Outcome::failed, "no branch main"));
    }
}

BOOST_AUTO_TEST_CASE(a_time_in_the_text_makes_no_new_reason) {
    const std::pair<const char*, const char*> k_same[] = {
        {"no connection after 3 ms", "no connection after 12 ms"},
        {"left alone for 37 more seconds", "left alone for 5 more seconds"},
        {"slow for 3s", "slow for 14s"},
        {"closed with 9898 bytes remaining", "closed with 12 bytes remaining"},
        {"no end after 2 pages with 1 tags", "no end after 3 pages with 2001 tags"},
        {"not asked, because 5 requests in a row failed", "not asked, because 6 requests in a row failed"},
    };
    for (const auto& [one, other] : k_same)
        BOOST_TEST(comparable(scan(Outcome::failed, one)) == comparable(scan(Outcome::failed, other)));
    const std::pair<const char*, const char*> k_other[] = {
        {"answered 401", "answered 503"},
        {"stays at 1.2.3", "stays at 1.2.4"},
        {"found 3 sixes", "found 4 sixes"},
    };
    for (const auto& [one, other] : k_other)
        BOOST_TEST(comparable(scan(Outcome::failed, one)) != comparable(scan(Outcome::failed, other)));
}

BOOST_AUTO_TEST_CASE(two_repositories_of_one_image_are_kept_apart) {
    ReportMemory memory;
    BOOST_TEST(memory.is_news(scan(Outcome::failed, "401", "a/web")));
    BOOST_TEST(!memory.is_news(scan(Outcome::same, "found 2 tags", "b/web")));
    BOOST_TEST(!memory.is_news(scan(Outcome::failed, "401", "a/web")));
}

BOOST_AUTO_TEST_CASE(a_finding_of_a_file_ends_when_a_pass_does_not_repeat_it) {
    ReportMemory memory;
    const ReportLine broken{Step::objects, Outcome::failed, "", "web.yaml:3:1: not readable as YAML", {}};
    BOOST_TEST(memory.is_news(broken));
    BOOST_TEST(memory.end_pass().empty());
    BOOST_TEST(!memory.is_news(broken));
    BOOST_TEST(memory.end_pass().empty());
    BOOST_TEST(memory.failing() == 1U);
    const std::vector<ReportLine> over = memory.end_pass();
    BOOST_REQUIRE(over.size() == 1U);
    BOOST_TEST((over[0].outcome == Outcome::done));
    BOOST_TEST(over[0].text == "no longer: web.yaml:3:1: not readable as YAML");
    BOOST_TEST(memory.failing() == 0U);
}

BOOST_AUTO_TEST_CASE(an_object_that_is_gone_needs_nobody) {
    ReportMemory memory;
    memory.is_news(scan(Outcome::failed, "401", "a/web"));
    memory.is_news(scan(Outcome::failed, "401", "b/web"));
    memory.keep_only({"b/web"});
    BOOST_TEST(memory.failing() == 1U);
    BOOST_TEST(memory.is_news(scan(Outcome::failed, "401", "a/web")));
}

BOOST_AUTO_TEST_SUITE_END()
