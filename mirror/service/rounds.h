// What the service has under way: scans, digests, updates and looks at remotes, all side by side. Nothing here waits
// for an answer but wait(); what has come is taken out between two waits. Belongs to the service's thread, which has
// the turn (workers.h) except while it waits.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "mirror/service/digests.h"
#include "mirror/service/forges.h"
#include "mirror/service/orders.h"
#include "mirror/service/policies.h"
#include "mirror/service/scan.h"
#include "mirror/service/schedule.h"
#include "mirror/service/session.h"
#include "mirror/service/update.h"
#include "mirror/service/workers.h"
#include "policy/objects/selections.h"

namespace tidemark::mirror::service {

/// A remote looked at apart from any automation.
struct RemoteLook {
    Task task = Task::ask;  // ask: lists its branches; objects: fetches them
    ObjectKey name;         // in the schedule
    policy::GitRepository repository;
    std::set<std::string> branches;
    bool renew = false;  // objects: the mirror is damaged, and is cloned anew
    // The answer.
    bool moved = false;   // a branch is not where the mirror has it, or had it
    std::string problem;  // why there is none
};

class Rounds {
public:
    /// Orders, and what ends among the work, make wait() return.
    Rounds(Session& session, Orders& orders, Live& live, Reporter report);
    /// Ends what is under way.
    ~Rounds();
    Rounds(const Rounds&) = delete;
    Rounds& operator=(const Rounds&) = delete;

    void use_state(const std::filesystem::path& state) { m_state = state; }
    /// The configuration has these.
    void use_forges(const std::vector<ForgeSettings>& forges);

    // What is begun works on the session's objects of that moment.
    void scan(const std::set<ObjectKey>& repositories, std::chrono::sys_seconds now);
    /// Precondition: none of their remotes is busy.
    void update(const std::set<ObjectKey>& automations, PolicySummary policies, std::chrono::sys_seconds now);
    /// Precondition: the remote is not busy.
    void look(RemoteLook look);
    /// `only` and `anew` as in PolicyStep.
    PolicySummary decide(const ScanSummary& scans, const std::set<ObjectKey>* only, bool anew,
                         std::chrono::sys_seconds now);

    // What has come since the last call. Throw what the state failed with.
    ScanSummary take_scans();
    UpdateSummary take_updates();
    std::vector<RemoteLook> take_looks();
    bool take_digest_news() noexcept { return m_digests.take_news(); }

    bool scanning() const noexcept { return !m_scans.empty(); }
    std::size_t scans_waiting() const noexcept {
        std::size_t waiting = 0;
        for (const Scanning& scanning : m_scans)
            waiting += scanning.round->missing();
        return waiting;
    }
    /// By its mirror.
    bool busy(const std::string& remote) const { return m_workers.busy(remote); }
    std::chrono::steady_clock::duration longest_silence() const { return m_workers.longest_silence(); }

    /// Of the session's objects.
    const policy::Selections& selections() const { return *m_selections; }
    /// The session's objects are others: answers for those that are gone or edited count for nothing.
    void objects_changed();
    /// Without the turn, until something has come, an order is there, or it is that time.
    void wait(std::chrono::steady_clock::time_point until);
    /// Ends and forgets everything.
    void drop();

private:
    struct Scanning {
        std::shared_ptr<const Workspace> workspace;
        std::unique_ptr<ScanRound> round;
    };
    struct Updating {
        std::shared_ptr<const Workspace> workspace;
        std::shared_ptr<const policy::Selections> selections;
        PolicySummary policies;
        Sources sources;
        std::unique_ptr<UpdateRound> round;
    };
    struct Looking {
        std::shared_ptr<const Workspace> workspace;
        Sources sources;
        std::string remote;
        RemoteLook look;
        bool ended = false;
    };
    void run(Looking& looking);

    Session& m_session;
    Orders& m_orders;
    Live& m_live;
    Reporter m_report;
    std::filesystem::path m_state;
    std::shared_ptr<const policy::Selections> m_selections;
    registry::Scanner& m_scanner;
    Digests m_digests;
    Proofs m_proofs;
    Turn m_turn;
    HasTurn m_mine{m_turn};
    Forges m_forges{&m_turn};
    bool m_forges_are_new = false;
    std::mutex m_stop_mutex;  // the source is replaced after a drop, and asked by any thread
    std::stop_source m_stop;
    std::list<Scanning> m_scans;
    std::list<Updating> m_updates;
    std::list<Looking> m_looks;
    std::stop_callback<std::function<void()>> m_stop_asked;
    Workers m_workers;  // last: what it runs uses everything above
};

}  // namespace tidemark::mirror::service
