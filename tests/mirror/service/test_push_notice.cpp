#include <boost/test/unit_test.hpp>

#include "mirror/service/push_notice.h"
#include "policy/objects/read.h"

using namespace tidemark;
using namespace tidemark::mirror::service;

BOOST_AUTO_TEST_SUITE(mirror_service_push_notice)

BOOST_AUTO_TEST_CASE(line_of_the_hook_is_read) {
    const auto notice =
        read_push_notice(R"({"event":"push","host":"gitea","repository":"acme/fleet","path":"/srv/git/acme/fleet.git",)"
                         R"("refs":[{"ref":"refs/heads/main","old":"","new":""}]})");
    BOOST_REQUIRE(notice.has_value());
    BOOST_TEST(notice->name == "acme/fleet");
    BOOST_TEST(notice->path == "/srv/git/acme/fleet.git");
}

BOOST_AUTO_TEST_CASE(hostile_lines_say_nothing) {
    const std::string deep = std::string(30'000, '[');
    const std::string table[] = {
        "",
        "\n",
        "push",
        "null",
        "[]",
        deep,
        deep + std::string(30'000, ']'),
        R"({"event":"push"})",
        R"({"event":"push","repository":"","path":""})",
        R"({"event":"push","repository":7,"path":["/srv/git/acme/fleet.git"]})",
        R"({"event":"pull","repository":"acme/fleet"})",
        R"({"repository":"acme/fleet"})",
        R"({"event":"push","repository":"acme/fleet")",
        "{\"event\":\"push\",\"repository\":\"\xff\xfe\"}",
        R"({"event":"push","repository":")" + std::string(4097, 'a') + "\"}",
        std::string(65'536, '\0'),
    };
    for (const std::string& line : table)
        BOOST_TEST(!read_push_notice(line).has_value(), line.substr(0, 60));
}

BOOST_AUTO_TEST_CASE(a_repository_is_known_by_the_end_of_its_url) {
    const struct {
        PushNotice notice;
        const char* url;
        bool about;
    } table[] = {
        {{"acme/fleet", ""}, "https://git.example/acme/fleet.git", true},
        {{"acme/fleet", ""}, "https://git.example/acme/fleet", true},
        {{"acme/fleet", ""}, "https://git.example/acme/fleet/", true},
        {{"acme/fleet", ""}, "https://git.example/git/acme/fleet.git?x=1", true},
        {{"acme/fleet", ""}, "ssh://git@git.example:2222/acme/fleet.git", true},
        {{"acme/fleet", ""}, "git@git.example:acme/fleet.git", true},
        {{"Acme/Fleet", ""}, "https://git.example/acme/fleet.git", true},
        {{"acme/fleet", ""}, "https://git.example/acme/other.git", false},
        {{"acme/fleet", ""}, "https://git.example/other/fleet.git", false},
        {{"acme/fleet", ""}, "https://git.example/acme/fleet.wiki.git", false},
        {{"cme/fleet", ""}, "https://git.example/acme/fleet.git", false},
        {{"fleet", ""}, "ssh://git@git.example/fleet", true},
        {{"group/team/fleet", ""}, "https://git.example/group/team/fleet.git", true},
        {{"", "/srv/git/acme/fleet.git"}, "file:///srv/git/acme/fleet.git", true},
        {{"", "/srv/git/acme/fleet.git"}, "https://git.example/acme/fleet.git", true},
        {{"", "/srv/git/acme/fleet.git"}, "ssh://git@git.example/fleet.git", true},
        {{"", "/srv/git/acme/fleet.git"}, "https://git.example/acme/web.git", false},
        {{"acme/fleet", "/data/@hashed/ab/cd/abcd.git"}, "https://git.example/acme/fleet.git", true},
        {{"acme/fleet", ""}, "https://git.example", false},
        {{"acme/fleet", ""}, "", false},
        {{"/", "///"}, "https://git.example/", false},
        {{".git", ""}, "https://git.example/.git", false},
    };
    for (const auto& row : table)
        BOOST_TEST(is_about(row.notice, row.url) == row.about,
                   row.notice.name << " " << row.notice.path << " and " << row.url);
}

BOOST_AUTO_TEST_CASE(automations_of_the_repository_are_found_but_no_suspended_ones) {
    std::string text;
    for (const std::string name : {"fleet", "web"})
        text += "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: " + name +
                ", namespace: shop}\nspec: {url: \"https://git.example/acme/" + name + ".git\", interval: 1m}\n";
    const auto automation = [](const std::string& name, const std::string& source, const std::string& further) {
        return "---\napiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nmetadata: {name: " + name +
               ", namespace: shop}\nspec: {interval: 1h, sourceRef: {kind: GitRepository, name: " + source +
               "}, git: {commit: {author: {email: bot@example.org}}, push: {branch: bumps}}" + further + "}\n";
    };
    text += automation("one", "fleet", "") + automation("two", "fleet", "") +
            automation("resting", "fleet", ", suspend: true") + automation("other", "web", "");
    const policy::ObjectSet objects = policy::read_objects({{"objects.yaml", text}});
    BOOST_TEST((find_automations({"acme/fleet", ""}, objects) ==
                std::set<policy::ObjectKey>{{"shop", "one"}, {"shop", "two"}}));
    BOOST_TEST(find_automations({"acme/nothing", ""}, objects).empty());
}

BOOST_AUTO_TEST_SUITE_END()
