// Whether a repository is guarded, proved: the files, the program, what the hook's account may read, and a push that the
// hook must answer. One thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "hooks/install/installation.h"
#include "hooks/install/sites.h"

namespace tidemark::hooks {

enum class Standing { armed, warn_only, not_armed };

/// "armed", "warn only", "not armed".
std::string_view to_string(Standing standing) noexcept;

struct SiteReport {
    Standing standing = Standing::not_armed;
    /// When warnings become refusals; nothing: the rules only warn.
    std::optional<std::chrono::sys_seconds> until;
    std::string reason;  // of not_armed, one sentence without a final dot
};

/// Never throws Error: what keeps the proof from being made is the reason.
SiteReport verify_site(const Installation& installation, const Site& site);

/// "armed", "armed, warn only until 2026-11-27", "not armed: ...".
std::string describe(const SiteReport& report);

}  // namespace tidemark::hooks
