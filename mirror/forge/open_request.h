// Asks a forge for the open pull or merge request between two branches of a repository. Reads only: who wants to open
// requests, or to change their titles, adds a function beside find_open_request() that asks it first.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

#include "mirror/base/error.h"
#include "mirror/forge/answers.h"
#include "mirror/forge/forge.h"
#include "mirror/http/client.h"

namespace tidemark::mirror::forge {

/// The forge as a whole asks to be left alone, or does not answer: asking for other repositories would be in vain.
class ForgeAway : public Error {
public:
    ForgeAway(const std::string& message, std::optional<std::chrono::seconds> pause)
        : Error(ErrorKind::network, message), m_pause(pause) {}
    /// For how long, if it said so.
    const std::optional<std::chrono::seconds>& pause() const noexcept { return m_pause; }

private:
    std::optional<std::chrono::seconds> m_pause;
};

/// For all that one question takes.
inline constexpr std::chrono::seconds k_time_limit{10};

/// nullopt: none is open. The client is used by nobody else meanwhile. Throws Error with host, status, the forge's
/// words and what to do; ForgeAway; Error{network} after a stop request.
std::optional<OpenRequest> find_open_request(http::Client& client, const Forge& forge, const Question& question,
                                             const std::stop_token& stop = {});

/// What is asked; pages count from 1.
std::string address_of(const Forge& forge, const Question& question, unsigned page);

}  // namespace tidemark::mirror::forge
