// spec.filterTags: which tags a policy sees, and by what text it ranks them.
// Rules: conformance/README.md "Patterns"; conformance/filter.json. Immutable once compiled; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "policy/selection/expansion.h"
#include "policy/selection/pattern.h"

namespace tidemark::policy {

class Filter {
public:
    static Result<Filter> compile(std::string_view pattern, std::string_view extract);

    /// The text by which `tag` is ranked, or nothing where the pattern does not match. It is a view of `tag`,
    /// or of `buffer`, which is overwritten, if makes_text.
    std::optional<std::string_view> apply(std::string_view tag, std::string& buffer) const;

    /// Whether tags are ranked by something else than themselves.
    bool extracts() const noexcept { return m_expansion.has_value(); }

    /// Whether apply builds its answers in the buffer instead of pointing into the tag.
    bool makes_text() const noexcept { return m_expansion && !m_expansion->is_single(); }

private:
    Filter(Pattern pattern, std::optional<Expansion> expansion);

    Pattern m_pattern;
    std::optional<Expansion> m_expansion;  // none: the whole tag
};

}  // namespace tidemark::policy
