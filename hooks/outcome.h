// What a push is, and what was decided of it: between judging, the message and the log.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "hooks/host.h"
#include "policy/guard/judge.h"
#include "policy/guard/rules.h"

namespace tidemark::hooks {

/// A push that touches a guarded branch.
struct GuardedPush {
    const policy::guard::RepositoryRules* rules = nullptr;  // never null
    std::string rules_file;
    HostKind host = HostKind::git;
    policy::guard::RepositoryNames names;
    policy::guard::Push push;
    std::vector<std::string> notes;  // one sentence each, without its dot
    std::chrono::sys_seconds now{};
};

struct Outcome {
    policy::guard::Judgement judgement;
    /// Why there is no judgement, a sentence without its dot; then the repository's rule on-error has answered.
    std::string failure;
    bool refused = false;
    std::chrono::milliseconds took{0};
};

/// What the rule on-error makes of a push that cannot be judged.
Outcome failed_outcome(const GuardedPush& push, std::string failure);

/// "refused", "warned", "allowed" (by an override) or "accepted".
std::string_view verdict_of(const Outcome& outcome) noexcept;

/// "main" of refs/heads/main; every other reference in full.
std::string_view short_name(std::string_view reference) noexcept;

/// The log's line: what was pushed, by whom, each finding's rule and place; nothing of the files' content.
std::string log_line(const GuardedPush& push, const Outcome& outcome);

/// What post-receive tells the service: {"event":"push","host":...,"repository":...,"path":...,"refs":[...]}.
std::string push_event(const GuardedPush& push);

}  // namespace tidemark::hooks
