// What the guard's rules on this machine say of a push that `plan` proposes: the hook's own decision, on the mirror's
// objects, with the commit that is not made yet laid over them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "mirror/service/update.h"
#include "policy/guard/rules.h"

namespace tidemark::mirror::cli {

struct GuardPreview {
    std::string verdict;             // "accepted", "warned" or "refused"
    std::vector<std::string> lines;  // one sentence each, for people; findings with file and line
};

/// Nothing if no rules are for the repository, or none for the push branch. Throws mirror::Error for objects that
/// cannot be read.
std::optional<GuardPreview> preview_guard(const service::Proposal& proposal, const policy::guard::HookRules& rules,
                                          std::chrono::sys_seconds now);

}  // namespace tidemark::mirror::cli
