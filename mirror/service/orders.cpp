#include "mirror/service/orders.h"

#include <algorithm>
#include <utility>

namespace tidemark::mirror::service {
namespace {

void refuse(Ticket& ticket, const std::string& why) {
    ticket.answer({false, CommandAnswer::Status::refused, why, {}});
    ticket.finish("Unknown", why, false);
}

}  // namespace

void Orders::stop() {
    m_stop.request_stop();
    const std::lock_guard lock(m_mutex);
    wake();
}

void Orders::reload() {
    const std::lock_guard lock(m_mutex);
    m_reload = true;
    wake();
}

void Orders::nudge() {
    const std::lock_guard lock(m_mutex);
    m_nudged = true;
    wake();
}

void Orders::set_waker(std::function<void()> waker) {
    const std::lock_guard lock(m_mutex);
    m_waker = std::move(waker);
}

void Orders::wake() {
    m_changed.notify_all();
    if (m_waker) m_waker();
}

std::shared_ptr<const Ticket> Orders::submit(Command command) {
    const std::lock_guard lock(m_mutex);
    auto ticket = std::make_shared<Ticket>(++m_last_number, std::move(command));
    m_tickets.push_back(ticket);
    if (m_tickets.size() > k_tickets_kept) m_tickets.pop_front();
    if (!m_closed.empty()) {
        refuse(*ticket, m_closed);
    } else if (m_commands.size() >= k_most_waiting) {
        refuse(*ticket, "too many commands wait already; try again in a minute");
    } else {
        m_commands.push_back(ticket);
        wake();
    }
    return ticket;
}

std::shared_ptr<const Ticket> Orders::find_ticket(std::uint64_t number) const {
    const std::lock_guard lock(m_mutex);
    const auto found = std::find_if(m_tickets.begin(), m_tickets.end(),
                                    [number](const auto& ticket) { return ticket->number() == number; });
    return found == m_tickets.end() ? nullptr : *found;
}

void Orders::scan(const std::set<ObjectKey>& repositories) {
    const std::lock_guard lock(m_mutex);
    m_scans.insert(repositories.begin(), repositories.end());
    wake();
}

void Orders::look(const std::set<ObjectKey>& automations) {
    const std::lock_guard lock(m_mutex);
    m_looks.insert(automations.begin(), automations.end());
    wake();
}

std::size_t Orders::waiting() const {
    const std::lock_guard lock(m_mutex);
    return m_commands.size();
}

bool Orders::take_reload() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_reload, false);
}

std::vector<std::shared_ptr<Ticket>> Orders::take_commands() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_commands, {});
}

std::set<ObjectKey> Orders::take_scans() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_scans, {});
}

std::set<ObjectKey> Orders::take_looks() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_looks, {});
}

void Orders::wait_until(std::chrono::steady_clock::time_point time) {
    std::unique_lock lock(m_mutex);
    m_changed.wait_until(lock, time, [this] { return any(); });
    m_nudged = false;
}

void Orders::close(const std::string& why) {
    const std::lock_guard lock(m_mutex);
    m_closed = why;
    for (const auto& ticket : std::exchange(m_commands, {}))
        refuse(*ticket, why);
}

}  // namespace tidemark::mirror::service
