// The id of a Git object (SHA-1, 20 bytes): a value that needs no libgit2, so that a run in which nothing moved
// can compare tips without it. Text form: 40 lower-case hexadecimal digits.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark::mirror::git {

struct ObjectId {
    std::array<std::uint8_t, 20> bytes{};

    /// All zero: what Git means by "there is none".
    bool is_zero() const noexcept { return *this == ObjectId{}; }
    auto operator<=>(const ObjectId&) const = default;
};

std::string to_string(const ObjectId& id);
/// The first eight digits, for people.
std::string to_short_string(const ObjectId& id);

/// Exactly 40 hexadecimal digits, in any case; else nothing.
std::optional<ObjectId> find_object_id(std::string_view text) noexcept;
/// The same, but throws Error{invalid} naming `what` ("tip of main").
ObjectId read_object_id(std::string_view text, std::string_view what);

}  // namespace tidemark::mirror::git

template <>
struct std::hash<tidemark::mirror::git::ObjectId> {
    std::size_t operator()(const tidemark::mirror::git::ObjectId& id) const noexcept {
        std::size_t start = 0;  // an id is a hash already
        std::memcpy(&start, id.bytes.data(), sizeof start);
        return start;
    }
};
