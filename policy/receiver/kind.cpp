#include "policy/receiver/kind.h"

#include <array>

namespace tidemark::policy::receiver {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 8> k_words = {"distribution", "harbor", "dockerhub", "github",
                                                     "gitea",        "gitlab", "quay",      "generic-hmac"};

}  // namespace

std::string_view to_string(Kind kind) noexcept {
    return k_words[static_cast<std::size_t>(kind)];
}

std::optional<Kind> find_kind(std::string_view word) noexcept {
    for (std::size_t i = 0; i < k_words.size(); ++i) {
        if (k_words[i] == word) return static_cast<Kind>(i);
    }
    return std::nullopt;
}

std::span<const std::string_view> kind_words() noexcept {
    return k_words;
}

bool names_images(Kind kind) noexcept {
    return kind != Kind::gitlab;
}

}  // namespace tidemark::policy::receiver
