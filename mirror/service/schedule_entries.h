// What has turns, and how often: the schedule's entries for the objects that the service works on.
#pragma once

#include <chrono>
#include <vector>

#include "mirror/base/configuration.h"
#include "mirror/service/automation_remotes.h"
#include "mirror/service/schedule.h"
#include "mirror/store/store.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror::service {

/// `state`, at the service's start: knows when objects had their last turn. Null: those that are new are due at once.
/// Throws as the store does.
std::vector<Schedule::Entry> schedule_entries(const policy::ObjectSet& objects, const Configuration& configuration,
                                              const AutomationRemotes& remotes, store::Store* state,
                                              std::chrono::sys_seconds now);

}  // namespace tidemark::mirror::service
