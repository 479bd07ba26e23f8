// The forges of the configuration, asked for open requests: which of them a remote belongs to, connections that are
// kept, and how long one that does not answer is left alone. Belongs to the holder of the turn, who is without it while
// it waits for an answer.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/base/forge_settings.h"
#include "mirror/base/secrets.h"
#include "mirror/forge/open_request.h"
#include "mirror/service/workers.h"

namespace tidemark::mirror::service {

/// A question by a remote's URL instead of a repository's name.
struct RequestQuestion {
    std::string git_url;
    std::string push_branch;
    std::string checkout_branch;
};

struct RequestAnswer {
    std::string repository;  // as the forge calls it
    std::optional<forge::OpenRequest> open;
};

class Forges {
public:
    /// `turn` as Sources has it.
    explicit Forges(Turn* turn = nullptr) : m_turn(turn) {}

    /// From now on. Whoever is left alone stays so.
    void use(const std::vector<ForgeSettings>& settings);
    bool none() const noexcept { return m_settings.empty(); }
    /// The one that this remote is on.
    std::optional<ForgeSettings> find(std::string_view git_url) const;

    /// Throws Error, which says why there is no answer.
    RequestAnswer ask(const ForgeSettings& settings, const RequestQuestion& question, const SecretStore& secrets,
                      const std::stop_token& stop);

private:
    struct Pause {
        std::chrono::steady_clock::time_point until;
        std::string reason;
    };
    class Lease;

    Turn* m_turn;
    std::map<std::string, ForgeSettings, std::less<>> m_settings;  // by host
    std::map<std::string, Pause> m_pauses;                         // by host
    std::vector<std::unique_ptr<http::Client>> m_idle;             // as many as were ever needed at once
};

}  // namespace tidemark::mirror::service
