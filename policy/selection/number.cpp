#include "policy/selection/number.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>

namespace tidemark::policy {
namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_hex_digit(char c) noexcept {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
}

bool equals_lower(std::string_view text, std::string_view small) noexcept {
    return std::equal(text.begin(), text.end(), small.begin(), small.end(),
                      [](char left, char right) { return lower(left) == right; });
}

/// Up to 19 digits, the most that surely fit in 64 bits: nearly every tag there is.
std::optional<double> parse_plain_integer(std::string_view text) noexcept {
    if (text.empty() || text.size() > 19) return std::nullopt;
    std::uint64_t value = 0;
    for (char c : text) {
        if (!is_digit(c)) return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return static_cast<double>(value);
}

/// A number taken apart by its grammar; `digits` and `exponent` without underscores.
struct Parts {
    bool hex = false;
    std::string digits;    // with at most one dot
    std::string exponent;  // with its sign
};

/// Reads what stands after the sign.
class NumberReader {
public:
    explicit NumberReader(std::string_view text) : m_rest(text) {}

    std::optional<Parts> read() {
        if (m_rest.size() > 1 && m_rest[0] == '0' && lower(m_rest[1]) == 'x') {
            m_parts.hex = true;
            m_rest.remove_prefix(2);
            m_last = '0';  // an underscore may follow the prefix
        }
        if (!read_digits() || !read_exponent()) return std::nullopt;
        if (!m_rest.empty() || m_last == '_') return std::nullopt;
        return std::move(m_parts);
    }

private:
    bool read_digits() {
        bool digits = false;
        bool dot = false;
        for (; !m_rest.empty(); m_rest.remove_prefix(1)) {
            const char c = m_rest.front();
            if (c == '_') {
                if (m_last != '0') return false;
                m_last = '_';
                continue;
            }
            if (c == '.') {
                if (dot || m_last == '_') return false;
                dot = true;
                m_last = '.';
            } else if (m_parts.hex ? is_hex_digit(c) : is_digit(c)) {
                digits = true;
                m_last = '0';
            } else {
                break;
            }
            m_parts.digits += c;
        }
        return digits;
    }

    /// A hexadecimal number needs one, a decimal may have one.
    bool read_exponent() {
        if (m_rest.empty() || lower(m_rest.front()) != (m_parts.hex ? 'p' : 'e')) return !m_parts.hex;
        if (m_last == '_') return false;
        m_rest.remove_prefix(1);
        if (m_rest.starts_with('+') || m_rest.starts_with('-')) {
            if (m_rest.front() == '-') m_parts.exponent += '-';
            m_rest.remove_prefix(1);
        }
        if (m_rest.empty() || !is_digit(m_rest.front())) return false;
        for (; !m_rest.empty(); m_rest.remove_prefix(1)) {
            const char c = m_rest.front();
            if (c == '_') {
                if (m_last == '_') return false;
                m_last = '_';
            } else if (is_digit(c)) {
                m_last = '0';
                m_parts.exponent += c;
            } else {
                return false;
            }
        }
        return true;
    }

    std::string_view m_rest;
    Parts m_parts;
    char m_last = '^';  // '0' stands for any digit
};

/// Whether a number that a double cannot hold is too large, not too small: by the place of its first digit.
bool is_too_large(const Parts& parts) noexcept {
    constexpr std::int64_t k_far = 1'000'000'000;
    std::int64_t exponent = 0;
    const auto read = std::from_chars(parts.exponent.data(), parts.exponent.data() + parts.exponent.size(), exponent);
    if (read.ec == std::errc::result_out_of_range) exponent = parts.exponent.front() == '-' ? -k_far : k_far;
    exponent = std::clamp(exponent, -k_far, k_far);
    const std::size_t dot = std::min(parts.digits.find('.'), parts.digits.size());
    const std::size_t first = std::min(parts.digits.find_first_not_of("0."), parts.digits.size());
    const auto place = static_cast<std::int64_t>(dot) - static_cast<std::int64_t>(first);
    return place * (parts.hex ? 4 : 1) + exponent > 0;
}

std::optional<double> value_of(const Parts& parts) {
    const std::string text =
        parts.exponent.empty() ? parts.digits : parts.digits + (parts.hex ? 'p' : 'e') + parts.exponent;
    double value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value,
                                      parts.hex ? std::chars_format::hex : std::chars_format::general);
    if (read.ec == std::errc::result_out_of_range) {
        if (is_too_large(parts)) return std::nullopt;
        return 0.0;
    }
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
    if (const auto plain = parse_plain_integer(text)) return plain;
    if (equals_lower(text, "nan")) return std::numeric_limits<double>::quiet_NaN();
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    std::optional<double> value;
    if (equals_lower(text, "inf") || equals_lower(text, "infinity")) {
        value = std::numeric_limits<double>::infinity();
    } else if (const auto parts = NumberReader(text).read()) {
        value = value_of(*parts);
    }
    if (value && negative) value = -*value;
    return value;
}

}  // namespace tidemark::policy
