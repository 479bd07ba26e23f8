#include "mirror/service/open_tickets.h"

#include <utility>

#include "mirror/base/error.h"
#include "mirror/service/conditions.h"

namespace tidemark::mirror::service {
namespace {

store::ObjectStatus find_status(const Command& command, Session& session) {
    try {
        if (session.store) {
            auto statuses = session.store->statuses(command.kind);
            if (const auto found = statuses.find(command.object); found != statuses.end())
                return std::move(found->second);
        }
    } catch (const Error&) {
        // The service meets it again, and tells.
    }
    return {};
}

bool is_suspended(const Command& command, const policy::ObjectSet& objects) {
    const auto suspended = [&](const auto& kind) {
        const auto found = kind.find(command.object);
        return found != kind.end() && found->second.suspend;
    };
    switch (command.kind) {
        case policy::ObjectKind::image_repository:
            return suspended(objects.image_repositories);
        case policy::ObjectKind::image_policy:
            return suspended(objects.image_policies);
        case policy::ObjectKind::image_update_automation:
            return suspended(objects.image_update_automations);
        case policy::ObjectKind::git_repository:
        case policy::ObjectKind::secret:
            break;
    }
    return false;
}

}  // namespace

void finish(Ticket& ticket, Session& session) {
    const Command& command = ticket.command();
    const store::ObjectStatus status = find_status(command, session);
    const store::Condition* ready = ready_condition(status);
    ticket.finish(ready ? ready->status : "Unknown", ready ? ready->message : "",
                  is_suspended(command, session.workspace->objects));
}

OpenTickets::~OpenTickets() {
    for (const Open& open : m_open)
        finish(*open.ticket, m_session);
}

void OpenTickets::add(std::shared_ptr<Ticket> ticket, Wish wish) {
    const bool decided = wish.repositories.empty();
    m_open.push_back({std::move(ticket), std::move(wish.repositories), std::move(wish.automations), decided});
}

void OpenTickets::keep_only(const Schedule& schedule) {
    for (Open& open : m_open) {
        std::erase_if(open.repositories, [&](const auto& key) { return !schedule.knows(Task::scan, key); });
        std::erase_if(open.automations, [&](const auto& key) { return !schedule.knows(Task::update, key); });
    }
}

void OpenTickets::decided(const std::set<ObjectKey>& repositories, const std::set<ObjectKey>& automations) {
    for (Open& open : m_open) {
        for (const ObjectKey& key : repositories)
            open.repositories.erase(key);
        if (open.decided || !open.repositories.empty()) continue;
        open.decided = true;
        open.automations.insert(automations.begin(), automations.end());
    }
}

void OpenTickets::looked_at(const ObjectKey& automation) {
    for (Open& open : m_open)
        open.automations.erase(automation);
}

void OpenTickets::end_finished() {
    std::erase_if(m_open, [&](const Open& open) {
        const bool over = open.decided && open.automations.empty();
        if (over) finish(*open.ticket, m_session);
        return over;
    });
}

}  // namespace tidemark::mirror::service
