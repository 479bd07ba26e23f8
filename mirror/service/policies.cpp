#include "mirror/service/policies.h"

#include <algorithm>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/service/change_log.h"
#include "mirror/service/conditions.h"
#include "mirror/service/decide.h"
#include "mirror/service/pins.h"
#include "mirror/service/registry_access.h"
#include "policy/image/reference.h"

namespace tidemark::mirror::service {
namespace {

using policy::DigestReflection;
using policy::ImagePolicy;
using policy::ImageRepository;
using policy::ObjectKind;
using store::Decision;
using store::ObjectStatus;

/// A verdict that waits for its digest, with what it was made from.
struct Waiting {
    const ImagePolicy* policy;
    Verdict verdict;
    bool pinned;
};

class PolicyRun {
public:
    explicit PolicyRun(const PolicyStep& step) : m_step(step), m_pins(step.store.pins()) {
        // One by one costs some times as much.
        if (!step.only || step.only->size() > step.objects.image_policies.size() / 4) {
            m_decisions = step.store.decisions();
            m_statuses = step.store.statuses(ObjectKind::image_policy);
            return;
        }
        for (const ObjectKey& key : *step.only) {
            if (auto decision = step.store.find_decision(key)) m_decisions.emplace(key, std::move(*decision));
            if (auto status = step.store.find_status(ObjectKind::image_policy, key))
                m_statuses.emplace(key, std::move(*status));
        }
    }

    PolicySummary run() {
        store::Store::Transaction transaction(m_step.store);
        for (const ImagePolicy* policy : by_repository())
            look_at(*policy);
        take_digests();
        m_changes.add_rest();
        transaction.commit();
        return std::move(m_summary);
    }

private:
    /// Policies of one repository side by side, so that its tags are read once.
    std::vector<const ImagePolicy*> by_repository() const {
        std::vector<const ImagePolicy*> policies;
        const auto& all = m_step.objects.image_policies;
        if (m_step.only) {
            for (const ObjectKey& key : *m_step.only)
                if (const auto found = all.find(key); found != all.end()) policies.push_back(&found->second);
        } else {
            for (const auto& [key, policy] : all)
                policies.push_back(&policy);
        }
        std::stable_sort(policies.begin(), policies.end(), [](const ImagePolicy* a, const ImagePolicy* b) {
            return a->image_repository < b->image_repository;
        });
        return policies;
    }

    void look_at(const ImagePolicy& policy) {
        const ObjectKey& key = policy.metadata.key;
        const std::optional<PinInForce> pin = find_pin(policy, m_pins, m_step.now);
        if (pin && pin->until)
            m_summary.holds_until = std::min(*pin->until, m_summary.holds_until.value_or(*pin->until));
        if (policy.suspend) return keep_suspended(policy, pin);
        if (!pin && is_settled(policy)) {
            m_summary.candidates[key] = m_decisions.at(key);
            m_step.report({Step::policy, Outcome::same, key.to_string(), m_decisions.at(key).latest.to_string(), {}});
            return;
        }
        const DecideInput input = input_of(policy);
        if (!pin && awaits_first_scan(input)) return;
        Verdict verdict = decide(input);
        if (pin) {
            // The policy goes on choosing, so that its choice is there when the pin is taken out.
            if (verdict.decision) keep_decision(key, *verdict.decision);
            m_summary.held[key] = held_sentence(key, *pin, verdict.decision);
            verdict = pinned_verdict(input, verdict, *pin, shown(key));
        }
        if (verdict.needs_digest) {
            m_waiting.push_back({&policy, std::move(verdict), pin.has_value()});
        } else {
            take(policy, verdict, pin.has_value());
        }
    }

    bool awaits_first_scan(const DecideInput& input) const {
        return !input.tags && !input.last && input.policy.metadata.valid() && m_step.scanning &&
               m_step.scanning(input.policy.image_repository);
    }

    /// Nothing new is chosen; what stands, or is pinned, is what may be written.
    void keep_suspended(const ImagePolicy& policy, const std::optional<PinInForce>& pin) {
        const ObjectKey& key = policy.metadata.key;
        std::optional<Decision> standing;
        if (const auto last = m_decisions.find(key); last != m_decisions.end()) standing = last->second;
        if (pin) {
            const DecideInput input = input_of(policy);
            Verdict own;
            own.decision = standing;
            const Verdict verdict = pinned_verdict(input, own, *pin, shown(key));
            standing =
                verdict.needs_digest && verdict.decision->latest.digest.empty() ? std::nullopt : verdict.decision;
        }
        if (standing) m_summary.candidates[key] = *standing;
        m_step.report({Step::policy, Outcome::skipped, key.to_string(), "suspended", {}});
    }

