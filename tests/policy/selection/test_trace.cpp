#include <boost/test/unit_test.hpp>

#include "policy/selection/selection.h"

using namespace tidemark::policy;

namespace {

using Tags = std::vector<std::string_view>;
using Texts = std::vector<std::string>;

SelectionTrace traced(const SelectionSpec& spec, const Tags& tags) {
    SelectionTrace trace;
    Selection::compile(spec).value().choose(tags, trace, TagOrder::any);
    return trace;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_selection_trace)

BOOST_AUTO_TEST_CASE(semver_trace_counts_each_reason_once) {
    const auto trace = traced({TagFilter{"^v", ""}, SemverChoice{"1.x"}, {}, {}},
                              {"v1.0.0", "v1.1.0", "v2.0.0", "v1.2.0-rc.1", "vlatest", "v1", "1.5.0"});
    BOOST_TEST(trace.tags == 7U);
    BOOST_TEST(trace.not_matching == 1U);
    BOOST_TEST(trace.not_a_version == 2U);
    BOOST_TEST(trace.out_of_range == 2U);
    BOOST_TEST(trace.same_extract == 0U);
    const Texts best{"v1.1.0", "v1.0.0"};
    BOOST_TEST(trace.best == best, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(equal_extracts_are_counted_and_listed_once) {
    const auto trace = traced({TagFilter{"^[a-z]-(\\d+)$", "$1"}, {}, {}, NumericalChoice{"asc"}},
                              {"b-7", "a-7", "c-7", "a-9", "c-3", "x"});
    BOOST_TEST(trace.not_matching == 1U);
    BOOST_TEST(trace.same_extract == 2U);
    const Texts best{"a-9", "a-7", "c-3"};
    BOOST_TEST(trace.best == best, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tags_without_a_number_are_named) {
    const auto trace = traced({{}, {}, {}, NumericalChoice{"asc"}}, {"3", "latest", "1", "dev"});
    BOOST_TEST(trace.numberless == 2U);
    const Texts numberless{"latest", "dev"};
    BOOST_TEST(trace.not_a_number == numberless, boost::test_tools::per_element());
    const Texts best{"3", "1"};
    BOOST_TEST(trace.best == best, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(ten_best_come_best_first_whatever_the_order) {
    Texts numbers;
    for (int i = 0; i < 40; ++i)
        numbers.push_back(std::to_string((i * 7) % 40));
    const auto trace = traced({{}, {}, {}, NumericalChoice{"desc"}}, Tags(numbers.begin(), numbers.end()));
    const Texts best{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    BOOST_TEST(trace.best == best, boost::test_tools::per_element());
    BOOST_TEST(traced({{}, {}, {}, NumericalChoice{"asc"}}, Tags(numbers.begin(), numbers.end())).best.front() == "39");
}

BOOST_AUTO_TEST_CASE(built_extracts_are_listed_by_their_tags) {
    const auto trace = traced({TagFilter{"^main-(?P<ts>\\d+)", "1.0.${ts}"}, SemverChoice{"*"}, {}, {}},
                              {"main-3", "main-12", "main-7", "main-7-a"});
    const Texts best{"main-12", "main-7", "main-3"};
    BOOST_TEST(trace.best == best, boost::test_tools::per_element());
    BOOST_TEST(trace.same_extract == 1U);
}

BOOST_AUTO_TEST_CASE(trace_is_filled_anew) {
    const auto selection = Selection::compile({{}, SemverChoice{"*"}, {}, {}}).value();
    SelectionTrace trace;
    selection.choose(Tags{"1.0.0", "x"}, trace);
    selection.choose(Tags{"2.0.0"}, trace);
    BOOST_TEST(trace.tags == 1U);
    BOOST_TEST(trace.not_a_version == 0U);
    BOOST_TEST(trace.best.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
