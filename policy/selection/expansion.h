// The template of a filter's extract: Go's Regexp.Expand ("$ts", "${major}.$minor", "$$").
// Rules: conformance/README.md "Patterns"; conformance/filter.json. Immutable once parsed; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::policy {

class Expansion {
public:
    /// Resolves group names and numbers against a pattern's groups (Pattern::group_names). Nothing is an
    /// error: a `$` that starts no reference is itself, an unknown group gives nothing.
    static Expansion parse(std::string_view text, const std::vector<std::string>& group_names);

    /// How many groups, from number 0 on, append and single need to see.
    std::size_t groups_needed() const noexcept { return m_groups_needed; }

    /// Whether the template is one reference and nothing else: then single answers it without a copy.
    bool is_single() const noexcept { return m_pieces.size() == 1 && m_pieces.front().is_reference; }
    std::string_view single(std::span<const std::string_view> groups) const;

    void append(std::span<const std::string_view> groups, std::string& text) const;

private:
    /// Literal text, or the numbers of the groups that share a name.
    struct Piece {
        std::string literal;
        std::vector<std::size_t> groups;
        bool is_reference = false;
    };

    void add_literal(std::string_view text);

    std::vector<Piece> m_pieces;
    std::size_t m_groups_needed = 0;
};

/// The references in a template, as written without `$` and braces: for checks by name.
std::vector<std::string> references_in(std::string_view text);

}  // namespace tidemark::policy