    /// What was last shown as the policy's tag; differs from its own choice after a pin.
    std::optional<policy::LatestReference> shown(const ObjectKey& key) const {
        const auto status = m_statuses.find(key);
        return status == m_statuses.end() ? std::nullopt : status->second.latest;
    }

    /// Whether nothing moved since the standing decision was made.
    bool is_settled(const ImagePolicy& policy) const {
        const ObjectKey& key = policy.metadata.key;
        if (m_step.anew) return false;
        if (!policy.metadata.valid() || m_step.scans.changed.contains(policy.image_repository)) return false;
        if (policy.digest_reflection == DigestReflection::always) return false;
        const ImageRepository* repository = find_repository(policy);
        if (!repository || !repository->metadata.valid()) return false;
        const auto decision = m_decisions.find(key);
        if (decision == m_decisions.end() || decision->second.outdated) return false;
        if (decision->second.spec_hash != policy.metadata.spec_hash) return false;
        if (decision->second.canonical_name != canonical_name(*repository)) return false;
        if (decision->second.latest.name != repository->image) return false;
        if (shown(key) != decision->second.latest) return false;
        const auto status = m_statuses.find(key);
        if (status == m_statuses.end()) return false;
        const store::Condition* ready = ready_condition(status->second);
        return ready && ready->status == "True" && ready->message.find("; held: ") == std::string::npos;
    }

    const ImageRepository* find_repository(const ImagePolicy& policy) const {
        const auto found = m_step.objects.image_repositories.find(policy.image_repository);
        return found == m_step.objects.image_repositories.end() ? nullptr : &found->second;
    }

    static std::string canonical_name(const ImageRepository& repository) {
        const auto name = policy::parse_repository_name(repository.image);
        return name ? name->canonical() : "";
    }

    DecideInput input_of(const ImagePolicy& policy) {
        const ImageRepository* repository = find_repository(policy);
        if (m_tags_of != policy.image_repository) {
            m_tags = m_step.store.find_tag_list(policy.image_repository);
            m_tags_of = policy.image_repository;
        }
        std::optional<Decision> last;
        const ObjectKey& key = policy.metadata.key;
        if (const auto found = m_decisions.find(key); found != m_decisions.end()) last = found->second;
        std::optional<policy::LatestReference> previous;
        if (const auto found = m_statuses.find(key); found != m_statuses.end())
            previous = last && found->second.latest == last->latest ? found->second.previous : found->second.latest;
        return {policy,   repository, repository ? canonical_name(*repository) : "", m_tags ? &*m_tags : nullptr, last,
                previous, m_step.now};
    }

    void take_digests() {
        std::vector<registry::DigestRequest> requests;
        std::vector<std::size_t> asked;  // for each request, which of m_waiting it is for
        for (std::size_t i = 0; i < m_waiting.size(); ++i) {
            try {
                registry::DigestRequest request;
                request.tag = m_waiting[i].verdict.decision->latest.tag;
                request.access = registry_access(*find_repository(*m_waiting[i].policy), m_step.secrets);
                if (m_step.digests) {
                    take_if_there(m_waiting[i], std::move(request));
                    continue;
                }
                requests.push_back(std::move(request));
                asked.push_back(i);
            } catch (const Error& error) {
                take_digest(m_waiting[i], policy::Problem{error.what(), {}});
            }
        }
        if (requests.empty()) return;
        const std::vector<registry::DigestResult> results = m_step.scanner.digests(requests, m_step.stop);
        if (m_step.stop.stop_requested()) return;  // those policies stay as they were
        for (std::size_t i = 0; i < results.size(); ++i) {
            if (results[i].ok()) {
                take_digest(m_waiting[asked[i]], results[i].digest);
            } else {
                take_digest(m_waiting[asked[i]], policy::Problem{results[i].message, {}});
            }
        }
    }

    void take_if_there(Waiting& waiting, registry::DigestRequest request) {
        const ImagePolicy& policy = *waiting.policy;
        const ObjectKey& key = policy.metadata.key;
        const std::string tag = request.tag;
        const auto digest = m_step.digests->find(key, policy.image_repository, std::move(request));
        if (digest) return take_digest(waiting, *digest);
        const auto standing = m_decisions.find(key);
        if (!waiting.pinned && standing != m_decisions.end()) m_summary.candidates[key] = standing->second;
        // A pin that is in force already, and only its digest is asked for again.
        if (const auto now = shown(key); waiting.pinned && now && now->tag == tag) {
            store::Decision decision = *waiting.verdict.decision;
            decision.latest = *now;
            m_summary.candidates[key] = std::move(decision);
        }
    }

