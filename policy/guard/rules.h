// What the guard's file of rules says (/etc/tidemark/hook.yaml): repositories, their branches, and for each rule
// whether it is off, warns or refuses. Plain values, and the file's text to and from them. The file is world-readable
// and holds no secret. Pure; any thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/finding.h"

namespace tidemark::policy::guard {

enum class RuleId {
    marker_removed,        // a field that stays lost its marker
    marker_changed,        // its marker names another policy or part
    marker_broken,         // a new marker that cannot work
    main_into_automation,  // commits of main came into the automation branch
    automation_content,    // the automation branch changes more than marked values in its scope
    automation_pusher,     // somebody else than the named identities writes the automation branch
};
inline constexpr std::size_t k_rule_count = 6;
inline constexpr std::array k_rules{RuleId::marker_removed,     RuleId::marker_changed,
                                    RuleId::marker_broken,      RuleId::main_into_automation,
                                    RuleId::automation_content, RuleId::automation_pusher};

/// "marker-removed", ... as written in the file, in messages and in overrides.
std::string_view to_string(RuleId rule) noexcept;
std::optional<RuleId> find_rule(std::string_view name) noexcept;
/// Those that only say something about branches with automation_of.
bool is_automation_rule(RuleId rule) noexcept;

enum class RuleMode { off, warn, enforce };
std::string_view to_string(RuleMode mode) noexcept;

struct RuleModes {
    std::array<RuleMode, k_rule_count> modes{};
    RuleMode& operator[](RuleId rule) noexcept { return modes[static_cast<std::size_t>(rule)]; }
    RuleMode operator[](RuleId rule) const noexcept { return modes[static_cast<std::size_t>(rule)]; }
    bool operator==(const RuleModes&) const = default;
};
/// What a rule is set to where the file does not say: removed and the two of the automation branch enforced,
/// changed and broken warn, the pusher off.
RuleModes default_modes() noexcept;

/// One branch, or a pattern of branches ("release/*"), short names.
struct BranchRules {
    std::string pattern;
    RuleModes modes;
    /// The checkout branch that an automation branch is made from; empty: an ordinary branch.
    std::string automation_of;
    /// Update paths within which the automation may change values; none: the whole tree.
    std::vector<std::string> paths;
    /// Who may write it under automation-pusher, as Pusher::identities has them.
    std::vector<std::string> pushers;
    bool operator==(const BranchRules&) const = default;
};
/// The mode in force: a rule of the automation branch is off on ordinary branches, whatever `modes` holds.
RuleMode mode_of(const BranchRules& branch, RuleId rule) noexcept;

enum class OnError { refuse, allow };

struct RepositoryRules {
    /// Absolute paths, host names ("owner/name", capitals ignored) or globs over either: `*` and `?` within one part
    /// between slashes, `**` across.
    std::vector<std::string> repositories;
    std::vector<BranchRules> branches;  // the first whose pattern fits counts
    /// Who may push with -o tidemark.allow=<rule>, a list of identities a rule.
    std::map<RuleId, std::vector<std::string>> overrides;
    /// Until then whatever would be refused is only warned of.
    std::optional<std::chrono::sys_seconds> warn_until;
    OnError on_error = OnError::refuse;
    std::string owner;  // who answers for these rules, for the message; may be empty
    bool operator==(const RepositoryRules&) const = default;
};

struct Limits {
    std::chrono::milliseconds deadline{4000};
    std::size_t files = 5'000;                  // changed files that are read, over a whole push
    std::size_t bytes = std::size_t{64} << 20;  // of them together
    std::size_t commits = 100'000;              // walked
    bool operator==(const Limits&) const = default;
};

struct HookRules {
    std::vector<RepositoryRules> repositories;  // the first that fits counts
    Limits limits;
    std::string log;     // an absolute path, "syslog", or empty: none
    std::string socket;  // of the service, for post-receive; empty: nobody is told
    bool operator==(const HookRules&) const = default;
};

/// Caps on the file and on the entries of each list in it.
inline constexpr std::size_t k_max_rules_bytes = std::size_t{1} << 20;
inline constexpr std::size_t k_max_entries = 10'000;

/// The file's rules; `findings` has every mistake with its line, and then `rules` must not be used.
struct RulesReading {
    HookRules rules;
    Findings findings;
};
RulesReading read_rules(std::string_view yaml, const std::string& file);
/// YAML that read_rules takes back, with a comment to each part. Texts are UTF-8.
std::string write_rules(const HookRules& rules);

/// The names a host knows a repository by. Any of them may be empty.
struct RepositoryNames {
    std::string path;       // absolute, of the bare repository
    std::string host_name;  // "owner/name", without ".git"
};
/// Nothing if no rules are for it.
const RepositoryRules* find_repository(const HookRules& rules, const RepositoryNames& names) noexcept;
/// The rules of a full reference name ("refs/heads/main"); nothing for what is not guarded: other branches, tags,
/// refs/pull/, refs/merge-requests/, refs/for/, and branches of which every rule is off.
const BranchRules* find_branch(const RepositoryRules& rules, std::string_view reference) noexcept;

}  // namespace tidemark::policy::guard
