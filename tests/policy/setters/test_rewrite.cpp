// rewrite_markers: which bytes change, byte for byte. What Flux answers is in the conformance cases.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "policy/setters/setters.h"

namespace tidemark::policy {
namespace {

const std::string k_marker = "# {\"$imagepolicy\": \"ns:app\"}";
const std::string k_tag_marker = "# {\"$imagepolicy\": \"ns:app:tag\"}";

SetterValues values_of(const std::string& tag = "2.0", const std::string& digest = "") {
    return make_setter_values({{"ns", "app", {"r.example/app", tag, digest}}});
}

/// The new bytes, or the old ones if nothing changed, or the problem.
std::string rewritten(const std::string& bytes, const SetterValues& values = values_of()) {
    const Result<Rewrite> rewrite = rewrite_markers(bytes, "f.yaml", values);
    if (!rewrite) return "problem: " + rewrite.message();
    BOOST_TEST(rewrite->changes.empty() == rewrite->bytes.empty());
    return rewrite->changes.empty() ? bytes : rewrite->bytes;
}

struct Sample {
    std::string before;
    std::string after;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_setters_rewrite)

BOOST_AUTO_TEST_CASE(nothing_but_the_scalar_changes) {
    const std::vector<Sample> samples = {
        {"a: x:1 " + k_marker + "\n", "a: r.example/app:2.0 " + k_marker + "\n"},
        {"\xef\xbb\xbf# é\r\na:   'x:1'   " + k_marker + "  \r\nb:  1.10  \r\n\r\n",
         "\xef\xbb\xbf# é\r\na:   'r.example/app:2.0'   " + k_marker + "  \r\nb:  1.10  \r\n\r\n"},
        {"a: x:1 " + k_marker + "\rb: ü\r", "a: r.example/app:2.0 " + k_marker + "\rb: ü\r"},
        {"t: ü\u2028a: x:1 " + k_marker + "\u0085b: 1\n",
         "t: ü\u2028a: r.example/app:2.0 " + k_marker + "\u0085b: 1\n"},
        {"a: [ y , \"x:1\" ,  " + k_marker + "\n  z ]\n",
         "a: [ y , \"r.example/app:2.0\" ,  " + k_marker + "\n  z ]\n"},
        {"a: one\n  two " + k_marker + "\n", "a: r.example/app:2.0 " + k_marker + "\n"},
        {"a: &n !!str  x:1 " + k_marker + "\n", "a: &n !!str  r.example/app:2.0 " + k_marker + "\n"},
        {"a: &n " + k_marker + "\n  x:1\nb: 1\n", "a: &n " + k_marker + "\n  r.example/app:2.0\nb: 1\n"},
        {"<<: {k: v}\na: x:1 " + k_marker, "<<: {k: v}\na: r.example/app:2.0 " + k_marker},
    };
    for (const Sample& sample : samples)
        BOOST_TEST(rewritten(sample.before) == sample.after);
}

BOOST_AUTO_TEST_CASE(block_scalars_keep_their_lines_around_the_text) {
    const std::vector<Sample> samples = {
        {"a: | " + k_marker + "\n    x:1\n\n\nb: 1\n", "a: |- " + k_marker + "\n    r.example/app:2.0\n\n\nb: 1\n"},
        {"a: >+ " + k_marker + "\r\n  x\r\n  y\r\nb: 1\r\n",
         "a: >- " + k_marker + "\r\n  r.example/app:2.0\r\nb: 1\r\n"},
        {"a: |4- " + k_marker + "\n      x\n", "a: |- " + k_marker + "\n      r.example/app:2.0\n"},
        {"a: |- " + k_marker + "\n\nb: 1\n", "a: r.example/app:2.0 " + k_marker + "\n\nb: 1\n"},
        {"a: | " + k_marker + "\n  x", "a: |- " + k_marker + "\n  r.example/app:2.0"},
    };
    for (const Sample& sample : samples)
        BOOST_TEST(rewritten(sample.before) == sample.after);
}

BOOST_AUTO_TEST_CASE(a_text_that_would_be_no_string_is_quoted) {
    for (const std::string tag : {"1.10", "5", "0644", "2024-01-02", "true", "null", "1e5"})
        BOOST_TEST(rewritten("a: x " + k_tag_marker + "\n", values_of(tag)) ==
                   "a: \"" + tag + "\" " + k_tag_marker + "\n");
    for (const std::string tag : {"1.10.1", "v5", "1.2-rc", "2024-13-01", "1_a"})
        BOOST_TEST(rewritten("a: 1.0 " + k_tag_marker + "\n", values_of(tag)) ==
                   "a: " + tag + " " + k_tag_marker + "\n");
}

BOOST_AUTO_TEST_CASE(an_equal_text_changes_nothing) {
    const std::string bytes = "a: 1.10 " + k_tag_marker + "\n";
    BOOST_TEST(rewritten(bytes, values_of("1.10")) == bytes);
}

BOOST_AUTO_TEST_CASE(a_policy_without_digest_empties_nothing) {
    const std::string bytes = "a: sha256:0 # {\"$imagepolicy\": \"ns:app:digest\"}\n";
    const Result<Rewrite> rewrite = rewrite_markers(bytes, "f.yaml", values_of());
    BOOST_REQUIRE(rewrite);
    BOOST_TEST(rewrite->changes.empty());
    BOOST_REQUIRE(rewrite->findings.size() == 1);
    BOOST_TEST(rewrite->findings[0].place.line == 1);
}

BOOST_AUTO_TEST_CASE(changes_name_the_object_as_it_reads_then) {
    const std::string bytes = "spec: {i: x:1 " + k_marker + "\n}\nmetadata:\n  name: old " + k_tag_marker +
                              "\n  namespace: n\nkind: Pod\nlast: y " + k_tag_marker + "\n";
    const Result<Rewrite> rewrite = rewrite_markers(bytes, "f.yaml", values_of("v2"));
    BOOST_REQUIRE(rewrite);
    BOOST_REQUIRE(rewrite->changes.size() == 3);
    BOOST_TEST(rewrite->changes[0].object.name == "old");
    BOOST_TEST(rewrite->changes[1].object.name == "v2");
    BOOST_TEST(rewrite->changes[2].object.name == "v2");
    BOOST_TEST(rewrite->changes[2].object.kind == "Pod");
    BOOST_TEST(rewrite->changes[2].line == 7);
}

BOOST_AUTO_TEST_CASE(unreadable_files_are_left_with_the_place_of_the_mistake) {
    for (const std::string& start :
         {std::string("a: [\n"), std::string("- x\n"), std::string("a: *no\n"), std::string("a: \"\\/\"\n"),
          std::string("a: \xff\n"), std::string("metadata: x\n")}) {
        const Result<Rewrite> rewrite = rewrite_markers(start + "b: x " + k_marker + "\n", "f.yaml", values_of());
        BOOST_REQUIRE(!rewrite);
        BOOST_TEST(rewrite.problem().position.has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_password_that_reads_as_an_alias_is_not_repeated) {
    const auto rewrite = rewrite_markers("password: *canary-5d\nb: x " + k_marker + "\n", "f.yaml", values_of());
    BOOST_REQUIRE(!rewrite);
    BOOST_TEST(rewrite.message().find("alias") != std::string::npos, rewrite.message());
    BOOST_TEST(rewrite.message().find("canary") == std::string::npos, rewrite.message());
}

BOOST_AUTO_TEST_CASE(hostile_nesting_ends_in_a_problem) {
    for (const std::string& bracket : {std::string("["), std::string("{a: "), std::string("{? ")}) {
        std::string bytes = "a: x " + k_marker + "\nb: ";
        for (int i = 0; i < 100000; ++i)
            bytes += bracket;
        BOOST_TEST(!rewrite_markers(bytes, "f.yaml", values_of()));
    }
}

BOOST_AUTO_TEST_CASE(deep_nesting_that_the_second_parser_refuses_is_proven_by_the_first) {
    std::string bytes = "a: x " + k_marker + "\nb: ";
    bytes += std::string(700, '[') + std::string(700, ']') + "\n";
    BOOST_TEST(rewritten(bytes).substr(0, 22) == "a: r.example/app:2.0 #");
}

BOOST_AUTO_TEST_CASE(values_that_cannot_stand_on_a_line_are_refused) {
    SetterValues values;
    values.values["ns:app"] = "two\nlines";
    const Result<Rewrite> rewrite = rewrite_markers("a: x " + k_marker + "\n", "f.yaml", values);
    BOOST_REQUIRE(rewrite);
    BOOST_TEST(rewrite->changes.empty());
    BOOST_TEST(rewrite->findings.size() == 1);
}

BOOST_AUTO_TEST_CASE(an_invalid_reference_costs_its_own_policy_only) {
    const SetterValues values =
        make_setter_values({{"ns", "bad", {"UPPER", "1", ""}}, {"ns", "app", {"r.example/app", "2", ""}}});
    BOOST_TEST(values.findings.size() == 1);
    BOOST_TEST(values.values.count("ns:bad") == 0);
    BOOST_TEST(values.values.at("ns:app") == "r.example/app:2");
    BOOST_TEST(values.values.at("ns:app:digest") == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::policy
