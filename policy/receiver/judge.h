// What becomes of a message to /hook/<receiver>: whether it is taken, and which images are to be scanned. All it can
// ever mean is "scan now": nothing it says is believed, the registry is asked.
// Pure but for a receiver's own memory, which belongs to the caller.
#pragma once

#include <chrono>
#include <string>

#include "policy/receiver/kind.h"
#include "policy/receiver/memory.h"
#include "policy/receiver/message.h"
#include "policy/receiver/payload.h"

namespace tidemark::policy::receiver {

struct Memory {
    SeenMessages seen;
    RateLimit rate;
};

struct Verdict {
    enum class Outcome {
        scan,          // the payload says what
        nothing,       // right, but of no interest
        seen_before,   // right, and taken before
        wrong_secret,  // or no such receiver: nobody is told which
        stale,         // signed, at a time that is not now
        malformed,
        too_large,
        too_many,  // again after `wait`
    };
    Outcome outcome = Outcome::wrong_secret;
    Payload payload = {};
    std::chrono::seconds wait{0};
};

struct Clocks {
    std::chrono::sys_seconds wall;
    std::chrono::steady_clock::time_point steady;
};

/// `memory` is only touched by a message whose secret is right, so that nobody else can fill it.
Verdict judge(Kind kind, std::string_view secret, const Message& message, Memory& memory, const Clocks& now);

}  // namespace tidemark::policy::receiver
