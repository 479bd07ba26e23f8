#include "mirror/service/first_choice.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "mirror/service/git_facts.h"
#include "policy/selection/selection.h"

namespace tidemark::mirror::service {
namespace {

/// One unproven policy: how it ranks, and what it chose.
struct Rule {
    const policy::ObjectKey* key;
    policy::Selection selection;
    policy::LatestReference latest;

    std::string setter() const { return key->object_namespace + ":" + key->name; }
};

/// The rules of unproven policies that have a candidate, each made when the first value of it is met: of thousands of
/// policies an automation's files may name a few.
class Rules {
public:
    Rules(const UnprovenPolicies& unproven, const std::vector<policy::PolicyReference>& candidates)
        : m_unproven(unproven), m_candidates(candidates) {}

    /// Of a setter that tells a tag; null: there is none.
    const Rule* find(const std::string& setter) {
        const auto [known, is_new] = m_by_setter.try_emplace(setter);
        if (is_new) known->second = make(setter);
        return known->second ? &*known->second : nullptr;
    }

private:
    std::optional<Rule> make(const std::string& setter) const {
        const std::optional<policy::ObjectKey> key = policy_of_setter(setter);
        if (!key || setter.ends_with(":name") || setter.ends_with(":digest")) return std::nullopt;
        const auto policy = std::lower_bound(
            m_unproven.begin(), m_unproven.end(), *key,
            [](const policy::ImagePolicy* one, const policy::ObjectKey& wanted) { return one->metadata.key < wanted; });
        if (policy == m_unproven.end() || (*policy)->metadata.key != *key) return std::nullopt;
        const auto candidate = std::lower_bound(
            m_candidates.begin(), m_candidates.end(), *key,
            [](const policy::PolicyReference& one, const policy::ObjectKey& wanted) {
                return std::tie(one.policy_namespace, one.policy_name) < std::tie(wanted.object_namespace, wanted.name);
            });
        if (candidate == m_candidates.end() || candidate->policy_namespace != key->object_namespace ||
            candidate->policy_name != key->name)
            return std::nullopt;
        policy::Result<policy::Selection> selection = policy::Selection::compile((*policy)->selection);
        if (!selection) return std::nullopt;
        return Rule{&(*policy)->metadata.key, std::move(selection).value(), candidate->latest};
    }

    const UnprovenPolicies& m_unproven;
    const std::vector<policy::PolicyReference>& m_candidates;
    std::map<std::string, std::optional<Rule>> m_by_setter;
};

/// What a marked value says in full: "name:tag@digest", or a tag alone. Nothing for another image, or without a tag.
std::optional<policy::LatestReference> read_value(const git::MarkedValue& marked, const Rule& rule) {
    if (marked.setter.ends_with(":tag")) return policy::LatestReference{rule.latest.name, marked.value, ""};
    const std::string_view value = marked.value;
    const std::string_view named = value.substr(0, value.find('@'));
    const std::size_t colon = named.rfind(':');
    if (colon == named.npos || named.substr(0, colon) != rule.latest.name) return std::nullopt;
    const std::string_view digest = named.size() < value.size() ? value.substr(named.size() + 1) : std::string_view();
    return policy::LatestReference{rule.latest.name, std::string(named.substr(colon + 1)), std::string(digest)};
}

/// The digest that stands beside a tag in a file, where the two are marked apart.
std::string digest_beside(const git::MarkedFile& file, const std::string& setter) {
    for (const git::MarkedValue& marked : file.values)
        if (marked.setter == setter + ":digest") return marked.value;
    return {};
}

}  // namespace

Kept keep_proposals(const git::MarkerIndex& proposed, std::string_view branch, const UnprovenPolicies& unproven,
                    std::vector<policy::PolicyReference>& candidates) {
    Rules rules(unproven, candidates);
    std::map<policy::ObjectKey, policy::LatestReference> raised;
    for (const git::MarkedFile& file : proposed.files()) {
        for (const git::MarkedValue& marked : file.values) {
            const Rule* rule = rules.find(marked.setter);
            if (!rule) continue;
            std::optional<policy::LatestReference> value = read_value(marked, *rule);
            const auto best = raised.find(*rule->key);
            const std::string& floor = best == raised.end() ? rule->latest.tag : best->second.tag;
            if (!value || !rule->selection.ranks_below(floor, value->tag)) continue;
            if (value->digest.empty() && !rule->latest.digest.empty())
                value->digest = digest_beside(file, rule->setter());
            raised[*rule->key] = std::move(*value);
        }
    }
    Kept kept;
    for (policy::PolicyReference& candidate : candidates) {
        const policy::ObjectKey key{candidate.policy_namespace, candidate.policy_name};
        const auto found = raised.find(key);
        if (found == raised.end()) continue;
        kept.policies.insert(key);
        kept.sentences.push_back(
            fmt::format("held: {0} goes on proposing {1} of {2}: the registry's best is now {3}, which is lower; to "
                        "take it: tidemark "
                        "accept {2}",
                        branch, found->second.tag, key.to_string(), candidate.latest.tag));
        candidate.latest = found->second;
    }
    return kept;
}

Kept hold_higher(const git::MarkerIndex& index, const UnprovenPolicies& unproven,
                 const std::vector<policy::PolicyReference>& candidates, git::HeldSetters& held) {
    Rules rules(unproven, candidates);
    Kept kept;
    for (const git::MarkedFile& file : index.files()) {
        for (const git::MarkedValue& marked : file.values) {
            const Rule* rule = rules.find(marked.setter);
            const auto value = rule ? read_value(marked, *rule) : std::nullopt;
            if (!value || !rule->selection.ranks_below(rule->latest.tag, value->tag)) continue;
            for (const char* part : {"", ":name", ":tag", ":digest"})
                held[file.path].insert(rule->setter() + part);
            kept.policies.insert(*rule->key);
            kept.sentences.push_back(fmt::format(
                "held: {0}:{1} stays at {2}: the registry's best for {3} is now {4}, which is lower; to take it: "
                "tidemark "
                "accept {3}",
                index.relative(file.seen_as), marked.line, marked.value, rule->key->to_string(), rule->latest.tag));
        }
    }
    return kept;
}

}  // namespace tidemark::mirror::service
