#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "policy/selection/selection.h"

using namespace tidemark::policy;

namespace {

using Tags = std::vector<std::string_view>;

SelectionSpec semver(std::string range) {
    return {{}, SemverChoice{std::move(range)}, {}, {}};
}
SelectionSpec alphabetical(std::string order) {
    return {{}, {}, AlphabeticalChoice{std::move(order)}, {}};
}
SelectionSpec numerical(std::string order) {
    return {{}, {}, {}, NumericalChoice{std::move(order)}};
}

SelectionSpec filtered(SelectionSpec spec, std::string pattern, std::string extract) {
    spec.filter = TagFilter{std::move(pattern), std::move(extract)};
    return spec;
}

Selection compiled(const SelectionSpec& spec) {
    auto selection = Selection::compile(spec);
    BOOST_TEST_REQUIRE(selection.ok(), (selection ? "" : selection.message()));
    return std::move(selection).value();
}

std::string shown(const std::variant<Selected, NotSelected>& choice) {
    if (const auto* selected = std::get_if<Selected>(&choice)) return selected->tag;
    return "none: " + std::get<NotSelected>(choice).message;
}

/// The answer for a registry's list; every way of asking must give it.
std::string chosen(const SelectionSpec& spec, Tags tags) {
    const Selection selection = compiled(spec);
    const std::string unsorted = shown(selection.choose(tags, TagOrder::any));
    store_order(tags);
    BOOST_TEST(shown(selection.choose(tags)) == unsorted);
    std::reverse(tags.begin(), tags.end());
    BOOST_TEST(shown(selection.choose(tags, TagOrder::any)) == unsorted);
    return unsorted;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_selection)

BOOST_AUTO_TEST_CASE(semver_takes_the_highest_in_range) {
    const Tags tags{"1.0.0", "v1.25.1", "1.25.3", "1.26.0", "latest", "1.25", "1.25.4-rc.1"};
    BOOST_TEST(chosen(semver("1.25.x"), tags) == "1.25.3");
    BOOST_TEST(chosen(semver(">=1.25.0-0 <1.26.0-0"), tags) == "1.25.4-rc.1");
    BOOST_TEST(chosen(semver("2.x"), tags) == "none: no tag is a version in the range '2.x'");
}

BOOST_AUTO_TEST_CASE(equal_versions_go_to_the_greatest_bytes) {
    BOOST_TEST(chosen(semver("*"), {"1.0.0", "v1.0.0", "01.0.0"}) == "v1.0.0");
    BOOST_TEST(chosen(semver("*"), {"1.0.0+a", "1.0.0+b"}) == "1.0.0+b");
}

BOOST_AUTO_TEST_CASE(numbers_and_letters_go_both_ways) {
    BOOST_TEST(chosen(numerical("asc"), {"9", "10", "2.5"}) == "10");
    BOOST_TEST(chosen(numerical("DESC"), {"9", "10", "2.5"}) == "2.5");
    BOOST_TEST(chosen(numerical(""), {"01", "1.0", "1"}) == "01");
    BOOST_TEST(chosen(alphabetical("asc"), {"xenial", "zesty", "artful"}) == "zesty");
    BOOST_TEST(chosen(alphabetical("desc"), {"xenial", "zesty", "artful"}) == "artful");
}

BOOST_AUTO_TEST_CASE(nan_hangs_on_its_place_and_still_has_one_answer) {
    // In stored order "nan" comes first and is replaced by what follows.
    BOOST_TEST(chosen(numerical("asc"), {"1", "nan", "3"}) == "3");
    BOOST_TEST(chosen(filtered(numerical("asc"), "^n-(.*)$", "$1"), {"n-1", "n-nan", "n-3"}) == "n-3");
}

BOOST_AUTO_TEST_CASE(one_tag_without_a_number_fails_a_numerical_selection) {
    BOOST_TEST(chosen(numerical("asc"), {"1", "latest", "3"}) ==
               "none: 'latest' is no number; one such tag makes a numerical selection fail");
    BOOST_TEST(chosen(filtered(numerical("asc"), "^\\d+$", ""), {"1", "latest", "3"}) == "3");
}

BOOST_AUTO_TEST_CASE(selected_extract_is_turned_back_into_its_tag) {
    const Tags tags{"main-4f2a9c1-1700000000", "main-0b1c2d3-1699999999", "dev-aaaaaaa-1800000000", "latest"};
    BOOST_TEST(chosen(filtered(numerical("asc"), "^main-[a-f0-9]{7}-(?P<ts>[0-9]+)$", "$ts"), tags) ==
               "main-4f2a9c1-1700000000");
    BOOST_TEST(chosen(filtered(semver("*"), "-(?P<ts>[0-9]+)$", "1.$ts.0"), tags) == "dev-aaaaaaa-1800000000");
    BOOST_TEST(chosen(filtered(numerical("asc"), "^none-", ""), tags) ==
               "none: the filter's pattern '^none-' matches no tag");
}

BOOST_AUTO_TEST_CASE(of_equal_extracts_the_smallest_tag_is_kept) {
    BOOST_TEST(chosen(filtered(numerical("asc"), "^[a-z]-(\\d+)$", "$1"), {"b-7", "a-7", "c-7", "a-3"}) == "a-7");
    BOOST_TEST(chosen(filtered(semver("*"), "^[a-z]-(.*)$", "v$1"), {"b-1.0.0", "a-1.0.0", "c-0.1.0"}) == "a-1.0.0");
    BOOST_TEST(chosen(filtered(alphabetical("asc"), "^(x)", "$1"), {"x1", "x3", "x2"}) == "x1");
}

BOOST_AUTO_TEST_CASE(long_extracts_outlive_their_buffer) {
    const std::string base(60, '7');
    std::vector<std::string> owned;
    for (char c = '0'; c <= '9'; ++c)
        owned.push_back("t" + base + c + ".0");
    const Tags tags(owned.begin(), owned.end());
    BOOST_TEST(chosen(filtered(semver(">=1.0.0-0"), "^t(.*)$", "1.0.0-a$1"), tags) == owned.back());
    BOOST_TEST(chosen(filtered(numerical("desc"), "^t(.*)$", "0$1"), tags) == owned.front());
}

BOOST_AUTO_TEST_CASE(semver_goes_before_alphabetical_and_that_before_numerical) {
    SelectionSpec spec{{}, SemverChoice{"1.x"}, AlphabeticalChoice{"asc"}, NumericalChoice{"asc"}};
    BOOST_TEST(chosen(spec, {"1.0.0", "b"}) == "1.0.0");
    spec.semver.reset();
    BOOST_TEST(chosen(spec, {"1.0.0", "b"}) == "b");
}

BOOST_AUTO_TEST_CASE(bad_policies_are_refused_when_compiled) {
    for (const SelectionSpec& spec : {SelectionSpec{}, semver(""), semver("bogus"), numerical("up"),
                                      alphabetical("bad"), filtered(semver("*"), "(", "")}) {
        BOOST_TEST(!Selection::compile(spec).ok());
    }
}

BOOST_AUTO_TEST_CASE(no_tags_is_a_failure_of_its_own) {
    const auto choice = compiled(semver("*")).choose(Tags{});
    BOOST_TEST((std::get<NotSelected>(choice).failure == SelectionFailure::no_tags));
}

BOOST_AUTO_TEST_CASE(lower_tags_rank_below_and_ties_do_not) {
    const Selection selection = compiled(semver(">=1.0.0"));
    BOOST_TEST(selection.ranks_below("1.9.0", "1.10.0"));
    BOOST_TEST(!selection.ranks_below("1.10.0", "1.9.0"));
    BOOST_TEST(!selection.ranks_below("1.9.0", "v1.9.0"));
    BOOST_TEST(compiled(numerical("desc")).ranks_below("10", "9"));
    BOOST_TEST(compiled(alphabetical("asc")).ranks_below("a", "b"));
    BOOST_TEST(compiled(filtered(numerical("asc"), "-(\\d+)$", "$1")).ranks_below("z-1", "a-2"));
}

BOOST_AUTO_TEST_CASE(what_the_policy_does_not_rank_is_never_below_or_above) {
    const Selection selection = compiled(semver("<2.0.0"));
    BOOST_TEST(!selection.ranks_below("1.9.0", "2.1.0"));  // the policy was edited: going down is wanted
    BOOST_TEST(!selection.ranks_below("1.9.0", "latest"));
    BOOST_TEST(!selection.ranks_below("latest", "1.9.0"));
    BOOST_TEST(!compiled(numerical("asc")).ranks_below("nan", "1"));
    BOOST_TEST(!compiled(filtered(semver("*"), "-alpine$", "")).ranks_below("1.0.0-alpine", "2.0.0"));
}

BOOST_AUTO_TEST_SUITE_END()
