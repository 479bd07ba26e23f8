// The Ready condition of a status: reading it, and setting it so that its time moves only when it changes.
#pragma once

#include <chrono>
#include <string>

#include "mirror/store/status.h"
#include "policy/base/finding.h"

namespace tidemark::mirror::service {

/// Null if the object was never looked at.
const store::Condition* ready_condition(const store::ObjectStatus& status) noexcept;

void set_ready(store::ObjectStatus& status, bool ready, const std::string& reason, const std::string& message,
               std::chrono::sys_seconds now);

/// Null if there is no error among them.
const policy::Finding* first_error(const policy::Findings& findings) noexcept;

}  // namespace tidemark::mirror::service
