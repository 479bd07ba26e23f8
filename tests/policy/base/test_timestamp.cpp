#include <boost/test/unit_test.hpp>

#include "policy/base/timestamp.h"

using namespace tidemark::policy;

BOOST_AUTO_TEST_SUITE(policy_base_timestamp)

BOOST_AUTO_TEST_CASE(dates_and_times_are_read_as_rfc_3339_writes_them) {
    const std::pair<std::string_view, std::string_view> k_cases[] = {
        {"2026-12-01", "2026-12-01T00:00:00Z"},
        {"2026-12-01T10:20:30Z", "2026-12-01T10:20:30Z"},
        {"2026-12-01T10:20:30+01:00", "2026-12-01T09:20:30Z"},
        {"2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z"},
        {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
    };
    for (const auto& [text, time] : k_cases) {
        const auto read = parse_timestamp(text);
        BOOST_TEST_REQUIRE(read.ok());
        BOOST_TEST(format_timestamp(*read) == time);
    }
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
    for (const char* text : {"", "tomorrow", "2026-13-01", "2026-02-29", "2026-12-01T24:00:00Z", "2026-12-01T10:00:00",
                             "2026-12-01T10:00:00+1:00", "2026-12-01T10:00:00+24:00", "2026-12-01 10:00:00Z",
                             "20261201", "2026-12-01Z", "-026-12-01", "2026-12-01T10:00:00.5Z", "Z", "+01:00"})
        BOOST_TEST(!parse_timestamp(text).ok(), text);
    BOOST_TEST(parse_timestamp("soon").message() ==
               "\"soon\" is no date or time: write 2026-12-31 or 2026-12-31T18:00:00Z");
}

BOOST_AUTO_TEST_CASE(sentences_show_minutes_in_utc) {
    BOOST_TEST(format_minute(*parse_timestamp("2026-12-01T10:20:30Z")) == "2026-12-01 10:20 UTC");
}

BOOST_AUTO_TEST_SUITE_END()
