// The texts a terminal gets: lists read, tables and lines written.
#include <boost/test/unit_test.hpp>

#include "mirror/cli/csv.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/pass_report.h"
#include "mirror/cli/table.h"

using namespace tidemark::mirror;
using namespace tidemark::mirror::cli;

BOOST_AUTO_TEST_SUITE(mirror_cli_text)

BOOST_AUTO_TEST_CASE(csv_fields_may_be_quoted_as_a_whole) {
    const std::vector<std::pair<std::string, std::vector<std::string>>> cases = {
        {"", {}},
        {"a", {"a"}},
        {"a,b", {"a", "b"}},
        {"a,,b", {"a", "", "b"}},
        {"\"a,b\",c", {"a,b", "c"}},
        {"\"say \"\"yes\"\"\"", {"say \"yes\""}},
    };
    for (const auto& [text, fields] : cases) {
        const auto read = parse_csv_line(text);
        BOOST_REQUIRE_MESSAGE(bool(read), text);
        BOOST_TEST((*read == fields), text);
    }
    for (const char* text : {"a\"b", "\"a\"b", "\"a"})
        BOOST_TEST(!parse_csv_line(text), text);
}

BOOST_AUTO_TEST_CASE(a_column_is_as_wide_as_its_widest_cell) {
    BOOST_TEST(format_table({"NAME", "TAG"}, {{"web", "1.25.3"}, {"database", "15"}}) ==
               "NAME    \tTAG    \nweb     \t1.25.3\t\ndatabase\t15    \t\n");
}

BOOST_AUTO_TEST_CASE(a_cell_of_several_lines_makes_several_lines) {
    const std::string table = format_table({}, {{"web", "first\nsecond"}});
    BOOST_TEST(table == "web\tfirst \t\n   \tsecond\t\n");
}

BOOST_AUTO_TEST_CASE(width_counts_columns_of_the_terminal) {
    BOOST_TEST(display_width("abc") == 3U);
    BOOST_TEST(display_width("東京") == 4U);
    BOOST_TEST(display_width("é") == 1U);
    BOOST_TEST(display_width("e\u0301") == 1U);
    BOOST_TEST(display_width("a\tb") == 2U);
}

BOOST_AUTO_TEST_CASE(control_characters_are_shown_and_not_obeyed) {
    BOOST_TEST(visible("a\x1b[31mred\x07") == "a\\x1b[31mred\\x07");
    BOOST_TEST(visible("tab\there") == "tab here");
    BOOST_TEST(visible("\xc2\x9b"
                       "31m") == "\\u009b31m");
    BOOST_TEST(visible("Zoë 東京 ►") == "Zoë 東京 ►");
}

BOOST_AUTO_TEST_CASE(a_line_of_a_pass_keeps_the_servers_words_harmless) {
    service::ReportLine line;
    line.step = service::Step::update;
    line.subject = "flux-system/web\x1b]0;";
    line.text = "push refused\nby the hook\x1b[2J";
    line.details = {"remote: no\r"};
    BOOST_TEST(format_line(line) ==
               "update  flux-system/web\\x1b]0;      push refused\n            by the hook\\x1b[2J"
               "\n            remote: no\\x0d");
}

BOOST_AUTO_TEST_SUITE_END()
