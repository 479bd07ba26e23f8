// One request to /hook/<receiver>, as it came: hostile until its proof was checked.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace tidemark::policy::receiver {

/// The longest body that is looked at; the HTTP server reads no more either.
inline constexpr std::size_t k_body_limit = std::size_t{1} << 20;

/// Views into what the caller keeps.
struct Message {
    std::vector<std::pair<std::string_view, std::string_view>> headers;
    std::string_view query_token;  // of ?token=..., decoded
    std::string_view body;

    /// The header of that name, whatever its case; nothing if there are two: nobody knows who sent which.
    std::optional<std::string_view> header(std::string_view name) const noexcept;
};

}  // namespace tidemark::policy::receiver
