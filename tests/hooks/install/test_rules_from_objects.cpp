#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "hooks/install/rules_from_objects.h"
#include "policy/objects/read.h"

using namespace tidemark;
using namespace tidemark::hooks;
using policy::guard::BranchRules;
using policy::guard::RepositoryNames;

namespace {

std::string source(const std::string& url, const std::string& ref = "branch: main") {
    return "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: fleet, namespace: f}\n"
           "spec: {interval: 1m, url: \"" +
           url + "\", ref: {" + ref + "}}\n---\n";
}

std::string automation(const std::string& name, const std::string& checkout, const std::string& push,
                       const std::string& path) {
    return "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nmetadata: {name: " + name +
           ", namespace: f}\nspec:\n  interval: 1m\n  sourceRef: {kind: GitRepository, name: fleet}\n  git:\n" +
           (checkout.empty() ? "" : "    checkout: {ref: {branch: " + checkout + "}}\n") +
           "    commit: {author: {email: a@b.test}}\n" + (push.empty() ? "" : "    push: {branch: " + push + "}\n") +
           "  update: {strategy: Setters, path: " + path + "}\n---\n";
}

DerivedRules derive(const std::string& yaml, const std::vector<RepositoryNames>& repositories = {}) {
    return rules_from_objects(policy::read_objects({{"o.yaml", yaml}}), repositories, std::nullopt);
}

/// "branch of main [paths]" for each, in order.
std::string shown(const policy::guard::RepositoryRules& rules) {
    std::string text;
    for (const BranchRules& branch : rules.branches) {
        text += branch.pattern + (branch.automation_of.empty() ? "" : " of " + branch.automation_of);
        for (const std::string& path : branch.paths)
            text += " " + path;
        text += ";";
    }
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hooks_rules_from_objects)

BOOST_AUTO_TEST_CASE(addresses_name_repositories) {
    const std::vector<std::pair<std::string, std::string>> table = {
        {"https://git.example/acme/fleet.git", "acme/fleet"},
        {"https://git.example/acme/fleet/", "acme/fleet"},
        {"ssh://git@git.example:2222/acme/fleet", "acme/fleet"},
        {"git@git.example:acme/fleet.git", "acme/fleet"},
        {"https://git.example/group/sub/fleet.git?x=1", "group/sub/fleet"},
        {"file:///srv/git/fleet.git", "srv/git/fleet"},
        {"ssh://git.example", ""},
    };
    for (const auto& [url, name] : table)
        BOOST_TEST(repository_of_url(url) == name, url);
}

BOOST_AUTO_TEST_CASE(push_branch_is_the_automation_branch_and_checkout_branch_is_main) {
    const DerivedRules derived =
        derive(source("https://g.test/acme/fleet") + automation("web", "release", "flux-imageupdates", "./apps/"));
    BOOST_REQUIRE_EQUAL(derived.repositories.size(), 1U);
    BOOST_TEST(derived.repositories[0].repositories == std::vector<std::string>{"acme/fleet"});
    BOOST_TEST(shown(derived.repositories[0]) == "flux-imageupdates of release apps;release;");
    BOOST_TEST(derived.findings.empty());
}

BOOST_AUTO_TEST_CASE(a_push_to_main_itself_is_guarded_as_an_ordinary_branch) {
    const std::string git = source("https://g.test/acme/fleet");
    BOOST_TEST(shown(derive(git + automation("web", "", "", "./")).repositories.at(0)) == "main;");
    BOOST_TEST(shown(derive(git + automation("web", "main", "main", "./")).repositories.at(0)) == "main;");
}

BOOST_AUTO_TEST_CASE(update_paths_of_several_automations_are_joined) {
    const std::string git = source("https://g.test/acme/fleet");
    BOOST_TEST(shown(derive(git + automation("a", "", "bumps", "apps") + automation("b", "", "bumps", "infra//web"))
                         .repositories.at(0)) == "bumps of main apps infra/web;main;");
    // One that may change the whole tree makes the scope the whole tree, whichever comes first.
    BOOST_TEST(shown(derive(git + automation("a", "", "bumps", "apps") + automation("b", "", "bumps", "./"))
                         .repositories.at(0)) == "bumps of main;main;");
    BOOST_TEST(shown(derive(git + automation("a", "", "bumps", "./") + automation("b", "", "bumps", "apps"))
                         .repositories.at(0)) == "bumps of main;main;");
}

BOOST_AUTO_TEST_CASE(repositories_are_found_by_the_end_of_their_path) {
    const std::vector<RepositoryNames> paths = {
        {"/srv/gitea/acme/fleet.git", "acme/fleet"}, {"/srv/gitea/other/fleet.git", ""}, {"/home/dana/work/.git", ""}};
    const auto name_of = [&paths](const std::string& url) {
        const DerivedRules derived = derive(source(url) + automation("a", "", "bumps", "./"), paths);
        return derived.repositories.empty() ? derived.findings.at(0).message : derived.repositories[0].repositories[0];
    };
    BOOST_TEST(name_of("https://g.test/Acme/Fleet.git") == "/srv/gitea/acme/fleet.git");
    BOOST_TEST((derive(source("ssh://g.test/acme/fleet") + automation("a", "", "bumps", "./"), paths)
                    .repositories.at(0)
                    .repositories == std::vector<std::string>{"/srv/gitea/acme/fleet.git", "acme/fleet"}));
    BOOST_TEST(name_of("https://g.test/git/other/fleet") == "/srv/gitea/other/fleet.git");
    BOOST_TEST(name_of("file:///home/dana/work") == "/home/dana/work/.git");
    BOOST_TEST(name_of("ssh://g.test/fleet.git").find("may be /srv/gitea/acme/fleet.git or") != std::string::npos);
    BOOST_TEST(name_of("https://g.test/third/fleet.git").find("is none of these repositories") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_known_paths_a_file_address_is_a_path) {
    const auto name_of = [](const std::string& url) {
        return derive(source(url) + automation("a", "", "bumps", "./")).repositories.at(0).repositories.at(0);
    };
    BOOST_TEST(name_of("file:///srv/git/fleet.git") == "/srv/git/fleet.git");
    BOOST_TEST(name_of("https://gitlab.test/group/sub/fleet.git") == "group/sub/fleet");
}

BOOST_AUTO_TEST_CASE(automations_that_guard_nothing_are_named_with_the_reason) {
    BOOST_TEST(derive(automation("a", "main", "bumps", "./")).findings.at(0).message ==
               "guards nothing here: GitRepository f/fleet is missing");
    const DerivedRules tag = derive(source("https://g.test/a/b", "tag: v1") + automation("a", "", "bumps", "./"));
    BOOST_TEST(tag.repositories.empty());
    BOOST_TEST(tag.findings.at(0).message == "guards nothing here: its source is at tag v1, no branch");
}

BOOST_AUTO_TEST_SUITE_END()
