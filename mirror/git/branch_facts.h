// Reads from the mirror what policy/branch decides on.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "mirror/git/repository.h"
#include "policy/branch/branch.h"

namespace tidemark::mirror::git {

struct BranchQuery {
    std::string checkout_branch;  // short names, for messages
    std::string push_branch;
    ObjectId checkout_tip;
    std::optional<ObjectId> push_tip;  // absent: there is no such branch on the remote
    std::string author_name;           // the automation's
    std::string author_email;
    /// Whether the store knows a commit as pushed by us to this branch; may be empty.
    std::function<bool(const std::string& commit)> pushed_by_us;
    std::size_t max_commits = 100;   // more are not looked at, and count as somebody else's
    std::size_t max_files = 20'000;  // changed files that are compared, over all commits
};

/// Costs nothing to speak of where the push branch is in the checkout branch, or its commits are recorded.
policy::BranchFacts gather_branch_facts(const Repository& repository, const BranchQuery& query);

/// Whether a single-parent commit changes nothing but the text of marked scalars in files that stay where they are.
bool changes_only_marked_scalars(const Repository& repository, const CommitInfo& commit, std::size_t max_files);

}  // namespace tidemark::mirror::git
