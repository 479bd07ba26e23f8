// What stands before every request to a host, whoever it is for: how many may be under way, how often, and when none.
// One for each host that is asked, token servers and hosts that a registry leads to included.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <string>

#include "mirror/registry/job.h"
#include "mirror/registry/pace.h"
#include "mirror/registry/scanner.h"

namespace tidemark::mirror::registry {

/// A request that waits for its gate.
struct Held {
    Clock::time_point since;
    const Host* host = nullptr;                 // the registry it is for
    bool refused = false;                       // it went out before: who did not goes before it
    std::function<void(Clock::duration)> go;    // after so long; that time is nobody's fault
    std::function<void(const GiveUp&)> refuse;  // instead
};

struct Gate {
    std::string name;   // policy::registry_identity
    HostLimits limits;  // as configured
    Pace pace;
    unsigned active = 0;
    unsigned most = 0;  // under way at once, by its limits or by what its last answer says of it; 0: no limit
    std::deque<Held> held;

    Clock::time_point silent_until{};  // a registry asked for a pause
    Backoff refusals;                  // 429 and 503 without saying how long
    GiveUp reason;                     // of the last pause

    Clock::time_point pause_end() const noexcept { return std::max(silent_until, refusals.until()); }

    /// Whether an answer has to come before the next request may go. After a refusal one at a time is let through.
    bool full() const noexcept { return (most > 0 && active >= most) || (refusals.strikes() > 0 && active > 0); }
    /// Whether something is held that goes before whoever comes now.
    bool owes() const noexcept {
        return std::any_of(held.begin(), held.end(), [](const Held& each) { return !each.refused; });
    }
    /// When the next request may go, unless it is full.
    Clock::time_point opens() const noexcept { return std::max(pause_end(), pace.next()); }
    bool open(Clock::time_point now) const noexcept { return !full() && opens() <= now; }
};

}  // namespace tidemark::mirror::registry
