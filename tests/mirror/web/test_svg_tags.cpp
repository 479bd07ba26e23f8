#include <set>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "mirror/web/svg_branch.h"
#include "mirror/web/svg_tags.h"

namespace tidemark::mirror::web {
namespace {

using std::chrono::sys_seconds;
using namespace std::chrono_literals;

constexpr sys_seconds k_now{std::chrono::seconds(1'800'000'000)};

service::ImageDetail detail_of(std::size_t tags) {
    service::ImageDetail detail;
    detail.image.policy = {"flux-system", "web"};
    for (std::size_t i = 0; i < tags; ++i)
        detail.tags.push_back({"1." + std::to_string(i), k_now - std::chrono::seconds(i)});
    return detail;
}

store::HistoryEntry entry(const std::string& tag, sys_seconds chosen, std::optional<sys_seconds> written) {
    return {tag, "", chosen, written, written ? "3f2a91c" : ""};
}

std::string picture_of(const service::ImageDetail& detail) {
    Html html;
    write_tag_picture(html, tag_rows(detail), detail.image.policy.to_string(), k_now);
    return html.take();
}

/// The words below the picture, from left to right.
std::vector<std::string> axis_of(const std::string& picture) {
    std::vector<std::string> words;
    for (std::size_t at = picture.find("class=\"axis"); at != std::string::npos;
         at = picture.find("class=\"axis", at)) {
        at = picture.find('>', at) + 1;
        words.push_back(picture.substr(at, picture.find('<', at) - at));
    }
    return words;
}

BOOST_AUTO_TEST_SUITE(svg_tags)

BOOST_AUTO_TEST_CASE(ten_thousand_tags_make_a_small_picture) {
    service::ImageDetail detail = detail_of(10'000);
    for (std::size_t i = 0; i < 200; ++i)
        detail.history.push_back(entry("h" + std::to_string(i), k_now - 1000h + i * 1h, k_now - 999h + i * 1h));
    BOOST_TEST(tag_rows(detail).size() == k_most_rows);
    BOOST_TEST(picture_of(detail).size() < 16'000);
}

BOOST_AUTO_TEST_CASE(hostile_names_stay_names) {
    service::ImageDetail detail = detail_of(0);
    detail.tags.push_back({"</text><script>alert(1)</script>", k_now - 1h});
    detail.tags.push_back({std::string(100'000, 'x'), k_now - 1h});
    detail.tags.push_back(
        {"\xe2\x80\xae"
         "evil",
         k_now - 1h});
    const std::string picture = picture_of(detail);
    BOOST_TEST(picture.find("<script") == std::string::npos);
    BOOST_TEST(picture.find("\xe2\x80\xae") == std::string::npos);
    BOOST_TEST(picture.size() < 8'000);
}

BOOST_AUTO_TEST_CASE(a_tag_was_in_git_until_the_next_was_written) {
    service::ImageDetail detail = detail_of(0);
    detail.history = {entry("1.0", k_now - 9h, k_now - 8h), entry("1.1", k_now - 5h, std::nullopt),
                      entry("1.2", k_now - 3h, k_now - 2h)};
    detail.tags = {{"1.2", k_now - 4h}, {"1.0", k_now - 10h}};
    const std::vector<TagRow> rows = tag_rows(detail);
    BOOST_REQUIRE(rows.size() == 3);
    BOOST_TEST(rows[0].tag == "1.2");
    BOOST_TEST(!rows[0].left.has_value());
    BOOST_TEST((rows[0].seen == k_now - 4h));
    BOOST_TEST(rows[1].tag == "1.1");
    BOOST_TEST(!rows[1].written.has_value());
    BOOST_TEST(rows[2].tag == "1.0");
    BOOST_TEST((rows[2].left == k_now - 2h));
}

BOOST_AUTO_TEST_CASE(the_axis_has_few_times_that_are_easy_to_read) {
    const std::chrono::seconds spans[] = {0s, 1s, 40s, 10min, 5h, 24h, 24h * 19, 24h * 400, 24h * 365 * 50};
    for (const std::chrono::seconds span : spans) {
        const std::vector<sys_seconds> ticks = tick_times(k_now - span, k_now);
        BOOST_TEST(ticks.size() <= 7U);
        for (const sys_seconds tick : ticks)
            BOOST_TEST((tick >= k_now - span && tick <= k_now));
    }
    const std::vector<sys_seconds> days = tick_times(k_now - 120h, k_now);
    BOOST_REQUIRE(days.size() >= 2);
    BOOST_TEST((days[1] - days[0] == 24h));
    BOOST_TEST(days[0].time_since_epoch().count() % 86400 == 0);
}

BOOST_AUTO_TEST_CASE(no_two_times_of_the_axis_read_the_same) {
    const std::chrono::seconds ages[] = {
        0s,  1s,  29s, 45s, 61s,      2min,      3min,      10min,          1h,
        19h, 20h, 21h, 48h, 24h * 19, 24h * 200, 24h * 400, 24h * 365 * 20, 24h * 365 * 70};
    for (const std::chrono::seconds age : ages) {
        service::ImageDetail detail = detail_of(0);
        detail.tags = {{"1.0", k_now - age}};
        const std::vector<std::string> words = axis_of(picture_of(detail));
        BOOST_TEST(words.size() >= 2U, age.count());
        BOOST_TEST((std::set<std::string>(words.begin(), words.end()).size() == words.size()),
                   age.count() << " s: " << words.front() << " ... " << words.back());
    }
}

BOOST_AUTO_TEST_CASE(the_picture_is_named_and_described) {
    service::ImageDetail detail = detail_of(1);
    detail.history = {entry("1.0", k_now - 9h, k_now - 8h)};
    const std::string picture = picture_of(detail);
    BOOST_TEST(picture.find("<title id=\"tags-name\">Tags of flux-system/web over time</title>") != std::string::npos);
    BOOST_TEST(picture.find("1.0 was written last, at 2027-01-15 00:00 UTC.") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_branch_with_thousands_of_commits_stays_short) {
    Html html;
    write_branch_picture(html, 100'000, 100'000, 100'000);
    BOOST_TEST(html.take().size() < 2'500);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::mirror::web
