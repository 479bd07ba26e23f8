// What a pass learns of the open requests of automations' branches, for people who look later. A forge that cannot be
// asked is a fact of its own: no automation is less ready for it. Belongs to the holder of the turn; throws as the
// store does.
#pragma once

#include <map>
#include <set>

#include "mirror/service/automation_plan.h"
#include "mirror/service/update.h"
#include "mirror/store/store.h"

namespace tidemark::mirror::service {

class RequestNotes {
public:
    /// The step outlives it. Without forges nothing is asked and nothing read.
    explicit RequestNotes(const UpdateStep& step);

    /// After a look: asks the forge, if the automation proposes anything. `branch` is how its branches stand now; null:
    /// nobody knows.
    void look(const AutomationPlan& plan, const store::BranchFacts* branch);

    /// What is new since the last call. Belongs into a transaction.
    void write();

private:
    void ask(const AutomationPlan& plan, const ForgeSettings& forge);
    void forget(const ObjectKey& automation);
    void tell(const ObjectKey& automation, const store::RequestFacts& before, const store::RequestFacts& now) const;

    const UpdateStep& m_step;
    std::map<ObjectKey, store::RequestFacts> m_known;
    std::set<ObjectKey> m_changed;  // those that are no longer known among them
};

}  // namespace tidemark::mirror::service
