#include <boost/test/unit_test.hpp>

#include "mirror/web/exchange.h"

using namespace tidemark::mirror::web;

BOOST_AUTO_TEST_SUITE(mirror_web_exchange)

BOOST_AUTO_TEST_CASE(a_form_is_decoded) {
    const Pairs pairs = parse_form("a=1&b=x+y%26z&c&=d&e=%zz&f=%00&a=2");
    std::string text;
    for (const auto& [name, value] : pairs)
        text += name + "=" + value + ";";
    BOOST_TEST(text == "a=1;b=x y&z;c=;a=2;");
}

BOOST_AUTO_TEST_CASE(a_form_with_too_many_fields_is_cut) {
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += "a=1&";
    BOOST_TEST(parse_form(text).size() == 64U);
}

BOOST_AUTO_TEST_CASE(a_name_that_comes_twice_counts_as_missing) {
    const Pairs pairs = {{"x-user", "dana"}, {"host", "a"}, {"x-user", "root"}};
    BOOST_TEST(!find_only(pairs, "x-user").has_value());
    BOOST_TEST(find_only(pairs, "host").value() == "a");
    BOOST_TEST(!find_only(pairs, "none").has_value());
}

BOOST_AUTO_TEST_CASE(what_is_encoded_comes_back) {
    for (const char* text : {"", "web", "a/b?c=d&e#f", "a b+c%d", "ü\"<>'`{}|\\^~;,:@$![]()*"}) {
        BOOST_TEST(decode(encode(text), false).value() == text);
        BOOST_TEST(decode(encode(text), true).value() == text);
        BOOST_TEST(encode(text).find_first_of(" \"<>'&#?+/") == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
