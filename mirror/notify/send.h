// Brings one notice to its sink, or says why not. Blocks; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

#include "mirror/base/secrets.h"
#include "mirror/notify/sink.h"
#include "mirror/notify/text.h"

namespace tidemark::mirror::notify {

struct SendResult {
    bool delivered = false;
    bool refused = false;  // this very notice, for good: another try gives the same answer
    std::string error;     // one line, without secrets
    std::optional<std::chrono::seconds> retry_after;
};

/// Never throws.
SendResult send(const Sink& sink, const Notice& notice, const SecretStore& secrets, std::chrono::sys_seconds now,
                std::stop_token stop) noexcept;

}  // namespace tidemark::mirror::notify
