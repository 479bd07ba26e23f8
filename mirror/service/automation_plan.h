// What an automation is to do, worked out before any Git work: whatever needs no remote is checked here.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "mirror/git/signer.h"
#include "mirror/service/candidates.h"
#include "mirror/service/refspec.h"
#include "mirror/service/update.h"
#include "policy/template/template.h"

namespace tidemark::mirror::service {

struct AutomationPlan {
    const policy::ImageUpdateAutomation* automation = nullptr;
    Source* source = nullptr;
    std::string checkout_branch;
    std::string push_branch;
    policy::MessageTemplate message;
    std::shared_ptr<const Candidates> candidates;
    std::optional<git::SigningKey> signing;
    std::optional<PushReference> also;  // where the commit is pushed beside the push branch
};

/// Where an automation's branches are and what they are called.
struct AutomationBranches {
    const policy::GitRepository* repository = nullptr;
    std::string checkout;
    std::string push;
};

/// Throws Error{invalid|not_found} if the GitRepository is not valid or not there.
AutomationBranches find_branches(const policy::ImageUpdateAutomation& automation, const policy::ObjectSet& objects);

/// The key that its commits are signed with. Precondition: it names one. Throws as SecretStore::get and
/// git::read_signing_key.
git::SigningKey find_signing_key(const policy::ImageUpdateAutomation& automation, const SecretStore& secrets);

/// Throws Error{invalid|not_found|authentication|...} for everything that makes the automation not ready before
/// any Git work: findings, a missing source, a broken template.
AutomationPlan plan_automation(const policy::ImageUpdateAutomation& automation, const UpdateStep& step,
                               CandidateLists& candidates);

}  // namespace tidemark::mirror::service
