// Commands that were accepted and whose work is not over yet: what each of them still waits for. Whoever asked is told
// how its object stands once nothing is left of that. Belongs to the service's thread.
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "mirror/service/orders.h"
#include "mirror/service/schedule.h"
#include "mirror/service/session.h"

namespace tidemark::mirror::service {

/// Tells whoever waits for the ticket how its object stands now. What the state cannot say is "Unknown".
void finish(Ticket& ticket, Session& session);

class OpenTickets {
public:
    /// The session outlives this.
    explicit OpenTickets(Session& session) : m_session(session) {}
    /// Nobody waits longer than the service lives.
    ~OpenTickets();
    OpenTickets(const OpenTickets&) = delete;
    OpenTickets& operator=(const OpenTickets&) = delete;

    /// Over when the repositories are scanned and decided on, and these automations, and those that the decision
    /// brings, are looked at.
    void add(std::shared_ptr<Ticket> ticket, Wish wish);

    /// Objects that have no turns any more are not waited for.
    void keep_only(const Schedule& schedule);
    /// What was scanned is decided on, and that brought these automations.
    void decided(const std::set<ObjectKey>& repositories, const std::set<ObjectKey>& automations);
    void looked_at(const ObjectKey& automation);
    /// Ends those that wait for nothing any more.
    void end_finished();

    std::size_t size() const noexcept { return m_open.size(); }

private:
    struct Open {
        std::shared_ptr<Ticket> ticket;
        std::set<ObjectKey> repositories;
        std::set<ObjectKey> automations;
        bool decided = false;
    };

    Session& m_session;
    std::vector<Open> m_open;
};

}  // namespace tidemark::mirror::service
