#include "policy/yaml/plain.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <string>

namespace tidemark::policy::yaml {
namespace {

constexpr std::array<std::string_view, 39> k_words = {
    "",      "~",    "null", "Null", "NULL", "y",    "Y",    "yes",   "Yes",   "YES",   "on",    "On",    "ON",
    "true",  "True", "TRUE", "n",    "N",    "no",   "No",   "NO",    "off",   "Off",   "OFF",   "false", "False",
    "FALSE", ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF",
};

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Takes digits off the front; how many.
std::size_t take_digits(std::string_view& text) noexcept {
    std::size_t count = 0;
    while (count < text.size() && is_digit(text[count]))
        ++count;
    text.remove_prefix(count);
    return count;
}

bool take(std::string_view& text, std::string_view any_of) noexcept {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

/// 0x, 0o and 0b with a value that fits 64 bits. Numbers without a prefix are left to is_decimal: what is no
/// integer there is a float, so the size makes no difference.
bool is_prefixed_integer(std::string_view text) noexcept {
    const bool negative = text.starts_with('-');
    take(text, "+-");
    if (text.size() < 3 || text[0] != '0') return false;
    int base = 0;
    switch (text[1]) {
        case 'x':
        case 'X':
            base = 16;
            break;
        case 'o':
        case 'O':
            base = 8;
            break;
        case 'b':
        case 'B':
            base = 2;
            break;
        default:
            return false;
    }
    text.remove_prefix(2);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size()) return false;
    return !negative || value <= (std::uint64_t{1} << 63U);
}

/// `[-+]?(.N|N(.N*)?)([eE][-+]?N)?` that a double can hold; too small is zero, too large is text.
bool is_decimal(std::string_view text) noexcept {
    take(text, "+-");
    const std::string_view number = text;
    const std::size_t whole = take_digits(text);
    if (take(text, ".")) {
        if (take_digits(text) + whole == 0) return false;
    } else if (whole == 0) {
        return false;
    }
    bool small = false;
    if (take(text, "eE")) {
        small = text.starts_with('-');
        take(text, "+-");
        if (take_digits(text) == 0) return false;
    }
    if (!text.empty()) return false;
    double value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    return error == std::errc() || (error == std::errc::result_out_of_range && small);
}

int value_of(std::string_view digits) noexcept {
    int value = 0;
    for (const char c : digits)
        value = value * 10 + (c - '0');
    return value;
}

/// One or two digits off the front, or -1.
int take_short_number(std::string_view& text) noexcept {
    const std::string_view digits = text;
    std::size_t count = 0;
    while (count < 2 && count < text.size() && is_digit(text[count]))
        ++count;
    text.remove_prefix(count);
    return count == 0 ? -1 : value_of(digits.substr(0, count));
}

bool is_clock(std::string_view text, bool zone) noexcept {
    for (int part = 0; part < 3; ++part) {
        if (part > 0 && !take(text, ":")) return false;
        const int number = take_short_number(text);
        if (number < 0 || number > (part == 0 ? 23 : 59)) return false;
    }
    if (take(text, ".") && take_digits(text) == 0) return false;
    if (!zone) return text.empty();
    if (text == "Z") return true;
    if (!take(text, "+-") || text.size() != 5 || text[2] != ':') return false;
    return is_digit(text[0]) && is_digit(text[1]) && is_digit(text[3]) && is_digit(text[4]);
}

/// `Y-M-D` that exists, alone or with a time behind `T`, `t` (then with a zone) or a blank.
bool is_timestamp(std::string_view text) noexcept {
    const std::string_view year = text.substr(0, std::min<std::size_t>(4, text.size()));
    if (take_digits(text) != 4 || !take(text, "-")) return false;
    const int month = take_short_number(text);
    if (month < 0 || !take(text, "-")) return false;
    const int day = take_short_number(text);
    if (day < 0) return false;
    const std::chrono::year_month_day date{std::chrono::year{value_of(year)},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return false;
    if (text.empty()) return true;
    const bool zone = text.front() != ' ';
    return take(text, "Tt ") && is_clock(text, zone);
}

}  // namespace

bool is_plain_string(std::string_view text) noexcept {
    if (std::find(k_words.begin(), k_words.end(), text) != k_words.end()) return false;
    const char first = text.front();
    if (first == '.') return !is_decimal(text);
    if (!is_digit(first) && first != '+' && first != '-') return true;
    if (is_timestamp(text)) return false;
    if (text.find('_') == std::string_view::npos) return !is_prefixed_integer(text) && !is_decimal(text);
    std::string bare(text);
    bare.erase(std::remove(bare.begin(), bare.end(), '_'), bare.end());
    return !is_prefixed_integer(bare) && !is_decimal(bare);
}

bool is_base_60(std::string_view text) noexcept {
    take(text, "+-");
    if (text.empty() || !is_digit(text.front())) return false;
    while (!text.empty() && (is_digit(text.front()) || text.front() == '_'))
        text.remove_prefix(1);
    if (!text.starts_with(':')) return false;
    while (take(text, ":")) {
        const int part = take_short_number(text);
        if (part < 0 || part > 59) return false;
    }
    if (text.empty()) return true;
    return take(text, ".") && text.find_first_not_of("0123456789_") == std::string_view::npos;
}

}  // namespace tidemark::policy::yaml
