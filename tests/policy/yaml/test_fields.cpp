#include <boost/test/unit_test.hpp>

#include "policy/yaml/fields.h"

using namespace tidemark::policy;
using namespace tidemark::policy::yaml;

namespace {

// One document read with a function; what it found as lines.
struct Reading {
    std::string text;
    std::vector<std::string> findings;

    template <class Function>
    Reading(std::string yaml, Function&& function) : text(std::move(yaml)) {
        DocumentReader reader(text);
        const auto answer = reader.next();
        BOOST_REQUIRE(answer && std::holds_alternative<Document>(*answer));
        const Places places("f", text);
        Findings found;
        Report report(places, found, "");
        Fields fields(std::get<Document>(*answer).root(), "", report);
        function(fields);
        fields.finish();
        for (const Finding& finding : found)
            findings.push_back(to_string(finding));
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_yaml_fields)

BOOST_AUTO_TEST_CASE(known_fields_are_read_without_a_finding) {
    const Reading reading("name: x\non: true\nempty:\nlist: [a]\nmap: {k: v}\n", [](Fields& fields) {
        BOOST_TEST(fields.required_text("name").value() == "x");
        BOOST_TEST(fields.boolean("on"));
        BOOST_TEST(!fields.text("empty"));
        BOOST_TEST(fields.list("list").size() == 1U);
        auto map = fields.mapping("map");
        BOOST_REQUIRE(map);
        BOOST_TEST(map->text("k").value() == "v");
        map->finish();
    });
    BOOST_TEST(reading.findings.empty());
}

BOOST_AUTO_TEST_CASE(unknown_key_names_the_nearest_known_one) {
    const Reading reading("spec:\n  intreval: 5m\n  zzz: 1\n", [](Fields& fields) {
        auto spec = fields.mapping("spec");
        spec->text("interval");
        spec->text("image");
        spec->finish();
    });
    BOOST_REQUIRE_EQUAL(reading.findings.size(), 2U);
    BOOST_TEST(reading.findings[0] == "f:2:3: unknown field spec.intreval (did you mean interval?)");
    BOOST_TEST(reading.findings[1] == "f:3:3: unknown field spec.zzz (known here: interval, image)");
}

BOOST_AUTO_TEST_CASE(wrong_types_are_reported_with_place_and_way_out) {
    const Reading reading("a: 1.10\nb: [x]\nc: 5\nd: {}\ne: x\n", [](Fields& fields) {
        fields.text("a");
        fields.text("b");
        fields.boolean("c");
        fields.list("d");
        fields.mapping("e");
    });
    BOOST_REQUIRE_EQUAL(reading.findings.size(), 5U);
    BOOST_TEST(reading.findings[0] ==
               "f:1:4: a must be text, but 1.10 is a number in YAML (put it in quotes: \"1.10\")");
    BOOST_TEST(reading.findings[1] == "f:2:4: b must be text, is a list");
    BOOST_TEST(reading.findings[2] == "f:3:4: c must be true or false, is a number");
    BOOST_TEST(reading.findings[3] == "f:4:4: d must be a list, is a mapping");
    BOOST_TEST(reading.findings[4] == "f:5:4: e must be a mapping, is text");
}

BOOST_AUTO_TEST_CASE(missing_empty_and_repeated_keys_are_findings) {
    const Reading reading("b: ''\nc: 1\nc: 2\n[x]: 1\n", [](Fields& fields) {
        fields.required_text("a", "example");
        fields.required_text("b");
        fields.ignore("c");
    });
    BOOST_REQUIRE_EQUAL(reading.findings.size(), 4U);
    BOOST_TEST(reading.findings[0] == "f:1:1: a is missing (e.g. a: example)");
    BOOST_TEST(reading.findings[1] == "f:1:4: b is empty");
    BOOST_TEST(reading.findings[2] == "f:3:1: c is given twice");
    BOOST_TEST(reading.findings[3] == "f:4:1: a key of the document is a list, it must be text");
}

BOOST_AUTO_TEST_CASE(word_out_of_a_set_is_checked) {
    const Reading reading("a: asc\nb: up\n", [](Fields& fields) {
        BOOST_TEST(fields.word("a", {"asc", "desc"}).value() == "asc");
        BOOST_TEST(!fields.word("b", {"asc", "desc"}));
    });
    BOOST_REQUIRE_EQUAL(reading.findings.size(), 1U);
    BOOST_TEST(reading.findings[0] == "f:2:4: b: \"up\" is none of asc, desc");
}

BOOST_AUTO_TEST_CASE(many_mistakes_are_cut_off) {
    std::string text;
    for (int i = 0; i < 200; ++i)
        text.append("k").append(std::to_string(i)).append(": 1\n");
    const Reading reading(text, [](Fields&) {});
    BOOST_TEST(reading.findings.size() == 51U);
}

BOOST_AUTO_TEST_CASE(refused_key_says_why) {
    const Reading reading("old: 1\n", [](Fields& fields) { fields.refuse("old", "is gone", "use new"); });
    BOOST_REQUIRE_EQUAL(reading.findings.size(), 1U);
    BOOST_TEST(reading.findings[0] == "f:1:1: old is gone (use new)");
}

BOOST_AUTO_TEST_SUITE_END()
