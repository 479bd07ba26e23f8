// Who sends to a receiver: it says where the secret stands in a message and what the body looks like.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace tidemark::policy::receiver {

enum class Kind {
    distribution,  // docker-registry, distribution, and what is built on it
    harbor,
    dockerhub,
    github,  // GitHub, for ghcr.io
    gitea,   // Gitea and Forgejo
    gitlab,
    quay,
    generic_hmac,
};

/// As the configuration writes it: "distribution", "generic-hmac".
std::string_view to_string(Kind kind) noexcept;
std::optional<Kind> find_kind(std::string_view word) noexcept;
std::span<const std::string_view> kind_words() noexcept;

/// Whether its messages say which image moved. Those that do not mean every repository of the receiver's list.
bool names_images(Kind kind) noexcept;

}  // namespace tidemark::policy::receiver
