// The text of ranges: hyphen ranges, and the comparators of one alternative.
#include <array>

#include <fmt/format.h>

#include "policy/version/constraint.h"

namespace tidemark::policy {
namespace {

bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}
bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool is_part_character(char c) noexcept {
    return is_digit(c) || c == 'x' || c == 'X' || c == '*' || c == '|';
}
bool is_identifier_character(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

std::size_t skip_blanks(std::string_view text, std::size_t at) noexcept {
    while (at < text.size() && is_blank(text[at]))
        ++at;
    return at;
}

/// `v?P(.P)?(.P)?` with prerelease and metadata, as it stands.
struct Operand {
    std::string_view text;
    std::array<std::string_view, 3> parts;  // empty: not written
    std::string_view prerelease;            // with its dash
    std::size_t end = 0;
};

/// `mark` and identifiers joined by dots from `at` on, or nothing.
std::string_view take_suffix(std::string_view text, std::size_t at, char mark) noexcept {
    if (at >= text.size() || text[at] != mark) return {};
    std::size_t end = at;
    while (true) {
        std::size_t next = end + 1;  // behind the mark or the dot
        while (next < text.size() && is_identifier_character(text[next]))
            ++next;
        if (next == end + 1) break;
        end = next;
        if (end >= text.size() || text[end] != '.') break;
    }
    return text.substr(at, end - at);
}

/// The longest operand that begins at `at`.
std::optional<Operand> take_operand(std::string_view text, std::size_t at) noexcept {
    Operand operand;
    std::size_t end = at;
    if (end < text.size() && text[end] == 'v') ++end;
    for (std::size_t i = 0; i < operand.parts.size(); ++i) {
        std::size_t begin = end;
        if (i > 0) {
            if (begin >= text.size() || text[begin] != '.') break;
            ++begin;
        }
        std::size_t next = begin;
        while (next < text.size() && is_part_character(text[next]))
            ++next;
        if (next == begin) break;
        operand.parts[i] = text.substr(begin, next - begin);
        end = next;
    }
    if (operand.parts[0].empty()) return std::nullopt;
    operand.prerelease = take_suffix(text, end, '-');
    end += operand.prerelease.size();
    end += take_suffix(text, end, '+').size();
    operand.text = text.substr(at, end - at);
    operand.end = end;
    return operand;
}

bool is_wildcard(std::string_view part) noexcept {
    return part.empty() || part == "x" || part == "X" || part == "*";
}

Wildcard wildcard_of(const Operand& operand) noexcept {
    if (is_wildcard(operand.parts[0])) return Wildcard::major;
    if (is_wildcard(operand.parts[1])) return Wildcard::minor;
    return is_wildcard(operand.parts[2]) ? Wildcard::patch : Wildcard::none;
}

/// The operand as a version's text: zeros for what is open; what follows an open part is dropped.
std::string fill(const Operand& operand, Wildcard wildcard) {
    switch (wildcard) {
        case Wildcard::none:
            return std::string(operand.text);
        case Wildcard::major:
            return fmt::format("0.0.0{}", operand.prerelease);
        case Wildcard::minor:
            return fmt::format("{}.0.0{}", operand.parts[0], operand.prerelease);
        case Wildcard::patch:
            return fmt::format("{}.{}.0{}", operand.parts[0], operand.parts[1], operand.prerelease);
    }
    return {};
}

struct Operator {
    std::string_view text;
    ConstraintOperator operation;
};

// The longer before what it begins with.
constexpr std::array k_operators{
    Operator{"!=", ConstraintOperator::not_equal},     Operator{">=", ConstraintOperator::greater_equal},
    Operator{"=>", ConstraintOperator::greater_equal}, Operator{"<=", ConstraintOperator::less_equal},
    Operator{"=<", ConstraintOperator::less_equal},    Operator{"~>", ConstraintOperator::tilde},
    Operator{"~", ConstraintOperator::tilde},          Operator{"^", ConstraintOperator::caret},
    Operator{">", ConstraintOperator::greater},        Operator{"<", ConstraintOperator::less},
    Operator{"=", ConstraintOperator::equal},
};

/// Reads one comparator and moves `at` behind it.
Result<Comparator> take_comparator(std::string_view text, std::size_t& at) {
    Comparator comparator;
    for (const Operator& candidate : k_operators) {
        if (!text.substr(at).starts_with(candidate.text)) continue;
        comparator.operation = candidate.operation;
        at = skip_blanks(text, at + candidate.text.size());
        break;
    }
    const auto operand = take_operand(text, at);
    if (!operand) {
        if (at == text.size()) return Problem{"a version is missing", at};
        return Problem{fmt::format("no version stands at '{}'", text.substr(at)), at};
    }
    comparator.wildcard = wildcard_of(*operand);
    const std::string filled = fill(*operand, comparator.wildcard);
    const auto version = parse_version(filled);
    if (!version) return Problem{fmt::format("'{}' is no version", operand->text), at};
    comparator.major = version->major;
    comparator.minor = version->minor;
    comparator.patch = version->patch;
    comparator.prerelease = version->prerelease;
    at = operand->end;
    return comparator;
}

}  // namespace

Result<std::vector<Comparator>> parse_comparators(std::string_view text) {
    std::vector<Comparator> comparators;
    std::size_t at = skip_blanks(text, 0);
    while (true) {
        auto comparator = take_comparator(text, at);
        if (!comparator) return comparator.problem();
        comparators.push_back(std::move(comparator).value());

        const std::size_t next = skip_blanks(text, at);
        if (next == text.size()) return comparators;
        if (text[next] == ',') {
            at = skip_blanks(text, next + 1);
        } else if (next > at) {
            at = next;
        } else {
            return Problem{fmt::format("a blank or comma is missing before '{}'", text.substr(at)), at};
        }
    }
}

std::string rewrite_hyphen_ranges(std::string_view text) {
    std::string rewritten;
    std::size_t copied = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t begin = skip_blanks(text, at);
        const auto low = take_operand(text, begin);
        const std::size_t dash = low ? skip_blanks(text, low->end) : 0;
        if (!low || dash == low->end || dash >= text.size() || text[dash] != '-') {
            ++at;
            continue;
        }
        const std::size_t second = skip_blanks(text, dash + 1);
        const auto high = second > dash + 1 ? take_operand(text, second) : std::nullopt;
        if (!high) {
            ++at;
            continue;
        }
        rewritten.append(text.substr(copied, at - copied));
        rewritten += fmt::format(">= {}, <= {} ", low->text, high->text);
        copied = at = skip_blanks(text, high->end);
    }
    rewritten.append(text.substr(copied));
    return rewritten;
}

}  // namespace tidemark::policy
