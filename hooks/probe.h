// The answer to a probe: a push of a reference below refs/tidemark/probe/ is refused with one known line, which proves
// that the hook ran where the push went and says what it would do there. `tidemark hooks verify` reads it.
//
//   tidemark-probe version=0.1.0 state=warned until=2026-11-28T00:00:00Z repository=/srv/git/a.git rules=/etc/...
//
// Fields are parted by one blank, in any order; a reader passes over those it does not know. Bytes of a value that are
// no printable ASCII, and '%', are written as %XX, so that the line survives blanks in paths and every client. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "policy/guard/rules.h"

namespace tidemark::hooks {

inline constexpr std::string_view k_probe_prefix = "refs/tidemark/probe/";
bool is_probe(std::string_view reference) noexcept;

enum class ProbeState {
    enforced,   // pushes are judged, and at least one rule refuses
    warned,     // pushes are judged, but now no rule refuses
    unguarded,  // the rules do not name this repository
    no_rules,   // the file of rules is missing, not readable or not valid; `problem` says why
};
std::string_view to_string(ProbeState state) noexcept;

struct ProbeAnswer {
    std::string version;
    ProbeState state = ProbeState::unguarded;
    /// When a warned repository becomes an enforced one; nothing if its rules never refuse.
    std::optional<std::chrono::sys_seconds> until;
    std::string repository;  // its path as the hook sees it
    std::string host_name;   // "owner/name" as the host told the hook; may be empty
    std::string rules_file;
    std::string problem;
    bool operator==(const ProbeAnswer&) const = default;
};

/// What the rules say of a repository (none: nullptr), now.
ProbeAnswer describe_state(const policy::guard::RepositoryRules* rules, std::chrono::sys_seconds now);

/// One line without its end.
std::string format_probe_answer(const ProbeAnswer& answer);
/// From everything a push printed ("remote: " before each line or not); nothing if no hook answered.
std::optional<ProbeAnswer> find_probe_answer(std::string_view output);

}  // namespace tidemark::hooks
