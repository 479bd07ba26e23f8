#include "policy/guard/rules.h"

#include <algorithm>

#include "policy/guard/glob.h"

namespace tidemark::policy::guard {
namespace {

constexpr std::string_view k_heads = "refs/heads/";
constexpr std::string_view k_suffix = ".git";

std::string_view without_suffix(std::string_view name) noexcept {
    const bool has = name.size() > k_suffix.size() && name.substr(name.size() - k_suffix.size()) == k_suffix;
    return has ? name.substr(0, name.size() - k_suffix.size()) : name;
}

/// Hosts take "Acme/Fleet" and "acme/fleet" for one repository; paths are what the disk says.
bool names_repository(std::string_view pattern, const RepositoryNames& names) noexcept {
    if (!pattern.empty() && pattern[0] == '/') return fits_glob(names.path, pattern);
    return !names.host_name.empty() &&
           fits_glob(without_suffix(names.host_name), without_suffix(pattern), LetterCase::ignored);
}

bool guards_anything(const BranchRules& branch) noexcept {
    return std::any_of(k_rules.begin(), k_rules.end(),
                       [&](RuleId rule) { return mode_of(branch, rule) != RuleMode::off; });
}

}  // namespace

std::string_view to_string(RuleId rule) noexcept {
    switch (rule) {
        case RuleId::marker_removed:
            return "marker-removed";
        case RuleId::marker_changed:
            return "marker-changed";
        case RuleId::marker_broken:
            return "marker-broken";
        case RuleId::main_into_automation:
            return "main-into-automation";
        case RuleId::automation_content:
            return "automation-content";
        case RuleId::automation_pusher:
            return "automation-pusher";
    }
    return "";
}

std::optional<RuleId> find_rule(std::string_view name) noexcept {
    const auto* const found =
        std::find_if(k_rules.begin(), k_rules.end(), [name](RuleId rule) { return to_string(rule) == name; });
    return found == k_rules.end() ? std::nullopt : std::optional(*found);
}

bool is_automation_rule(RuleId rule) noexcept {
    return rule == RuleId::main_into_automation || rule == RuleId::automation_content ||
           rule == RuleId::automation_pusher;
}

std::string_view to_string(RuleMode mode) noexcept {
    switch (mode) {
        case RuleMode::off:
            return "off";
        case RuleMode::warn:
            return "warn";
        case RuleMode::enforce:
            return "enforce";
    }
    return "";
}

RuleModes default_modes() noexcept {
    RuleModes modes;
    modes[RuleId::marker_removed] = RuleMode::enforce;
    modes[RuleId::marker_changed] = RuleMode::warn;
    modes[RuleId::marker_broken] = RuleMode::warn;
    modes[RuleId::main_into_automation] = RuleMode::enforce;
    modes[RuleId::automation_content] = RuleMode::enforce;
    return modes;
}

RuleMode mode_of(const BranchRules& branch, RuleId rule) noexcept {
    return is_automation_rule(rule) && branch.automation_of.empty() ? RuleMode::off : branch.modes[rule];
}

const RepositoryRules* find_repository(const HookRules& rules, const RepositoryNames& names) noexcept {
    for (const RepositoryRules& repository : rules.repositories) {
        for (const std::string& pattern : repository.repositories) {
            if (names_repository(pattern, names)) return &repository;
        }
    }
    return nullptr;
}

const BranchRules* find_branch(const RepositoryRules& rules, std::string_view reference) noexcept {
    if (reference.substr(0, k_heads.size()) != k_heads) return nullptr;
    const std::string_view name = reference.substr(k_heads.size());
    const auto branch = std::find_if(rules.branches.begin(), rules.branches.end(),
                                     [name](const BranchRules& one) { return fits_glob(name, one.pattern); });
    return branch != rules.branches.end() && guards_anything(*branch) ? &*branch : nullptr;
}

}  // namespace tidemark::policy::guard
