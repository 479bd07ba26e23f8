// A compiled regular expression in Go's syntax; the only place that holds an RE2.
// Searching takes linear time and may happen in several threads at once.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"
#include "policy/selection/linear_pattern.h"

namespace re2 {
class RE2;
}

namespace tidemark::policy {

class Pattern {
public:
    /// A Problem's position is that of the offending fragment in `pattern` where it can be told.
    static Result<Pattern> compile(std::string_view pattern);

    /// Whether the pattern matches anywhere in `text`.
    bool matches(std::string_view text) const;

    /// As matches, and what the first groups matched: groups[0] is the whole match. A group that took no
    /// part has a null data(). `groups` may be longer or shorter than the number of groups.
    bool match(std::string_view text, std::span<std::string_view> groups) const;

    /// Names by group number; empty for the whole match (number 0) and for groups without a name.
    const std::vector<std::string>& group_names() const noexcept { return m_group_names; }

    Pattern(Pattern&&) noexcept;
    Pattern& operator=(Pattern&&) noexcept;
    ~Pattern();

private:
    Pattern(std::unique_ptr<const re2::RE2> expression, std::vector<std::string> group_names,
            std::optional<LinearPattern> shortcut);
    std::unique_ptr<const re2::RE2> m_expression;
    std::vector<std::string> m_group_names;
    std::optional<LinearPattern> m_shortcut;
};

}  // namespace tidemark::policy
