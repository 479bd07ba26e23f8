// What forges answer, and what hostile ones might.
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "mirror/forge/answers.h"
#include "policy/base/timestamp.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::forge;

namespace {

const Question k_question{"acme/fleet", "flux-imageupdates", "main"};

struct Side {
    std::string ref;
    std::string repository;  // JSON
};
const Side k_head{"flux-imageupdates", R"("repo_id": 7, "repo": {"id": 7, "full_name": "acme/fleet"})"};
const Side k_base{"main", R"("repo_id": 7, "repo": {"id": 7, "full_name": "acme/fleet"})"};

std::string pull(int number, const Side& head = k_head, const Side& base = k_base, const std::string& state = "open",
                 const std::string& title = "Update images") {
    return fmt::format(
        R"({{"number": {}, "state": "{}", "title": "{}", "draft": false, "html_url": "https://git.example/acme/fleet/pulls/{}",
            "user": {{"login": "dana"}}, "created_at": "2026-12-01T10:00:00+01:00",
            "head": {{"label": "x", "ref": "{}", {}}}, "base": {{"ref": "{}", {}}}}})",
        number, state, title, number, head.ref, head.repository, base.ref, base.repository);
}

std::string merge(int number, const std::string& source = "flux-imageupdates", int from = 7,
                  const std::string& target = "main", const std::string& state = "opened") {
    return fmt::format(
        R"({{"id": 900, "iid": {}, "state": "{}", "title": "Update images", "draft": true, "author": {{"username": "dana"}},
            "web_url": "https://lab.example/acme/fleet/-/merge_requests/{}", "created_at": "2026-12-01T09:00:00.123Z",
            "source_branch": "{}", "source_project_id": {}, "target_branch": "{}", "target_project_id": 7}})",
        number, state, number, source, from, target);
}

std::string found(ForgeKind kind, const std::string& body) {
    const auto answer = find_in_answer(kind, body, k_question);
    if (!answer) return "no list: " + answer.message();
    return *answer ? (*answer)->reference : "none";
}

OpenRequest one(ForgeKind kind, const std::string& body) {
    const auto answer = find_in_answer(kind, body, k_question);
    BOOST_REQUIRE(answer);
    BOOST_REQUIRE(answer->has_value());
    return **answer;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_forge_answers)

BOOST_AUTO_TEST_CASE(an_open_pull_request_is_read) {
    for (const ForgeKind kind : {ForgeKind::gitea, ForgeKind::forgejo, ForgeKind::github}) {
        const OpenRequest request = one(kind, "[" + pull(12) + "]");
        BOOST_TEST(request.number == 12);
        BOOST_TEST(request.reference == "#12");
        BOOST_TEST(request.title == "Update images");
        BOOST_TEST(request.url == "https://git.example/acme/fleet/pulls/12");
        BOOST_TEST(request.author == "dana");
        BOOST_TEST(!request.draft);
        BOOST_TEST(policy::format_timestamp(request.opened.value()) == "2026-12-01T09:00:00Z");
    }
}

BOOST_AUTO_TEST_CASE(an_open_merge_request_is_read) {
    const OpenRequest request = one(ForgeKind::gitlab, "[" + merge(12) + "]");
    BOOST_TEST(request.number == 12);
    BOOST_TEST(request.reference == "!12");
    BOOST_TEST(request.title == "Update images");
    BOOST_TEST(request.url == "https://lab.example/acme/fleet/-/merge_requests/12");
    BOOST_TEST(request.author == "dana");
    BOOST_TEST(request.draft);
    BOOST_TEST(policy::format_timestamp(request.opened.value()) == "2026-12-01T09:00:00Z");
}

BOOST_AUTO_TEST_CASE(only_the_request_between_the_two_branches_counts) {
    const Side fork{"flux-imageupdates", R"("repo_id": 8, "repo": {"id": 8, "full_name": "mallory/fleet"})"};
    const Side gone{"flux-imageupdates", R"("repo": null)"};
    const Side other{"topic", k_head.repository};
    const Side release{"release", k_base.repository};
    const Side github{"flux-imageupdates", R"("repo": {"id": 7})"};
    const Side github_base{"main", R"("repo": {"id": 7})"};
    const struct {
        std::string body;
        const char* wanted;
    } table[] = {
        {"[]", "none"},
        {"[" + pull(1, fork) + "]", "none"},
        {"[" + pull(1, gone) + "]", "none"},
        {"[" + pull(1, gone, gone) + "]", "none"},
        {"[" + pull(1, other) + "]", "none"},
        {"[" + pull(1, k_head, release) + "]", "none"},
        {"[" + pull(1, k_head, k_base, "closed") + "]", "none"},
        {"[" + pull(1, github, github_base) + "]", "#1"},
        {"[" + pull(1, fork) + "," + pull(2, k_head, k_base, "closed") + "," + pull(3) + "," + pull(4, other) + "]",
         "#3"},
        {"[" + pull(5) + "," + pull(9) + "," + pull(7) + "]", "#9"},
    };
    for (const auto& [body, wanted] : table) {
        BOOST_TEST(found(ForgeKind::gitea, body) == wanted, body);
        BOOST_TEST(found(ForgeKind::github, body) == wanted, body);
    }
}

