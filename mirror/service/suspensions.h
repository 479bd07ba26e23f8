// A person's suspend and resume on top of what the objects' files say. Applied where the objects are loaded, so that
// everything after it sees the suspend that counts.
#pragma once

#include "mirror/service/workspace.h"
#include "mirror/store/store.h"

namespace tidemark::mirror::service {

/// Sets each object's `suspend` to what counts and notes in `overruled` where that is not what the object says itself.
/// May be called again after a change. A store that is open for writing forgets what an edited object made void; with
/// `remember` nothing is written.
enum class VoidSuspensions { remember, forget };
void apply_suspensions(Workspace& workspace, store::Store& store, VoidSuspensions what);

/// The suspend that counts; nullptr if there is no such object.
const bool* find_suspend(const policy::ObjectSet& objects, policy::ObjectKind kind, const policy::ObjectKey& object);

/// What the object itself says. Precondition: it is among the objects.
bool says_suspend(const Workspace& workspace, policy::ObjectKind kind, const policy::ObjectKey& object);

}  // namespace tidemark::mirror::service
