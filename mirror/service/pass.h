// One pass from objects to pushed commits: what `run` does once, `plan` without writing, and the service for
// whatever is due.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "mirror/base/configuration.h"
#include "mirror/service/live.h"
#include "mirror/service/policies.h"
#include "mirror/service/report.h"
#include "mirror/service/scan.h"
#include "mirror/service/session.h"
#include "mirror/service/update.h"

namespace tidemark::mirror::service {

struct PassRequest {
    PassMode mode = PassMode::run;
    std::chrono::sys_seconds now{};
    /// What to scan, and which automations to look at; unset: all. Automations of a policy with a new candidate are
    /// looked at in any case, and all those that share a first choice which Git has not yet been held against.
    std::optional<std::set<ObjectKey>> repositories = {};
    std::optional<std::set<ObjectKey>> automations = {};
    /// As PolicyStep::anew.
    bool decide_anew = false;
    /// Ends the pass early, at a place where the state is whole.
    std::stop_token stop = {};
    /// Counts what is scanned and pushed; null: nobody wants to know.
    Live* live = nullptr;
};

struct PassSummary {
    ScanSummary scans;
    UpdateSummary updates;
    std::size_t not_ready = 0;  // objects, files that could not be read among them
    std::string warning;        // of the store: why it starts empty
};

/// Files and objects that belong to no kind's list: reported first, so that nothing that was skipped goes unsaid.
/// Answers how many have errors.
std::size_t report_findings(const policy::ObjectSet& objects, const Reporter& report);

/// The automations to look at after the policies have chosen: those asked for, those with a policy whose candidate
/// moved, and those that share with them a first choice which Git has not yet been held against.
std::set<ObjectKey> automations_after(const std::set<ObjectKey>& asked_for, const policy::Selections& selections,
                                      const PolicySummary& policies);

/// Scans, decides and updates. Precondition: the session's store is open.
PassSummary run_pass(const Configuration& configuration, Session& session, const PassRequest& request,
                     const Reporter& report);

}  // namespace tidemark::mirror::service
