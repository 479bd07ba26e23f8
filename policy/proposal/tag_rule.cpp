#include "policy/proposal/tag_rule.h"

#include <array>
#include <optional>

#include <fmt/format.h>
#include <re2/re2.h>

#include "policy/version/version.h"

namespace tidemark::policy::proposal {
namespace {

/// From here on a first number is a year, and no upper end makes sense.
constexpr std::uint64_t k_first_year = 1000;

/// Text as a pattern that matches it. Of a tag's characters only the dot means something.
std::string literal(std::string_view text) {
    std::string pattern;
    for (const char c : text) {
        if (c == '.') pattern += '\\';
        pattern += c;
    }
    return pattern;
}

std::string numbers(const Version& version) {
    return fmt::format("{}.{}.{}", version.major, version.minor, version.patch);
}

/// "2", "0.5": what would be a step to think about; empty for years.
std::string next_break(const Version& version) {
    if (version.major >= k_first_year) return {};
    return version.major == 0 ? fmt::format("0.{}", version.minor + 1) : fmt::format("{}", version.major + 1);
}

std::string kind_of(const Version& version) {
    return version.major == 0 ? fmt::format("0-{}", version.minor) : fmt::format("{}", version.major);
}

std::string range_of(const Version& version) {
    const std::string end = next_break(version);
    return end.empty() ? fmt::format(">={}", numbers(version)) : fmt::format(">={} <{}", numbers(version), end);
}

/// Prereleases count only where the end of the range names one too.
std::string range_with_prereleases(const Version& version, std::string_view prerelease) {
    std::string end = next_break(version);
    if (end.empty()) return fmt::format(">={}-{}", numbers(version), prerelease);
    end += version.major == 0 ? ".0-0" : ".0.0-0";
    return fmt::format(">={}-{} <{}", numbers(version), prerelease, end);
}

TagRule semver_rule(std::string range, std::string kind) {
    TagRule rule;
    rule.selection.semver = SemverChoice{range};
    rule.text = std::move(range);
    rule.kind = std::move(kind);
    return rule;
}

TagRule numerical_rule(std::string pattern, std::string extract, std::string shape, std::string kind) {
    TagRule rule;
    rule.selection.filter = TagFilter{std::move(pattern), std::move(extract)};
    rule.selection.numerical = NumericalChoice{"asc"};
    rule.text = fmt::format("tags like {}, the highest NUMBER", shape);
    rule.kind = std::move(kind);
    return rule;
}

std::string without_end_dash(std::string_view prefix) {
    while (!prefix.empty() && (prefix.back() == '-' || prefix.back() == '.' || prefix.back() == '_'))
        prefix.remove_suffix(1);
    return std::string(prefix);
}

/// 1.25.1, v1.25.1, 1.25.1-rc.1, 1.25.1-alpine, 1.25.1-debian-12-r4, 1.25.1-3f2a91c.
std::optional<TagRule> rule_for_version(std::string_view tag) {
    static const RE2 k_variant("(v?)([0-9]+\\.[0-9]+\\.[0-9]+)-(.+)");
    static const RE2 k_prerelease("(?:alpha|beta|rc|pre|preview|dev|snapshot|nightly|canary)[.-]?[0-9]*(?:\\..*)?");
    static const RE2 k_revision("((?:.*-)?r|)([0-9]+)");
    static const RE2 k_commit("g?[0-9a-f]{7,40}");

    const auto version = parse_version_tag(tag);
    if (!version) return std::nullopt;
    if (version->prerelease.empty()) return semver_rule(range_of(*version), kind_of(*version));
    std::string prefix;
    std::string three;
    std::string rest;
    if (!RE2::FullMatch(tag, k_variant, &prefix, &three, &rest)) return std::nullopt;
    if (RE2::FullMatch(rest, k_prerelease))
        return semver_rule(range_with_prereleases(*version, version->prerelease), kind_of(*version) + "-pre");

    const std::string group = fmt::format("^{}(?P<version>[0-9]+\\.[0-9]+\\.[0-9]+)-", prefix);
    TagRule rule;
    std::string before;
    std::string revision;
    if (RE2::FullMatch(rest, k_revision, &before, &revision)) {
        rule = semver_rule(range_with_prereleases(*version, revision), kind_of(*version));
        rule.selection.filter =
            TagFilter{fmt::format("{}{}(?P<revision>[0-9]+)$", group, literal(before)), "$version-$revision"};
        rule.text += fmt::format(", tags like {}{}-{}NUMBER", prefix, three, before);
        if (!before.empty()) rule.kind += '-' + without_end_dash(before);
    } else if (RE2::FullMatch(rest, k_commit)) {
        rule = semver_rule(range_of(*version), kind_of(*version));
        rule.selection.filter = TagFilter{group + "g?[0-9a-f]+$", "$version"};
        rule.text += fmt::format(", tags like {}{}-COMMIT", prefix, three);
    } else {
        rule = semver_rule(range_of(*version), fmt::format("{}-{}", kind_of(*version), rest));
        rule.selection.filter = TagFilter{fmt::format("{}{}$", group, literal(rest)), "$version"};
        rule.text += fmt::format(", tags that end in -{}", rest);
    }
    return rule;
}

/// 15.4, v15.4, 3.19-slim: a policy for versions takes no tag of two numbers, so the second one is compared.
std::optional<TagRule> rule_for_two_numbers(std::string_view tag) {
    static const RE2 k_two("(v?[0-9]+)\\.[0-9]+(-.+)?");
    std::string first;
    std::string rest;
    if (!RE2::FullMatch(tag, k_two, &first, &rest)) return std::nullopt;
    return numerical_rule(fmt::format("^{}\\.(?P<number>[0-9]+){}$", first, literal(rest)), "$number",
                          fmt::format("{}.NUMBER{}", first, rest), first + rest);
}

/// main-3f2a91c-1700000000, 20261121-3f2a91c, main-1234, 20261121.
std::optional<TagRule> rule_for_build(std::string_view tag) {
    static const RE2 k_commit_time("((?:[A-Za-z0-9_.-]+-)?)[0-9a-f]{7,40}-[0-9]{8,}");
    static const RE2 k_time_commit("((?:[A-Za-z0-9_.-]+-)?)[0-9]{8,}-[0-9a-f]{7,40}");
    static const RE2 k_number("((?:[A-Za-z0-9_.-]*[A-Za-z_.-])?)([0-9]{4,})");
    static const RE2 k_named_number("((?:build|ci|run|rev|b|r)[.-]?)([0-9]+)");
    std::string prefix;
    if (RE2::FullMatch(tag, k_commit_time, &prefix))
        return numerical_rule(fmt::format("^{}[0-9a-f]+-(?P<number>[0-9]+)$", literal(prefix)), "$number",
                              prefix + "COMMIT-NUMBER", without_end_dash(prefix));
    if (RE2::FullMatch(tag, k_time_commit, &prefix))
        return numerical_rule(fmt::format("^{}(?P<number>[0-9]+)-[0-9a-f]+$", literal(prefix)), "$number",
                              prefix + "NUMBER-COMMIT", without_end_dash(prefix));
    std::string number;
    if (RE2::FullMatch(tag, k_named_number, &prefix, &number) || RE2::FullMatch(tag, k_number, &prefix, &number))
        return numerical_rule(fmt::format("^{}(?P<number>[0-9]+)$", literal(prefix)), "$number", prefix + "NUMBER",
                              without_end_dash(prefix));
    return std::nullopt;
}

/// RELEASE.2026-01-16T16-07-38Z, 2026-01-16: in the order of letters.
std::optional<TagRule> rule_for_date(std::string_view tag) {
    static const RE2 k_date("((?:[A-Za-z]+[.-])?)[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}-?[0-9]{2}-?[0-9]{2}Z)?");
    std::string prefix;
    std::string time;
    if (!RE2::FullMatch(tag, k_date, &prefix, &time)) return std::nullopt;
    TagRule rule;
    rule.selection.filter = TagFilter{
        fmt::format("^{}[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{}$", literal(prefix), time.empty() ? "" : "T[0-9-]+Z"), ""};
    rule.selection.alphabetical = AlphabeticalChoice{"asc"};
    rule.text = fmt::format("tags like {}DATE{}, the latest", prefix, time.empty() ? "" : "TIME");
    rule.kind = without_end_dash(prefix);
    return rule;
}

std::string why_no_rule(std::string_view tag) {
    static const RE2 k_short_number("v?[0-9]{1,3}(?:-.*)?");
    static const RE2 k_commit("(?:[A-Za-z0-9_.-]+-)?[0-9a-f]{7,40}");
    static const RE2 k_digit(".*[0-9].*");
    if (RE2::FullMatch(tag, k_short_number))
        return fmt::format("{} moves along with every release of it: write the whole version that runs", tag);
    if (RE2::FullMatch(tag, k_commit) && RE2::FullMatch(tag, k_digit))
        return fmt::format("{} is a commit's id, and those have no order: tag builds like main-COMMIT-TIME", tag);
    return fmt::format("{} is a name that moves by itself: write the version or the build that runs", tag);
}

}  // namespace

bool takes_tag(const SelectionSpec& selection, std::string_view tag) {
    const auto compiled = Selection::compile(selection);
    const std::array<std::string_view, 1> tags = {tag};
    return compiled && std::holds_alternative<Selected>(compiled->choose(tags));
}

Result<TagRule> rule_for_tag(std::string_view tag) {
    for (const auto find : {rule_for_version, rule_for_two_numbers, rule_for_date, rule_for_build}) {
        const auto rule = find(tag);
        // The selection itself has the last word on whether the rule is one.
        if (rule && takes_tag(rule->selection, tag)) return *rule;
    }
    return Problem{why_no_rule(tag), std::nullopt};
}

}  // namespace tidemark::policy::proposal
