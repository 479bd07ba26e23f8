// The decision on one guarded push, as the hook and `check` make it: opens the repository, has policy/guard judge, and
// answers by the rule on-error where that fails. One thread.
#pragma once

#include <filesystem>
#include <vector>

#include "hooks/message.h"
#include "hooks/outcome.h"
#include "hooks/verdict_log.h"

namespace tidemark::hooks {

struct PushedRepository {
    std::filesystem::path git_folder;
    std::vector<std::filesystem::path> object_folders;
};

/// Why libgit2 need not even try (ids of SHA-256); nothing if it should. A sentence without its dot.
std::string refusal_to_judge(const policy::guard::Push& push);

/// Judges, prints the message to standard error, writes the log. Ends the process itself when the deadline of `limits`
/// passes, with the answer of on-error. Gives whether the push is refused.
bool answer_push(const GuardedPush& push, const PushedRepository& repository, const policy::guard::Limits& limits,
                 VerdictLog& log, Audience audience);

/// The same answer for a push that is known not to be judged.
bool answer_failure(const GuardedPush& push, std::string failure, VerdictLog& log, Audience audience);

}  // namespace tidemark::hooks
