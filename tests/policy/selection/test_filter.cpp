#include <boost/test/unit_test.hpp>

#include "policy/selection/filter.h"

using namespace tidemark::policy;

namespace {

std::string extract(std::string_view pattern, std::string_view text, std::string_view tag) {
    const auto filter = Filter::compile(pattern, text);
    BOOST_TEST_REQUIRE(filter.ok(), pattern);
    std::string buffer;
    const auto extracted = filter->apply(tag, buffer);
    return extracted ? std::string(*extracted) : "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_filter)

BOOST_AUTO_TEST_CASE(pattern_searches_anywhere_unless_anchored) {
    BOOST_TEST(extract("2\\.5", "", "12.51") == "12.51");
    BOOST_TEST(extract("^2\\.5$", "", "12.51") == "none");
    BOOST_TEST(extract("", "$0", "1.0") == "");
    BOOST_TEST(extract("", "", "1.0") == "1.0");
}

BOOST_AUTO_TEST_CASE(template_takes_groups_by_name_and_number) {
    constexpr std::string_view pattern = "^main-(?P<sha>[a-f0-9]{7})-(?P<ts>[0-9]+)$";
    constexpr std::string_view tag = "main-4f2a9c1-1700000000";
    BOOST_TEST(extract(pattern, "$ts", tag) == "1700000000");
    BOOST_TEST(extract(pattern, "$2", tag) == "1700000000");
    BOOST_TEST(extract(pattern, "$0", tag) == tag);
    BOOST_TEST(extract(pattern, "1.${ts}.0", tag) == "1.1700000000.0");
    BOOST_TEST(extract(pattern, "$tsx", tag) == "");
    BOOST_TEST(extract(pattern, "$3", tag) == "");
    BOOST_TEST(extract(pattern, "$02", tag) == "");
}

BOOST_AUTO_TEST_CASE(dollar_that_starts_nothing_is_itself) {
    for (const auto& [text, expected] :
         {std::pair{"$$", "$"}, std::pair{"a$", "a$"}, std::pair{"$-1", "$-1"}, std::pair{"${", "${"},
          std::pair{"${1 }", "${1 }"}, std::pair{"${}", "${}"}, std::pair{"$$1", "$1"}, std::pair{"$$$1", "$x"}}) {
        BOOST_TEST(extract("^(x)$", text, "x") == expected, text);
    }
}

BOOST_AUTO_TEST_CASE(first_of_equal_names_that_took_part_counts) {
    constexpr std::string_view pattern = "^(?:(?P<n>[a-z])-\\d|\\d-(?P<n>[a-z]))$";
    BOOST_TEST(extract(pattern, "$n", "a-1") == "a");
    BOOST_TEST(extract(pattern, "$n", "1-b") == "b");
    BOOST_TEST(extract("(?<n>a)|(?P<n>b)", "<$n>", "b") == "<b>");
}

BOOST_AUTO_TEST_CASE(many_groups_do_not_disturb) {
    std::string pattern = "^";
    for (int i = 0; i < 40; ++i)
        pattern += "(.)";
    const std::string tag = "abcdefghijklmnopqrstuvwxyz0123456789ABCD";
    BOOST_TEST(extract(pattern, "$40$1", tag) == "Da");
    BOOST_TEST(extract(pattern + "(b|c)?", "$40$1$41", tag) == "Da");
}

BOOST_AUTO_TEST_CASE(references_of_a_template_can_be_listed) {
    const std::vector<std::string> expected{"ts", "1", "a_b"};
    BOOST_TEST(references_in("x$ts-${1}$$no${a_b}${") == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(malformed_pattern_is_told_with_its_place) {
    const auto filter = Filter::compile("^v(?P<x>[0-9]+)-a**$", "");
    BOOST_TEST_REQUIRE(!filter.ok());
    BOOST_TEST(filter.message().starts_with("the pattern '^v(?P<x>[0-9]+)-a**$' is malformed: "), filter.message());
    BOOST_TEST(filter.problem().position.value() == 17U);
    BOOST_TEST(!Filter::compile(std::string(20000, 'a'), "").ok());
}

BOOST_AUTO_TEST_SUITE_END()
