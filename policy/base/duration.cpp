#include "policy/base/duration.h"

#include <array>
#include <cstdint>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace tidemark::policy {
namespace {

constexpr std::uint64_t k_limit = std::uint64_t{1} << 63;  // the magnitude of the smallest duration

struct Unit {
    std::string_view name;
    std::uint64_t nanoseconds;
};

constexpr std::array k_units{
    Unit{"ns", 1},          Unit{"us", 1'000},        Unit{"\u00b5s", 1'000},  // micro sign
    Unit{"\u03bcs", 1'000},                                                    // Greek mu
    Unit{"ms", 1'000'000},  Unit{"s", 1'000'000'000}, Unit{"m", 60'000'000'000}, Unit{"h", 3'600'000'000'000},
};

constexpr std::uint64_t k_microsecond = 1'000;
constexpr std::uint64_t k_millisecond = 1'000'000;
constexpr std::uint64_t k_second = 1'000'000'000;

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

std::uint64_t digit(char c) noexcept {
    return static_cast<std::uint64_t>(c - '0');
}

const Unit* find_unit(std::string_view name) noexcept {
    for (const Unit& unit : k_units) {
        if (unit.name == name) return &unit;
    }
    return nullptr;
}

/// The digits after the dot: their value and the power of ten below them.
struct Fraction {
    std::uint64_t value = 0;
    double scale = 1;
};

/// One pass over a duration's text. Each step answers an error text, or nothing.
class DurationReader {
public:
    explicit DurationReader(std::string_view text) : m_text(text) {}

    Result<std::chrono::nanoseconds> read() {
        const bool negative = !m_text.empty() && m_text.front() == '-';
        if (negative || (!m_text.empty() && m_text.front() == '+')) ++m_at;
        if (m_text.substr(m_at) == "0") return std::chrono::nanoseconds{0};
        if (m_at == m_text.size()) return refusal("a number with a unit is missing");
        while (m_at < m_text.size()) {
            if (std::string error = add_part(); !error.empty()) return refusal(error);
        }
        return total(negative);
    }

private:
    Problem refusal(std::string_view why) const {
        return {fmt::format("'{}' is no duration: {} (like 90s, 1h30m, 100ms)", m_text, why), m_at};
    }

    Result<std::chrono::nanoseconds> total(bool negative) const {
        if (!negative && m_total == k_limit) return refusal("it is too long");
        // Two's complement carries -2^63, which has no positive twin.
        const std::uint64_t bits = negative ? std::uint64_t{0} - m_total : m_total;
        return std::chrono::nanoseconds{static_cast<std::int64_t>(bits)};
    }

    std::string add_part() {
        const std::size_t begin = m_at;
        std::uint64_t whole = 0;
        if (!read_whole(whole)) return "it is too long";
        bool digits = m_at > begin;
        Fraction fraction;
        if (m_at < m_text.size() && m_text[m_at] == '.') {
            const std::size_t after_dot = ++m_at;
            fraction = read_fraction();
            digits = digits || m_at > after_dot;
        }
        if (!digits) return "a number is missing";
        const std::size_t unit_begin = m_at;
        while (m_at < m_text.size() && m_text[m_at] != '.' && !is_digit(m_text[m_at]))
            ++m_at;
        const std::string_view name = m_text.substr(unit_begin, m_at - unit_begin);
        if (name.empty()) return "a number needs a unit: ns, us, ms, s, m or h";
        const Unit* unit = find_unit(name);
        if (unit == nullptr) {
            m_at = unit_begin;
            return fmt::format("the unit '{}' is none of ns, us, ms, s, m, h", name);
        }
        return add(whole, fraction, unit->nanoseconds) ? "" : "it is too long";
    }

    bool read_whole(std::uint64_t& whole) {
        for (; m_at < m_text.size() && is_digit(m_text[m_at]); ++m_at) {
            if (whole > k_limit / 10) return false;
            whole = whole * 10 + digit(m_text[m_at]);
            if (whole > k_limit) return false;
        }
        return true;
    }

    /// Digits that no longer fit in 63 bits are dropped, not rounded.
    Fraction read_fraction() {
        Fraction fraction;
        bool full = false;
        for (; m_at < m_text.size() && is_digit(m_text[m_at]); ++m_at) {
            if (full || fraction.value > (k_limit - 1) / 10) {
                full = true;
                continue;
            }
            const std::uint64_t next = fraction.value * 10 + digit(m_text[m_at]);
            if (next > k_limit) {
                full = true;
                continue;
            }
            fraction.value = next;
            fraction.scale *= 10;
        }
        return fraction;
    }

    bool add(std::uint64_t whole, const Fraction& fraction, std::uint64_t unit) {
        if (whole > k_limit / unit) return false;
        std::uint64_t part = whole * unit;
        if (fraction.value > 0) {
            // In doubles and in this order, as Go does it: the last nanosecond depends on it.
            part += static_cast<std::uint64_t>(static_cast<double>(fraction.value) *
                                               (static_cast<double>(unit) / fraction.scale));
            if (part > k_limit) return false;
        }
        m_total += part;
        return m_total <= k_limit;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::uint64_t m_total = 0;
};

/// `amount` / `unit` as a decimal with no trailing zeros.
std::string decimal(std::uint64_t amount, std::uint64_t unit) {
    std::string text = std::to_string(amount / unit);
    std::uint64_t rest = amount % unit;
    if (rest == 0) return text;
    text += '.';
    for (unit /= 10; rest > 0; unit /= 10) {
        text += static_cast<char>('0' + rest / unit);
        rest %= unit;
    }
    return text;
}

}  // namespace

Result<std::chrono::nanoseconds> parse_duration(std::string_view text) {
    return DurationReader(text).read();
}

std::string format_duration(std::chrono::nanoseconds duration) {
    const std::int64_t count = duration.count();
    if (count == 0) return "0s";
    const auto bits = static_cast<std::uint64_t>(count);
    const std::uint64_t amount = count < 0 ? std::uint64_t{0} - bits : bits;
    const std::string sign = count < 0 ? "-" : "";
    if (amount < k_microsecond) return sign + std::to_string(amount) + "ns";
    if (amount < k_millisecond) return sign + decimal(amount, k_microsecond) + "\u00b5s";
    if (amount < k_second) return sign + decimal(amount, k_millisecond) + "ms";

    const std::uint64_t minutes = amount / k_second / 60;
    const std::string seconds = decimal(amount - minutes * 60 * k_second, k_second) + "s";
    if (minutes == 0) return sign + seconds;
    if (minutes < 60) return fmt::format("{}{}m{}", sign, minutes, seconds);
    return fmt::format("{}{}h{}m{}", sign, minutes / 60, minutes % 60, seconds);
}

bool is_interval(std::string_view text) noexcept {
    std::size_t at = 0;
    const auto skip_digits = [&] {
        const std::size_t begin = at;
        while (at < text.size() && is_digit(text[at]))
            ++at;
        return at > begin;
    };
    if (text.empty()) return false;
    while (at < text.size()) {
        if (!skip_digits()) return false;
        if (at < text.size() && text[at] == '.') {
            ++at;
            if (!skip_digits()) return false;
        }
        const std::string_view rest = text.substr(at);
        if (rest.starts_with("ms")) {
            at += 2;
        } else if (rest.starts_with('s') || rest.starts_with('m') || rest.starts_with('h')) {
            ++at;
        } else {
            return false;
        }
    }
    return true;
}

}  // namespace tidemark::policy
