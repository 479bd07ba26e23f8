#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "mirror/http/client.h"
#include "mirror/http/url.h"
#include "mirror/registry/answers.h"

namespace tidemark::mirror::registry {

BOOST_AUTO_TEST_SUITE(registry_answers)

namespace {

/// "a,b +1" for tags a and b and one dropped; "! reason".
std::string read_tags(const std::string& body) {
    std::string padded = body + std::string(http::k_body_padding, '\0');
    TagListReader reader;
    std::vector<std::string_view> tags;
    const auto page = reader.read(std::string_view(padded).substr(0, body.size()), tags);
    if (!page) return "! " + page.message() + (tags.empty() ? "" : " but tags");
    std::string text;
    for (const std::string_view tag : tags)
        text += (text.empty() ? "" : ",") + std::string(tag);
    if (page->dropped > 0) text += " +" + std::to_string(page->dropped);
    return text;
}

std::string describe(const std::optional<Challenge>& challenge) {
    if (!challenge) return "-";
    const bool bearer = challenge->kind == Challenge::Kind::bearer;
    return (bearer ? "bearer " : "basic ") + challenge->realm + "|" + challenge->service + "|" + challenge->scope +
           "|" + challenge->error;
}

}  // namespace

BOOST_AUTO_TEST_CASE(tag_lists_are_read_in_their_order) {
    BOOST_TEST(read_tags(R"({"name":"x","tags":["b","a","1.0.0-rc.1","_x"]})") == "b,a,1.0.0-rc.1,_x");
    BOOST_TEST(read_tags(R"({"tags":[],"name":"x"})") == "");
    BOOST_TEST(read_tags(R"({"name":"x","tags":null})") == "");
    BOOST_TEST(
        read_tags(
            R"( { "child":[], "manifest":{"sha256:1":{"tag":["no"],"tags":["no"]}}, "tags" : [ "a" , "b" ] } )") ==
        "a,b");
    const std::string longest(128, 'x');
    BOOST_TEST(read_tags("{\"tags\":[\"" + longest + "\"]}") == longest);
}

BOOST_AUTO_TEST_CASE(names_that_are_no_tags_are_dropped_and_counted) {
    BOOST_TEST(read_tags(R"({"tags":["a","","b c","-x",".y","ok","a/b","a\u0041","é","a\"b"]})") == "a,ok +8");
    BOOST_TEST(read_tags("{\"tags\":[\"" + std::string(129, 'x') + "\",\"a\"]}") == "a +1");
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_tag_list) {
    const std::vector<std::string> bodies = {
        "",
        " ",
        "null",
        "[]",
        "\"tags\"",
        "{}",
        R"({"name":"x"})",
        R"({"tags":"a"})",
        R"({"tags":{"a":1}})",
        R"({"tags":["a",)",
        R"({"tags":["a"])",
        R"({"tags":["a",1]})",
        R"({"tags":["a"],"tags":["b"]})",
        R"({"tags":["a" "b"]})",
        "{\"tags\":[\"\xff\"]}",
        "<html>portal</html>",
        "<!doctype html>",
        R"({"errors":[{"code":"X"}]})",
        std::string(100000, '['),
        "{\"tags\":" + std::string(100000, '['),
    };
    for (const std::string& body : bodies) {
        BOOST_TEST_CONTEXT(body.substr(0, 40)) {
            const std::string read = read_tags(body);
            BOOST_TEST(read.starts_with("! "), read);
            BOOST_TEST(!read.ends_with("but tags"));
        }
    }
}

