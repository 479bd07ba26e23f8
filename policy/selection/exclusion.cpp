// spec.exclusionList, and the order in which tags are stored.
#include <algorithm>

#include "policy/selection/pattern.h"
#include "policy/selection/selection.h"

namespace tidemark::policy {
namespace {

constexpr std::string_view k_default_suffix = ".sig";

}  // namespace

/// No patterns: the default `^.*\.sig$`, which needs no regular expression.
struct ExclusionList::Compiled {
    std::vector<Pattern> patterns;
};

Result<ExclusionList> ExclusionList::compile(const std::vector<std::string>& patterns) {
    auto compiled = std::make_unique<Compiled>();
    for (const std::string& text : patterns) {
        auto pattern = Pattern::compile(text);
        if (!pattern) return pattern.problem();
        compiled->patterns.push_back(std::move(pattern).value());
    }
    return ExclusionList(std::move(compiled));
}

bool ExclusionList::excludes(std::string_view tag) const {
    if (m_compiled->patterns.empty()) {
        // `.` matches no newline.
        return tag.ends_with(k_default_suffix) && tag.find('\n') == std::string_view::npos;
    }
    return std::any_of(m_compiled->patterns.begin(), m_compiled->patterns.end(),
                       [&](const Pattern& pattern) { return pattern.matches(tag); });
}

ExclusionList::ExclusionList(std::unique_ptr<const Compiled> compiled) : m_compiled(std::move(compiled)) {}
ExclusionList::ExclusionList(ExclusionList&&) noexcept = default;
ExclusionList& ExclusionList::operator=(ExclusionList&&) noexcept = default;
ExclusionList::~ExclusionList() = default;

void store_order(std::vector<std::string_view>& tags) {
    std::sort(tags.begin(), tags.end(), std::greater<>());
}

}  // namespace tidemark::policy
