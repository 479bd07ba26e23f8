#include <string>

#include <boost/test/unit_test.hpp>

#include "hooks/install/rules_file.h"
#include "mirror/base/error.h"
#include "tests/support/process.h"

using namespace tidemark::hooks;
using namespace tidemark::policy::guard;
using tidemark::mirror::Error;

namespace {

RepositoryRules entry(const std::string& name, const std::vector<std::string>& branches) {
    RepositoryRules rules;
    rules.repositories = {name};
    for (const std::string& branch : branches) {
        BranchRules one;
        one.pattern = branch;
        one.modes = default_modes();
        rules.branches.push_back(one);
    }
    return rules;
}

RulesFile file_of(const std::string& text) {
    RulesReading reading = read_rules(text, "hook.yaml");
    BOOST_REQUIRE(!tidemark::policy::has_errors(reading.findings));
    return {text, reading.rules};
}

RulesFile generated(const std::vector<RepositoryRules>& entries) {
    HookRules rules;
    rules.repositories = entries;
    return file_of(write_rules(rules));
}

std::string message_of(const RulesFile& file, const RepositoryRules& derived, bool enforce = false) {
    try {
        merge_rules(file, {derived}, enforce);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

constexpr std::chrono::sys_seconds k_later{std::chrono::seconds(2'000'000'000)};

}  // namespace

BOOST_AUTO_TEST_SUITE(hooks_rules_file)

BOOST_AUTO_TEST_CASE(a_missing_file_is_written_whole_and_a_second_merge_changes_nothing) {
    const RepositoryRules derived = entry("/srv/a.git", {"main"});
    const std::string text = merge_rules({}, {derived}, false);
    BOOST_TEST(file_of(text).rules.repositories.size() == 1U);
    BOOST_TEST(merge_rules(file_of(text), {derived}, false) == text);
}

BOOST_AUTO_TEST_CASE(new_repositories_are_added_and_known_ones_keep_what_is_written) {
    RepositoryRules known = entry("/srv/a.git", {"main"});
    known.warn_until = k_later;
    known.owner = "platform team";
    RepositoryRules again = entry("/srv/a.git", {"bumps", "main"});
    const std::string text = merge_rules(generated({known}), {again, entry("/srv/b.git", {"main"})}, false);
    const HookRules rules = file_of(text).rules;
    BOOST_REQUIRE_EQUAL(rules.repositories.size(), 2U);
    BOOST_TEST(rules.repositories[0].owner == "platform team");
    BOOST_TEST((rules.repositories[0].warn_until == k_later));
    BOOST_TEST(rules.repositories[0].branches.size() == 2U);
    BOOST_TEST(rules.repositories[1].repositories[0] == "/srv/b.git");
}

BOOST_AUTO_TEST_CASE(enforce_ends_the_warnings_of_a_known_repository) {
    RepositoryRules known = entry("/srv/a.git", {"main"});
    known.warn_until = k_later;
    const std::string text = merge_rules(generated({known}), {entry("/srv/a.git", {"main"})}, true);
    BOOST_TEST(!file_of(text).rules.repositories[0].warn_until.has_value());
}

BOOST_AUTO_TEST_CASE(a_pattern_goes_on_for_the_others) {
    RepositoryRules all = entry("/srv/*.git", {"main"});
    all.owner = "platform team";
    const std::string text = merge_rules(generated({all}), {entry("/srv/a.git", {"bumps"})}, false);
    const HookRules rules = file_of(text).rules;
    BOOST_REQUIRE_EQUAL(rules.repositories.size(), 2U);
    BOOST_TEST(rules.repositories[0].repositories[0] == "/srv/a.git");
    BOOST_TEST(rules.repositories[0].owner == "platform team");
    BOOST_TEST(rules.repositories[0].branches.size() == 2U);
    BOOST_TEST(rules.repositories[1].repositories[0] == "/srv/*.git");
}

BOOST_AUTO_TEST_CASE(comments_of_a_person_survive_an_addition) {
    const std::string text = "# ours, see the wiki\n" + generated({entry("/srv/a.git", {"main"})}).text;
    const std::string merged = merge_rules(file_of(text), {entry("/srv/b.git", {"main"})}, false);
    BOOST_TEST(merged.starts_with(text));
    BOOST_TEST(file_of(merged).rules.repositories.size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_merged_without_loss_is_left_to_the_person) {
    const std::string edited = "# ours\n" + generated({entry("/srv/a.git", {"main"})}).text;
    const std::string reason = message_of(file_of(edited), entry("/srv/a.git", {"bumps"}));
    BOOST_TEST(contains(reason, "edited by hand"));
    BOOST_TEST(contains(reason, "branch: bumps"));
    // The list does not stand at the end here, so appending would go astray.
    const std::string other = "repositories: []\nlog: syslog\n";
    BOOST_TEST(contains(message_of(file_of(other), entry("/srv/a.git", {"main"})), "- repository: [/srv/a.git]"));
}

BOOST_AUTO_TEST_CASE(a_file_with_mistakes_is_refused_with_all_of_them) {
    const tidemark::tests::TempFolder folder;
    tidemark::tests::write_text(folder / "hook.yaml", "repositorys: []\nlog: 7\n");
    try {
        read_rules_file(folder / "hook.yaml");
        BOOST_FAIL("was taken");
    } catch (const Error& error) {
        BOOST_TEST(contains(error.what(), "hook.yaml:1"));
        BOOST_TEST(contains(error.what(), "hook.yaml:2"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
