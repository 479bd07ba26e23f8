#include "mirror/service/ticket.h"

#include <utility>

namespace tidemark::mirror::service {

TicketState Ticket::state() const {
    const std::lock_guard lock(m_mutex);
    return m_state;
}

TicketState Ticket::wait_for_answer(std::chrono::milliseconds longest) const {
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, longest, [this] { return m_state.answer.has_value(); });
    return m_state;
}

TicketState Ticket::wait_for_end(std::chrono::milliseconds longest) const {
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, longest, [this] { return m_state.finished; });
    return m_state;
}

void Ticket::answer(CommandAnswer answer) {
    const std::lock_guard lock(m_mutex);
    m_state.answer = std::move(answer);
    m_changed.notify_all();
}

void Ticket::finish(std::string ready, std::string message, bool suspended) {
    const std::lock_guard lock(m_mutex);
    m_state.finished = true;
    m_state.ready = std::move(ready);
    m_state.message = std::move(message);
    m_state.suspended = suspended;
    m_changed.notify_all();
}

}  // namespace tidemark::mirror::service
