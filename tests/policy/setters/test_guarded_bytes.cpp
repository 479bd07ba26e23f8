// only_marked_scalars_differ: what a commit of the automation may do to a file.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "policy/setters/setters.h"

namespace tidemark::policy {
namespace {

const std::string k_marker = " # {\"$imagepolicy\": \"ns:app\"}\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_setters_guarded_bytes)

BOOST_AUTO_TEST_CASE(a_marked_scalar_may_change_its_text_and_style) {
    const std::string before = "a: x:1" + k_marker + "b: 1\n";
    for (const std::string after : {"a: x:2", "a: 'x:2'", "a: \"x # 2\"", "a: \"1.0\""})
        BOOST_TEST(only_marked_scalars_differ(before, after + k_marker + "b: 1\n"));
    BOOST_TEST(only_marked_scalars_differ(before, before));
    BOOST_TEST(only_marked_scalars_differ("a: |" + k_marker + "  x\nb: 1\n", "a: |-" + k_marker + "  y\nb: 1\n"));
    BOOST_TEST(only_marked_scalars_differ("a: >" + k_marker + "\nb: 1\n", "a: y" + k_marker + "\nb: 1\n"));
    BOOST_TEST(!only_marked_scalars_differ("a: |" + k_marker + "  x\n\nb: 1\n", "a: |-" + k_marker + "  y\nb: 1\n"));
}

BOOST_AUTO_TEST_CASE(nothing_else_may) {
    const std::string before = "a: x:1" + k_marker + "b: 1\n";
    const std::vector<std::string> others = {
        "a: x:2" + k_marker + "b: 2\n",
        "a:  x:2" + k_marker + "b: 1\n",
        "a: x:2\nb: 1\n",
        "a: x:2 # {\"$imagepolicy\": \"ns:other\"}\nb: 1\n",
        "a: [x:2" + k_marker + "]\nb: 1\n",
        "a: x:2" + k_marker + "b: 1\nc: 3\n",
        "a: &n x:2" + k_marker + "b: 1\n",
        "a: x:2" + k_marker + "b: 1\r\n",
        "a: \"x:2" + k_marker + "b: 1\n",
        "",
    };
    for (const std::string& after : others)
        BOOST_TEST(!only_marked_scalars_differ(before, after), after);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::policy
