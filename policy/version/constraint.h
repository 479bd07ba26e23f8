// Version ranges as Masterminds/semver reads them: ">=1.2 <2", "~1.25", "1.x || ^3.0.0-0", "1.0 - 2.0".
// Rules: conformance/README.md "Ranges"; conformance/semver-constraint.json.
// Parsing allocates, checking does not. A parsed Constraint may be used by several threads at once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"
#include "policy/version/version.h"

namespace tidemark::policy {

enum class ConstraintOperator { equal, not_equal, greater, less, greater_equal, less_equal, tilde, caret };

/// The part of an operand from which on everything is open: `*` is major, `1.x` and `1` are minor,
/// `1.2` is patch.
enum class Wildcard { none, major, minor, patch };

/// One operator with its operand. A wildcard stands as 0 in the numbers.
struct Comparator {
    ConstraintOperator operation = ConstraintOperator::equal;
    Wildcard wildcard = Wildcard::none;
    std::uint64_t major = 0;
    std::uint64_t minor = 0;
    std::uint64_t patch = 0;
    std::string prerelease;

    /// Whether `version` meets the comparator alone; prereleases are compared by plain precedence.
    bool admits(const Version& version) const noexcept;
};

class Constraint {
public:
    /// At most 512 bytes and 32 alternatives. A Problem's position is that in `text` where it is known.
    static Result<Constraint> parse(std::string_view text);

    /// Whether some alternative admits the version. A prerelease needs a comparator with a prerelease
    /// in the same alternative.
    bool check(const Version& version) const noexcept;

private:
    /// What stands between two `||`: all of it must hold.
    struct Alternative {
        std::vector<Comparator> comparators;
        bool takes_prereleases = false;
    };

    std::vector<Alternative> m_alternatives;
};

/// The comparators of one alternative, or why they are malformed. Used by Constraint::parse; `text` has its
/// hyphen ranges already rewritten.
Result<std::vector<Comparator>> parse_comparators(std::string_view text);

/// `text` with every `A - B` replaced by `>= A, <= B `.
std::string rewrite_hyphen_ranges(std::string_view text);

}  // namespace tidemark::policy
