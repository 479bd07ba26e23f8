// The rules main-into-automation, automation-content and automation-pusher for one push of an automation branch.
// One thread.
#pragma once

#include <string>
#include <vector>

#include "policy/guard/marker_rules.h"

namespace tidemark::policy::guard {

/// An automation branch before and after a push, and where both stand to main.
struct AutomationMove {
    std::optional<CommitFacts> old_tip;  // nothing on creation
    CommitFacts new_tip;
    std::vector<std::string> mains;  // tips of main: what the same push makes of it, and what it was
    std::vector<std::string> bases;  // best common ancestors of the new tip and those, without doubles
    bool advances = false;           // the old tip is an ancestor of the new one
    bool rewinds = false;            // nothing is new
};

AutomationMove find_move(const std::optional<CommitFacts>& old_tip, const CommitFacts& new_tip,
                         const std::vector<std::string>& mains, RepositoryView& view);

/// Precondition: the move does not rewind. Throws LimitReached, and what `view` throws.
void judge_automation(const AutomationMove& move, RepositoryView& view, ManifestBlobs& blobs,
                      const BranchReport& report);

void judge_pusher(const Pusher& pusher, const BranchReport& report);

}  // namespace tidemark::policy::guard
