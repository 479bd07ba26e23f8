// Which policies each automation writes, found once for all automations: hundreds of them may select the same thousands
// of policies, or each its own few. Pure values. Refers into the objects, which must stay as they are while it is used.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "policy/objects/objects.h"

namespace tidemark::policy {

/// Of one namespace, in order of name.
using SelectedPolicies = std::vector<const ImagePolicy*>;

class Selections {
public:
    explicit Selections(const ObjectSet& objects);

    /// As policies_of() finds them. Automations that select the same have the same list. Precondition: it is among the
    /// objects.
    const SelectedPolicies& of(const ObjectKey& automation) const { return *m_lists.at(automation); }

    /// The automations of each list.
    const std::map<const SelectedPolicies*, std::vector<ObjectKey>>& lists() const noexcept { return m_automations; }

private:
    std::map<ObjectKey, std::shared_ptr<const SelectedPolicies>> m_lists;  // by automation
    std::map<const SelectedPolicies*, std::vector<ObjectKey>> m_automations;
};

}  // namespace tidemark::policy