BOOST_AUTO_TEST_CASE(on_gitlab_too) {
    const struct {
        std::string body;
        const char* wanted;
    } table[] = {
        {"[]", "none"},
        {"[" + merge(1, "flux-imageupdates", 8) + "]", "none"},
        {"[" + merge(1, "topic") + "]", "none"},
        {"[" + merge(1, "flux-imageupdates", 7, "release") + "]", "none"},
        {"[" + merge(1, "flux-imageupdates", 7, "main", "closed") + "]", "none"},
        {"[" + merge(1, "flux-imageupdates", 7, "main", "merged") + "]", "none"},
        {"[" + merge(1, "flux-imageupdates", 8) + "," + merge(2) + "]", "!2"},
    };
    for (const auto& [body, wanted] : table)
        BOOST_TEST(found(ForgeKind::gitlab, body) == wanted, body);
}

BOOST_AUTO_TEST_CASE(what_is_no_list_of_requests_is_not_taken_for_none) {
    const std::string whole = "[" + pull(12) + "]";
    const struct {
        std::string body;
        const char* wanted;
    } table[] = {
        {"", "not whole JSON"},
        {whole.substr(0, whole.size() - 1), "not whole JSON"},
        {whole.substr(0, 40), "not whole JSON"},
        {"[" + pull(12) + ",", "not whole JSON"},
        {"<!DOCTYPE html><title>Sign in</title>", "it is a page"},
        {" \n<html>", "it is a page"},
        {R"({"message": "no"})", "it is no list"},
        {"null", "it is no list"},
        {"[1, 2]", "its items are no requests"},
        {std::string(5000, '['), "not whole JSON"},
        {"\xff\xfe[", "not whole JSON"},
    };
    for (const auto& [body, wanted] : table)
        for (const ForgeKind kind : {ForgeKind::gitea, ForgeKind::gitlab, ForgeKind::github}) {
            const std::string answer = found(kind, body);
            BOOST_TEST(answer.starts_with("no list: "), body.substr(0, 60) << ": " << answer);
            BOOST_TEST(answer.find(wanted) != std::string::npos, body.substr(0, 60) << ": " << answer);
        }
}

BOOST_AUTO_TEST_CASE(a_hostile_title_becomes_short_and_plain) {
    const OpenRequest request = one(
        ForgeKind::gitea,
        "[" + pull(12, k_head, k_base, "open", R"(a\u001b[31m\u0000\nb\u202e<script>)" + std::string(5000, 'x')) + "]");
    BOOST_TEST(request.title.starts_with("a [31m  b <script>xxx"));
    BOOST_TEST(request.title.size() <= 300U);
    for (const char c : request.title)
        BOOST_TEST(static_cast<unsigned char>(c) >= 0x20);
}

BOOST_AUTO_TEST_CASE(only_links_to_pages_are_links) {
    for (const char* url : {"javascript:alert(1)", "https://dana:key@git.example/1", "file:///etc/passwd", "//x", "",
                            "https://git.example/a b", "data:text/html,x"}) {
        std::string body = "[" + pull(12) + "]";
        const std::string good = "https://git.example/acme/fleet/pulls/12";
        body.replace(body.find(good), good.size(), url);
        BOOST_TEST(one(ForgeKind::gitea, body).url == "", url);
    }
}

BOOST_AUTO_TEST_CASE(members_of_other_types_are_not_there) {
    std::string body = "[" + pull(12) + "]";
    const auto replace = [&](std::string_view what, std::string_view by) {
        body.replace(body.find(what), what.size(), by);
    };
    replace(R"("Update images")", "[1]");
    replace(R"({"login": "dana"})", "null");
    replace(R"("2026-12-01T10:00:00+01:00")", R"("yesterday")");
    const OpenRequest request = one(ForgeKind::gitea, body);
    BOOST_TEST(request.title == "");
    BOOST_TEST(request.author == "");
    BOOST_TEST(!request.opened.has_value());
    replace(R"("number": 12)", R"("number": "12")");
    BOOST_TEST(found(ForgeKind::gitea, body) == "none");
}

BOOST_AUTO_TEST_CASE(pages_go_on_while_the_forge_says_so) {
    BOOST_TEST(has_next_page(
        R"(<https://git.example/api/v1/x?page=2>; rel="next",<https://git.example/x?page=9>; rel="last")"));
    BOOST_TEST(!has_next_page(
        R"(<https://git.example/api/v1/x?page=1>; rel="first",<https://git.example/x?page=1>; rel="prev")"));
    BOOST_TEST(!has_next_page(""));
}

BOOST_AUTO_TEST_CASE(refusals_are_told_in_the_forges_words) {
    BOOST_TEST(refusal_words(R"({"message": "token is required", "url": "x"})") == "token is required");
    BOOST_TEST(refusal_words(R"({"error": "insufficient_scope", "error_description": "The request requires more"})") ==
               "The request requires more");
    BOOST_TEST(refusal_words(R"({"error": "404 Not Found"})") == "404 Not Found");
    BOOST_TEST(refusal_words("404 page not\nfound\n") == "404 page not found ");
    BOOST_TEST(refusal_words("<html>no</html>") == "");
    BOOST_TEST(refusal_words(R"({"message": {"x": 1}})") == "");
    BOOST_TEST(refusal_words("") == "");
    BOOST_TEST(refusal_words(std::string(100'000, 'x')).size() <= 300U);
}

BOOST_AUTO_TEST_SUITE_END()
