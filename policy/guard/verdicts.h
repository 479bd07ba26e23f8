// Collects the findings of a push: each gets its verdict by the rule's mode, the time until which is only warned, and
// the overrides that the pusher may use. One thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "policy/guard/judge.h"

namespace tidemark::policy::guard {

class Verdicts {
public:
    Verdicts(const Push& push, const RepositoryRules& rules, std::chrono::sys_seconds now);

    /// A rule that is off for the branch finds nothing.
    void add(const BranchRules& branch, GuardFinding finding);
    Judgement finish();

private:
    void read_requests(const Push& push, const RepositoryRules& rules);

    bool m_only_warn;
    std::array<std::string, k_rule_count> m_reasons;  // of the overrides that hold
    std::array<std::string, k_rule_count> m_notes;    // why the others do not
    std::array<std::size_t, k_rule_count> m_found{};
    std::array<std::vector<GuardFinding>, 3> m_findings;  // by verdict
    std::size_t m_left_out = 0;
};

/// Whether one of the identities is named; an identity that is empty never is.
bool is_named(const Pusher& pusher, const std::vector<std::string>& identities) noexcept;

}  // namespace tidemark::policy::guard
