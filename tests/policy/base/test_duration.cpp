#include <limits>

#include <boost/test/unit_test.hpp>

#include "policy/base/duration.h"

using namespace tidemark::policy;
using std::chrono::nanoseconds;

BOOST_AUTO_TEST_SUITE(policy_duration)

BOOST_AUTO_TEST_CASE(reads_numbers_with_units_in_any_order) {
    struct Row {
        std::string_view text;
        std::int64_t count;
    };
    for (const Row& row : {Row{"0", 0}, Row{"-0", 0}, Row{"90s", 90'000'000'000}, Row{"1h30m", 5'400'000'000'000},
                           Row{"1m1h", 3'660'000'000'000}, Row{"1.5h", 5'400'000'000'000}, Row{".5s", 500'000'000},
                           Row{"5.s", 5'000'000'000}, Row{"-5m", -300'000'000'000}, Row{"+1ns", 1}, Row{"1us", 1000},
                           Row{"1\u00b5s", 1000}, Row{"1\u03bcs", 1000}, Row{"0.3333333h", 1'199'999'880'000},
                           Row{"9223372036854775807ns", std::numeric_limits<std::int64_t>::max()},
                           Row{"-9223372036854775808ns", std::numeric_limits<std::int64_t>::min()}}) {
        const auto duration = parse_duration(row.text);
        BOOST_TEST_REQUIRE(duration.ok(), row.text);
        BOOST_TEST(duration->count() == row.count, row.text);
    }
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_duration) {
    for (std::string_view text : {"", "-", "1", "00", "1d", "1 m", " 1m", "1m ", ".s", "1.5.5s", "--1m", "1e3s",
                                  "2562048h", "9223372036854775808ns", "99999999999999999999h"}) {
        BOOST_TEST(!parse_duration(text).ok(), text);
    }
}

BOOST_AUTO_TEST_CASE(problem_names_the_unit_and_its_place) {
    const auto duration = parse_duration("5m3d");
    BOOST_TEST_REQUIRE(!duration.ok());
    BOOST_TEST(duration.message().find("the unit 'd'") != std::string::npos, duration.message());
    BOOST_TEST(duration.problem().position.value() == 3U);
}

BOOST_AUTO_TEST_CASE(writes_as_go_does) {
    struct Row {
        std::int64_t count;
        std::string_view text;
    };
    for (const Row& row :
         {Row{0, "0s"}, Row{1, "1ns"}, Row{1100, "1.1\u00b5s"}, Row{2'200'000, "2.2ms"}, Row{100'000'000, "100ms"},
          Row{3'300'000'000, "3.3s"}, Row{60'000'000'000, "1m0s"}, Row{5'400'000'000'000, "1h30m0s"},
          Row{3'600'000'000'001, "1h0m0.000000001s"}, Row{-1'500'000'000, "-1.5s"},
          Row{std::numeric_limits<std::int64_t>::max(), "2562047h47m16.854775807s"},
          Row{std::numeric_limits<std::int64_t>::min(), "-2562047h47m16.854775808s"}}) {
        BOOST_TEST(format_duration(nanoseconds{row.count}) == row.text);
    }
}

BOOST_AUTO_TEST_CASE(written_durations_read_back) {
    for (std::int64_t count : {1LL, 999LL, 1001LL, 123456789LL, 59'999'999'999LL, 3'723'004'005'006LL, -7LL}) {
        BOOST_TEST(parse_duration(format_duration(nanoseconds{count})).value().count() == count);
    }
}

BOOST_AUTO_TEST_CASE(interval_takes_no_sign_no_small_units_no_bare_dot) {
    for (std::string_view text : {"1m", "100ms", "1h30m", "1.5h", "0s", "10m0s"})
        BOOST_TEST(is_interval(text), text);
    for (std::string_view text : {"", "0", "-1m", "+1m", "1us", "1ns", ".5s", "5.s", "1m\n", "1d", "m"}) {
        BOOST_TEST(!is_interval(text), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
