// The rules of the automation branch: what counts as main coming in, in every shape that Git makes of it, and what the
// branch may hold.
#include <map>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/policy/guard/text_repository.h"

namespace tidemark::policy::guard {
namespace {

using Files = TextRepository::Files;
using Lines = std::vector<std::string>;

const std::string k_marker = " # {\"$imagepolicy\": \"ns:app\"}";

/// The tree of main's nth commit, with a value in the place that the automation writes.
Files tree(int number, const std::string& value = "app:1") {
    return {{"apps/a.yaml", {"image: " + value + k_marker + "\n"}},
            {"infra/b.yaml", {"image: " + value.substr(0, 3) + ":0" + k_marker + "\n"}},
            {"notes.txt", {"commit " + std::to_string(number) + "\n"}}};
}

Files with(Files files, const std::string& path, const TextFile& file) {
    files[path] = file;
    return files;
}

/// main: m1 - m2 - m3; the automation's branch stands on m1 with one commit, a1.
struct Fixture {
    TextRepository git;
    RepositoryRules rules = automation_rules();
    std::string m1 = git.commit({}, tree(1));
    std::string m2 = git.commit({m1}, tree(2));
    std::string m3 = git.commit({m2}, tree(3));
    std::string a1 = git.commit({m1}, tree(1, "app:2"));
    Fixture() { git.set_branch("main", m3); }

