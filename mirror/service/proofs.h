// Which first choices are proven (first_choice.h): those that every automation which selects the policy held against
// Git, each at its own time. Automations of different remotes are seldom looked at together, so the looks are
// remembered, as fingerprints: what was chosen for thousands of policies is shared by hundreds of automations.
// Belongs to the holder of the turn (workers.h).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "mirror/store/store.h"
#include "policy/objects/selections.h"

namespace tidemark::mirror::service {

/// Fingerprints of choices, in order.
using Choices = std::vector<std::uint64_t>;
/// Of a policy and the reference that it chose.
std::uint64_t fingerprint_choice(const policy::ObjectKey& policy, const policy::LatestReference& chosen);

class Proofs {
public:
    /// The automation held these first choices against Git, and found something above those of `kept`.
    void looked(const policy::ObjectKey& automation, std::shared_ptr<const Choices> first_choices,
                const std::set<policy::ObjectKey>& kept);
    /// The objects are others: an automation may look at other files now.
    void forget() { m_looks.clear(); }

    /// Which of these first choices are proven. One that an automation selects which never looked is not.
    std::set<policy::ObjectKey> proven(const policy::Selections& selections,
                                       const std::map<policy::ObjectKey, policy::LatestReference>& first_choices) const;

private:
    struct Look {
        std::shared_ptr<const Choices> choices;
        std::set<policy::ObjectKey> kept;
    };
    std::map<policy::ObjectKey, Look> m_looks;  // the last one that went well, by automation
};

}  // namespace tidemark::mirror::service
