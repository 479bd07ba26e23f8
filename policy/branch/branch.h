// What to do with the branch that the automation pushes to, given what is there. Pure: ids are text.
// Rules: the automation branch is a function of (checkout tip, candidates), rebuilt from the checkout tip,
// one commit, no second commit for the same input, never over somebody else's commit.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::policy {

/// One commit that the push branch has and the checkout branch has not.
struct ExtraCommit {
    std::string id;
    std::string summary;
    std::string author;  // "Name <email>"
    bool single_parent = false;
    bool pushed_by_us = false;         // recorded in the store
    bool has_our_author = false;       // the author is the automation's
    bool only_marked_scalars = false;  // changes nothing but marked values; false if it was not looked at
};

/// A commit that nobody but the automation can miss: recorded as pushed by us, or an ordinary commit under its
/// author's name that changes nothing but marked values (so that losing the state, or taking over a branch that
/// Flux fed, is harmless).
bool is_ours(const ExtraCommit& commit) noexcept;

/// The push branch as it stands on the remote.
struct PushBranch {
    std::string tip;
    std::string tree;
    std::vector<std::string> parents;
    std::string message;
    std::string author_name;
    std::string author_email;
    /// The tip was recorded as pushed by us, or is under the automation's author.
    bool tip_is_ours = false;
    /// Newest first; empty if the tip is in the checkout branch.
    std::vector<ExtraCommit> extra;
    /// There are more than were looked at.
    bool extra_cut = false;
    /// A person gave up what others put on it, having seen this very tip.
    bool given_up = false;
};

struct BranchFacts {
    std::string checkout_branch;
    std::string push_branch;
    std::string checkout_tip;
    std::string checkout_tree;
    /// Absent if there is no such branch, or if it is the checkout branch.
    std::optional<PushBranch> push;

    bool same_branch() const noexcept { return checkout_branch == push_branch; }
};

/// The commit that would be made on the checkout tip. Its tree equals checkout_tree if nothing is to be written.
struct ProposedCommit {
    std::string tree;
    std::string message;
    std::string author_name;
    std::string author_email;
};

enum class BranchAction {
    nothing,       // what is there is right
    create,        // push the commit as a new branch
    rebuild,       // push it over the old tip, which must still be `lease`
    fast_forward,  // push it to the checkout branch, which must still be at `lease`
    remove,        // delete the branch: nothing is left to propose
    refuse,        // `foreign` commits would be lost
};
std::string_view to_string(BranchAction action) noexcept;

struct BranchDecision {
    BranchAction action = BranchAction::nothing;
    /// What the remote branch must still be; empty: it must not exist.
    std::string lease;
    /// One sentence without a final dot, for people.
    std::string reason;
    /// Commits of others on the push branch.
    std::vector<ExtraCommit> foreign;
    /// What to do about a refusal; else empty.
    std::string remedy;
};

BranchDecision decide_branch(const BranchFacts& facts, const ProposedCommit& proposed);

}  // namespace tidemark::policy
