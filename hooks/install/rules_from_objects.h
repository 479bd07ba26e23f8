// The guard's rules that ImageUpdateAutomations imply: where they check out is main, where they push is the automation
// branch, their update path is its scope. Values in, values out; one thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "policy/base/finding.h"
#include "policy/guard/rules.h"
#include "policy/objects/objects.h"

namespace tidemark::hooks {

struct DerivedRules {
    std::vector<policy::guard::RepositoryRules> repositories;
    policy::Findings findings;  // automations that guard nothing here, and why
};

/// `repositories` are those that hooks can go to: a GitRepository is the one whose last folders its address names, and
/// rules get both its names. Without any, repositories are named as their addresses do ("group/fleet"), as on GitLab,
/// where paths tell nothing.
DerivedRules rules_from_objects(const policy::ObjectSet& objects,
                                const std::vector<policy::guard::RepositoryNames>& repositories,
                                std::optional<std::chrono::sys_seconds> warn_until);

/// "acme/fleet" of https://git.example/acme/fleet.git, ssh://git@git.example:2222/acme/fleet, git@git.example:acme/fleet
/// and file:///acme/fleet.git.
std::string repository_of_url(const std::string& url);

}  // namespace tidemark::hooks
