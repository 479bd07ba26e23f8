#include "mirror/service/proofs.h"

#include <algorithm>
#include <utility>

#include "mirror/service/digest.h"

namespace tidemark::mirror::service {

using policy::ObjectKey;

std::uint64_t fingerprint_choice(const ObjectKey& policy, const policy::LatestReference& chosen) {
    constexpr std::size_t k_digits = 16;
    return std::stoull(hex_digest(policy.to_string() + "\n" + chosen.to_string()).substr(0, k_digits), nullptr, 16);
}

void Proofs::looked(const ObjectKey& automation, std::shared_ptr<const Choices> first_choices,
                    const std::set<ObjectKey>& kept) {
    m_looks[automation] = {std::move(first_choices), kept};
}

std::set<ObjectKey> Proofs::proven(const policy::Selections& selections,
                                   const std::map<ObjectKey, policy::LatestReference>& first_choices) const {
    std::map<ObjectKey, std::uint64_t> open;
    for (const auto& [key, chosen] : first_choices)
        open.emplace(key, fingerprint_choice(key, chosen));
    for (const auto& [policies, automations] : selections.lists()) {
        std::set<const Choices*> looks;
        std::set<ObjectKey> kept;
        bool all_looked = true;
        for (const ObjectKey& automation : automations) {
            const auto look = m_looks.find(automation);
            all_looked = all_looked && look != m_looks.end();
            if (!all_looked) break;
            looks.insert(look->second.choices.get());
            kept.insert(look->second.kept.begin(), look->second.kept.end());
        }
        for (const policy::ImagePolicy* policy : *policies) {
            const auto choice = open.find(policy->metadata.key);
            if (choice == open.end()) continue;
            const bool held_by_all = all_looked && !kept.contains(choice->first) &&
                                     std::all_of(looks.begin(), looks.end(), [&](const Choices* choices) {
                                         return std::binary_search(choices->begin(), choices->end(), choice->second);
                                     });
            if (!held_by_all) open.erase(choice);
        }
    }
    std::set<ObjectKey> keys;
    for (const auto& [key, fingerprint] : open)
        keys.insert(keys.end(), key);
    return keys;
}

}  // namespace tidemark::mirror::service
