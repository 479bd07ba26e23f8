#include "policy/version/version.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <fmt/format.h>

namespace tidemark::policy {
namespace {

constexpr std::size_t k_max_length = 256;
constexpr std::ptrdiff_t k_sure_digits = 19;
constexpr std::uint64_t k_max_number = std::numeric_limits<std::uint64_t>::max();

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

constexpr std::array<bool, 256> k_identifier_characters = [] {
    std::array<bool, 256> table{};
    for (char c = '0'; c <= '9'; ++c)
        table[static_cast<unsigned char>(c)] = true;
    for (char c = 'a'; c <= 'z'; ++c)
        table[static_cast<unsigned char>(c)] = true;
    for (char c = 'A'; c <= 'Z'; ++c)
        table[static_cast<unsigned char>(c)] = true;
    table['-'] = true;
    return table;
}();

bool is_identifier_character(char c) noexcept {
    return k_identifier_characters[static_cast<unsigned char>(c)];
}

bool all_digits(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), is_digit);
}

/// Reads a text from front to back; a step that does not fit answers false.
class Reader {
public:
    explicit Reader(std::string_view text) : m_at(text.data()), m_end(text.data() + text.size()) {}

    bool at_end() const noexcept { return m_at == m_end; }

    bool take(char c) noexcept {
        if (m_at == m_end || *m_at != c) return false;
        ++m_at;
        return true;
    }

    bool take_number(std::uint64_t& number) noexcept {
        if (m_at == m_end || !is_digit(*m_at)) return false;
        // Nineteen digits always fit; only what follows them can overflow.
        const char* const sure = m_end - m_at > k_sure_digits ? m_at + k_sure_digits : m_end;
        std::uint64_t value = 0;
        for (; m_at != sure && is_digit(*m_at); ++m_at)
            value = value * 10 + static_cast<std::uint64_t>(*m_at - '0');
        for (; m_at != m_end && is_digit(*m_at); ++m_at) {
            const auto digit = static_cast<std::uint64_t>(*m_at - '0');
            if (value > (k_max_number - digit) / 10) return false;
            value = value * 10 + digit;
        }
        number = value;
        return true;
    }

    /// Identifiers joined by dots, none of them empty.
    bool take_identifiers(std::string_view& identifiers, bool leading_zeros) noexcept {
        const char* const begin = m_at;
        do {
            const char* const identifier = m_at;
            bool number = true;
            for (; m_at != m_end && is_identifier_character(*m_at); ++m_at)
                number = number && is_digit(*m_at);
            if (m_at == identifier) return false;
            if (number && !leading_zeros && *identifier == '0' && m_at - identifier > 1) return false;
        } while (take('.'));
        identifiers = {begin, static_cast<std::size_t>(m_at - begin)};
        return true;
    }

private:
    const char* m_at;
    const char* m_end;
};

/// A numeric identifier that fits in 64 bits; anything longer is text.
std::optional<std::uint64_t> number_of(std::string_view identifier) noexcept {
    if (identifier.size() > 20 || !all_digits(identifier)) return std::nullopt;
    std::uint64_t number = 0;
    const auto read = std::from_chars(identifier.data(), identifier.data() + identifier.size(), number);
    if (read.ec != std::errc{}) return std::nullopt;
    return number;
}

std::strong_ordering compare_identifiers(std::string_view left, std::string_view right) noexcept {
    if (left == right) return std::strong_ordering::equal;
    const auto left_number = number_of(left);
    const auto right_number = number_of(right);
    if (left_number && right_number) return *left_number <=> *right_number;
    if (left_number) return std::strong_ordering::less;
    if (right_number) return std::strong_ordering::greater;
    return left <=> right;
}

}  // namespace

namespace {

/// Reads `text` into `version`; `numbers` is how many of the three were written.
bool read_version(std::string_view text, Version& version, int& numbers) noexcept {
    if (text.size() > k_max_length) return false;
    version.original = text;
    Reader reader(text);
    reader.take('v');
    if (!reader.take_number(version.major)) return false;
    numbers = 1;
    if (reader.take('.')) {
        if (!reader.take_number(version.minor)) return false;
        numbers = 2;
        if (reader.take('.')) {
            if (!reader.take_number(version.patch)) return false;
            numbers = 3;
        }
    }
    if (reader.take('-') && !reader.take_identifiers(version.prerelease, false)) return false;
    if (reader.take('+') && !reader.take_identifiers(version.metadata, true)) return false;
    return reader.at_end();
}

}  // namespace

std::optional<Version> parse_version(std::string_view text) noexcept {
    std::optional<Version> version(std::in_place);
    int numbers = 0;
    if (!read_version(text, *version, numbers)) version.reset();
    return version;
}

std::optional<Version> parse_version_tag(std::string_view tag) noexcept {
    std::optional<Version> version(std::in_place);
    int numbers = 0;
    // With three numbers the two dots were seen.
    if (!read_version(tag, *version, numbers) || (numbers < 3 && std::count(tag.begin(), tag.end(), '.') < 2)) {
        version.reset();
    }
    return version;
}

std::strong_ordering compare_prereleases(std::string_view left, std::string_view right) noexcept {
    if (left.empty() || right.empty()) return left.empty() <=> right.empty();
    while (true) {
        const std::size_t left_dot = left.find('.');
        const std::size_t right_dot = right.find('.');
        const auto order = compare_identifiers(left.substr(0, left_dot), right.substr(0, right_dot));
        if (order != 0) return order;
        const bool left_ends = left_dot == std::string_view::npos;
        const bool right_ends = right_dot == std::string_view::npos;
        if (left_ends && right_ends) return std::strong_ordering::equal;
        if (left_ends) return std::strong_ordering::less;
        if (right_ends) return std::strong_ordering::greater;
        left.remove_prefix(left_dot + 1);
        right.remove_prefix(right_dot + 1);
    }
}

std::strong_ordering compare(const Version& left, const Version& right) noexcept {
    if (const auto order = left.major <=> right.major; order != 0) return order;
    if (const auto order = left.minor <=> right.minor; order != 0) return order;
    if (const auto order = left.patch <=> right.patch; order != 0) return order;
    return compare_prereleases(left.prerelease, right.prerelease);
}

std::string canonical(const Version& version) {
    std::string text = fmt::format("{}.{}.{}", version.major, version.minor, version.patch);
    if (!version.prerelease.empty()) text.append("-").append(version.prerelease);
    if (!version.metadata.empty()) text.append("+").append(version.metadata);
    return text;
}

}  // namespace tidemark::policy
