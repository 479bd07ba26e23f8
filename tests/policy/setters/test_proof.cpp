// The proof refuses what a wrong edit would do.
#include <string>

#include <boost/test/unit_test.hpp>

#include "policy/setters/proof.h"
#include "policy/setters/scan.h"

namespace tidemark::policy::setters {
namespace {

const std::string k_old = "a: x\nb: [1, 2]\n";

/// Event 2 is the scalar x: mapping, key a, x.
bool proven(const std::string& new_document, const std::string& old_document = k_old) {
    const Result<EventRecord> record = record_document(old_document);
    BOOST_REQUIRE(record);
    return !prove_edit(old_document, *record, new_document, {{2, "y"}});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_setters_proof)

BOOST_AUTO_TEST_CASE(the_wanted_edit_is_proven_in_any_style) {
    BOOST_TEST(proven("a: y\nb: [1, 2]\n"));
    BOOST_TEST(proven("a: 'y'\nb: [1, 2]\n"));
}

BOOST_AUTO_TEST_CASE(everything_else_is_refused) {
    for (const std::string text :
         {"a: x\nb: [1, 2]\n", "a: y\nb: [1, 3]\n", "a: y\nb: [1]\n", "c: y\nb: [1, 2]\n", "a: &n y\nb: [1, 2]\n",
          "a: !!int y\nb: [1, 2]\n", "a: y\n", "a: [\n", "", "a: y\nb: {1: 2}\n"})
        BOOST_TEST(!proven(text), text);
}

BOOST_AUTO_TEST_CASE(what_the_second_parser_cannot_read_is_proven_by_the_first) {
    // A line end of CR alone is none to yaml-cpp.
    BOOST_TEST(proven("a: y\rb: 1\r", "a: x\rb: 1\r"));
    BOOST_TEST(!proven("a: y\rb: 2\r", "a: x\rb: 1\r"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::policy::setters
