// What policies chose, as the automations of one round need it. Automations that select the same policies share one:
// hundreds of them may select thousands. Belongs to the holder of the turn (workers.h); refers into the round's
// objects.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mirror/service/first_choice.h"
#include "mirror/service/proofs.h"
#include "mirror/store/store.h"
#include "policy/objects/selections.h"
#include "policy/setters/setters.h"

namespace tidemark::mirror::service {

class Candidates {
public:
    std::vector<policy::PolicyReference> references;  // in order of the policies
    std::string fingerprint;                          // of the references
    std::chrono::sys_seconds newest_first_seen{};     // of their tags
    UnprovenPolicies unproven;                        // in order too
    std::shared_ptr<const Choices> first_choices;     // what those chose
    std::vector<std::string> held;                    // one sentence for each pinned policy

    /// Of the references; made when they are first asked for.
    const policy::SetterValues& values() const {
        if (!m_values) m_values = policy::make_setter_values(references);
        return *m_values;
    }

private:
    mutable std::optional<policy::SetterValues> m_values;
};

class CandidateLists {
public:
    /// Of all policies: what they chose, and the sentences about those that are pinned. Both outlive it.
    CandidateLists(const std::map<policy::ObjectKey, store::Decision>& chosen,
                   const std::map<policy::ObjectKey, std::string>& held)
        : m_chosen(chosen), m_held(held) {}

    std::shared_ptr<const Candidates> of(const policy::SelectedPolicies& policies);

private:
    Candidates make(const policy::SelectedPolicies& policies) const;

    const std::map<policy::ObjectKey, store::Decision>& m_chosen;
    const std::map<policy::ObjectKey, std::string>& m_held;
    std::map<const policy::SelectedPolicies*, std::shared_ptr<const Candidates>> m_made;
};

}  // namespace tidemark::mirror::service
