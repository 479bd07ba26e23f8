#include "policy/selection/filter.h"

#include <array>

namespace tidemark::policy {
namespace {

// Few, because they are cleared for each tag; templates with more are rare.
constexpr std::size_t k_groups_on_stack = 4;

}  // namespace

Result<Filter> Filter::compile(std::string_view pattern, std::string_view extract) {
    auto compiled = Pattern::compile(pattern);
    if (!compiled) return compiled.problem();
    std::optional<Expansion> expansion;
    if (!extract.empty()) expansion = Expansion::parse(extract, compiled->group_names());
    return Filter(std::move(compiled).value(), std::move(expansion));
}

std::optional<std::string_view> Filter::apply(std::string_view tag, std::string& buffer) const {
    if (!m_expansion) {
        if (!m_pattern.matches(tag)) return std::nullopt;
        return tag;
    }
    std::array<std::string_view, k_groups_on_stack> few;
    std::vector<std::string_view> many;
    std::span<std::string_view> groups = few;
    const std::size_t needed = m_expansion->groups_needed();
    if (needed > few.size()) {
        many.resize(needed);
        groups = many;
    }
    groups = groups.first(needed);
    if (!m_pattern.match(tag, groups)) return std::nullopt;
    if (m_expansion->is_single()) return m_expansion->single(groups);
    buffer.clear();
    m_expansion->append(groups, buffer);
    return std::string_view(buffer);
}

Filter::Filter(Pattern pattern, std::optional<Expansion> expansion)
    : m_pattern(std::move(pattern)), m_expansion(std::move(expansion)) {}

}  // namespace tidemark::policy
