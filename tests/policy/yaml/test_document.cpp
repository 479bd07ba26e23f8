#include <boost/test/unit_test.hpp>

#include "policy/yaml/document.h"
#include "policy/yaml/places.h"

using namespace tidemark::policy;
using namespace tidemark::policy::yaml;

namespace {

struct AllDocuments {
    std::vector<Document> documents;
    std::vector<YamlError> errors;
};

AllDocuments read_all(std::string_view text, const DocumentLimits& limits = {}) {
    AllDocuments all;
    DocumentReader reader(text, limits);
    while (auto answer = reader.next()) {
        if (std::holds_alternative<Document>(*answer)) {
            all.documents.push_back(std::move(std::get<Document>(*answer)));
        } else {
            all.errors.push_back(std::get<YamlError>(*answer));
        }
        BOOST_REQUIRE_LT(all.documents.size() + all.errors.size(), 1000U);
    }
    return all;
}

Document read_one(std::string_view text) {
    AllDocuments all = read_all(text);
    BOOST_REQUIRE_EQUAL(all.errors.size(), 0U);
    BOOST_REQUIRE_EQUAL(all.documents.size(), 1U);
    return std::move(all.documents[0]);
}

std::string value_of(const Node* node) {
    return node && node->is_scalar() ? node->value : "(none)";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_yaml_document)

BOOST_AUTO_TEST_CASE(mapping_gives_the_value_of_a_key) {
    const Document document = read_one("a: 1\nb:\n  c: [x, 'y z', \"q\"]\n");
    BOOST_TEST(value_of(document.root().find("a")) == "1");
    const Node* c = document.root().find("b")->find("c");
    BOOST_REQUIRE(c);
    BOOST_TEST(c->is_sequence());
    BOOST_TEST(c->flow);
    BOOST_REQUIRE_EQUAL(c->children.size(), 3U);
    BOOST_TEST(c->children[1]->value == "y z");
    BOOST_TEST((c->children[1]->style == ScalarStyle::single_quoted));
    BOOST_TEST(!document.root().find("nothing"));
}

BOOST_AUTO_TEST_CASE(json_is_yaml) {
    const Document document = read_one(R"({"kind": "List", "items": [{"a": "\u0041", "n": 3}]})");
    BOOST_TEST(value_of(document.root().find("items")->children[0]->find("a")) == "A");
}

BOOST_AUTO_TEST_CASE(documents_of_a_text_are_read_one_by_one) {
    const AllDocuments all = read_all("---\na: 1\n---\n---\nb: 2\n...\n---\nc: 3\n");
    BOOST_REQUIRE_EQUAL(all.documents.size(), 4U);
    BOOST_TEST(is_null(all.documents[1].root()));
    BOOST_TEST(value_of(all.documents[3].root().find("c")) == "3");
}

BOOST_AUTO_TEST_CASE(broken_document_stops_only_itself) {
    const std::string text = "a: 1\n---\nb: [\u00fc, 2\n---\nc: \u00fc\n---\n\td: 4\n---\ne: 5\n";
    const AllDocuments all = read_all(text);
    BOOST_REQUIRE_EQUAL(all.documents.size(), 3U);
    BOOST_TEST(value_of(all.documents[2].root().find("e")) == "5");
    const Places places("f.yaml", text);
    BOOST_TEST(places.place(*all.documents[2].root().find("e")).line == 9U);
    BOOST_TEST(places.place(*all.documents[1].root().find("c")).column == 4U);
    BOOST_REQUIRE_EQUAL(all.errors.size(), 2U);
    BOOST_TEST(all.errors[0].mark.line == 3U);
    BOOST_TEST(all.errors[1].mark.line == 6U);
}

BOOST_AUTO_TEST_CASE(separator_that_is_itself_wrong_does_not_loop) {
    const AllDocuments all = read_all("--- [\n--- ]\n--- {\n---\na: 1\n");
    BOOST_TEST(all.documents.size() + all.errors.size() >= 3U);
    BOOST_TEST(value_of(all.documents.back().root().find("a")) == "1");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_are_an_error_with_their_line) {
    const AllDocuments all = read_all("a: 1\n---\nb: \xff\n---\nc: 1\n");
    BOOST_REQUIRE_EQUAL(all.errors.size(), 1U);
    BOOST_TEST(all.errors[0].mark.line == 2U);
}

BOOST_AUTO_TEST_CASE(alias_is_the_node_it_names) {
    const Document document = read_one("a: &x {k: v}\nb: *x\n");
    BOOST_TEST(document.root().find("a") == document.root().find("b"));
}

BOOST_AUTO_TEST_CASE(alias_of_an_earlier_document_or_of_itself_is_an_error) {
    BOOST_TEST(read_all("a: &x 1\n---\nb: *x\n").errors.size() == 1U);
    BOOST_TEST(read_all("a: &x [*x]\n").errors.size() == 1U);
    // A password without quotes is not repeated.
    BOOST_TEST(read_all("password: *hunter2\n").errors.at(0).message.find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(aliases_that_stand_for_very_much_are_refused) {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string before = std::string("*a") + std::to_string(i - 1);
        text += std::string("a") + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int j = 0; j < 10; ++j)
            text += (j ? ", " : "") + before;
        text += "]\n";
    }
    const AllDocuments all = read_all(text + "---\nok: yes\n");
    BOOST_REQUIRE_EQUAL(all.errors.size(), 1U);
    BOOST_TEST(all.errors[0].message.find("aliases") != std::string::npos);
    BOOST_TEST(all.documents.size() == 1U);
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_refused_also_through_aliases) {
    BOOST_TEST(read_all(std::string(100, '[') + std::string(100, ']')).errors.size() == 1U);
    std::string text;
    for (int i = 0; i < 80; ++i)
        text += std::string("a") + std::to_string(i) + ": &a" + std::to_string(i) +
                (i ? std::string(" [*a") + std::to_string(i - 1) + "]\n" : " x\n");
    BOOST_TEST(read_all(text).errors.size() == 1U);
}

BOOST_AUTO_TEST_CASE(too_many_values_and_too_many_bytes_are_refused) {
    DocumentLimits limits;
    limits.nodes = 5;
    BOOST_TEST(read_all("[1, 2, 3, 4, 5]", limits).errors.size() == 1U);
    BOOST_TEST(read_all("[1, 2, 3, 4]", limits).errors.size() == 0U);
    limits.bytes = 3;
    BOOST_TEST(read_all("a: 1", limits).errors.size() == 1U);
}

BOOST_AUTO_TEST_CASE(merge_keys_are_resolved_and_own_keys_win) {
    const Document document = read_one(
        "base: &b {x: 1, y: 1}\nother: &o {y: 2, z: 2}\none:\n  <<: *b\n  x: 9\nboth:\n  <<: [*b, *o]\nquoted: {'<<': "
        "1}\n");
    const Node* one = document.root().find("one");
    BOOST_TEST(value_of(one->find("x")) == "9");
    BOOST_TEST(value_of(one->find("y")) == "1");
    BOOST_TEST(!one->find("<<"));
    const Node* both = document.root().find("both");
    BOOST_TEST(value_of(both->find("y")) == "1");
    BOOST_TEST(value_of(both->find("z")) == "2");
    BOOST_TEST(value_of(document.root().find("quoted")->find("<<")) == "1");
}

BOOST_AUTO_TEST_CASE(scalars_have_the_types_of_yaml_1_1) {
    const std::vector<std::pair<std::string, ScalarType>> table = {
        {"", ScalarType::null},
        {"~", ScalarType::null},
        {"null", ScalarType::null},
        {"true", ScalarType::boolean},
        {"No", ScalarType::boolean},
        {"off", ScalarType::boolean},
        {"y", ScalarType::text},
        {"1", ScalarType::number},
        {"-1.5", ScalarType::number},
        {"1.10", ScalarType::number},
        {"1e5", ScalarType::number},
        {"0x1F", ScalarType::number},
        {".5", ScalarType::number},
        {"1_000", ScalarType::number},
        {".inf", ScalarType::number},
        {"1.25.1", ScalarType::text},
        {"5m", ScalarType::text},
        {"1h0m0s", ScalarType::text},
        {"1e", ScalarType::text},
        {"2001-01-01", ScalarType::text},
        {"nginx", ScalarType::text},
        {"'1'", ScalarType::text},
        {"\"true\"", ScalarType::text},
        {"!!str 1", ScalarType::text},
        {"!!int '1'", ScalarType::number},
        {"! 1", ScalarType::text},
        {"!secret x", ScalarType::text},
        {"nullable", ScalarType::text},
        {"0b101", ScalarType::number},
    };
    for (const auto& [text, type] : table) {
        const Document document = read_one("k: " + text + "\n");
        BOOST_TEST_CONTEXT(text) BOOST_TEST((scalar_type(*document.root().find("k")) == type));
    }
}

BOOST_AUTO_TEST_CASE(places_count_bytes_and_skip_a_byte_order_mark) {
    const std::string text = "\xEF\xBB\xBF\u00e9t\u00e9: {a: \U0001F680, b: x}\n";
    const AllDocuments all = read_all(text);
    const Node* map = all.documents[0].root().find("\u00e9t\u00e9");
    const Places places("f.yaml", text);
    BOOST_TEST(places.place(*map).column == 8U);
    BOOST_TEST(places.place(*map->find("b")).column == 21U);
    BOOST_TEST(to_string(places.place(*map)) == "f.yaml:1:8");
}

BOOST_AUTO_TEST_CASE(place_within_a_value_is_exact_where_it_can_be_told) {
    const std::string text = "a: '>=1 x'\nb: ^1, x\nc: \"\\u0041bc\"\nd: |\n  abc\ne: !!str abc\n";
    const Document document = read_one(text);
    const Places places("f", text);
    BOOST_TEST(places.place(*document.root().find("a"), 4).column == 9U);
    BOOST_TEST(places.place(*document.root().find("b"), 4).column == 8U);
    BOOST_TEST(places.place(*document.root().find("c"), 2).column == 4U);
    BOOST_TEST(places.place(*document.root().find("d"), 2).column == 4U);
    BOOST_TEST(places.place(*document.root().find("e"), 2).column == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
