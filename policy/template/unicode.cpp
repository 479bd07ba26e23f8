#include "policy/template/unicode.h"

#include <utf8proc.h>

namespace tidemark::policy::message {
namespace {

constexpr char32_t k_last_code = 0x10FFFF;

utf8proc_category_t category_of(char32_t code) noexcept {
    return code <= k_last_code ? utf8proc_category(static_cast<utf8proc_int32_t>(code)) : UTF8PROC_CATEGORY_CN;
}

bool is_between(char32_t code, utf8proc_category_t first, utf8proc_category_t last) noexcept {
    const utf8proc_category_t category = category_of(code);
    return category >= first && category <= last;
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
    return is_between(code, UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_LO);
}
bool is_digit(char32_t code) noexcept {
    return category_of(code) == UTF8PROC_CATEGORY_ND;
}
bool is_number(char32_t code) noexcept {
    return is_between(code, UTF8PROC_CATEGORY_ND, UTF8PROC_CATEGORY_NO);
}
bool is_punctuation(char32_t code) noexcept {
    return is_between(code, UTF8PROC_CATEGORY_PC, UTF8PROC_CATEGORY_PO);
}
bool is_upper(char32_t code) noexcept {
    return category_of(code) == UTF8PROC_CATEGORY_LU;
}
bool is_lower(char32_t code) noexcept {
    return category_of(code) == UTF8PROC_CATEGORY_LL;
}
bool is_title(char32_t code) noexcept {
    return category_of(code) == UTF8PROC_CATEGORY_LT;
}

/// Letters, marks, numbers, punctuation, symbols and the plain space, as Go has it.
bool is_printable(char32_t code) noexcept {
    return code == ' ' || is_between(code, UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_SO);
}

char32_t to_upper(char32_t code) noexcept {
    constexpr char32_t k_sharp_s = 0xDF;
    if (code == k_sharp_s) return code;  // its capital is no simple mapping
    return code <= k_last_code ? static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(code))) : code;
}
char32_t to_lower(char32_t code) noexcept {
    return code <= k_last_code ? static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code))) : code;
}
char32_t to_title(char32_t code) noexcept {
    return code <= k_last_code ? static_cast<char32_t>(utf8proc_totitle(static_cast<utf8proc_int32_t>(code))) : code;
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
