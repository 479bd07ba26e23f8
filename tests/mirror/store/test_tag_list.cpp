#include <boost/test/unit_test.hpp>

#include "mirror/store/tag_list.h"

using namespace tidemark::mirror::store;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

sys_seconds at(int count) {
    return sys_seconds(seconds(count));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_store_tag_list)

BOOST_AUTO_TEST_CASE(a_first_scan_dates_every_tag_now) {
    const std::vector<std::string_view> tags = {"1.1", "1.0"};
    BOOST_TEST(make_lines(tags, {}, at(50)) == "1.1\t50\n1.0\t50\n");
}

BOOST_AUTO_TEST_CASE(a_tag_seen_before_keeps_its_time_and_a_new_one_starts_now) {
    TagList before;
    before.lines = "1.1\t10\n1.0\t5\n";
    const std::vector<std::string_view> tags = {"1.2", "1.1", "0.9"};
    BOOST_TEST(make_lines(tags, before, at(50)) == "1.2\t50\n1.1\t10\n0.9\t50\n");
}

BOOST_AUTO_TEST_CASE(a_tag_that_came_back_is_new) {
    TagList before;
    before.lines = "2\t10\n";
    const std::vector<std::string_view> without;
    TagList gone;
    gone.lines = make_lines(without, before, at(20));
    const std::vector<std::string_view> tags = {"2"};
    BOOST_TEST(make_lines(tags, gone, at(30)) == "2\t30\n");
}

BOOST_AUTO_TEST_CASE(duplicate_tags_stay_as_the_registry_listed_them) {
    TagList before;
    before.lines = "a\t10\na\t10\n";
    const std::vector<std::string_view> tags = {"a", "a"};
    BOOST_TEST(make_lines(tags, before, at(30)) == "a\t10\na\t10\n");
}

BOOST_AUTO_TEST_CASE(first_seen_is_the_epoch_for_an_unknown_tag) {
    TagList list;
    list.lines = "2\t10\n1\t5\n";
    BOOST_TEST((list.first_seen("1") == at(5)));
    BOOST_TEST((list.first_seen("3") == at(0)));
    BOOST_TEST(list.tags().size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
