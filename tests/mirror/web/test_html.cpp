#include <string>

#include <boost/test/unit_test.hpp>

#include "mirror/web/html.h"
#include "mirror/web/page_words.h"

namespace tidemark::mirror::web {
namespace {

using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(html)

BOOST_AUTO_TEST_CASE(text_cannot_become_markup_or_deceive_the_eye) {
    struct Case {
        std::string text, wanted;
    };
    const Case cases[] = {
        {"nginx:1.25.3", "nginx:1.25.3"},
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"\"' onload='x", "&quot;&#39; onload=&#39;x"},
        {"&lt;", "&amp;lt;"},
        {"two\nlines\tand a tab", "two\nlines\tand a tab"},
        {"bell\x07", "bell⟨U+0007⟩"},
        {"nul\0here"s, "nul⟨U+0000⟩here"},
        {"escape\x1b[31m", "escape⟨U+001B⟩[31m"},
        {"c1\xc2\x9b", "c1⟨U+009B⟩"},
        {"turned \xe2\x80\xae"
         "gpj",
         "turned ⟨U+202E⟩gpj"},
        {"isolated \xe2\x81\xa6x\xe2\x81\xa9", "isolated ⟨U+2066⟩x⟨U+2069⟩"},
        {"zero\xe2\x80\x8bwidth", "zero⟨U+200B⟩width"},
        {"mark\xef\xbb\xbf", "mark⟨U+FEFF⟩"},
        {"tag character \xf3\xa0\x80\xa1", "tag character ⟨U+E0021⟩"},
        {"grüße 世界 🙂", "grüße 世界 🙂"},
        {"broken \xff\xc3", "broken \xef\xbf\xbd\xef\xbf\xbd"},
        {"overlong \xc0\xbcscript", "overlong \xef\xbf\xbd\xef\xbf\xbdscript"},
    };
    for (const Case& each : cases)
        BOOST_TEST(escape_html(each.text, 1000) == each.wanted);
}

BOOST_AUTO_TEST_CASE(long_text_is_cut_and_says_so) {
    BOOST_TEST(escape_html("abcdef", 3) == "abc…");
    BOOST_TEST(escape_html("abc", 3) == "abc");
    Html html;
    html.text(std::string(1'000'000, 'x'));
    BOOST_TEST(html.take().size() < Html::k_most_bytes + 10);
}

BOOST_AUTO_TEST_CASE(values_are_escaped_and_elements_closed) {
    Html html;
    html.open("p", {{"title", "\"><img src=x>"}, {"", "left out"}}).element("b", "<i>").leaf("br");
    BOOST_TEST(html.take() == "<p title=\"&quot;&gt;&lt;img src=x&gt;\"><b>&lt;i&gt;</b><br></p>");
}

BOOST_AUTO_TEST_CASE(code_in_a_sentence_is_marked) {
    struct Case {
        std::string text, wanted;
    };
    const Case cases[] = {
        {"run `tidemark init` there", "run <code>tidemark init</code> there"},
        {"`a` and `<b>`", "<code>a</code> and <code>&lt;b&gt;</code>"},
        {"one ` alone", "one ` alone"},
        {"", ""},
    };
    for (const Case& each : cases) {
        Html html;
        write_sentence(html, each.text);
        BOOST_TEST(html.take() == each.wanted);
    }
}

BOOST_AUTO_TEST_CASE(times_are_told_as_people_tell_them) {
    using namespace std::chrono_literals;
    const std::chrono::sys_seconds now{std::chrono::seconds(1'800'000'000)};
    struct Case {
        std::chrono::seconds age;
        std::string wanted;
    };
    const Case cases[] = {
        {0s, "just now"},  {20s, "20 s ago"},   {240s, "4 min ago"}, {3h, "3 h ago"},
        {47h, "47 h ago"}, {96h, "4 days ago"}, {-3h, "in 3 h"},     {24h * 200, "2026-06-29"},
    };
    for (const Case& each : cases)
        BOOST_TEST(ago(now - each.age, now) == each.wanted);
}

BOOST_AUTO_TEST_CASE(sizes_are_told_in_round_numbers) {
    BOOST_TEST(size_text(0) == "0 B");
    BOOST_TEST(size_text(999) == "999 B");
    BOOST_TEST(size_text(1400) == "1.4 kB");
    BOOST_TEST(size_text(96'000'000) == "96 MB");
    BOOST_TEST(size_text(999'999'999) == "1.0 GB");
}

BOOST_AUTO_TEST_CASE(a_commit_is_linked_only_where_the_remote_is_a_page) {
    struct Case {
        std::string remote, commit, wanted;
    };
    const Case cases[] = {
        {"https://git.acme.test/team/fleet.git", "3f2a91c", "https://git.acme.test/team/fleet/commit/3f2a91c"},
        {"https://git.acme.test/team/fleet/", "3f2a91c", "https://git.acme.test/team/fleet/commit/3f2a91c"},
        {"ssh://git@git.acme.test/team/fleet", "3f2a91c", ""},
        {"git@git.acme.test:team/fleet", "3f2a91c", ""},
        {"/srv/fleet.git", "3f2a91c", ""},
        {"https://dana:secret@git.acme.test/fleet", "3f2a91c", ""},
        {"javascript:alert(1)", "3f2a91c", ""},
        {"https://git.acme.test/fleet", "../../x", ""},
        {"https://git.acme.test/fleet", "", ""},
    };
    for (const Case& each : cases)
        BOOST_TEST(commit_address(each.remote, each.commit) == each.wanted);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::mirror::web
