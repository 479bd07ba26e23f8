#include "hooks/judge_push.h"

#include <cstdio>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "hooks/deadline.h"
#include "hooks/git_view.h"

namespace tidemark::hooks {
namespace {

using Clock = std::chrono::steady_clock;

// A push of more guarded branches than this is no work of people.
constexpr std::size_t k_max_updates = 1000;

Outcome judge(const GuardedPush& push, const PushedRepository& repository, const policy::guard::Limits& limits) {
    try {
        if (std::string reason = refusal_to_judge(push.push); !reason.empty()) return failed_outcome(push, reason);
        GitView view(repository.git_folder, repository.object_folders, limits);
        Outcome outcome;
        outcome.judgement = policy::guard::judge(push.push, *push.rules, view, push.now, limits);
        outcome.refused = outcome.judgement.refused;
        return outcome;
    } catch (const std::bad_alloc&) {
        return failed_outcome(push, "it needs more memory than a hook may use");
    } catch (const std::exception& error) {
        // LimitReached, Error, and whatever a bug throws: on-error is the answer to all of them.
        return failed_outcome(push, error.what());
    }
}

/// What is said where nothing can be worked out any more.
Farewell farewell_of(const GuardedPush& push, const policy::guard::Limits& limits, const VerdictLog& log,
                     Audience audience) {
    Outcome outcome = failed_outcome(
        push, fmt::format("judging it took longer than the {} ms that the rules allow", limits.deadline.count()));
    outcome.took = limits.deadline;
    return {make_message(push, outcome, audience), log.frame(log_line(push, outcome)), log.descriptor(),
            outcome.refused ? 1 : 0};
}

bool tell(const GuardedPush& push, const Outcome& outcome, VerdictLog& log, Audience audience) {
    const std::string message = make_message(push, outcome, audience);
    std::fwrite(message.data(), 1, message.size(), stderr);
    if (log.descriptor() >= 0) log.write(log_line(push, outcome));
    return outcome.refused;
}

}  // namespace

std::string refusal_to_judge(const policy::guard::Push& push) {
    for (const policy::guard::RefUpdate& update : push.updates)
        if (update.new_id.size() != 40)
            return "this is a SHA-256 repository, which this version of libgit2 cannot read";
    if (push.updates.size() > k_max_updates)
        return fmt::format("it moves {} guarded branches, more than the {} that are looked at", push.updates.size(),
                           k_max_updates);
    return {};
}

bool answer_push(const GuardedPush& push, const PushedRepository& repository, const policy::guard::Limits& limits,
                 VerdictLog& log, Audience audience) {
    const auto start = Clock::now();
    // Only as long as the verdict is open: a pusher who reads slowly must not turn it round.
    std::optional<Deadline> deadline;
    deadline.emplace(limits.deadline, farewell_of(push, limits, log, audience));
    Outcome outcome = judge(push, repository, limits);
    deadline.reset();
    outcome.took = std::chrono::ceil<std::chrono::milliseconds>(Clock::now() - start);
    return tell(push, outcome, log, audience);
}

bool answer_failure(const GuardedPush& push, std::string failure, VerdictLog& log, Audience audience) {
    return tell(push, failed_outcome(push, std::move(failure)), log, audience);
}

}  // namespace tidemark::hooks
