#include "policy/selection/pattern.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <re2/re2.h>

#include "policy/selection/go_pattern.h"

namespace tidemark::policy {
namespace {

constexpr std::size_t k_max_length = 16384;

// Enough for any template seen in the wild without touching the heap.
constexpr std::size_t k_groups_on_stack = 16;

Problem refusal(std::string_view pattern, std::string_view why, std::optional<std::size_t> position) {
    return {fmt::format("the pattern '{}' is malformed: {}", pattern, why), position};
}

std::optional<std::size_t> find_once(std::string_view pattern, std::string_view fragment) noexcept {
    const std::size_t place = pattern.find(fragment);
    if (fragment.empty() || place == std::string_view::npos) return std::nullopt;
    if (pattern.find(fragment, place + 1) != std::string_view::npos) return std::nullopt;
    return place;
}

bool search(const re2::RE2& expression, std::string_view text, re2::StringPiece* found, std::size_t count) {
    return expression.Match(text, 0, text.size(), re2::RE2::UNANCHORED, found, static_cast<int>(count));
}

}  // namespace

Result<Pattern> Pattern::compile(std::string_view pattern) {
    if (pattern.size() > k_max_length) {
        return Problem{fmt::format("the pattern has {} bytes, more than {}", pattern.size(), k_max_length),
                       k_max_length};
    }
    auto translated = translate_pattern(pattern);
    if (!translated) return refusal(pattern, translated.message(), translated.problem().position);
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto expression = std::make_unique<const re2::RE2>(translated->text, options);
    if (!expression->ok()) {
        return refusal(pattern, expression->error(), find_once(pattern, expression->error_arg()));
    }
    return Pattern(std::move(expression), std::move(translated->group_names), LinearPattern::compile(pattern));
}

bool Pattern::matches(std::string_view text) const {
    return match(text, {});
}

bool Pattern::match(std::string_view text, std::span<std::string_view> groups) const {
    if (m_shortcut) {
        const auto answer = m_shortcut->match(text, groups);
        if (answer != LinearPattern::Answer::unsure) return answer == LinearPattern::Answer::match;
    }
    const std::size_t count = std::min(groups.size(), m_group_names.size());
    std::array<re2::StringPiece, k_groups_on_stack> few;
    std::vector<re2::StringPiece> many;
    re2::StringPiece* found = few.data();
    if (count > few.size()) {
        many.resize(count);
        found = many.data();
    }
    if (!search(*m_expression, text, found, count)) return false;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        groups[i] = i < count ? std::string_view(found[i].data(), found[i].size()) : std::string_view();
    }
    return true;
}

Pattern::Pattern(std::unique_ptr<const re2::RE2> expression, std::vector<std::string> group_names,
                 std::optional<LinearPattern> shortcut)
    : m_expression(std::move(expression)), m_group_names(std::move(group_names)), m_shortcut(std::move(shortcut)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

}  // namespace tidemark::policy
