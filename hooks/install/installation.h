// What `tidemark hooks install` was asked for, and the steps that make it so. The same value is kept in the record
// beside the rules, for verify, list and remove. One thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hooks/install/hook_scripts.h"
#include "hooks/install/repositories.h"
#include "hooks/install/sites.h"
#include "hooks/install/step.h"

namespace tidemark::hooks {

struct Installation {
    HostWish wish;
    HookProgram program;
    bool notify = false;  // post-receive too
    bool operator==(const Installation&) const = default;
};

/// What is missing for the hooks of `sites` to run; empty: nothing to do. Each file once.
Steps steps_to_install(const Installation& installation, const std::vector<Site>& sites);
/// What makes these sites as they were before.
Steps steps_to_remove(const std::vector<Site>& sites);

}  // namespace tidemark::hooks
