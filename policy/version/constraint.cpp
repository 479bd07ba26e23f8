#include "policy/version/constraint.h"

#include <algorithm>

#include <fmt/format.h>

namespace tidemark::policy {
namespace {

constexpr std::size_t k_max_length = 512;
constexpr std::size_t k_max_alternatives = 32;

std::strong_ordering compare(const Version& version, const Comparator& comparator) noexcept {
    if (const auto order = version.major <=> comparator.major; order != 0) return order;
    if (const auto order = version.minor <=> comparator.minor; order != 0) return order;
    if (const auto order = version.patch <=> comparator.patch; order != 0) return order;
    return compare_prereleases(version.prerelease, comparator.prerelease);
}

bool equals(const Version& version, const Comparator& comparator) noexcept {
    return compare(version, comparator) == 0;
}

bool admits_tilde(const Version& version, const Comparator& comparator) noexcept {
    if (compare(version, comparator) < 0) return false;
    const bool parts_open = comparator.wildcard == Wildcard::minor || comparator.wildcard == Wildcard::patch;
    // "*" and "~0.0.0" alike: nothing above is shut out.
    if (comparator.major == 0 && comparator.minor == 0 && comparator.patch == 0 && !parts_open) return true;
    if (version.major != comparator.major) return false;
    return comparator.wildcard == Wildcard::minor || version.minor == comparator.minor;
}

bool admits_caret(const Version& version, const Comparator& comparator) noexcept {
    if (compare(version, comparator) < 0 || version.major != comparator.major) return false;
    if (comparator.major > 0 || comparator.wildcard == Wildcard::minor) return true;
    if (version.minor != comparator.minor) return false;
    if (comparator.minor > 0 || comparator.wildcard == Wildcard::patch) return true;
    return version.patch == comparator.patch;
}

bool admits_not_equal(const Version& version, const Comparator& comparator) noexcept {
    switch (comparator.wildcard) {
        case Wildcard::none:
        case Wildcard::major:
            return !equals(version, comparator);
        case Wildcard::minor:
            return version.major != comparator.major;
        case Wildcard::patch:
            break;
    }
    if (version.major != comparator.major || version.minor != comparator.minor) return true;
    return compare_prereleases(version.prerelease, comparator.prerelease) != 0;
}

bool admits_greater(const Version& version, const Comparator& comparator) noexcept {
    switch (comparator.wildcard) {
        case Wildcard::none:
        case Wildcard::major:
            return compare(version, comparator) > 0;
        case Wildcard::minor:
            return version.major > comparator.major;
        case Wildcard::patch:
            break;
    }
    return version.major > comparator.major || (version.major == comparator.major && version.minor > comparator.minor);
}

bool admits_less_equal(const Version& version, const Comparator& comparator) noexcept {
    if (comparator.wildcard == Wildcard::none) return compare(version, comparator) <= 0;
    if (version.major != comparator.major) return version.major < comparator.major;
    return comparator.wildcard == Wildcard::minor || version.minor <= comparator.minor;
}

}  // namespace

bool Comparator::admits(const Version& version) const noexcept {
    switch (operation) {
        case ConstraintOperator::equal:
            return wildcard == Wildcard::none ? equals(version, *this) : admits_tilde(version, *this);
        case ConstraintOperator::not_equal:
            return admits_not_equal(version, *this);
        case ConstraintOperator::greater:
            return admits_greater(version, *this);
        case ConstraintOperator::less:
            return compare(version, *this) < 0;
        case ConstraintOperator::greater_equal:
            return compare(version, *this) >= 0;
        case ConstraintOperator::less_equal:
            return admits_less_equal(version, *this);
        case ConstraintOperator::tilde:
            return admits_tilde(version, *this);
        case ConstraintOperator::caret:
            return admits_caret(version, *this);
    }
    return false;
}

bool Constraint::check(const Version& version) const noexcept {
    return std::any_of(m_alternatives.begin(), m_alternatives.end(), [&](const Alternative& alternative) {
        if (!version.prerelease.empty() && !alternative.takes_prereleases) return false;
        return std::all_of(alternative.comparators.begin(), alternative.comparators.end(),
                           [&](const Comparator& comparator) { return comparator.admits(version); });
    });
}

Result<Constraint> Constraint::parse(std::string_view text) {
    if (text.size() > k_max_length) {
        return Problem{fmt::format("the range has {} bytes, more than {}", text.size(), k_max_length), k_max_length};
    }
    const std::string rewritten = rewrite_hyphen_ranges(text);
    // Places in a rewritten text would not be those of what was written.
    const bool places_known = rewritten == text;
    Constraint constraint;
    std::string_view rest = rewritten;
    while (true) {
        const std::size_t bar = rest.find("||");
        const std::string_view part = rest.substr(0, bar);
        if (constraint.m_alternatives.size() == k_max_alternatives) {
            return Problem{fmt::format("the range '{}' has more than {} parts between ||", text, k_max_alternatives),
                           std::nullopt};
        }
        auto comparators = parse_comparators(part);
        if (!comparators) {
            Problem problem{fmt::format("the range '{}' is malformed: {}", text, comparators.message()), std::nullopt};
            const auto within = comparators.problem().position;
            if (places_known && within) {
                problem.position = static_cast<std::size_t>(part.data() - rewritten.data()) + *within;
            }
            return problem;
        }
        Alternative alternative{std::move(comparators).value(), false};
        alternative.takes_prereleases =
            std::any_of(alternative.comparators.begin(), alternative.comparators.end(),
                        [](const Comparator& comparator) { return !comparator.prerelease.empty(); });
        constraint.m_alternatives.push_back(std::move(alternative));
        if (bar == std::string_view::npos) return constraint;
        rest.remove_prefix(bar + 2);
    }
}

}  // namespace tidemark::policy
