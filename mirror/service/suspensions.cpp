#include "mirror/service/suspensions.h"

#include <array>

namespace tidemark::mirror::service {
namespace {

using policy::ObjectKey;
using policy::ObjectKind;

constexpr std::array<ObjectKind, 3> k_kinds = {ObjectKind::image_repository, ObjectKind::image_policy,
                                               ObjectKind::image_update_automation};

template <class Objects>
auto find(Objects& objects, ObjectKind kind, const ObjectKey& key)
    -> decltype(&objects.image_policies.at(key).suspend) {
    const auto of = [&](auto& list) -> decltype(&objects.image_policies.at(key).suspend) {
        const auto found = list.find(key);
        return found == list.end() ? nullptr : &found->second.suspend;
    };
    switch (kind) {
        case ObjectKind::image_repository:
            return of(objects.image_repositories);
        case ObjectKind::image_policy:
            return of(objects.image_policies);
        case ObjectKind::image_update_automation:
            return of(objects.image_update_automations);
        case ObjectKind::git_repository:
        case ObjectKind::secret:
            break;
    }
    return nullptr;
}

}  // namespace

void apply_suspensions(Workspace& workspace, store::Store& store, VoidSuspensions what) {
    for (const auto& [kind, key] : workspace.overruled)
        if (bool* suspend = find(workspace.objects, kind, key)) *suspend = !*suspend;
    workspace.overruled.clear();
    for (const ObjectKind kind : k_kinds) {
        for (auto& [key, suspension] : store.suspensions(kind)) {
            bool* suspend = find(workspace.objects, kind, key);
            if (!suspend) continue;
            if (*suspend != suspension.spec_suspended) {
                // Edited since: the file has the last word, also after it is edited back.
                if (what == VoidSuspensions::remember) continue;
                store::Suspension voided = suspension;
                voided.suspended = voided.spec_suspended = *suspend;
                store.put_suspension(kind, key, voided);
            } else if (*suspend != suspension.suspended) {
                *suspend = suspension.suspended;
                workspace.overruled.insert({kind, key});
            }
        }
    }
}

const bool* find_suspend(const policy::ObjectSet& objects, ObjectKind kind, const ObjectKey& object) {
    return find(objects, kind, object);
}

bool says_suspend(const Workspace& workspace, ObjectKind kind, const ObjectKey& object) {
    const bool counts = *find_suspend(workspace.objects, kind, object);
    return workspace.overruled.contains({kind, object}) ? !counts : counts;
}

}  // namespace tidemark::mirror::service
