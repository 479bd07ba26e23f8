#include <boost/test/unit_test.hpp>

#include "mirror/notify/sink.h"
#include "mirror/notify/text.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::notify;

BOOST_AUTO_TEST_SUITE(mirror_notify_text)

BOOST_AUTO_TEST_CASE(text_of_others_is_made_harmless) {
    struct Row {
        std::string_view text;
        std::size_t limit;
        std::string_view cleaned;
    };
    const Row rows[] = {
        {"plain", 100, "plain"},
        {"a\r\nb\tc\x1b[31m", 100, "a \nb c [31m"},
        {"\xff\xfe", 100, "\ufffd\ufffd"},
        {"a\u202eb\u0085c", 100, "a b c"},
        {std::string_view("a\0b", 3), 100, "a b"},
        {"abcdefgh", 8, "abcdefgh"},
        {"abcdefghi", 8, "abcde..."},
        {"ääääääää", 8, "ää..."},
    };
    for (const Row& row : rows)
        BOOST_TEST(clean_text(row.text, row.limit) == row.cleaned);
}

BOOST_AUTO_TEST_CASE(chats_take_nothing_for_a_command) {
    BOOST_TEST(escape_slack("<!channel> & <https://x|y>") == "&lt;!channel&gt; &amp; &lt;https://x|y&gt;");
    BOOST_TEST(escape_mattermost("[y](https://x) `c` @all @here @channel web@sha256") ==
               "\\[y\\](https://x) \\`c\\` @\u200ball @\u200bhere @\u200bchannel web@sha256");
}

BOOST_AUTO_TEST_CASE(body_names_message_facts_and_details) {
    Notice notice = sample_notice();
    notice.count = 3;
    const policy::EventData data = event_data(notice);
    BOOST_TEST(title_of(data) == "flux-system/sample: Sample");
    BOOST_TEST(body_of(data) ==
               "this is a sample of a notification; nothing happened (3 times)\nby tidemark notify test\n"
               "image: ghcr.io/acme/web\nnew: 1.2.4\nold: 1.2.3\n"
               "> what a Git host says to a push stands here");
}

BOOST_AUTO_TEST_CASE(filter_lets_through_what_it_names) {
    store::Event event = sample_notice().event;
    event.severity = store::Severity::warning;
    struct Row {
        SinkFilter filter;
        bool wanted;
    };
    using enum LeastSeverity;
    const Row rows[] = {
        {{}, true},
        {{.severity = warning, .reasons = {}, .kinds = {}, .objects = {}}, true},
        {{.severity = error, .reasons = {}, .kinds = {}, .objects = {}}, false},
        {{.severity = info, .reasons = {"Sample", "Pushed"}, .kinds = {}, .objects = {}}, true},
        {{.severity = info, .reasons = {"Pushed"}, .kinds = {}, .objects = {}}, false},
        {{.severity = info, .reasons = {}, .kinds = {policy::ObjectKind::image_update_automation}, .objects = {}},
         true},
        {{.severity = info, .reasons = {}, .kinds = {policy::ObjectKind::image_policy}, .objects = {}}, false},
        {{.severity = info, .reasons = {}, .kinds = {}, .objects = {{"flux-system", "sample"}}}, true},
        {{.severity = info, .reasons = {}, .kinds = {}, .objects = {{"flux-system", "*"}}}, true},
        {{.severity = info, .reasons = {}, .kinds = {}, .objects = {{"apps", "*"}, {"flux-system", "web"}}}, false},
    };
    for (const Row& row : rows)
        BOOST_TEST(wants(row.filter, event) == row.wanted);
    event.kind.reset();
    event.object = {};
    BOOST_TEST(wants({}, event));
    BOOST_TEST(!wants(rows[5].filter, event));
    BOOST_TEST(!wants(rows[8].filter, event));
}

BOOST_AUTO_TEST_SUITE_END()
