// Looks for mistakes before they matter: objects, Secrets, remotes, forges, markers. Registries are not asked.
#pragma once

#include "mirror/base/configuration.h"
#include "mirror/service/session.h"
#include "policy/base/finding.h"

namespace tidemark::mirror::service {

struct CheckResult {
    policy::Findings findings;
    std::size_t files = 0;    // marked files that were looked at
    std::size_t markers = 0;  // of them, markers that a policy of theirs serves
};

/// Throws Error only where nothing can be checked at all.
CheckResult check_workspace(const Configuration& configuration, const Session& session);

}  // namespace tidemark::mirror::service
