#include <boost/test/unit_test.hpp>

#include "mirror/web/json.h"

using namespace tidemark::mirror::web;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(mirror_web_json)

BOOST_AUTO_TEST_CASE(members_are_written_as_json) {
    JsonText text;
    const std::vector<std::string> tags = {"1.0", "\"quoted\"\n"};
    text.begin_object()
        .member("text", "a")
        .member("yes", true)
        .member("number", std::int64_t{-3})
        .member("time", std::chrono::sys_seconds(0s))
        .member("none", std::optional<std::string>())
        .list("tags", tags)
        .end_object();
    BOOST_TEST(text.take() == R"({"text":"a","yes":true,"number":-3,"time":"1970-01-01T00:00:00Z","none":null,)"
                              R"("tags":["1.0","\"quoted\"\n"]})");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_are_marked) {
    const struct {
        const char* text;
        const char* valid;
    } table[] = {
        {"plain", "plain"},
        {"\xC3\xBC \xE2\x9C\x94 \xF0\x9F\x9A\xA2", "\xC3\xBC \xE2\x9C\x94 \xF0\x9F\x9A\xA2"},
        {"a\xFFz", "a\xEF\xBF\xBDz"},
        {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},                  // a slash in too many bytes
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // half a surrogate pair
        {"\xF0\x9F\x9A", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // cut
    };
    for (const auto& row : table)
        BOOST_TEST(valid_utf8(row.text) == row.valid);
}

BOOST_AUTO_TEST_SUITE_END()
