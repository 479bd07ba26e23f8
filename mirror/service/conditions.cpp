#include "mirror/service/conditions.h"

#include <algorithm>

namespace tidemark::mirror::service {

const store::Condition* ready_condition(const store::ObjectStatus& status) noexcept {
    const auto found = std::find_if(status.conditions.begin(), status.conditions.end(),
                                    [](const store::Condition& condition) { return condition.type == "Ready"; });
    return found == status.conditions.end() ? nullptr : &*found;
}

void set_ready(store::ObjectStatus& status, bool ready, const std::string& reason, const std::string& message,
               std::chrono::sys_seconds now) {
    const char* text = ready ? "True" : "False";
    const store::Condition* old = ready_condition(status);
    const std::chrono::sys_seconds since = old && old->status == text ? old->last_transition : now;
    status.conditions = {{"Ready", text, reason, message, since}};
}

const policy::Finding* first_error(const policy::Findings& findings) noexcept {
    const auto found = std::find_if(findings.begin(), findings.end(), [](const policy::Finding& finding) {
        return finding.severity == policy::Severity::error;
    });
    return found == findings.end() ? nullptr : &*found;
}

}  // namespace tidemark::mirror::service
