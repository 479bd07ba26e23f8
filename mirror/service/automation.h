// One automation from its candidates to the remote branch, once more from the start when somebody else was faster.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/service/automation_plan.h"
#include "mirror/service/report.h"

namespace tidemark::mirror::service {

struct AutomationResult {
    Outcome outcome = Outcome::same;
    std::string text;         // for the report
    std::string status_text;  // for the Ready condition
    std::vector<std::string> details;
    bool refused = false;      // the remote, or the branch rule, said no
    std::string_view refusal;  // which of them, as an event's reason
    std::set<ObjectKey> kept;  // policies whose first choice would lower what Git has
    std::string pushed_commit;
    std::optional<Proposal> proposal;
    std::optional<store::BranchFacts> branch;              // unset: nothing was opened
    std::optional<std::vector<std::string>> remote_words;  // unset: nothing was pushed
};

/// `settled` is what put_settled() kept: with the same inputs nothing is opened at all.
AutomationResult run_automation(const AutomationPlan& plan, const UpdateStep& step, const std::string& settled);

}  // namespace tidemark::mirror::service