    Lines found(const std::string& old_id, const std::string& new_id) {
        return briefly(judge_with(push_of("auto", old_id, new_id), rules, git));
    }
    GuardFinding first(const std::string& old_id, const std::string& new_id) {
        const Judgement judgement = judge_with(push_of("auto", old_id, new_id), rules, git);
        BOOST_REQUIRE(!judgement.findings.empty());
        return judgement.findings[0];
    }
};

const Lines k_none;
const Lines k_main = {"main-into-automation"};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(policy_guard_automation_rules, Fixture)

BOOST_AUTO_TEST_CASE(commits_of_main_are_caught_in_every_shape) {
    const std::string merge = git.commit({a1, m3}, tree(3, "app:2"));
    const std::string merge_turned = git.commit({m3, a1}, tree(3, "app:2"));
    const std::string merge_older = git.commit({a1, m2}, tree(2, "app:2"));
    const std::string side = git.commit({m3}, tree(3, "app:2"));
    const std::string by_side = git.commit({a1, side}, tree(3, "app:2"));
    const std::string other = git.commit({m1}, tree(1, "app:2"));
    const std::string octopus = git.commit({a1, other, m3}, tree(3, "app:2"));
    const std::string rebased = git.commit({git.commit({m3}, tree(3, "app:2"))}, tree(3, "app:3"));
    const std::string rebased_older = git.commit({git.commit({m2}, tree(2, "app:2"))}, tree(2, "app:3"));
    const std::string above_merge = git.commit({merge}, tree(3, "app:4"));
    const std::map<std::string, std::string> rows = {
        {"reset to main's tip", m3},
        {"moved to an older commit of main that is newer than the branch", m2},
        {"merge of main", merge},
        {"merge into main", merge_turned},
        {"merge of an older commit of main", merge_older},
        {"merge of a branch that stands on newer main", by_side},
        {"octopus", octopus},
        {"two commits rebased on main's tip", rebased},
        {"two commits rebased on newer main", rebased_older},
        {"a commit above a merge", above_merge},
    };
    for (const auto& [what, tip] : rows)
        BOOST_TEST(found(a1, tip) == k_main, what);
}

BOOST_AUTO_TEST_CASE(main_fast_forwarded_into_the_branch_is_caught_after_a_merge_of_the_request) {
    const std::string m4 = git.commit({m3, a1}, tree(3, "app:2"));
    git.set_branch("main", m4);
    BOOST_TEST(found(a1, m4) == k_main, boost::test_tools::per_element());
    BOOST_TEST(found(m1, m3) == k_main, boost::test_tools::per_element());
    // A commit on the old tip brings nothing that was not there.
    BOOST_TEST(found(a1, git.commit({a1}, tree(1, "app:3"))) == k_none, boost::test_tools::per_element());
    // A commit on the new main is what a rebuild makes.
    BOOST_TEST(found(a1, git.commit({m4}, tree(3, "app:3"))) == k_none, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_brings_nothing_of_main_passes) {
    const std::string a2 = git.commit({a1}, tree(1, "app:3"));
    const std::string side = git.commit({m1}, tree(1, "app:2"));
    const std::map<std::string, std::string> rows = {
        {"the same tip", a1},
        {"Flux stacks a commit", a2},
        {"Flux stacks two", git.commit({a2}, tree(1, "app:4"))},
        {"merge of a branch without newer main", git.commit({a1, side}, tree(1, "app:2"))},
        {"rewind to the commit of main below", m1},
        {"deletion", k_no_id},
        {"the automation's commit by hand again", side},
    };
    for (const auto& [what, tip] : rows)
        BOOST_TEST(found(a1, tip) == k_none, what);
    BOOST_TEST(found(a2, a1) == k_none, "rewind by one");
}

BOOST_AUTO_TEST_CASE(the_rebuild_on_newer_main_passes_whoever_pushes) {
    BOOST_TEST(found(a1, git.commit({m3}, tree(3, "app:2"))) == k_none, "on the tip");
    BOOST_TEST(found(a1, git.commit({m2}, tree(2, "app:2"))) == k_none, "on an older commit");
    const std::string dirty = git.commit({m3}, with(tree(3, "app:2"), "notes.txt", {"mine\n"}));
    BOOST_TEST(found(a1, dirty) == (Lines{"main-into-automation", "automation-content notes.txt"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(main_in_the_same_push_counts_as_what_it_will_be) {
    const std::string m4 = git.commit({m3}, tree(4));
    const std::string merged = git.commit({a1, m4}, tree(4, "app:2"));
    const std::string rebuilt = git.commit({m4}, tree(4, "app:2"));
    // m4 is nowhere yet: by main's old tip alone only m3 would be known to have come in.
    const auto with_main = [&](const std::string& tip, const std::string& main) {
        Push push = push_of("auto", a1, tip);
        push.updates.insert(push.updates.begin(), {m3, main, "refs/heads/main"});
        return briefly(judge_with(push, rules, git));
    };
    BOOST_TEST(with_main(merged, m4) == k_main, boost::test_tools::per_element());
    BOOST_TEST(with_main(rebuilt, m4) == k_none, boost::test_tools::per_element());
    git.set_branch("main", m1);
    const std::string on_m2 = git.commit({a1, m2}, tree(2, "app:2"));
    BOOST_TEST(with_main(on_m2, m3) == k_main, boost::test_tools::per_element());
    BOOST_TEST(with_main(a1, k_no_id) == k_none, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_branch_is_created_with_commits_of_its_own) {
    const std::string one = git.commit({m3}, tree(3, "app:2"));
    const std::string two = git.commit({one}, tree(3, "app:3"));
    const std::string merge = git.commit({a1, m3}, tree(3, "app:2"));
    BOOST_TEST(found(k_no_id, one) == k_none, "one commit");
    BOOST_TEST(found(k_no_id, two) == k_none, "two");
    BOOST_TEST(found(k_no_id, a1) == k_none, "on an older commit");
    BOOST_TEST(found(k_no_id, m3) == k_main, "main itself");
    BOOST_TEST(found(k_no_id, m2) == k_main, "an older commit of main");
    BOOST_TEST(found(k_no_id, merge) == k_main, "a merge");
    const std::string dirty = git.commit({m3}, with(tree(3), "x.txt", {"x"}));
    BOOST_TEST(found(k_no_id, dirty) == (Lines{"automation-content x.txt"}), boost::test_tools::per_element());
    const std::string stripped = git.commit({m3}, with(tree(3), "apps/a.yaml", {"image: app:2\n"}));
    BOOST_TEST(found(k_no_id, stripped) == (Lines{"automation-content apps/a.yaml:1", "marker-removed apps/a.yaml:1"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_history_of_its_own_is_no_automation_branch) {
    const std::string root = git.commit({}, tree(1, "app:2"));
    BOOST_TEST(found(a1, root) == (Lines{"automation-content"}), boost::test_tools::per_element());
    BOOST_TEST(first(a1, root).text == "has no history in common with main");
    // Without main there is nothing to hold the branch against.
    rules.branches[1].automation_of = "trunk";
    BOOST_TEST(found(a1, root) == k_none, boost::test_tools::per_element());
    BOOST_TEST(found(k_no_id, root) == k_none, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_finding_names_what_brought_main_in) {
    const std::string merge = git.commit({a1, m3}, tree(3, "app:2"));
    const std::string above = git.commit({merge}, tree(3, "app:3"));
    const GuardFinding by_merge = first(a1, above);
    BOOST_TEST(by_merge.subject == "merge " + merge.substr(0, 7));
    BOOST_TEST(by_merge.text == "brings 2 commits of main (" + m3.substr(0, 7) + ", " + m2.substr(0, 7) + ")");
    const std::string one = git.commit({a1, m2}, tree(2, "app:2"));
    BOOST_TEST(first(a1, one).text == "brings 1 commit of main (" + m2.substr(0, 7) + ")");
    BOOST_TEST(first(a1, m3).subject == "commit " + m3.substr(0, 7));
    BOOST_TEST(first(a1, m3).text.find("is main itself") == 0);
    const std::string low = git.commit({m3}, tree(3, "app:2"));
    const GuardFinding rebased = first(a1, git.commit({low}, tree(3, "app:3")));
    BOOST_TEST(rebased.subject == "commit " + low.substr(0, 7));
    BOOST_TEST(rebased.text.find("stands on 2 commits of main that were not in this branch") == 0);
    std::string tip = m3;
    for (int i = 0; i < 10; ++i)
        tip = git.commit({tip}, tree(i));
    git.set_branch("main", tip);
    const std::string text = first(a1, git.commit({a1, tip}, tree(9, "app:2"))).text;
    BOOST_TEST(text.find("brings 12 commits of main (") == 0);
    BOOST_TEST(text.find(", ...)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(only_marked_values_below_the_paths_may_change) {
    const Files base = tree(1, "app:2");
    struct Row {
        std::string what;
        Files files;
        Lines told;
    };
    Files removed = base;
    removed.erase("notes.txt");
    const std::vector<Row> rows = {
        {"a marked value", tree(1, "app:9"), {}},
        {"a marked value elsewhere",
         with(base, "infra/b.yaml", {"image: x:9" + k_marker + "\n"}),
         {"automation-content infra/b.yaml"}},
        {"another value",
         with(base, "apps/a.yaml", {"image: app:2" + k_marker + "\nx: 1\n"}),
         {"automation-content apps/a.yaml:2"}},
        {"a marker",
         with(base, "apps/a.yaml", {"image: app:2\n"}),
         {"automation-content apps/a.yaml:1", "marker-removed apps/a.yaml:1"}},
        {"a new file", with(base, "apps/n.yaml", {"a: b\n"}), {"automation-content apps/n.yaml"}},
        {"a file less", removed, {"automation-content notes.txt"}},
        {"a mode",
         with(base, "apps/a.yaml", {base.at("apps/a.yaml").bytes, 0100755}),
         {"automation-content apps/a.yaml"}},
        {"a link", with(base, "apps/a.yaml", {"b", 0120000}), {"automation-content apps/a.yaml"}},
        {"a submodule", with(base, "sub", {"", 0160000}), {"automation-content sub"}},
        {"no manifest", with(base, "notes.txt", {"mine\n"}), {"automation-content notes.txt"}},
        {"a name that is no UTF-8", with(base, "\xff", {"mine\n"}), {"automation-content \xff"}},
        {"squashed main", tree(3, "app:2"), {"automation-content notes.txt"}},
    };
    for (const Row& row : rows) {
        BOOST_TEST(found(a1, git.commit({a1}, row.files)) == row.told, row.what);
        BOOST_TEST(found(a1, git.commit({m1}, row.files)) == row.told, row.what << ", forced");
    }
    rules.branches[1].paths.clear();
    BOOST_TEST(found(a1, git.commit({a1}, rows[1].files)) == k_none, "no paths: the whole tree");
}

BOOST_AUTO_TEST_CASE(links_below_the_paths_lead_the_automation_further) {
    const Files outside = with(tree(1), "infra/b.yaml", {"image: x:9" + k_marker + "\n"});
    const auto told_with = [&](const std::string& path, const std::string& target, const std::string& scope) {
        rules.branches[1].paths = {scope};
        const TextFile link{target, 0120000};
        const std::string main = git.commit({m3}, with(tree(1), path, link));
        git.set_branch("main", main);
        return found(a1, git.commit({main}, with(outside, path, link)));
    };
    BOOST_TEST(told_with("apps/link", "../infra", "apps") == k_none, "a folder");
    BOOST_TEST(told_with("apps/link.yaml", "../infra/b.yaml", "./apps/") == k_none, "a file");
    BOOST_TEST(told_with("alias", "infra", "alias") == k_none, "the path itself");
    BOOST_TEST(told_with("alias", "infra", "alias/b.yaml") == k_none, "within the path");
    for (const std::string target : {"../other", "/infra", "../../infra", "", "link"})
        BOOST_TEST(told_with("apps/link", target, "apps").size() == 2, target);
    BOOST_TEST(told_with("other/link", "../infra", "apps").size() == 2, "a link elsewhere");
}

BOOST_AUTO_TEST_CASE(a_tree_too_large_to_look_for_links_has_none) {
    struct LargeRepository : TextRepository {
        std::vector<FileChange> compare_trees(const std::string& old_tree, const std::string& new_tree) override {
            if (old_tree.empty()) throw LimitReached("too many files");
            return TextRepository::compare_trees(old_tree, new_tree);
        }
    } large;
    const std::string main = large.commit({}, tree(1));
    large.set_branch("main", main);
    const std::string tip = large.commit({main}, with(tree(1), "infra/b.yaml", {"image: x:9" + k_marker + "\n"}));
    BOOST_TEST(
        briefly(judge_with(push_of("auto", k_no_id, tip), rules, large)) == (Lines{"automation-content infra/b.yaml"}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_longer_branch_answers_for_its_push_only) {
    const std::string dirty = git.commit({a1}, with(tree(1, "app:2"), "notes.txt", {"mine\n"}));
    BOOST_TEST(found(dirty, git.commit({dirty}, with(tree(1, "app:3"), "notes.txt", {"mine\n"}))) == k_none,
               "left as it was");
    BOOST_TEST(found(dirty, git.commit({dirty}, tree(1, "app:3"))) == k_none, "taken back");
    BOOST_TEST(found(dirty, git.commit({dirty}, with(tree(1), "notes.txt", {"more\n"}))) ==
                   (Lines{"automation-content notes.txt"}),
               "changed again");
}

BOOST_AUTO_TEST_CASE(a_rebuild_does_not_answer_for_markers_that_main_took) {
    const std::string m4 = git.commit({m3}, with(tree(4), "infra/b.yaml", {"image: app:0\n"}));
    git.set_branch("main", m4);
    const std::string rebuilt = git.commit({m4}, with(tree(4, "app:2"), "infra/b.yaml", {"image: app:0\n"}));
    BOOST_TEST(found(a1, rebuilt) == k_none, boost::test_tools::per_element());
    const std::string stripped = git.commit({m4}, {{"apps/a.yaml", {"image: app:2\n"}}});
    const Lines lines = found(a1, stripped);
    BOOST_TEST((std::find(lines.begin(), lines.end(), "marker-removed apps/a.yaml:1") != lines.end()));
}

BOOST_AUTO_TEST_CASE(a_rebuild_after_main_was_set_back_passes) {
    const std::string m4 = git.commit({m3}, with(tree(4), "apps/new.yaml", {"image: app:1" + k_marker + "\n"}));
    const std::string a4 = git.commit({m4}, with(tree(4), "apps/new.yaml", {"image: app:2" + k_marker + "\n"}));
    const std::string m5 = git.commit({m4}, with(tree(5), "apps/new.yaml", {"image: app:1\n"}));
    const std::string a5 = git.commit({m5}, with(tree(5, "app:2"), "apps/new.yaml", {"image: app:1\n"}));
    git.set_branch("main", m5);
    BOOST_TEST(found(a4, a5) == k_none, boost::test_tools::per_element());
    git.set_branch("main", m4);
    BOOST_TEST(found(a5, a4) == k_none, boost::test_tools::per_element());
    const std::string m2_stripped = git.commit({m2}, with(tree(2), "apps/new.yaml", {"image: app:1\n"}));
    const std::string m6 =
        git.commit({m2_stripped}, with(tree(6), "apps/new.yaml", {"image: app:1" + k_marker + "\n"}));
    const std::string a6 = git.commit({m6}, git.files_of(m6));
    git.set_branch("main", m2_stripped);
    BOOST_TEST(
        found(a6, git.commit({m2_stripped}, with(tree(2, "app:2"), "apps/new.yaml", {"image: app:1\n"}))) == k_none,
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(main_is_never_its_own_automation_branch) {
    rules.branches.erase(rules.branches.begin());
    rules.branches[0].pattern = "**";
    const std::string m4 = git.commit({m3}, with(tree(4), "apps/a.yaml", {"image: app:1\n"}));
    BOOST_TEST(briefly(judge_with(push_of("main", m3, git.commit({m3}, tree(5))), rules, git)) == k_none,
               boost::test_tools::per_element());
    BOOST_TEST(briefly(judge_with(push_of("main", m3, m4), rules, git)) == (Lines{"marker-removed apps/a.yaml:1"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(only_the_named_may_write_it) {
    BranchRules& branch = rules.branches[1];
    branch.modes[RuleId::automation_pusher] = RuleMode::enforce;
    branch.pushers = {"tidemark", "deploy-key:4"};
    const std::string a2 = git.commit({a1}, tree(1, "app:3"));
    const auto pushed_by = [&](const Pusher& pusher, const std::string& old_id, const std::string& new_id) {
        Push push = push_of("auto", old_id, new_id);
        push.pusher = pusher;
        return told(judge_with(push, rules, git));
    };
    BOOST_TEST(pushed_by({"", {"user-3", "deploy-key:4"}}, a1, a2).empty());
    BOOST_TEST(pushed_by({"Alice", {"alice"}}, a1, a2) == (Lines{"refused automation-pusher Alice is not among those "
                                                                 "who may write this branch (tidemark, deploy-key:4)"}),
               boost::test_tools::per_element());
    BOOST_TEST(pushed_by({}, a1, a2).size() == 1);
    BOOST_TEST(pushed_by({"Alice", {"alice"}}, a1, m1).size() == 1);   // a rewind is a write
    BOOST_TEST(pushed_by({"Alice", {"alice"}}, a1, k_no_id).empty());  // deletion repairs
    branch.modes[RuleId::automation_pusher] = RuleMode::off;
    BOOST_TEST(pushed_by({"Alice", {"alice"}}, a1, a2).empty());
}

BOOST_AUTO_TEST_CASE(each_rule_can_be_off_on_its_own) {
    BranchRules& branch = rules.branches[1];
    const std::string dirty = git.commit({a1, m3}, with(tree(3, "app:2"), "notes.txt", {"mine\n"}));
    BOOST_TEST(found(a1, dirty).size() == 2);
    branch.modes[RuleId::main_into_automation] = RuleMode::off;
    BOOST_TEST(found(a1, dirty) == (Lines{"automation-content notes.txt"}), boost::test_tools::per_element());
    branch.modes[RuleId::automation_content] = RuleMode::off;
    BOOST_TEST(found(a1, dirty) == k_none, boost::test_tools::per_element());
    branch.modes[RuleId::main_into_automation] = RuleMode::warn;
    BOOST_TEST(found(a1, dirty) == k_main, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::policy::guard
