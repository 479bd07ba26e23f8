#include "policy/template/unicode.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <Poco/Unicode.h>

namespace tidemark::policy::message {
namespace {

constexpr char32_t k_last_code = 0x10FFFF;

Poco::Unicode::CharacterProperties properties_of(char32_t code) noexcept {
    Poco::Unicode::CharacterProperties properties{};
    if (code <= k_last_code) Poco::Unicode::properties(static_cast<int>(code), properties);
    return properties;
}

/// Characters `first` to `last` whose other case lies `distance` away.
struct Mapping {
    char32_t first;
    char32_t last;
    std::int32_t distance;
};

// Poco's case tables give the other letter of a pair that compares equal, which is not always the simple mapping:
// small iota would become a combining mark. Newer scripts are not in them.
constexpr std::array k_upper{
    Mapping{0xB5, 0xB5, 743},       Mapping{0xDF, 0xDF, 0},        Mapping{0x131, 0x131, -232},
    Mapping{0x17F, 0x17F, -300},    Mapping{0x1C5, 0x1C5, -1},     Mapping{0x1C8, 0x1C8, -1},
    Mapping{0x1CB, 0x1CB, -1},      Mapping{0x1F2, 0x1F2, -1},     Mapping{0x345, 0x345, 84},
    Mapping{0x3B9, 0x3B9, -32},     Mapping{0x3BC, 0x3BC, -32},    Mapping{0x3C2, 0x3C2, -31},
    Mapping{0x3D0, 0x3D0, -62},     Mapping{0x3D1, 0x3D1, -57},    Mapping{0x3D5, 0x3D5, -47},
    Mapping{0x3D6, 0x3D6, -54},     Mapping{0x3F0, 0x3F0, -86},    Mapping{0x3F1, 0x3F1, -80},
    Mapping{0x3F5, 0x3F5, -96},     Mapping{0x10D0, 0x10FA, 3008}, Mapping{0x10FD, 0x10FF, 3008},
    Mapping{0x13F8, 0x13FD, -8},    Mapping{0x1E9B, 0x1E9B, -59},  Mapping{0x1FBE, 0x1FBE, -7205},
    Mapping{0x2170, 0x217F, -16},   Mapping{0x24D0, 0x24E9, -26},  Mapping{0xAB70, 0xABBF, -38864},
    Mapping{0x1E922, 0x1E943, -34},
};
constexpr std::array k_lower{
    Mapping{0x130, 0x130, -199}, Mapping{0x1C5, 0x1C5, 1},       Mapping{0x1C8, 0x1C8, 1},
    Mapping{0x1CB, 0x1CB, 1},    Mapping{0x1F2, 0x1F2, 1},       Mapping{0x13A0, 0x13EF, 38864},
    Mapping{0x13F0, 0x13F5, 8},  Mapping{0x1C90, 0x1CBA, -3008}, Mapping{0x1CBD, 0x1CBF, -3008},
    Mapping{0x1F88, 0x1F8F, -8}, Mapping{0x1F98, 0x1F9F, -8},    Mapping{0x1FA8, 0x1FAF, -8},
    Mapping{0x1FBC, 0x1FBC, -9}, Mapping{0x1FCC, 0x1FCC, -9},    Mapping{0x1FFC, 0x1FFC, -9},
    Mapping{0x2160, 0x216F, 16}, Mapping{0x24B6, 0x24CF, 26},    Mapping{0x1E900, 0x1E921, 34},
};

template <std::size_t Size>
const Mapping* find_mapping(const std::array<Mapping, Size>& table, char32_t code) noexcept {
    const auto found = std::find_if(table.begin(), table.end(), [&](const Mapping& mapping) {
        return code >= mapping.first && code <= mapping.last;
    });
    return found == table.end() ? nullptr : &*found;
}

char32_t moved(char32_t code, std::int32_t distance) noexcept {
    return static_cast<char32_t>(static_cast<std::int32_t>(code) + distance);
}

}  // namespace

Rune first_rune(std::string_view text) noexcept {
    if (text.empty()) return {k_replacement, 0, false};
    const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return {lead, 1, true};
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    constexpr Rune k_bad{k_replacement, 1, false};
    if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return k_bad;
    char32_t code = lead & (0xFFU >> (size + 1));
    for (std::size_t index = 1; index < size; ++index) {
        if ((byte(index) & 0xC0) != 0x80) return k_bad;
        code = (code << 6) | (byte(index) & 0x3FU);
    }
    const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (overlong || surrogate || code > k_last_code) return k_bad;
    return {code, size, true};
}

void append_rune(std::string& text, char32_t code) {
    if (code > k_last_code || (code >= 0xD800 && code <= 0xDFFF)) code = k_replacement;
    const auto put = [&](char32_t byte) { text.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
    if (code < 0x80) return put(code);
    if (code < 0x800) {
        put(0xC0 | (code >> 6));
    } else if (code < 0x10000) {
        put(0xE0 | (code >> 12));
        put(0x80 | ((code >> 6) & 0x3F));
    } else {
        put(0xF0 | (code >> 18));
        put(0x80 | ((code >> 12) & 0x3F));
        put(0x80 | ((code >> 6) & 0x3F));
    }
    put(0x80 | (code & 0x3F));
}

std::u32string to_runes(std::string_view text) {
    std::u32string runes;
    runes.reserve(text.size());
    while (!text.empty()) {
        const Rune rune = first_rune(text);
        runes.push_back(rune.code);
        text.remove_prefix(rune.size);
    }
    return runes;
}

std::string from_runes(std::u32string_view runes) {
    std::string text;
    text.reserve(runes.size());
    for (const char32_t rune : runes)
        append_rune(text, rune);
    return text;
}

std::size_t count_runes(std::string_view text) noexcept {
    std::size_t count = 0;
    for (; !text.empty(); ++count)
        text.remove_prefix(first_rune(text).size);
    return count;
}

bool is_space(char32_t code) noexcept {
    return (code >= 0x09 && code <= 0x0D) || code == 0x20 || code == 0x85 || code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F ||
           code == 0x3000;
}

bool is_letter(char32_t code) noexcept {
    return properties_of(code).category == Poco::Unicode::UCP_LETTER;
}
bool is_digit(char32_t code) noexcept {
    return properties_of(code).type == Poco::Unicode::UCP_DECIMAL_NUMBER;
}
bool is_number(char32_t code) noexcept {
    return properties_of(code).category == Poco::Unicode::UCP_NUMBER;
}
bool is_punctuation(char32_t code) noexcept {
    return properties_of(code).category == Poco::Unicode::UCP_PUNCTUATION;
}
bool is_upper(char32_t code) noexcept {
    return properties_of(code).type == Poco::Unicode::UCP_UPPER_CASE_LETTER;
}
bool is_lower(char32_t code) noexcept {
    return properties_of(code).type == Poco::Unicode::UCP_LOWER_CASE_LETTER;
}
bool is_title(char32_t code) noexcept {
    return properties_of(code).type == Poco::Unicode::UCP_TITLE_CASE_LETTER;
}

bool is_printable(char32_t code) noexcept {
    if (code == ' ') return true;
    if (code > k_last_code || (code & 0xFFFE) == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF)) return false;
    const auto properties = properties_of(code);
    // Newer characters, such as most emoji, are unassigned in Poco's tables.
    if (properties.type == Poco::Unicode::UCP_UNASSIGNED) return true;
    return properties.category != Poco::Unicode::UCP_OTHER && properties.category != Poco::Unicode::UCP_SEPARATOR;
}

char32_t to_upper(char32_t code) noexcept {
    if (code < 0x80) return code >= 'a' && code <= 'z' ? code - ('a' - 'A') : code;
    if (const Mapping* mapping = find_mapping(k_upper, code)) return moved(code, mapping->distance);
    return code <= k_last_code ? static_cast<char32_t>(Poco::Unicode::toUpper(static_cast<int>(code))) : code;
}

char32_t to_lower(char32_t code) noexcept {
    if (code < 0x80) return code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code;
    if (const Mapping* mapping = find_mapping(k_lower, code)) return moved(code, mapping->distance);
    return code <= k_last_code ? static_cast<char32_t>(Poco::Unicode::toLower(static_cast<int>(code))) : code;
}

char32_t to_title(char32_t code) noexcept {
    // The four digraphs whose title case is a letter of its own: DZ with caron, LJ, NJ, DZ.
    if (code >= 0x01C4 && code <= 0x01CC) return code <= 0x01C6 ? 0x01C5 : code <= 0x01C9 ? 0x01C8 : 0x01CB;
    if (code >= 0x01F1 && code <= 0x01F3) return 0x01F2;
    if (code >= 0x10D0 && code <= 0x10FF) return code;  // Georgian capitals are not for titles
    return to_upper(code);
}

std::string_view trim_space(std::string_view text) noexcept {
    while (!text.empty()) {
        const Rune rune = first_rune(text);
        if (!is_space(rune.code)) break;
        text.remove_prefix(rune.size);
    }
    while (!text.empty()) {
        std::size_t start = text.size() - 1;
        while (start > 0 && text.size() - start < 4 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80)
            --start;
        const Rune rune = first_rune(text.substr(start));
        if (rune.size != text.size() - start || !is_space(rune.code)) break;
        text.remove_suffix(rune.size);
    }
    return text;
}

}  // namespace tidemark::policy::message