    void take_digest(Waiting& waiting, const policy::Result<std::string>& digest) {
        const DecideInput input = input_of(*waiting.policy);
        take(*waiting.policy,
             waiting.pinned ? with_pinned_digest(input, std::move(waiting.verdict), digest)
                            : with_digest(input, std::move(waiting.verdict), digest),
             waiting.pinned);
    }

    void take(const ImagePolicy& policy, const Verdict& verdict, bool pinned) {
        const ObjectKey& key = policy.metadata.key;
        const std::optional<policy::LatestReference> before = written_before(key);
        if (verdict.decision) m_summary.candidates[key] = *verdict.decision;
        if (!verdict.ready) m_summary.not_ready.insert(key);
        report(key, verdict, before);
        put_status(key, verdict, before);
        if (!verdict.decision) return;
        const bool chose_anew = !pinned && keep_decision(key, *verdict.decision);
        if (chose_anew || before != verdict.decision->latest) m_summary.moved.insert(key);
    }

    /// Answers whether it is another one than before.
    bool keep_decision(const ObjectKey& key, const Decision& decision) {
        const auto last = m_decisions.find(key);
        if (last != m_decisions.end() && last->second == decision) return false;
        m_step.store.put_decision(key, decision);
        if (last == m_decisions.end()) return true;
        Decision before = last->second;
        before.outdated = decision.outdated;
        return before != decision;
    }

    /// What was the policy's tag until now, its own choice or a pin's.
    std::optional<policy::LatestReference> written_before(const ObjectKey& key) const {
        if (auto reference = shown(key)) return reference;
        const auto last = m_decisions.find(key);
        return last == m_decisions.end() ? std::nullopt : std::optional(last->second.latest);
    }

    void report(const ObjectKey& key, const Verdict& verdict,
                const std::optional<policy::LatestReference>& before) const {
        if (!verdict.ready) {
            std::vector<std::string> details;
            if (verdict.decision) details.push_back("the last choice stands: " + verdict.decision->latest.to_string());
            m_step.report({Step::policy, Outcome::failed, key.to_string(), verdict.message, std::move(details)});
        } else if (!verdict.held.empty()) {
            m_step.report({Step::policy,
                           Outcome::held,
                           key.to_string(),
                           fmt::format("stays at {}: {}", verdict.decision->latest.tag, verdict.held),
                           {}});
        } else if (before && before->name == verdict.decision->latest.name && *before != verdict.decision->latest) {
            const policy::LatestReference& now = verdict.decision->latest;
            const bool same_tag = before->tag == now.tag;
            m_step.report({Step::policy,
                           Outcome::done,
                           key.to_string(),
                           same_tag ? fmt::format("{} has a new digest {}", now.tag, now.digest)
                                    : fmt::format("{} → {}", before->tag, now.tag),
                           {}});
        } else {
            m_step.report({Step::policy,
                           before ? Outcome::same : Outcome::done,
                           key.to_string(),
                           verdict.decision->latest.to_string(),
                           {}});
        }
    }

    void put_status(const ObjectKey& key, const Verdict& verdict,
                    const std::optional<policy::LatestReference>& before) {
        ObjectStatus status;
        const auto old = m_statuses.find(key);
        if (old != m_statuses.end()) status = old->second;
        if (verdict.decision) {
            if (before && *before != verdict.decision->latest) status.previous = before;
            status.latest = verdict.decision->latest;
        } else {
            status.latest.reset();
        }
        set_ready(status, verdict.ready, verdict.reason, verdict.message, m_step.now);
        const ObjectStatus* stored = old == m_statuses.end() ? nullptr : &old->second;
        if (stored && status == *stored) return;
        m_step.store.put_status(ObjectKind::image_policy, key, status);
        m_changes.add({ObjectKind::image_policy, key, stored, status});
    }

    const PolicyStep& m_step;
    std::map<ObjectKey, Decision> m_decisions;
    std::map<ObjectKey, store::Pin> m_pins;
    std::map<ObjectKey, ObjectStatus> m_statuses;
    ObjectKey m_tags_of;
    std::optional<store::TagList> m_tags;
    std::vector<Waiting> m_waiting;
    ChangeLog m_changes{m_step.store, m_step.now};
    PolicySummary m_summary;
};

}  // namespace

void PolicySummary::add(PolicySummary&& other) {
    candidates.merge(other.candidates);
    moved.merge(other.moved);
    not_ready.merge(other.not_ready);
    held.merge(other.held);
    if (other.holds_until) holds_until = std::min(*other.holds_until, holds_until.value_or(*other.holds_until));
}

PolicySummary decide_policies(const PolicyStep& step) {
    return PolicyRun(step).run();
}

}  // namespace tidemark::mirror::service
