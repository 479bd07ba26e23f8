#include "mirror/git/object_id.h"

#include <fmt/format.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::git {
namespace {

constexpr std::string_view k_digits = "0123456789abcdef";

int digit_value(char digit) noexcept {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

std::string first_digits(const ObjectId& id, std::size_t bytes) {
    std::string text;
    text.reserve(2 * bytes);
    for (std::size_t i = 0; i < bytes; ++i) {
        text += k_digits[id.bytes[i] >> 4];
        text += k_digits[id.bytes[i] & 15];
    }
    return text;
}

}  // namespace

std::string to_string(const ObjectId& id) {
    return first_digits(id, id.bytes.size());
}
std::string to_short_string(const ObjectId& id) {
    return first_digits(id, 4);
}

std::optional<ObjectId> find_object_id(std::string_view text) noexcept {
    ObjectId id;
    if (text.size() != 2 * id.bytes.size()) return std::nullopt;
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
        const int high = digit_value(text[2 * i]);
        const int low = digit_value(text[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        id.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return id;
}

ObjectId read_object_id(std::string_view text, std::string_view what) {
    if (const auto id = find_object_id(text)) return *id;
    throw Error(ErrorKind::invalid, fmt::format("{}: {} characters that are no object id", what, text.size()));
}

}  // namespace tidemark::mirror::git
