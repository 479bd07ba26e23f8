// The proof that a hook runs: a real push of a throw-away reference below refs/tidemark/probe/, made as the account that
// owns the repository, which the hook must answer and refuse. On GitLab, where no push reaches a repository but through
// Gitaly, the push goes to a throw-away repository that runs the same files in Gitaly's order with its environment.
#pragma once

#include <optional>
#include <string>

#include "hooks/install/sites.h"
#include "hooks/probe.h"

namespace tidemark::hooks {

struct ProbeResult {
    std::optional<ProbeAnswer> answer;
    bool let_through = false;  // the reference was there afterwards; it has been deleted again
    std::string output;        // what the push printed
};

/// Throws Error if the probe could not be made at all.
ProbeResult push_probe(const Site& site);

}  // namespace tidemark::hooks
