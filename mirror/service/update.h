// The third step of a pass: brings the candidates into Git. For each automation: main's tip, the marked values that
// differ, one commit, one push with a lease, the remote's answer read back.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <vector>

#include "mirror/git/rewrite.h"
#include "mirror/service/live.h"
#include "mirror/service/policies.h"
#include "mirror/service/proofs.h"
#include "mirror/service/report.h"
#include "mirror/service/session.h"
#include "mirror/service/sources.h"
#include "mirror/service/workers.h"
#include "mirror/store/store.h"
#include "policy/branch/branch.h"
#include "policy/objects/selections.h"

namespace tidemark::mirror::service {

class Forges;

/// What an automation pushed, or would push.
struct Proposal {
    ObjectKey automation;
    policy::BranchAction action = policy::BranchAction::nothing;
    std::string checkout_branch;
    std::string checkout_tip;  // eight digits
    std::string push_branch;
    std::string message;
    std::vector<policy::Change> changes;  // file relative to the update path
    std::string path_prefix;              // before those files, "apps/" or ""
    std::vector<std::string> held;        // one sentence each
    std::string diff;                     // unified, in plan mode
    std::string url;                      // of the remote, without a login
    std::filesystem::path mirror;
    std::string checkout_id;  // the commit it stands on
    std::string push_id;      // the push branch's tip; empty: there is none
    std::string tree;         // of the commit
};

struct UpdateStep {
    const policy::ObjectSet& objects;
    const policy::Selections& selections;  // of these objects
    Sources& sources;
    store::Store& store;
    Proofs& proofs;
    std::filesystem::path state;
    const Reporter& report;
    std::chrono::sys_seconds now;
    PassMode mode;
    const std::map<ObjectKey, store::Decision>& candidates;
    const std::map<ObjectKey, std::string>& held;  // PolicySummary::held
    const std::set<ObjectKey>* only = nullptr;     // automations to look at; null: all
    std::stop_token stop = {};
    Live* live = nullptr;
    Forges* forges = nullptr;  // to be asked for open requests; null: none
};

struct UpdateSummary {
    std::vector<Proposal> proposals;
    std::set<ObjectKey> looked_at;  // automations; fewer than asked for after a stop request
    std::set<ObjectKey> not_ready;
};

/// Begins to ask the remotes where their branches are, so that they answer while the registries are scanned. Says
/// nothing of what goes wrong: update_repositories() meets it again.
void ask_remotes(const policy::ObjectSet& objects, Sources& sources, const std::set<ObjectKey>* only = nullptr);

/// Some automations brought into Git: their remotes side by side, one after the other what goes to one remote. A stop
/// request ends the work at hand, and what it did not finish is not held against anybody. Belongs to the holder of the
/// turn; what the step refers to lives until the end.
class UpdateRound {
public:
    /// Begins. Precondition: the workers are not busy with any remote of these automations.
    UpdateRound(const UpdateStep& step, Workers& workers);
    /// Waits for what still runs.
    ~UpdateRound();
    UpdateRound(const UpdateRound&) = delete;
    UpdateRound& operator=(const UpdateRound&) = delete;

    bool ended() const noexcept;
    /// What came to its end since the last call. Throws what the state failed with: nothing of the round is relied on.
    UpdateSummary take();

private:
    class Run;
    std::unique_ptr<Run> m_run;
};

/// A round to its end. Precondition: the caller has the workers' turn.
UpdateSummary update_repositories(const UpdateStep& step, Workers& workers);

}  // namespace tidemark::mirror::service
