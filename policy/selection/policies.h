// The three policies: how each reads a text and which of two values it ranks higher. Used by selection.cpp only.
#pragma once

#include <algorithm>
#include <cmath>
#include <compare>
#include <string_view>

#include "policy/selection/number.h"
#include "policy/version/constraint.h"

namespace tidemark::policy {

/// What reading a text came to.
enum class Verdict { ranked, not_a_version, out_of_range, not_a_number };

enum class Direction { ascending, descending };  // ascending: the greatest is best

/// Which of two tags of equal rank is best where no filter is set: the one that stands first or last.
enum class TieRule { first, last };

/// Highest semantic version of a range.
struct SemverPolicy {
    using Value = Version;  // a view of the text
    static constexpr TieRule k_tie = TieRule::first;

    Constraint constraint;
    std::string range;  // as written, for messages

    Verdict read(std::string_view text, Value& value) const noexcept {
        const auto version = parse_version_tag(text);
        if (!version) return Verdict::not_a_version;
        value = *version;
        return Verdict::ranked;
    }
    /// Apart from read, because comparing with the best so far is cheaper than this.
    bool admits(const Value& value) const noexcept { return constraint.check(value); }
    std::partial_ordering rank(const Value& left, const Value& right) const noexcept { return compare(left, right); }
};

/// Greatest or smallest number.
struct NumericalPolicy {
    using Value = double;
    static constexpr TieRule k_tie = TieRule::last;

    Direction direction = Direction::ascending;

    Verdict read(std::string_view text, Value& value) const {
        const auto number = parse_number(text);
        if (!number) return Verdict::not_a_number;
        value = *number;
        return Verdict::ranked;
    }
    bool admits(Value) const noexcept { return true; }
    /// NaN is unordered against everything.
    std::partial_ordering rank(Value left, Value right) const noexcept {
        return direction == Direction::ascending ? left <=> right : right <=> left;
    }
};

/// Last or first in byte order.
struct AlphabeticalPolicy {
    using Value = std::string_view;
    static constexpr TieRule k_tie = TieRule::last;

    Direction direction = Direction::ascending;

    Verdict read(std::string_view text, Value& value) const noexcept {
        value = text;
        return Verdict::ranked;
    }
    bool admits(const Value&) const noexcept { return true; }
    std::partial_ordering rank(const Value& left, const Value& right) const noexcept {
        return direction == Direction::ascending ? left <=> right : right <=> left;
    }
};

/// NaN or not; texts and versions never are.
inline bool is_unordered(double value) noexcept {
    return std::isnan(value);
}
template <class Value>
bool is_unordered(const Value&) noexcept {
    return false;
}

}  // namespace tidemark::policy
