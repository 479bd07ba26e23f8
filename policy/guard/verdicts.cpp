#include "policy/guard/verdicts.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace tidemark::policy::guard {
namespace {

constexpr std::size_t k_max_reason = 300;

std::size_t index_of(RuleId rule) noexcept {
    return static_cast<std::size_t>(rule);
}

std::string trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1).substr(0, k_max_reason));
}

std::string name_of(const Pusher& pusher) {
    if (!pusher.name.empty()) return pusher.name;
    return pusher.identities.empty() ? "a pusher whom the host does not name" : pusher.identities.front();
}

}  // namespace

bool is_named(const Pusher& pusher, const std::vector<std::string>& identities) noexcept {
    return std::any_of(pusher.identities.begin(), pusher.identities.end(), [&](const std::string& identity) {
        return !identity.empty() && std::find(identities.begin(), identities.end(), identity) != identities.end();
    });
}

Verdicts::Verdicts(const Push& push, const RepositoryRules& rules, std::chrono::sys_seconds now)
    : m_only_warn(rules.warn_until && now < *rules.warn_until) {
    read_requests(push, rules);
}

/// However often an override is asked for: it holds once, or is answered once.
void Verdicts::read_requests(const Push& push, const RepositoryRules& rules) {
    for (const OverrideRequest& request : push.overrides) {
        const auto allowed = rules.overrides.find(request.rule);
        std::string& note = m_notes[index_of(request.rule)];
        std::string& reason = m_reasons[index_of(request.rule)];
        if (allowed == rules.overrides.end() || !is_named(push.pusher, allowed->second)) {
            note = fmt::format("{} may not override {}: the rules of this repository name {}", name_of(push.pusher),
                               to_string(request.rule), allowed == rules.overrides.end() ? "nobody" : "others");
        } else if (std::string said = trimmed(request.reason); said.empty()) {
            note = fmt::format("the override of {0} needs a reason: -o tidemark.allow={0}:REASON",
                               to_string(request.rule));
        } else if (reason.empty()) {
            reason = std::move(said);
        }
    }
    for (std::size_t i = 0; i < k_rule_count; ++i)
        if (!m_reasons[i].empty()) m_notes[i].clear();
}

void Verdicts::add(const BranchRules& branch, GuardFinding finding) {
    const RuleMode mode = mode_of(branch, finding.rule);
    if (mode == RuleMode::off) return;
    ++m_found[index_of(finding.rule)];
    finding.verdict = mode == RuleMode::warn || m_only_warn ? Verdict::warned : Verdict::refused;
    const std::string& reason = m_reasons[index_of(finding.rule)];
    if (finding.verdict == Verdict::refused && !reason.empty()) {
        finding.verdict = Verdict::allowed;
        finding.allowed_by = reason;
    }
    std::vector<GuardFinding>& findings = m_findings[static_cast<std::size_t>(finding.verdict)];
    if (findings.size() < k_max_findings) {
        findings.push_back(std::move(finding));
    } else {
        ++m_left_out;
    }
}

Judgement Verdicts::finish() {
    Judgement judgement;
    judgement.refused = !m_findings[static_cast<std::size_t>(Verdict::refused)].empty();
    for (const Verdict verdict : {Verdict::refused, Verdict::warned, Verdict::allowed}) {
        std::vector<GuardFinding>& findings = m_findings[static_cast<std::size_t>(verdict)];
        std::stable_sort(findings.begin(), findings.end(), [](const GuardFinding& one, const GuardFinding& other) {
            return std::tie(one.reference, one.file, one.line) < std::tie(other.reference, other.file, other.line);
        });
        for (GuardFinding& finding : findings) {
            if (judgement.findings.size() < k_max_findings) {
                judgement.findings.push_back(std::move(finding));
            } else {
                ++m_left_out;
            }
        }
    }
    judgement.findings_left_out = m_left_out;
    for (const RuleId rule : k_rules) {
        const std::size_t i = index_of(rule);
        if (!m_notes[i].empty()) judgement.notes.push_back(m_notes[i]);
        if (!m_reasons[i].empty() && m_found[i] == 0)
            judgement.notes.push_back(fmt::format("the override of {} had nothing to let through", to_string(rule)));
    }
    return judgement;
}

}  // namespace tidemark::policy::guard
