// The decision on the push branch, from real histories: each way that branches get merged, rewound or written to.
#include <boost/test/unit_test.hpp>

#include "mirror/git/branch_facts.h"
#include "tests/mirror/git/objects_support.h"

using namespace tidemark;
using namespace tidemark::mirror::git;
using namespace tidemark::mirror::git::testing;
using policy::BranchAction;

namespace {

/// main at one commit, and the automation's commit on it.
struct Fixture {
    TestRepository repository;
    ObjectId main_tree = repository.tree({{"web.yaml", {marked_manifest("nginx:1.0")}}, {"readme", {"hello"}}});
    ObjectId bumped_tree = repository.tree({{"web.yaml", {marked_manifest("nginx:2.0")}}, {"readme", {"hello"}}});
    ObjectId root = repository.commit(main_tree, {}, "Ann", "root");
    ObjectId bump = repository.commit(bumped_tree, {root});
    std::string recorded;

    policy::BranchDecision decide(const ObjectId& main, const std::optional<ObjectId>& branch, const ObjectId& proposed,
                                  std::size_t max_commits = 100) {
        BranchQuery query;
        query.checkout_branch = "main";
        query.push_branch = "flux-imageupdates";
        query.checkout_tip = main;
        query.push_tip = branch;
        query.author_name = "Bot";
        query.author_email = "bot@example.com";
        query.max_commits = max_commits;
        query.pushed_by_us = [this](const std::string& id) { return id == recorded; };
        return policy::decide_branch(gather_branch_facts(repository.objects(), query),
                                     {to_string(proposed), "Update\n", "Bot", "bot@example.com"});
    }
    BranchAction action(const ObjectId& main, const std::optional<ObjectId>& branch, const ObjectId& proposed) {
        return decide(main, branch, proposed).action;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mirror_git_branch_facts, Fixture)

BOOST_AUTO_TEST_CASE(the_same_input_makes_no_second_commit) {
    BOOST_TEST((action(root, bump, bumped_tree) == BranchAction::nothing));
    BOOST_TEST((action(root, std::nullopt, bumped_tree) == BranchAction::create));
    BOOST_TEST((action(root, std::nullopt, main_tree) == BranchAction::nothing));
}

BOOST_AUTO_TEST_CASE(main_moved_and_the_branch_is_rebuilt) {
    const ObjectId moved = repository.commit(main_tree, {root}, "Ann", "other work");
    BOOST_TEST((action(moved, bump, bumped_tree) == BranchAction::rebuild));
    BOOST_TEST((decide(moved, bump, bumped_tree).lease == to_string(bump)));
}

BOOST_AUTO_TEST_CASE(a_merged_branch_goes_however_it_was_merged) {
    const ObjectId merged = repository.commit(bumped_tree, {root, bump}, "Ann", "Merge");
    const ObjectId squashed = repository.commit(bumped_tree, {root}, "Ann", "Squash");
    for (const ObjectId& main : {bump, merged, squashed}) {
        BOOST_TEST((action(main, bump, bumped_tree) == BranchAction::remove));
        const ObjectId next = repository.tree({{"web.yaml", {marked_manifest("nginx:3.0")}}, {"readme", {"hello"}}});
        BOOST_TEST((action(main, bump, next) == BranchAction::rebuild));
    }
}

BOOST_AUTO_TEST_CASE(the_branch_reset_to_main_holds_nothing_of_others) {
    BOOST_TEST((action(root, root, bumped_tree) == BranchAction::rebuild));
    BOOST_TEST((action(root, root, main_tree) == BranchAction::nothing));
}

BOOST_AUTO_TEST_CASE(a_persons_commit_is_never_overwritten) {
    const ObjectId tree = repository.tree({{"web.yaml", {marked_manifest("nginx:2.0")}}, {"readme", {"mine"}}});
    const ObjectId theirs = repository.commit(tree, {bump}, "Ann", "Fix\n\nmore");
    const ObjectId moved = repository.commit(main_tree, {root}, "Ann", "other work");
    const auto decision = decide(moved, theirs, bumped_tree);
    BOOST_TEST((decision.action == BranchAction::refuse));
    BOOST_REQUIRE_EQUAL(decision.foreign.size(), 1u);
    BOOST_TEST(decision.foreign[0].id == to_string(theirs));
    BOOST_TEST(decision.foreign[0].summary == "Fix");
}

BOOST_AUTO_TEST_CASE(our_name_on_more_than_marked_values_is_not_ours) {
    struct Row {
        const char* name;
        TestFiles files;
    };
    const std::string bumped = marked_manifest("nginx:2.0");
    const std::vector<Row> table = {
        {"another file", {{"web.yaml", {bumped}}, {"readme", {"mine"}}}},
        {"a new file", {{"web.yaml", {bumped}}, {"readme", {"hello"}}, {"new.yaml", {"a: 1\n"}}}},
        {"a file gone", {{"web.yaml", {bumped}}}},
        {"a mode", {{"web.yaml", {bumped, k_mode_executable}}, {"readme", {"hello"}}}},
        {"a file that became a link", {{"web.yaml", {bumped}}, {"readme", {"web.yaml", k_mode_link}}}},
        {"another line of the file", {{"web.yaml", {bumped + "more: 1\n"}}, {"readme", {"hello"}}}},
        {"the marker", {{"web.yaml", {marked_manifest("nginx:2.0", "flux-system:db")}}, {"readme", {"hello"}}}},
    };
    const ObjectId next = repository.tree({{"web.yaml", {marked_manifest("nginx:3.0")}}, {"readme", {"hello"}}});
    for (const Row& row : table) {
        const ObjectId commit = repository.commit(repository.tree(row.files), {root});
        BOOST_TEST_CONTEXT(row.name) {
            BOOST_TEST((action(root, commit, next) == BranchAction::refuse));
            recorded = to_string(commit);
            BOOST_TEST((action(root, commit, next) == BranchAction::rebuild));
            recorded.clear();
        }
    }
}

BOOST_AUTO_TEST_CASE(a_branch_that_was_fed_commit_by_commit_is_taken_over) {
    const ObjectId tree = repository.tree({{"web.yaml", {marked_manifest("nginx:2.1")}}, {"readme", {"hello"}}});
    const ObjectId second = repository.commit(tree, {bump});
    BOOST_TEST((action(root, second, bumped_tree) == BranchAction::rebuild));
}

BOOST_AUTO_TEST_CASE(main_merged_into_the_branch_is_refused) {
    const ObjectId moved = repository.commit(main_tree, {root}, "Ann", "other work");
    const ObjectId merge = repository.commit(bumped_tree, {bump, moved}, "Bot", "Merge main");
    const ObjectId again = repository.commit(main_tree, {moved}, "Ann", "and more");
    BOOST_TEST((action(again, merge, bumped_tree) == BranchAction::refuse));
}

BOOST_AUTO_TEST_CASE(unrelated_and_endless_histories_are_refused) {
    const ObjectId unrelated = repository.commit(bumped_tree, {}, "Ann", "elsewhere");
    BOOST_TEST((action(root, unrelated, bumped_tree) == BranchAction::refuse));
    ObjectId tip = bump;
    for (int i = 0; i < 5; ++i)
        tip = repository.commit(bumped_tree, {tip}, "Bot", std::to_string(i));
    BOOST_TEST((decide(root, tip, main_tree, 3).action == BranchAction::nothing));
    BOOST_TEST((decide(root, tip, bumped_tree, 3).action == BranchAction::refuse));
}

BOOST_AUTO_TEST_SUITE_END()
