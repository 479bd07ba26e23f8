// The decision on the automation branch: every shape that branches get into (merged by each of the hosts'
// buttons, deleted, rewound, written to by people), as a table.
#include <functional>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "policy/branch/branch.h"

namespace {

using namespace tidemark::policy;

const std::string k_main = "1111111111111111111111111111111111111111";
const std::string k_older_main = "0000000000000000000000000000000000000001";
const std::string k_main_tree = "2222222222222222222222222222222222222222";
const std::string k_tip = "3333333333333333333333333333333333333333";
const std::string k_new_tree = "4444444444444444444444444444444444444444";

ProposedCommit proposal() {
    return {k_new_tree, "Update\n", "Bot", "bot@example.com"};
}
ProposedCommit empty_proposal() {
    return {k_main_tree, "Update\n", "Bot", "bot@example.com"};
}

ExtraCommit our_commit() {
    return {k_tip, "Update", "Bot <bot@example.com>", true, true, true, false};
}

/// Found by its author and content alone: the state was lost, or Flux wrote it.
ExtraCommit recognised_commit() {
    return {k_tip, "Update", "Bot <bot@example.com>", true, false, true, true};
}

ExtraCommit foreign_commit() {
    return {"5555555555", "Fix it", "Ann <ann@example.com>", true, false, false, false};
}

ExtraCommit merge_commit() {
    return {"6666666666", "Merge branch 'main'", "Ann <ann@example.com>", false, false, false, false};
}

/// The branch as we left it: one commit on main's tip.
PushBranch our_branch() {
    PushBranch push;
    push.tip = k_tip;
    push.tree = k_new_tree;
    push.parents = {k_main};
    push.message = "Update\n";
    push.author_name = "Bot";
    push.author_email = "bot@example.com";
    push.tip_is_ours = true;
    push.extra = {our_commit()};
    return push;
}

BranchFacts facts_with(std::optional<PushBranch> push) {
    BranchFacts facts;
    facts.checkout_branch = "main";
    facts.push_branch = "flux-imageupdates";
    facts.checkout_tip = k_main;
    facts.checkout_tree = k_main_tree;
    facts.push = std::move(push);
    return facts;
}

struct Shape {
    const char* name;
    std::function<void(PushBranch&)> change;  // from our_branch()
    BranchAction with_proposal;
    BranchAction without_proposal;
};

const std::vector<Shape>& shapes() {
    using enum BranchAction;
    static const std::vector<Shape> table = {
        {"as we left it", [](PushBranch&) {}, nothing, remove},
        {"other values are wanted now", [](PushBranch& b) { b.tree = k_older_main; }, rebuild, remove},
        {"another message", [](PushBranch& b) { b.message = "Old\n"; }, rebuild, remove},
        {"another author was configured",
         [](PushBranch& b) {
             b.author_name = "Flux";
             b.extra[0].has_our_author = false;
         },
         rebuild, remove},
        {"main moved", [](PushBranch& b) { b.parents = {k_older_main}; }, rebuild, remove},
        {"state lost, ours by author and content",
         [](PushBranch& b) {
             b.parents = {k_older_main};
             b.extra = {recognised_commit()};
         },
         rebuild, remove},
        {"fed by Flux, several commits",
         [](PushBranch& b) {
             b.parents = {k_older_main};
             b.extra = {recognised_commit(), recognised_commit(), recognised_commit()};
         },
         rebuild, remove},
        {"merged by a merge commit or a fast-forward: the tip is in main",
         [](PushBranch& b) {
             b.extra.clear();
             b.parents = {k_older_main};
         },
         rebuild, remove},
        {"squash-merged: main has the change, the branch still its commit",
         [](PushBranch& b) { b.parents = {k_older_main}; }, rebuild, remove},
        {"rebase-merged: main has a copy of the commit",
         [](PushBranch& b) {
             b.parents = {k_older_main};
             b.extra = {recognised_commit()};
         },
         rebuild, remove},
        {"rebased on main by the host's button: our author, another committer, not recorded",
         [](PushBranch& b) {
             b.extra = {recognised_commit()};
             b.tree = k_older_main;
         },
         rebuild, remove},
        {"reset to main's tip by a person",
         [](PushBranch& b) {
             b.extra.clear();
             b.parents = {k_older_main};
             b.tip = k_main;
             b.tip_is_ours = false;
         },
         rebuild, nothing},
        {"rewound to an older commit of main",
         [](PushBranch& b) {
             b.extra.clear();
             b.parents = {k_older_main};
             b.tip = k_older_main;
             b.tip_is_ours = false;
         },
         rebuild, nothing},
        {"a person's commit on top",
         [](PushBranch& b) {
             b.extra = {foreign_commit(), our_commit()};
             b.tip_is_ours = false;
             b.parents = {k_tip};
         },
         refuse, nothing},
        {"a person's commit below ours",
         [](PushBranch& b) {
             b.extra = {our_commit(), foreign_commit()};
             b.parents = {"5555555555"};
         },
         refuse, nothing},
        {"main merged into it (update branch by merge)",
         [](PushBranch& b) {
             b.extra = {merge_commit(), our_commit()};
             b.parents = {k_tip, k_main};
             b.tip_is_ours = false;
         },
         refuse, nothing},
        {"our commit amended by a person to change more",
         [](PushBranch& b) {
             b.extra = {recognised_commit()};
             b.extra[0].only_marked_scalars = false;
             b.tree = k_older_main;
         },
         refuse, nothing},
        {"our author on a merge commit",
         [](PushBranch& b) {
             b.extra = {recognised_commit()};
             b.extra[0].single_parent = false;
             b.parents = {k_main, k_older_main};
         },
         refuse, nothing},
        {"unrelated history, or more commits than are looked at",
         [](PushBranch& b) {
             b.extra_cut = true;
             b.parents = {k_older_main};
         },
         refuse, nothing},
    };
    return table;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_branch)

BOOST_AUTO_TEST_CASE(every_shape_of_the_branch_has_its_answer) {
    for (const Shape& shape : shapes()) {
        PushBranch push = our_branch();
        shape.change(push);
        const auto with = decide_branch(facts_with(push), proposal());
        const auto without = decide_branch(facts_with(push), empty_proposal());
        BOOST_TEST_CONTEXT(shape.name) {
            BOOST_TEST(to_string(with.action) == to_string(shape.with_proposal));
            BOOST_TEST(to_string(without.action) == to_string(shape.without_proposal));
            BOOST_TEST(!with.reason.empty());
            BOOST_TEST(!without.reason.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(pushes_over_a_branch_only_with_its_tip_as_lease) {
    for (const Shape& shape : shapes()) {
        PushBranch push = our_branch();
        shape.change(push);
        for (const auto& proposed : {proposal(), empty_proposal()}) {
            const auto decision = decide_branch(facts_with(push), proposed);
            const bool writes = decision.action == BranchAction::rebuild || decision.action == BranchAction::remove;
            BOOST_TEST_CONTEXT(shape.name) {
                BOOST_TEST((!writes || decision.lease == push.tip));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(creates_a_branch_that_is_not_there) {
    const auto decision = decide_branch(facts_with(std::nullopt), proposal());
    BOOST_TEST((decision.action == BranchAction::create));
    BOOST_TEST(decision.lease.empty());
}

BOOST_AUTO_TEST_CASE(leaves_a_missing_branch_missing_when_nothing_is_to_propose) {
    BOOST_TEST((decide_branch(facts_with(std::nullopt), empty_proposal()).action == BranchAction::nothing));
}

BOOST_AUTO_TEST_CASE(pushes_to_the_checkout_branch_itself_by_fast_forward) {
    BranchFacts facts = facts_with(std::nullopt);
    facts.push_branch = "main";
    const auto decision = decide_branch(facts, proposal());
    BOOST_TEST((decision.action == BranchAction::fast_forward));
    BOOST_TEST(decision.lease == k_main);
    BOOST_TEST((decide_branch(facts, empty_proposal()).action == BranchAction::nothing));
}

BOOST_AUTO_TEST_CASE(keeps_the_very_commit_even_when_the_state_knows_nothing_of_it) {
    PushBranch push = our_branch();
    push.tip_is_ours = false;
    push.extra = {recognised_commit()};
    push.extra[0].only_marked_scalars = false;
    BOOST_TEST((decide_branch(facts_with(push), proposal()).action == BranchAction::nothing));
}

BOOST_AUTO_TEST_CASE(a_refusal_names_the_commit_its_author_and_the_way_out) {
    PushBranch push = our_branch();
    push.extra = {foreign_commit(), our_commit()};
    push.parents = {k_tip};
    const auto decision = decide_branch(facts_with(push), proposal());
    BOOST_TEST(
        decision.reason ==
        "flux-imageupdates holds a commit of others: 5555555 \"Fix it\" by Ann <ann@example.com> (another author)");
    BOOST_TEST(decision.remedy.find("git push origin :flux-imageupdates") != std::string::npos);
    BOOST_REQUIRE_EQUAL(decision.foreign.size(), 1u);
    BOOST_TEST(decision.foreign[0].id == "5555555555");
}

BOOST_AUTO_TEST_CASE(a_branch_with_commits_of_others_is_never_deleted) {
    PushBranch push = our_branch();
    push.extra = {foreign_commit(), our_commit()};
    const auto decision = decide_branch(facts_with(push), empty_proposal());
    BOOST_TEST((decision.action == BranchAction::nothing));
    BOOST_TEST(decision.foreign.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_a_person_gave_up_is_built_over_with_the_tip_as_lease) {
    PushBranch push = our_branch();
    push.extra = {foreign_commit(), our_commit()};
    push.extra_cut = true;
    push.parents = {k_tip};
    push.given_up = true;
    const auto decision = decide_branch(facts_with(push), proposal());
    BOOST_TEST((decision.action == BranchAction::rebuild));
    BOOST_TEST(decision.lease == push.tip);
    BOOST_TEST(decision.reason == "the commits on flux-imageupdates were given up");
    const auto without = decide_branch(facts_with(push), empty_proposal());
    BOOST_TEST((without.action == BranchAction::remove));
    BOOST_TEST(without.lease == push.tip);
}

BOOST_AUTO_TEST_SUITE_END()
