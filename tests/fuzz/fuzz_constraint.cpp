// Ranges and filter patterns as people might write them, against versions and tags: the first line is the range
// and the pattern, the second the extract, the rest is the tag. Nothing may crash, and the pattern's shortcut
// must answer as RE2 does.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <re2/re2.h>

#include "policy/selection/filter.h"
#include "policy/selection/go_pattern.h"
#include "policy/selection/linear_pattern.h"
#include "policy/selection/number.h"
#include "policy/version/constraint.h"

namespace {

using namespace tidemark::policy;

constexpr std::size_t k_groups = 4;

std::string_view take_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return line;
}

void check_range(std::string_view range, std::string_view tag) {
    const auto constraint = Constraint::parse(range);
    const auto version = parse_version(tag);
    if (version && compare(*version, *version) != 0) std::abort();
    if (version && !parse_version(canonical(*version)) && tag.size() < 200) std::abort();
    if (constraint && version) constraint->check(*version);
}

void compare_engines(std::string_view pattern, std::string_view tag) {
    const auto translated = translate_pattern(pattern);
    if (!translated) return;
    re2::RE2::Options quiet;
    quiet.set_log_errors(false);
    const re2::RE2 expression(translated->text, quiet);
    if (!expression.ok()) return;
    if (static_cast<std::size_t>(expression.NumberOfCapturingGroups()) + 1 != translated->group_names.size()) {
        std::abort();
    }
    const auto linear = LinearPattern::compile(pattern);
    std::array<std::string_view, k_groups> groups;
    if (!linear) return;
    const auto answer = linear->match(tag, groups);
    if (answer == LinearPattern::Answer::unsure) return;
    std::array<re2::StringPiece, k_groups> found;
    const int count = std::min<int>(k_groups, expression.NumberOfCapturingGroups() + 1);
    const bool matched = expression.Match(tag, 0, tag.size(), re2::RE2::UNANCHORED, found.data(), count);
    if (matched != (answer == LinearPattern::Answer::match)) std::abort();
    for (std::size_t i = 0; matched && i < k_groups; ++i) {
        if (std::string_view(found[i].data(), found[i].size()) != groups[i]) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    const std::string_view pattern = take_line(rest);
    const std::string_view extract = take_line(rest);
    check_range(pattern, rest);
    compare_engines(pattern, rest);
    parse_number(rest);
    if (const auto filter = Filter::compile(pattern, extract)) {
        std::string buffer;
        filter->apply(rest, buffer);
    }
    return 0;
}
