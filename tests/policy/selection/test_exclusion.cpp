#include <boost/test/unit_test.hpp>

#include "policy/selection/selection.h"

using namespace tidemark::policy;

BOOST_AUTO_TEST_SUITE(policy_exclusion)

BOOST_AUTO_TEST_CASE(signatures_are_excluded_where_no_list_is_given) {
    const auto list = ExclusionList::compile({}).value();
    BOOST_TEST(list.excludes("sha256-0f2d5c.sig"));
    BOOST_TEST(list.excludes(".sig"));
    BOOST_TEST(!list.excludes("sha256-0f2d5c.att"));
    BOOST_TEST(!list.excludes("a.sig.b"));
    BOOST_TEST(!list.excludes("a.SIG"));
    BOOST_TEST(!list.excludes("sig"));
}

BOOST_AUTO_TEST_CASE(one_matching_pattern_excludes) {
    const auto list = ExclusionList::compile({"^dev", "rc"}).value();
    BOOST_TEST(list.excludes("dev-1"));
    BOOST_TEST(list.excludes("1.0.0-rc.1"));
    BOOST_TEST(!list.excludes("1.0.0"));
    BOOST_TEST(!list.excludes("a.sig"));
}

BOOST_AUTO_TEST_CASE(one_bad_pattern_fails_the_list) {
    BOOST_TEST(!ExclusionList::compile({"^ok$", "("}).ok());
}

BOOST_AUTO_TEST_CASE(stored_order_is_descending_by_bytes) {
    std::vector<std::string_view> tags{"b", "a", "B", "10", "9", "b"};
    store_order(tags);
    const std::vector<std::string_view> expected{"b", "b", "a", "B", "9", "10"};
    BOOST_TEST(tags == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
