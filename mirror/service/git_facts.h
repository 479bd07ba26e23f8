// What an automation's look at Git is remembered by: which values stand there, how its branches stand to each other,
// how large the mirror is. Nothing here asks a remote.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "mirror/git/marker_index.h"
#include "mirror/git/repository.h"
#include "mirror/service/automation_plan.h"
#include "mirror/store/records.h"
#include "policy/branch/branch.h"
#include "policy/setters/setters.h"

namespace tidemark::mirror::service {

/// The policy of a setter: "flux-system:web" and "flux-system:web:tag" are of flux-system/web. nullopt: of none.
std::optional<ObjectKey> policy_of_setter(std::string_view setter);

/// All marked values that name a policy, as the index has them, with `changes` (whose files are relative to the update
/// path) on top.
std::vector<store::ValueInGit> values_in_git(const git::MarkerIndex& index, const std::vector<policy::Change>& changes);

/// How far the push branch is from the checkout branch; commits are counted up to k_commits_counted.
store::BranchFacts branch_facts(const AutomationPlan& plan, const git::Repository& repository,
                                const policy::BranchFacts& facts, const policy::BranchDecision& decision,
                                std::chrono::sys_seconds now);

inline constexpr std::size_t k_commits_counted = 100;

/// Bytes of all files below a folder; what cannot be read counts nothing.
std::uint64_t size_on_disk(const std::filesystem::path& folder);

/// One policy's part in a push.
struct WrittenChoice {
    ObjectKey policy;
    policy::LatestReference latest;
    std::string old_value;  // of its first value that changed
    std::string new_value;
    std::size_t values = 0;
};

/// By policy, of those among `candidates`.
std::vector<WrittenChoice> written_choices(const std::vector<policy::Change>& changes,
                                           const std::vector<policy::PolicyReference>& candidates);

/// What was pushed, for the event log: image, old and new tag where one policy moved, else all of them in one line.
store::Event push_event(const AutomationPlan& plan, const std::vector<WrittenChoice>& choices, const std::string& text,
                        const std::string& commit, std::chrono::sys_seconds now);

}  // namespace tidemark::mirror::service
