#include "hooks/printable.h"

#include <array>
#include <iterator>

#include <fmt/format.h>

namespace tidemark::hooks {
namespace {

struct Character {
    char32_t code = 0;
    std::size_t size = 0;  // 0: the bytes are no UTF-8
};

Character read_character(std::string_view bytes) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return {first, 1};
    const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || bytes.size() < size) return {};
    char32_t code = first & (0xffU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return {};
        code = (code << 6) | (byte(i) & 0x3fU);
    }
    constexpr std::array<char32_t, 5> k_least{0, 0, 0x80, 0x800, 0x10000};
    if (code < k_least[size] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {};
    return {code, size};
}

bool is_harmless(char32_t code) noexcept {
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false;
    if (code >= 0x200b && code <= 0x200f) return false;  // no width, direction
    if (code >= 0x2028 && code <= 0x202e) return false;  // line ends, direction
    if (code >= 0x2060 && code <= 0x206f) return false;
    return code != 0xfeff && code != 0x061c && !(code >= 0xe0000 && code <= 0xe007f);
}

}  // namespace

std::string printable(std::string_view bytes, std::size_t limit) {
    std::string text;
    while (!bytes.empty()) {
        const Character character = read_character(bytes);
        std::string shown;
        if (character.size == 0) {
            shown = fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes[0]));
        } else if (is_harmless(character.code)) {
            shown = bytes.substr(0, character.size);
        } else if (character.code < 0x80) {
            shown = fmt::format("\\x{:02x}", static_cast<unsigned>(character.code));
        } else {
            shown = fmt::format("\\u{:04x}", static_cast<unsigned>(character.code));
        }
        if (text.size() + shown.size() > limit) return text + "...";
        text += shown;
        bytes.remove_prefix(character.size == 0 ? 1 : character.size);
    }
    return text;
}

}  // namespace tidemark::hooks