BOOST_AUTO_TEST_CASE(challenges_are_found_in_any_spelling) {
    struct Row {
        std::vector<std::string_view> headers;
        std::string expected;
    };
    const std::vector<Row> rows = {
        {{R"(Bearer realm="https://a/token",service="s",scope="repository:x/y:pull,push",error="invalid_token")"},
         "bearer https://a/token|s|repository:x/y:pull,push|invalid_token"},
        {{R"(bearer REALM = "https://a/t" , service=s)"}, "bearer https://a/t|s||"},
        {{R"(Basic realm="r")"}, "basic r|||"},
        {{"Basic"}, "basic |||"},
        {{R"(Bearer realm="https://g/v2/token")", R"(Basic realm="g")"}, "bearer https://g/v2/token|||"},
        {{R"(Basic realm="g", Bearer realm="https://g/v2/token",service="x")"}, "bearer https://g/v2/token|x||"},
        {{R"(Negotiate, NTLM, Basic realm="a \"b\"")"}, "basic a \"b\"|||"},
        {{R"(Bearer service="only")"}, "-"},
        {{"Digest realm=\"x\", nonce=\"y\""}, "-"},
        {{}, "-"},
        {{"", ",,,", "=\"", "Bearer realm=\"unclosed"}, "bearer unclosed|||"},
    };
    for (const Row& row : rows) {
        BOOST_TEST_CONTEXT((row.headers.empty() ? "" : row.headers[0])) {
            BOOST_TEST(describe(choose_challenge(row.headers)) == row.expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(only_the_query_of_a_next_link_is_taken) {
    const auto query = [](std::string_view link) { return next_query(link).value_or("-"); };
    BOOST_TEST(query(R"(</v2/x/tags/list?last=v1&n=2>; rel="next")") == "last=v1&n=2");
    BOOST_TEST(query(R"(<http://169.254.169.254/x?a=b#c>; rel=next)") == "a=b");
    BOOST_TEST(query(R"(</v2/x/tags/list?n=1>)") == "n=1");
    BOOST_TEST(query(R"(</first?n=0>; rel="first", </v2/x?n=2>; rel="next")") == "n=2");
    BOOST_TEST(query(R"(</x?n=0>; rel="prev")") == "-");
    BOOST_TEST(query("</x>; rel=\"next\"") == "");
    BOOST_TEST(query("") == "-");
    BOOST_TEST(query("<") == "-");
    BOOST_TEST(query("> <") == "-");
}

BOOST_AUTO_TEST_CASE(errors_are_told_in_the_registrys_words) {
    BOOST_TEST(error_words(R"({"errors":[{"code":"NAME_UNKNOWN","message":"not known","detail":{"a":1}}]})") ==
               "NAME_UNKNOWN: not known");
    BOOST_TEST(error_words(R"({"errors":[{"code":"A"},{"message":"b"}]})") == "A; b");
    BOOST_TEST(error_words(R"({"details":"incorrect username or password"})") == "incorrect username or password");
    BOOST_TEST(error_words("429 Too Many\tRequests\nmore") == "429 Too Many Requests");
    BOOST_TEST(error_words("<html>") == "an HTML page");
    BOOST_TEST(error_words("") == "");
    BOOST_TEST(error_words("a\x1b[31mred\x07") == "a [31mred ");
    BOOST_TEST(error_words(std::string(100000, 'x')).size() == 403U);
}

BOOST_AUTO_TEST_CASE(tokens_are_read_in_both_spellings) {
    BOOST_TEST(read_token(R"({"token":"a","expires_in":300})")->value.reveal() == "a");
    BOOST_TEST(read_token(R"({"token":"a","expires_in":300})")->lifetime.count() == 300);
    BOOST_TEST(read_token(R"({"access_token":"b"})")->value.reveal() == "b");
    BOOST_TEST(read_token(R"({"access_token":"b","expires_in":1})")->lifetime.count() == 60);
    for (const std::string body : {"", "[]", "{}", R"({"token":""})", R"({"token":1})", R"({"token":"a\r\nX: y"})"}) {
        BOOST_TEST(!read_token(body).ok(), body);
    }
}

BOOST_AUTO_TEST_CASE(servers_may_not_lead_into_private_networks_or_to_plain_http) {
    struct Row {
        std::string from;
        std::string to;
        bool allowed;
    };
    const std::vector<Row> rows = {
        {"https://ghcr.io/v2/", "https://auth.ghcr.io/token", true},
        {"https://ghcr.io/v2/", "http://ghcr.io/token", false},
        {"http://10.0.0.5:5000/", "http://10.0.0.5:5001/token", true},
        {"http://10.0.0.5:5000/", "http://10.0.0.6/token", false},
        {"http://127.0.0.1:5000/", "http://localhost:5001/token", true},
        {"https://ghcr.io/", "https://127.0.0.1/", false},
        {"https://ghcr.io/", "https://localhost/", false},
        {"http://registry.test/", "http://169.254.169.254/latest", false},
        {"http://registry.test/", "http://0xa9fea9fe/", false},
        {"http://registry.test/", "http://2852039166/", false},
        {"http://registry.test/", "http://[::1]/", false},
        {"http://registry.test/", "http://[fe80::1]/", false},
        {"http://registry.test/", "http://[fd00::1]/", false},
        {"http://registry.test/", "http://[::ffff:10.0.0.1]/", false},
        {"http://registry.test/", "http://100.64.0.1/", false},
        {"http://registry.test/", "http://8.8.8.8/", true},
    };
    for (const Row& row : rows) {
        const auto from = http::parse_url(row.from);
        const auto to = from ? http::resolve_url(*from, row.to) : std::nullopt;
        BOOST_TEST_CONTEXT(row.from << " -> " << row.to) {
            BOOST_REQUIRE(to.has_value());
            BOOST_TEST(http::refusal_to_follow(*from, *to).empty() == row.allowed);
        }
    }
    for (const std::string text : {"", "ftp://a/", "file:///etc/passwd", "https://user:pw@a/", "//", "https://"}) {
        BOOST_TEST(!http::parse_url(text).has_value(), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::mirror::registry
