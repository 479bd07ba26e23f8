// The file of rules: reading, mistakes with their places, writing, and which rules are whose.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "policy/guard/rules.h"

namespace tidemark::policy::guard {
namespace {

const std::string k_example = R"(# Rules of tidemark-hook.
log: /var/log/tidemark/hook.jsonl
socket: /run/tidemark/hook.sock
deadline: 2500ms
limits: {files: 5000, bytes: 64MiB, commits: 100000}
repositories:
  - repository: [acme/fleet, /srv/git/fleet.git, "acme/*"]
    owner: platform team
    on-error: allow
    warn-until: 2026-11-28T00:00:00Z
    branches:
      - branch: main
        rules: {marker-removed: enforce, marker-changed: off, marker-broken: warn}
      - branch: flux-imageupdates
        automation-of: main
        paths: [./apps]
        pushers: [tidemark, "deploy-key:4"]
        rules: {automation-content: warn, automation-pusher: off}
    overrides:
      marker-removed: [alice, "key-7"]
  - repository: "**"
    branches: [{branch: "release/*"}]
)";

HookRules read(const std::string& text) {
    RulesReading reading = read_rules(text, "hook.yaml");
    for (const Finding& finding : reading.findings)
        BOOST_ERROR(to_string(finding));
    return std::move(reading.rules);
}

RepositoryRules with_branches(const std::vector<BranchRules>& branches) {
    RepositoryRules rules;
    rules.repositories = {"**"};
    rules.branches = branches;
    return rules;
}

BranchRules branch_of(const std::string& pattern, const std::string& automation_of = "") {
    BranchRules branch;
    branch.pattern = pattern;
    branch.modes = default_modes();
    branch.automation_of = automation_of;
    return branch;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_guard_rules)

BOOST_AUTO_TEST_CASE(every_key_of_the_file_is_read) {
    const HookRules rules = read(k_example);
    BOOST_TEST(rules.log == "/var/log/tidemark/hook.jsonl");
    BOOST_TEST(rules.socket == "/run/tidemark/hook.sock");
    BOOST_TEST(rules.limits.deadline.count() == 2500);
    BOOST_TEST(rules.limits.bytes == std::size_t{64} << 20);
    BOOST_REQUIRE(rules.repositories.size() == 2);
    const RepositoryRules& first = rules.repositories[0];
    BOOST_TEST(first.repositories == (std::vector<std::string>{"acme/fleet", "/srv/git/fleet.git", "acme/*"}),
               boost::test_tools::per_element());
    BOOST_TEST(first.owner == "platform team");
    BOOST_TEST((first.on_error == OnError::allow));
    BOOST_TEST((first.warn_until == std::chrono::sys_days(std::chrono::year(2026) / 11 / 28)));
    BOOST_TEST(first.overrides.at(RuleId::marker_removed).size() == 2);
    BOOST_REQUIRE(first.branches.size() == 2);
    BOOST_TEST((first.branches[0].modes[RuleId::marker_changed] == RuleMode::off));
    const BranchRules& automation = first.branches[1];
    BOOST_TEST(automation.automation_of == "main");
    BOOST_TEST(automation.paths.at(0) == "./apps");
    BOOST_TEST(automation.pushers.at(1) == "deploy-key:4");
    BOOST_TEST((automation.modes[RuleId::automation_content] == RuleMode::warn));
    BOOST_TEST((automation.modes[RuleId::main_into_automation] == RuleMode::enforce));
    BOOST_TEST((rules.repositories[1].branches.at(0) == branch_of("release/*")));
    BOOST_TEST((rules.repositories[1].on_error == OnError::refuse));
}

BOOST_AUTO_TEST_CASE(what_is_written_reads_back_the_same) {
    HookRules rules = read(k_example);
    BOOST_TEST((read(write_rules(rules)) == rules));
    rules.log = "syslog";
    rules.limits.bytes = 12345;
    rules.repositories[0].owner = "a \"b\" \\ : # ü, {x}";
    rules.repositories[0].branches[1].pushers = {"true", "0x10", "-", "deploy-key:4", "x y"};
    rules.repositories[0].warn_until =
        std::chrono::sys_days(std::chrono::year(2026) / 1 / 2) + std::chrono::seconds(3723);
    BOOST_TEST((read(write_rules(rules)) == rules));
    BOOST_TEST((read(write_rules({})) == HookRules()));
    BOOST_TEST((read("") == HookRules()));
}

BOOST_AUTO_TEST_CASE(every_mistake_is_told_with_its_place) {
    const std::string start = "repositories:\n  - repository: a/b\n    branches:\n      - branch: main\n";
    struct Row {
        std::string text;
        std::string said;
    };
    const std::vector<Row> rows = {
        {"deadlin: 4s\n", "hook.yaml:1:1: unknown field deadlin (did you mean deadline?)"},
        {"log: hook.log\n", "hook.yaml:1:6: log must be an absolute path or syslog"},
        {"socket: syslog\n", "hook.yaml:1:9: socket must be an absolute path"},
        {"deadline: 4\n", "hook.yaml:1:11: "},
        {"deadline: 11m\n", "hook.yaml:1:11: deadline must lie between 1ms and 10m"},
        {"limits: {files: none}\n", "hook.yaml:1:17: limits.files must be a number above 0"},
        {"limits: {files: 5MiB}\n", "hook.yaml:1:17: limits.files"},
        {"limits: {bytes: 64MB}\n", "hook.yaml:1:17: limits.bytes must be a number above 0, with or without KiB"},
        {"repositories: {}\n", "hook.yaml:1:15: repositories must be a list"},
        {"repositories: [{branches: []}]\n", "repositories[].repository is missing"},
        {"repositories: [{repository: [a]}]\n", "repositories[].branches is missing"},
        {"repositories: [{repository: [7], branches: []}]\n", "must be text, but 7 is a number"},
        {"repositories: [{repository: a, on-error: stop, branches: []}]\n", "\"stop\" is none of refuse, allow"},
        {"repositories: [{repository: a, warn-until: soon, branches: []}]\n", "warn-until is no time"},
        {"repositories: [{repository: a, warn-until: 2026-02-30, branches: []}]\n", "warn-until is no time"},
        {"repositories: [{repository: a, branches: [{}]}]\n", "branches[].branch is missing"},
        {"repositories: [{repository: a, branches: [{branch: refs/heads/x}]}]\n", "short name"},
        {start + "        rules: {marker-remove: warn}\n", "hook.yaml:5:17: unknown field "},
        {start + "        rules: {marker-remove: warn}\n", "did you mean marker-removed?"},
        {start + "        rules: {marker-removed: on}\n", "hook.yaml:5:33: "},
        {start + "        rules: {marker-removed: [off]}\n", "must be off, warn or enforce"},
        {start + "        rules: {automation-content: warn}\n", "needs automation-of"},
        {start + "        paths: [apps]\n", "paths needs automation-of"},
        {start + "        automation-of: main\n", "names the branch itself"},
        {start + "        automation-of: x\n        paths: [../up]\n", "does not lie below the repository's root"},
        {start + "        automation-of: x\n        rules: {automation-pusher: enforce}\n", "needs pushers"},
        {start + "    overrides: {marker: [x]}\n", "unknown field repositories[].overrides.marker"},
        {start + "    overrides: {marker-removed: [\"a\\nb\"]}\n", "not printable"},
        {"a: [\n", "not readable as YAML"},
        {"log: syslog\n---\nlog: syslog\n", "hook.yaml:3:1: the rules are one document"},
        {"- a\n", "the document must be a mapping"},
        {std::string(k_max_rules_bytes + 1, '#'), "hook.yaml"},
    };
    for (const Row& row : rows) {
        const RulesReading reading = read_rules(row.text, "hook.yaml");
        std::string all;
        for (const Finding& finding : reading.findings)
            all += to_string(finding) + "\n";
        BOOST_TEST(all.find(row.said) != std::string::npos, row.text.substr(0, 200) << "said: " << all);
        BOOST_TEST(has_errors(reading.findings));
    }
    const RulesReading off = read_rules(start + "        rules: {automation-content: off}\n", "hook.yaml");
    BOOST_TEST(off.findings.empty());
}

BOOST_AUTO_TEST_CASE(a_repository_is_known_by_path_or_name_and_the_first_entry_counts) {
    HookRules rules;
    rules.repositories.resize(3);
    rules.repositories[0].repositories = {"/srv/git/a.git", "acme/fleet"};
    rules.repositories[1].repositories = {"acme/*"};
    rules.repositories[2].repositories = {"/data/**"};
    struct Row {
        RepositoryNames names;
        int found;
    };
    const std::vector<Row> rows = {
        {{"/srv/git/a.git", ""}, 0},        {{"/srv/git/a", ""}, -1},
        {{"/x", "Acme/Fleet"}, 0},          {{"/x", "acme/fleet.git"}, 0},
        {{"/x", "acme/other"}, 1},          {{"/data/gitea/acme/other.git", ""}, 2},
        {{"/data/a.git", "acme/tools"}, 1}, {{"", ""}, -1},
    };
    for (const Row& row : rows) {
        const RepositoryRules* found = find_repository(rules, row.names);
        const int index = found ? static_cast<int>(found - rules.repositories.data()) : -1;
        BOOST_TEST(index == row.found, row.names.path << " " << row.names.host_name);
    }
}

BOOST_AUTO_TEST_CASE(only_branches_with_a_rule_that_is_on_are_guarded) {
    BranchRules off = branch_of("legacy");
    off.modes = {};
    BranchRules only_automation = branch_of("tools");
    only_automation.modes = {};
    only_automation.modes[RuleId::automation_content] = RuleMode::enforce;
    const RepositoryRules rules = with_branches({branch_of("main"), off, only_automation, branch_of("flux-*", "main"),
                                                 branch_of("release/*"), branch_of("l*")});
    struct Row {
        std::string reference;
        std::string pattern;
    };
    const std::vector<Row> rows = {
        {"refs/heads/main", "main"},
        {"refs/heads/flux-imageupdates", "flux-*"},
        {"refs/heads/release/1", "release/*"},
        {"refs/heads/legacy", ""},
        {"refs/heads/tools", ""},
        {"refs/heads/lost", "l*"},
        {"refs/heads/other", ""},
        {"refs/tags/main", ""},
        {"refs/pull/1/head", ""},
        {"refs/merge-requests/1/head", ""},
        {"refs/for/main", ""},
        {"refs/heads/refs/heads/main", ""},
        {"main", ""},
        {"HEAD", ""},
        {"", ""},
    };
    for (const Row& row : rows) {
        const BranchRules* found = find_branch(rules, row.reference);
        BOOST_TEST((found ? found->pattern : "") == row.pattern, row.reference);
    }
}

BOOST_AUTO_TEST_CASE(rules_are_named_as_in_the_file) {
    for (const RuleId rule : k_rules)
        BOOST_TEST((find_rule(to_string(rule)) == rule));
    BOOST_TEST(!find_rule("marker_removed"));
    BOOST_TEST(!find_rule(""));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::policy::guard
