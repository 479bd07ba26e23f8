#include <boost/test/unit_test.hpp>

#include "policy/selection/go_pattern.h"
#include "policy/selection/pattern.h"

using namespace tidemark::policy;

namespace {

std::string translated(std::string_view pattern) {
    const auto result = translate_pattern(pattern);
    return result ? result->text : "error: " + result.message();
}

bool matches(std::string_view pattern, std::string_view text) {
    const auto compiled = Pattern::compile(pattern);
    BOOST_TEST_REQUIRE(compiled.ok(), pattern);
    return compiled->matches(text);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_go_pattern)

BOOST_AUTO_TEST_CASE(names_leave_the_pattern_for_a_list) {
    const auto result = translate_pattern("(?P<n>a)(b)(?:c)(?<n>d)(?P<1a>e)\\(");
    BOOST_TEST_REQUIRE(result.ok());
    BOOST_TEST(result->text == "(a)(b)(?:c)(d)(e)\\(");
    const std::vector<std::string> names{"", "n", "", "n", "1a"};
    BOOST_TEST(result->group_names == names, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(quoted_text_and_brackets_are_left_alone) {
    for (std::string_view pattern :
         {"\\Q(?P<n>\\C\\E", "\\Q(", "[(?P<n>]", "[]()]", "[^](]", "[[:alpha:](]", "[\\]()]"}) {
        BOOST_TEST(translated(pattern) == pattern, pattern);
        BOOST_TEST(translate_pattern(pattern)->group_names.size() == 1U, pattern);
    }
    BOOST_TEST(translated("\\Qa\\E(?<n>b)") == "\\Qa\\E(b)");
}

BOOST_AUTO_TEST_CASE(class_names_are_taken_loosely) {
    BOOST_TEST(translated("\\p{greek}") == "\\p{Greek}");
    BOOST_TEST(translated("\\P{lowercase letter}") == "\\P{Ll}");
    BOOST_TEST(translated("\\p{^Old_Italic}") == "\\P{Old_Italic}");
    BOOST_TEST(translated("\\pL[\\PN]") == "\\p{L}[\\P{N}]");
    BOOST_TEST(matches("^\\p{ASCII}$", "a"));
    BOOST_TEST(!matches("^\\P{ASCII}$", "a"));
    BOOST_TEST(matches("^[\\P{ASCII}]$", "\u00e9"));
    BOOST_TEST(matches("^\\p{Assigned}\\p{LC}$", "1a"));
    BOOST_TEST(matches("^[\\p{LC}-]+$", "a-B"));
    BOOST_TEST(matches("^\\p{Cn}$", "\u0378"));
    BOOST_TEST(!matches("^\\p{Cn}$", "a"));
}

BOOST_AUTO_TEST_CASE(what_go_refuses_is_refused) {
    for (std::string_view pattern : {"\\C",   "(?P<>a)", "(?P<n-m>a)", "(?P<n\u00e9>a)",
                                     "(?P<n", "(?<=a)b", "(?<!a)b",    "\\p{IsGreek}",
                                     "\\p{}", "\\pX",    "\\p",        "\\p{",
                                     "(?=a)", "(a)\\1",  "a**",        "a++",
                                     "(",     ")",       "[a",         "\\",
                                     "(?x)a", "a{1001}", "[\\p{Cn}]"}) {
        BOOST_TEST(!Pattern::compile(pattern).ok(), pattern);
    }
}

BOOST_AUTO_TEST_SUITE_END()
