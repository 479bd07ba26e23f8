// A policy's first choice, made while no earlier one is known: the state is new, or it was lost. What Git has is then
// the only memory of what was chosen before, and a registry that lists less than it did must not lower it.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/git/marker_index.h"
#include "mirror/service/reverts.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror::service {

using UnprovenPolicies = std::vector<const policy::ImagePolicy*>;

/// Policies whose first choice is not proven, and candidates, are given in order of the policies' keys.

/// What a first choice must not lower: sentences for people, and the policies they are about.
struct Kept {
    std::vector<std::string> sentences;
    std::set<policy::ObjectKey> policies;
};

/// Raises the candidate of an unproven policy to the highest tag that the automation's own branch proposes, so that
/// the proposal stands. Only tags that the policy itself ranks above the candidate count.
Kept keep_proposals(const git::MarkerIndex& proposed, std::string_view branch, const UnprovenPolicies& unproven,
                    std::vector<policy::PolicyReference>& candidates);

/// Holds the policy's setters in each file that has a tag which the policy ranks above its candidate.
Kept hold_higher(const git::MarkerIndex& index, const UnprovenPolicies& unproven,
                 const std::vector<policy::PolicyReference>& candidates, git::HeldSetters& held);

}  // namespace tidemark::mirror::service
