// How one scalar is written, apart from any file.
#include <string>

#include <boost/test/unit_test.hpp>

#include "policy/setters/scalar_text.h"
#include "policy/setters/scalar_type.h"

namespace tidemark::policy::setters {
namespace {

std::string written(const std::string& old_text, yaml::ScalarStyle style, const std::string& text,
                    std::string tag = "") {
    const auto edits = write_scalar(old_text, {0, old_text.size(), style, false, std::move(tag)}, text);
    return edits ? edits->front().text : "refused";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_setters_scalar_text)

BOOST_AUTO_TEST_CASE(quotes_inside_quotes_are_escaped) {
    BOOST_TEST(written("'x'", yaml::ScalarStyle::single_quoted, "it's") == "'it''s'");
    BOOST_TEST(written("\"x\"", yaml::ScalarStyle::double_quoted, "a\"b\\c") == "\"a\\\"b\\\\c\"");
    BOOST_TEST(written("x", yaml::ScalarStyle::plain, "a'b,c") == "\"a'b,c\"");
}

BOOST_AUTO_TEST_CASE(plain_texts_that_yaml_reads_otherwise_are_quoted) {
    for (const std::string text : {"-", "---", "---x", "...", "a:", "a: b", "a #b", "@a", "*a", "&a", "!a", "[a", "{a"})
        BOOST_TEST(written("x", yaml::ScalarStyle::plain, text)[0] == '"', text);
    for (const std::string text : {"-a", "a:1", "a@sha256:0", ".a", "_", "r/é:1"})
        BOOST_TEST(written("x", yaml::ScalarStyle::plain, text) == text);
}

BOOST_AUTO_TEST_CASE(an_explicit_tag_must_fit) {
    BOOST_TEST(written("5", yaml::ScalarStyle::plain, "6", "tag:yaml.org,2002:int") == "6");
    BOOST_TEST(written("5", yaml::ScalarStyle::plain, "v6", "tag:yaml.org,2002:int") == "refused");
    BOOST_TEST(written("5", yaml::ScalarStyle::plain, "1.5", "tag:yaml.org,2002:str") == "1.5");
    BOOST_TEST(written("5", yaml::ScalarStyle::plain, "v6", "!mine") == "v6");
}

BOOST_AUTO_TEST_CASE(control_characters_and_line_ends_are_refused) {
    for (const std::string text : {"", "a\nb", "a\tb", "a\u0085", "a\u2028", "a\x7f", "\ufeff"})
        BOOST_TEST(written("x", yaml::ScalarStyle::plain, text) == "refused");
}

BOOST_AUTO_TEST_CASE(types_are_those_of_go_yaml) {
    BOOST_TEST((plain_type("0o7") == PlainType::integer));
    BOOST_TEST((plain_type("1:20") == PlainType::text));
    BOOST_TEST((plain_type("12e4567") == PlainType::text));
    BOOST_TEST((plain_type("1e-4567") == PlainType::floating));
    BOOST_TEST((plain_type("yES") == PlainType::text));
    BOOST_TEST((plain_type("2024-2-29") == PlainType::date));
    BOOST_TEST((plain_type("2023-2-29") == PlainType::text));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::policy::setters
