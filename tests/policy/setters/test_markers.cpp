// find_markers: where marked scalars stand, and what is said of markers that cannot work.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "policy/setters/setters.h"

namespace tidemark::policy {
namespace {

const std::string k_marker = "# {\"$imagepolicy\": \"ns:app\"}";

MarkerScan scan(const std::string& bytes) {
    Result<MarkerScan> result = find_markers(bytes, "f.yaml");
    BOOST_REQUIRE_MESSAGE(result, (result ? "" : result.message()));
    return std::move(result).value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_setters_markers)

BOOST_AUTO_TEST_CASE(a_scalar_is_found_with_path_bytes_and_object) {
    const std::string bytes =
        "\xef\xbb\xbf# ü\r\nkind: Pod\r\nmetadata: {name: p}\r\nspec:\r\n- a/b:\r\n  - 'x' " + k_marker;
    const MarkerScan found = scan(bytes);
    BOOST_REQUIRE(found.scalars.size() == 1);
    const MarkedScalar& scalar = found.scalars[0];
    BOOST_TEST(scalar.setter == "ns:app");
    BOOST_TEST(scalar.value == "x");
    BOOST_TEST(scalar.path == "/spec/0/a~1b/0");
    BOOST_TEST(scalar.line == 6);
    BOOST_TEST(bytes.substr(scalar.begin, scalar.end - scalar.begin) == "'x'");
    BOOST_TEST(scalar.object.kind == "Pod");
    BOOST_TEST(scalar.object.name == "p");
    BOOST_TEST(found.findings.empty());
}

BOOST_AUTO_TEST_CASE(markers_that_cannot_work_are_told) {
    const std::vector<std::string> samples = {
        "a: x # {\"$imagepolicy\": \"ns:app\"",           // no closing brace
        "a: x # {'$imagepolicy': 'ns:app'}",              // no JSON
        "a: x " + k_marker + " keep",                     // text behind
        "a: x # {\"$imagepolicy\": 1}",                   // no string
        "a: x # {\"$imagepolicy\": \"ns\"}",              // no policy
        "a: x # {\"$imagepolicy\": \"ns:app:version\"}",  // no such part
        "a: x # {\"$imagepolicy\": \"ns:app%zz\"}",       // no escape
        "a: " + k_marker + "\n  b: x",                    // on a mapping
        "a: [x] " + k_marker,                             // on a sequence
        "a: " + k_marker,                                 // on nothing
        k_marker + "\na: x",                              // above a key
        "a: *b " + k_marker,                              // on an alias
        "a: |\n  image: x " + k_marker,                   // inside a text
    };
    for (const std::string& sample : samples) {
        BOOST_TEST_CONTEXT(sample) {
            const std::string anchor = sample.find('*') == std::string::npos ? "" : "z: &b y\n";
            const MarkerScan found = scan(anchor + sample + "\n");
            BOOST_REQUIRE(found.findings.size() == 1);
            BOOST_TEST(found.findings[0].place.line > 0);
            BOOST_TEST(!found.findings[0].message.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(prose_about_markers_is_left_in_peace) {
    BOOST_TEST(
        scan("# write {\"$imagepolicy\": \"ns:app\"} behind an image\na: x " + k_marker + "\n").findings.empty());
}

BOOST_AUTO_TEST_CASE(shared_values_and_duplicate_keys_are_told) {
    BOOST_TEST(scan("a: &x y " + k_marker + "\nb: *x\n").findings.size() == 1);
    BOOST_TEST(scan("a: &x {k: y " + k_marker + "\n }\nb: *x\n").findings.size() == 1);
    BOOST_TEST(scan("a: &x y " + k_marker + "\n").findings.empty());
    BOOST_TEST(scan("a: x\na: y " + k_marker + "\n").findings.size() == 1);
}

BOOST_AUTO_TEST_CASE(the_screen_wants_the_quoted_word) {
    BOOST_TEST(may_hold_markers("$ a $\"$imagepolicy\""));
    BOOST_TEST(!may_hold_markers("'$imagepolicy'"));
    BOOST_TEST(!may_hold_markers("$imagepolicy\""));
    BOOST_TEST(!may_hold_markers("\"$imagepolic"));
    BOOST_TEST(!may_hold_markers(""));
}

BOOST_AUTO_TEST_CASE(manifests_are_known_by_name) {
    for (const char* name : {"a.yaml", "d/e.yml", "x/Kustomization", "Kustomization", ".yaml"})
        BOOST_TEST(is_manifest_name(name));
    for (const char* name : {"a.YAML", "a.yaml.bak", "kustomization", "d.yaml/x", "a.json", ""})
        BOOST_TEST(!is_manifest_name(name));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::policy
