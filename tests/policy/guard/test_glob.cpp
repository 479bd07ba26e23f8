// Patterns over repositories and branches, and update paths over files.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "policy/guard/glob.h"
#include "policy/guard/tree_path.h"

namespace tidemark::policy::guard {

BOOST_AUTO_TEST_SUITE(policy_guard_glob)

BOOST_AUTO_TEST_CASE(stars_stay_within_a_part_unless_doubled) {
    struct Row {
        std::string pattern;
        std::string text;
        bool fits;
    };
    const std::vector<Row> rows = {
        {"main", "main", true},
        {"main", "Main", false},
        {"main", "main2", false},
        {"release/*", "release/1.2", true},
        {"release/*", "release/", true},
        {"release/*", "release/1/2", false},
        {"release/**", "release/1/2", true},
        {"**", "", true},
        {"**", "a/b", true},
        {"*", "a/b", false},
        {"acme/*", "acme/fleet", true},
        {"*/fleet", "acme/fleet", true},
        {"*/fleet", "a/b/fleet", false},
        {"**/fleet", "a/b/fleet", true},
        {"/srv/**/*.git", "/srv/git/a/b.git", true},
        {"/srv/**/*.git", "/srv/git/a/b", false},
        {"r?", "r1", true},
        {"r?", "r/", false},
        {"r?", "r", false},
        {"a*b*c", "aXbYbZc", true},
        {"a*b*c", "aXbYb/c", false},
        {"**b*d", "b/bd", true},
        {"**/x*/y", "a/x1/x2/y", true},
        {"*a", "baab", false},
        {"", "", true},
        {"", "a", false},
        {"\xff*", "\xff\xfe", true},
    };
    for (const Row& row : rows)
        BOOST_TEST(fits_glob(row.text, row.pattern) == row.fits, row.pattern << " on " << row.text);
    BOOST_TEST(fits_glob("Acme/FLEET", "acme/f*", LetterCase::ignored));
}

BOOST_AUTO_TEST_CASE(a_hostile_name_costs_no_more_than_its_length_times_the_pattern) {
    std::string pattern;
    for (int i = 0; i < 200; ++i)
        pattern += "*a";
    BOOST_TEST(!fits_glob(std::string(20000, 'a') + "b", pattern));
    pattern.clear();
    for (int i = 0; i < 200; ++i)
        pattern += "**a/";
    std::string text;
    for (int i = 0; i < 10000; ++i)
        text += "a/";
    BOOST_TEST(!fits_glob(text + "b", pattern));
}

BOOST_AUTO_TEST_CASE(update_paths_are_folders_or_files_below_the_root) {
    BOOST_TEST(normalise_tree_path("./apps/").value() == "apps");
    BOOST_TEST(normalise_tree_path("a/./b//c/../d").value() == "a/b/d");
    BOOST_TEST(normalise_tree_path(".").value() == "");
    BOOST_TEST(!normalise_tree_path("/apps"));
    BOOST_TEST(!normalise_tree_path("a/../../b"));
    BOOST_TEST(lies_within("apps/a.yaml", {"./apps"}));
    BOOST_TEST(lies_within("apps", {"./apps"}));
    BOOST_TEST(lies_within("x", {}));
    BOOST_TEST(lies_within("x", {"a", "./"}));
    BOOST_TEST(!lies_within("apps2/a.yaml", {"apps"}));
    BOOST_TEST(!lies_within("a.yaml", {"apps"}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::policy::guard
