#include "policy/template/quote.h"

#include <algorithm>

#include <fmt/format.h>

#include "policy/template/unicode.h"

namespace tidemark::policy::message {
namespace {

std::optional<unsigned> digit_value(char byte, unsigned base) noexcept {
    unsigned value = base;
    if (byte >= '0' && byte <= '9') value = static_cast<unsigned>(byte - '0');
    if (byte >= 'a' && byte <= 'f') value = static_cast<unsigned>(byte - 'a') + 10;
    if (byte >= 'A' && byte <= 'F') value = static_cast<unsigned>(byte - 'A') + 10;
    if (value >= base) return std::nullopt;
    return value;
}

struct Escaped {
    char32_t code = 0;
    bool byte = false;  // \x and octal name a byte, not a character
};

/// `digits` digits of `base` off the front of `rest`.
std::optional<Escaped> read_code(std::string_view& rest, std::size_t digits, unsigned base, bool byte) {
    if (rest.size() < digits) return std::nullopt;
    char32_t code = 0;
    for (std::size_t index = 0; index < digits; ++index) {
        const std::optional<unsigned> value = digit_value(rest[index], base);
        if (!value) return std::nullopt;
        code = code * base + *value;
    }
    rest.remove_prefix(digits);
    if (byte ? code > 255 : (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))) return std::nullopt;
    return Escaped{code, byte};
}

/// One character or escape off the front of `rest`, which is not empty; `quote` ends the constant.
std::optional<Escaped> read_one(std::string_view& rest, char quote) {
    if (rest.front() == quote || rest.front() == '\n') return std::nullopt;
    if (rest.front() != '\\') {
        const Rune rune = first_rune(rest);
        const auto byte = static_cast<unsigned char>(rest.front());
        rest.remove_prefix(rune.size);
        return rune.valid ? Escaped{rune.code, false} : Escaped{byte, true};
    }
    if (rest.size() < 2) return std::nullopt;
    const char letter = rest[1];
    constexpr std::string_view k_letters = "abfnrtv\\";
    constexpr std::string_view k_codes = "\a\b\f\n\r\t\v\\";
    if (letter >= '0' && letter <= '7') {
        rest.remove_prefix(1);
        return read_code(rest, 3, 8, true);
    }
    rest.remove_prefix(2);
    if (const auto index = k_letters.find(letter); index != std::string_view::npos)
        return Escaped{static_cast<char32_t>(k_codes[index]), false};
    if (letter == quote) return Escaped{static_cast<char32_t>(letter), false};
    if (letter == 'x') return read_code(rest, 2, 16, true);
    if (letter == 'u') return read_code(rest, 4, 16, false);
    if (letter == 'U') return read_code(rest, 8, 16, false);
    return std::nullopt;
}

void append_escaped(std::string& out, char32_t code, char quote, bool ascii_only) {
    constexpr std::string_view k_letters = "abfnrtv";
    constexpr std::string_view k_codes = "\a\b\f\n\r\t\v";
    if (code == static_cast<char32_t>(quote) || code == '\\') {
        out += '\\';
        out += static_cast<char>(code);
    } else if (is_printable(code) && (!ascii_only || code < 0x80)) {
        append_rune(out, code);
    } else if (const auto index = code < 0x80 ? k_codes.find(static_cast<char>(code)) : std::string_view::npos;
               index != std::string_view::npos) {
        out += '\\';
        out += k_letters[index];
    } else if (code < ' ' || code == 0x7F) {
        out += fmt::format("\\x{:02x}", static_cast<unsigned>(code));
    } else if (code < 0x10000) {
        out += fmt::format("\\u{:04x}", static_cast<unsigned>(code));
    } else {
        out += fmt::format("\\U{:08x}", static_cast<unsigned>(code));
    }
}

}  // namespace

std::optional<std::string> unquote(std::string_view text) {
    if (text.size() < 2 || text.front() != text.back()) return std::nullopt;
    const char quote = text.front();
    std::string_view rest = text.substr(1, text.size() - 2);
    std::string content;
    if (quote == '`') {
        content = rest;
        std::erase(content, '\r');
        return content;
    }
    while (!rest.empty()) {
        const std::optional<Escaped> one = read_one(rest, quote);
        if (!one) return std::nullopt;
        if (one->byte) {
            content += static_cast<char>(static_cast<unsigned char>(one->code));
        } else {
            append_rune(content, one->code);
        }
    }
    return content;
}

std::optional<char32_t> unquote_rune(std::string_view text) {
    if (text.size() < 3 || text.front() != '\'' || text.back() != '\'') return std::nullopt;
    std::string_view rest = text.substr(1, text.size() - 2);
    const std::optional<Escaped> one = read_one(rest, '\'');
    if (!one || !rest.empty()) return std::nullopt;
    return one->code;
}

std::string quoted(std::string_view text, bool ascii_only) {
    std::string out = "\"";
    while (!text.empty()) {
        const Rune rune = first_rune(text);
        if (rune.valid) {
            append_escaped(out, rune.code, '"', ascii_only);
        } else {
            out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(text.front())));
        }
        text.remove_prefix(rune.size);
    }
    return out + '"';
}

std::string quoted_rune(char32_t rune, bool ascii_only) {
    std::string out = "'";
    append_escaped(out, rune > 0x10FFFF ? k_replacement : rune, '\'', ascii_only);
    return out + "'";
}

bool can_backquote(std::string_view text) noexcept {
    while (!text.empty()) {
        const Rune rune = first_rune(text);
        if (!rune.valid || rune.code == 0xFEFF || rune.code == '`' || rune.code == 0x7F) return false;
        if (rune.code < ' ' && rune.code != '\t') return false;
        text.remove_prefix(rune.size);
    }
    return true;
}

}  // namespace tidemark::policy::message
