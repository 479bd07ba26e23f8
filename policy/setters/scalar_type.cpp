#include "policy/setters/scalar_type.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace tidemark::policy::setters {
namespace {

constexpr std::size_t k_longest_number = 512;

constexpr std::array<std::string_view, 22> k_booleans = {"y",  "Y",  "n",    "N",    "yes",  "Yes",   "YES",   "no",
                                                         "No", "NO", "true", "True", "TRUE", "false", "False", "FALSE",
                                                         "on", "On", "ON",   "off",  "Off",  "OFF"};
constexpr std::array<std::string_view, 5> k_nulls = {"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 12> k_special_numbers = {".inf",  ".Inf",  ".INF",  "+.inf", "+.Inf", "+.INF",
                                                                "-.inf", "-.Inf", "-.INF", ".nan",  ".NaN",  ".NAN"};

template <std::size_t Size>
bool is_one_of(std::string_view text, const std::array<std::string_view, Size>& list) noexcept {
    return std::find(list.begin(), list.end(), text) != list.end();
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Digits of the base, at most 64 bits.
bool is_integer_of_base(std::string_view digits, int base) noexcept {
    std::uint64_t value = 0;
    if (digits.empty()) return false;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    return error == std::errc() && end == digits.data() + digits.size();
}

/// `text` is without underscores.
bool is_integer(std::string_view text) noexcept {
    const bool negative = !text.empty() && text[0] == '-';
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
    if (text.size() > 1 && text[0] == '0') {
        switch (text[1]) {
            case 'x':
            case 'X':
                return is_integer_of_base(text.substr(2), 16);
            case 'o':
            case 'O':
                return is_integer_of_base(text.substr(2), 8);
            case 'b':
            case 'B':
                return is_integer_of_base(text.substr(2), 2);
            default:
                return is_integer_of_base(text.substr(1), 8);
        }
    }
    if (!is_integer_of_base(text, 10)) return false;
    // Below -2^63 it is a float, which is no string either.
    return !negative || text.size() <= 20;
}

/// [-+]?(.N|N(.N*)?)([eE][-+]?N)? that fits a double; too small is 0.
bool is_float(const std::string& text) noexcept {
    std::size_t i = 0;
    const auto skip_digits = [&text, &i] {
        const std::size_t begin = i;
        while (i < text.size() && is_digit(text[i]))
            ++i;
        return i > begin;
    };
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    const bool whole = skip_digits();
    if (i < text.size() && text[i] == '.') {
        ++i;
        const bool fraction = skip_digits();
        if (!whole && !fraction) return false;
    } else if (!whole) {
        return false;
    }
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
        if (!skip_digits()) return false;
    }
    if (i != text.size()) return false;
    double value = 0;
    const char* begin = text.data() + (text[0] == '+' ? 1 : 0);
    const auto result = std::from_chars(begin, text.data() + text.size(), value);
    if (result.ec == std::errc()) return true;
    // Out of range: what is too small reads as 0, what is too large stays text. The exponent's sign tells.
    const std::size_t exponent = text.find_first_of("eE");
    return exponent != std::string::npos && exponent + 1 < text.size() && text[exponent + 1] == '-';
}

bool read_number(std::string_view text, std::size_t& at, std::size_t least, std::size_t most, int& value) noexcept {
    const std::size_t begin = at;
    value = 0;
    while (at < text.size() && is_digit(text[at]) && at - begin < most)
        value = value * 10 + (text[at++] - '0');
    return at - begin >= least;
}

bool is_date(std::string_view text) noexcept {
    int year = 0;
    int month = 0;
    int day = 0;
    std::size_t at = 0;
    if (!read_number(text, at, 4, 4, year) || at >= text.size() || text[at++] != '-') return false;
    if (!read_number(text, at, 1, 2, month) || at >= text.size() || text[at++] != '-') return false;
    if (!read_number(text, at, 1, 2, day) || at != text.size()) return false;
    if (month < 1 || month > 12 || day < 1) return false;
    constexpr std::array<int, 12> k_days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= k_days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

}  // namespace

PlainType plain_type(std::string_view text) noexcept {
    if (is_one_of(text, k_nulls)) return PlainType::null;
    const char first = text[0];
    if (!is_digit(first) && std::string_view("yYnNtTfFoO.+-").find(first) == std::string_view::npos)
        return PlainType::text;
    if (is_one_of(text, k_booleans)) return PlainType::boolean;
    if (is_one_of(text, k_special_numbers)) return PlainType::floating;
    if (!is_digit(first) && first != '+' && first != '-' && first != '.') return PlainType::text;
    if (text.size() > k_longest_number) return PlainType::text;
    if (is_date(text)) return PlainType::date;
    std::string digits(text);
    if (first != '.') digits.erase(std::remove(digits.begin(), digits.end(), '_'), digits.end());
    if (digits.empty()) return PlainType::text;
    if (is_integer(digits)) return PlainType::integer;
    return is_float(digits) ? PlainType::floating : PlainType::text;
}

}  // namespace tidemark::policy::setters
