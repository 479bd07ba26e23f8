#include "policy/branch/branch.h"

#include <utility>

#include <fmt/format.h>

namespace tidemark::policy {
namespace {

std::string_view short_id(std::string_view id) {
    return id.substr(0, 7);
}

/// Whether the branch is already what we would push: the same commit but for its times.
bool is_proposed(const PushBranch& push, const BranchFacts& facts, const ProposedCommit& proposed) {
    return push.parents.size() == 1 && push.parents.front() == facts.checkout_tip && push.tree == proposed.tree &&
           push.message == proposed.message && push.author_name == proposed.author_name &&
           push.author_email == proposed.author_email;
}

std::vector<ExtraCommit> foreign_commits(const PushBranch& push) {
    std::vector<ExtraCommit> foreign;
    if (push.given_up) return foreign;
    for (const ExtraCommit& commit : push.extra)
        if (!is_ours(commit)) foreign.push_back(commit);
    return foreign;
}

/// Whether nobody knows what would be lost with it.
bool is_unseen(const PushBranch& push) noexcept {
    return push.extra_cut && !push.given_up;
}

/// What a person reads about one foreign commit: which, whose, and which rule it breaks.
std::string describe(const ExtraCommit& commit) {
    const std::string_view why = !commit.single_parent         ? "a merge, or a root"
                                 : !commit.has_our_author      ? "another author"
                                 : !commit.only_marked_scalars ? "changes more than marked values"
                                                               : "not ours";
    return fmt::format("{} \"{}\" by {} ({})", short_id(commit.id), commit.summary, commit.author, why);
}

BranchDecision decide_same_branch(const BranchFacts& facts, const ProposedCommit& proposed) {
    BranchDecision decision;
    if (proposed.tree == facts.checkout_tree) {
        decision.reason = fmt::format("{} holds every value already", facts.checkout_branch);
        return decision;
    }
    decision.action = BranchAction::fast_forward;
    decision.lease = facts.checkout_tip;
    decision.reason = fmt::format("one commit on top of {} {}", facts.checkout_branch, short_id(facts.checkout_tip));
    return decision;
}

BranchDecision decide_nothing_to_propose(const BranchFacts& facts, std::vector<ExtraCommit> foreign) {
    BranchDecision decision;
    if (!facts.push) {
        decision.reason = fmt::format("{} holds every value already", facts.checkout_branch);
        return decision;
    }
    const PushBranch& push = *facts.push;
    if (!foreign.empty() || is_unseen(push)) {
        decision.reason =
            fmt::format("nothing is left to propose; {} stays, it holds commits of others", facts.push_branch);
        decision.foreign = std::move(foreign);
        return decision;
    }
    // A branch that never carried a proposal of ours is somebody's: empty, but not ours to delete.
    if (!push.tip_is_ours && push.extra.empty()) {
        decision.reason = fmt::format("nothing to propose; {} stays, it holds nothing of ours", facts.push_branch);
        return decision;
    }
    decision.action = BranchAction::remove;
    decision.lease = push.tip;
    decision.reason =
        push.extra.empty()
            ? fmt::format("{} is part of {}, nothing is left to propose", facts.push_branch, facts.checkout_branch)
            : fmt::format("{} holds every value already, nothing is left to propose", facts.checkout_branch);
    return decision;
}

BranchDecision refuse(const BranchFacts& facts, std::vector<ExtraCommit> foreign) {
    BranchDecision decision;
    decision.action = BranchAction::refuse;
    decision.lease = facts.push->tip;
    if (foreign.empty()) {
        decision.reason = fmt::format(
            "{} holds more than {} commits that {} lacks; they are not looked through, so they count as somebody "
            "else's",
            facts.push_branch, facts.push->extra.size(), facts.checkout_branch);
    } else {
        decision.reason = fmt::format("{} holds {} of others: {}{}", facts.push_branch,
                                      foreign.size() == 1 ? "a commit" : fmt::format("{} commits", foreign.size()),
                                      describe(foreign.front()), foreign.size() > 1 ? ", ..." : "");
    }
    decision.remedy = fmt::format("merge or move them, or give them up: git push origin :{}", facts.push_branch);
    decision.foreign = std::move(foreign);
    return decision;
}

std::string rebuild_reason(const BranchFacts& facts, const ProposedCommit& proposed) {
    const PushBranch& push = *facts.push;
    if (push.given_up) return fmt::format("the commits on {} were given up", facts.push_branch);
    if (push.extra.empty())
        return fmt::format("{} was merged into {}, or never left it; a new commit is proposed", facts.push_branch,
                           facts.checkout_branch);
    if (push.parents.size() != 1 || push.parents.front() != facts.checkout_tip)
        return fmt::format("{} does not stand on {} {}", facts.push_branch, facts.checkout_branch,
                           short_id(facts.checkout_tip));
    if (push.tree != proposed.tree) return "the values to propose changed";
    if (push.message != proposed.message) return "the commit message changed";
    return "the author changed";
}

}  // namespace

bool is_ours(const ExtraCommit& commit) noexcept {
    return commit.pushed_by_us || (commit.single_parent && commit.has_our_author && commit.only_marked_scalars);
}

std::string_view to_string(BranchAction action) noexcept {
    switch (action) {
        case BranchAction::nothing:
            return "nothing";
        case BranchAction::create:
            return "create";
        case BranchAction::rebuild:
            return "rebuild";
        case BranchAction::fast_forward:
            return "fast-forward";
        case BranchAction::remove:
            return "remove";
        case BranchAction::refuse:
            return "refuse";
    }
    return "unknown";
}

BranchDecision decide_branch(const BranchFacts& facts, const ProposedCommit& proposed) {
    if (facts.same_branch()) return decide_same_branch(facts, proposed);

    std::vector<ExtraCommit> foreign;
    if (facts.push) foreign = foreign_commits(*facts.push);
    if (proposed.tree == facts.checkout_tree) return decide_nothing_to_propose(facts, std::move(foreign));

    BranchDecision decision;
    if (!facts.push) {
        decision.action = BranchAction::create;
        decision.reason = fmt::format("{} is not there yet", facts.push_branch);
        return decision;
    }
    if (is_proposed(*facts.push, facts, proposed)) {
        decision.reason = fmt::format("{} holds this very commit", facts.push_branch);
        return decision;
    }
    if (!foreign.empty() || is_unseen(*facts.push)) return refuse(facts, std::move(foreign));
    decision.action = BranchAction::rebuild;
    decision.lease = facts.push->tip;
    decision.reason = rebuild_reason(facts, proposed);
    return decision;
}

}  // namespace tidemark::policy
