#include <boost/test/unit_test.hpp>

#include "policy/yaml/document.h"
#include "policy/yaml/emitter.h"

using namespace tidemark::policy::yaml;

namespace {

std::string emitted(const Value& value) {
    const auto text = emit(value);
    BOOST_REQUIRE(text);
    return *text;
}

std::string emitted_text(std::string_view text) {
    return emitted(Value().set("a", text));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_yaml_emitter)

BOOST_AUTO_TEST_CASE(keys_stand_in_order_and_lists_below_their_key) {
    Value spec;
    spec.set("url", "https://git.example").set("paths", Value::Sequence{"b", "a"}).set("deep", Value().set("x", true));
    BOOST_TEST(
        emitted(Value().set("spec", std::move(spec)).set("kind", "Test").set("count", std::int64_t{3})) ==
        "count: 3\nkind: Test\nspec:\n  deep:\n    x: true\n  paths:\n  - b\n  - a\n  url: https://git.example\n");
}

BOOST_AUTO_TEST_CASE(text_that_reads_as_another_type_is_quoted) {
    for (const char* text : {"yes", "n", "1.0", "1:30", "2001-01-01", "~", "null", "true", "0x10", ""})
        BOOST_TEST(emitted_text(text) == std::string("a: \"") + text + "\"\n");
    BOOST_TEST(emitted_text("plain words") == "a: plain words\n");
    BOOST_TEST(emitted_text("# no comment") == "a: '# no comment'\n");
    BOOST_TEST(emitted_text("a: b") == "a: 'a: b'\n");
}

BOOST_AUTO_TEST_CASE(several_lines_become_a_block) {
    BOOST_TEST(emitted_text("one\ntwo") == "a: |-\n  one\n  two\n");
    BOOST_TEST(emitted_text("one\ntwo\n") == "a: |\n  one\n  two\n");
}

BOOST_AUTO_TEST_CASE(every_text_reads_back_as_it_was) {
    const std::vector<std::string> texts = {"",
                                            " ",
                                            "a ",
                                            " a",
                                            "a\tb",
                                            "\t",
                                            "a\nb ",
                                            "\n",
                                            "\n\na",
                                            "a\n\n",
                                            "- a",
                                            "? a",
                                            "'",
                                            "\"",
                                            "\\",
                                            "a\x1b[m",
                                            "a\x07",
                                            "\xc2\x85",
                                            "\u2028",
                                            "\ufeff",
                                            "\U0001F680",
                                            "%a",
                                            "@a",
                                            "`a",
                                            "{a}",
                                            "[a]",
                                            "*a",
                                            "&a",
                                            "!a",
                                            "|",
                                            ">",
                                            "a:",
                                            ":a",
                                            "a #b",
                                            "---",
                                            "...",
                                            "--- a\nb",
                                            "a\r\nb",
                                            "\r",
                                            "=",
                                            "<<",
                                            "1_000",
                                            std::string(200, 'x'),
                                            std::string(60, 'x') + "  " + std::string(60, 'y'),
                                            std::string(60, 'x') + " " + std::string(60, 'y') + " z"};
    for (const std::string& text : texts) {
        const std::string yaml = emitted_text(text);
        DocumentReader reader(yaml);
        const auto document = reader.next();
        BOOST_REQUIRE_MESSAGE(document && std::holds_alternative<Document>(*document), yaml);
        const Node* value = std::get<Document>(*document).root().find("a");
        BOOST_REQUIRE_MESSAGE(value, yaml);
        BOOST_TEST(value->value == text, yaml);
        BOOST_TEST((scalar_type(*value) == ScalarType::text), yaml);
    }
}

BOOST_AUTO_TEST_CASE(text_that_no_reader_takes_is_refused) {
    for (const char* text : {"\x7f", "\xff", "\xc3", "\xed\xa0\x80"})
        BOOST_TEST(!emit(Value().set("a", text)));
}

BOOST_AUTO_TEST_CASE(optional_text_is_left_out_when_empty) {
    Value value;
    value.set_text("a", "").set_text("b", "x").set("c", "");
    BOOST_TEST(emitted(value) == "b: x\nc: \"\"\n");
    BOOST_TEST(value.find("a") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
