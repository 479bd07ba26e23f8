// The service's work on the session's objects: begins what is due, takes in what has come, decides on it, and sends to
// their remotes the automations that this concerns. Waits for nothing but in wait(). What the state fails with comes
// out as it is: drop() then, and go on with the state opened anew. Belongs to the service's thread.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "mirror/service/automation_remotes.h"
#include "mirror/service/object_reader.h"
#include "mirror/service/open_tickets.h"
#include "mirror/service/report_memory.h"
#include "mirror/service/rounds.h"
#include "mirror/service/schedule.h"
#include "mirror/service/session.h"

namespace tidemark::mirror::service {

class Work {
public:
    using Instant = std::chrono::steady_clock::time_point;

    struct Listener {
        Reporter news;                   // what is new about an object
        std::function<void()> going_on;  // something was done: whoever watches for silence may know
    };
    /// All of these outlive it, and the reader has its configuration.
    Work(Session& session, ObjectReader& reader, Orders& orders, Live& live, Listener listener);

    /// The session has other objects. `state` at the start, where it knows when they had their last turns.
    void objects_changed(store::Store* state = nullptr);
    /// And they are not those of before in other words: all is decided on again, and what failed is tried again.
    void objects_read();

    /// Has it scanned, looked at or fetched now. What has no turns is nobody's.
    void wish(Task task, const ObjectKey& key);
    /// An accepted command's work; the ticket ends with it.
    void wish(const std::shared_ptr<Ticket>& ticket, Wish wish);

    /// Takes what has come, and begins what is due.
    void turn();
    /// When turn() is wanted next, if nothing comes.
    Instant next() const;
    /// Until that time, or something has come, or there is an order.
    void wait(Instant until) { m_rounds.wait(until); }

    /// Nothing of what is under way is relied on; it is done again.
    void drop();
    /// All was decided on, and nothing of it is under way.
    bool is_settled() const { return !m_wanted_at_all && !m_rounds.scanning() && m_updating.empty(); }

    /// How long the part of it that says nothing for the longest time has been silent.
    std::chrono::steady_clock::duration longest_silence() const { return m_rounds.longest_silence(); }
    /// Objects and files that are not ready.
    std::size_t failing() const noexcept { return m_memory.failing(); }
    /// Fills in what waits.
    void count(LiveFacts& facts) const;

private:
    void take_line(const ReportLine& line);
    void begin_scans(Instant now);
    void take_scans();
    void take_updates();
    void take_looks();
    void want(const ObjectKey& automation);
    std::set<ObjectKey> startable() const;
    bool waits_for_objects(const ObjectKey& automation) const;
    bool is_ripe(Instant now);
    void decide();
    std::set<ObjectKey> policies_of_scans() const;
    PolicySummary decide_policies(std::chrono::sys_seconds now);
    void begin_looks(Instant now);
    void begin_source_looks(Instant now);
    void publish_turns();

    Session& m_session;
    ObjectReader& m_reader;
    Orders& m_orders;
    Live& m_live;
    Listener m_listener;

    AutomationRemotes m_remotes;  // of the session's objects
    Schedule m_schedule;
    OpenTickets m_tickets{m_session};
    ReportMemory m_memory;
    bool m_wanted_at_all = false;    // a decision on all policies, whatever is due
    bool m_anew = true;              // as PassRequest::decide_anew
    ScanSummary m_scanned;           // and not decided on
    std::set<ObjectKey> m_wanted;    // automations to look at when their remote is free
    std::set<ObjectKey> m_updating;  // and those that are looked at
    std::optional<Instant> m_gather_until;
    std::optional<std::chrono::sys_seconds> m_holds_until;  // what was decided, as pins end then
    std::set<ObjectKey> m_sources_wanted;  // Git sources of objects to be fetched when their remote is free
    Rounds m_rounds;                       // last: what runs there uses the rest
};

}  // namespace tidemark::mirror::service
