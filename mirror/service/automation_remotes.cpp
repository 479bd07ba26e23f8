#include "mirror/service/automation_remotes.h"

#include "mirror/base/error.h"
#include "mirror/service/automation_plan.h"
#include "mirror/service/conditions.h"
#include "mirror/service/sources.h"

namespace tidemark::mirror::service {

AutomationRemotes::AutomationRemotes(const policy::ObjectSet& objects, const std::filesystem::path& state) {
    for (const auto& [key, automation] : objects.image_update_automations) {
        if (automation.suspend || first_error(automation.metadata.findings)) continue;
        try {
            const AutomationBranches branches = find_branches(automation, objects);
            Use& use = m_uses[mirror_path(state, branches.repository->url).string()];
            if (use.automations.empty() || branches.repository->interval < use.repository.interval)
                use.repository = *branches.repository;
            use.branches.insert({branches.checkout, branches.push});
            use.automations.insert(key);
            m_with_remote.insert(key);
        } catch (const Error&) {
            continue;  // the automation says it
        }
    }
}

std::set<ObjectKey> AutomationRemotes::startable(const std::set<ObjectKey>& automations,
                                                 const std::function<bool(const std::string& remote)>& busy) const {
    std::set<ObjectKey> keys;
    if (automations.empty()) return keys;
    for (const auto& [remote, use] : m_uses) {
        if (busy(remote)) continue;
        for (const ObjectKey& key : use.automations)
            if (automations.contains(key)) keys.insert(key);
    }
    for (const ObjectKey& key : automations)
        if (!m_with_remote.contains(key)) keys.insert(key);
    return keys;
}

}  // namespace tidemark::mirror::service
