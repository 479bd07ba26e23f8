#include "mirror/service/candidates.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "mirror/service/digest.h"

namespace tidemark::mirror::service {

std::shared_ptr<const Candidates> CandidateLists::of(const policy::SelectedPolicies& policies) {
    std::shared_ptr<const Candidates>& made = m_made[&policies];
    if (!made) made = std::make_shared<const Candidates>(make(policies));
    return made;
}

Candidates CandidateLists::make(const policy::SelectedPolicies& policies) const {
    Candidates candidates;
    std::string text;
    Choices first_choices;
    for (const policy::ImagePolicy* policy : policies) {
        const policy::ObjectKey& key = policy->metadata.key;
        if (const auto held = m_held.find(key); held != m_held.end()) candidates.held.push_back(held->second);
        const auto chosen = m_chosen.find(key);
        if (chosen == m_chosen.end()) continue;
        const store::Decision& decision = chosen->second;
        candidates.references.push_back({key.object_namespace, key.name, decision.latest});
        candidates.newest_first_seen = std::max(candidates.newest_first_seen, decision.first_seen);
        if (decision.unproven) {
            candidates.unproven.push_back(policy);
            first_choices.push_back(fingerprint_choice(key, decision.latest));
        }
        text += fmt::format("\n{}:{} {}", key.object_namespace, key.name, decision.latest.to_string());
    }
    candidates.fingerprint = hex_digest(text);
    std::sort(first_choices.begin(), first_choices.end());
    candidates.first_choices = std::make_shared<const Choices>(std::move(first_choices));
    return candidates;
}

}  // namespace tidemark::mirror::service
