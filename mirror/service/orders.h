// What the service is told from outside, by any thread: stop, read the configuration again, commands of people, images
// to scan, automations to look at. The service's thread takes it at its next turn; an order wakes it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <vector>

#include "mirror/service/ticket.h"

namespace tidemark::mirror::service {

class Orders {
public:
    /// No new work; what runs ends at once or is undone.
    void stop();
    /// Read the configuration again.
    void reload();
    /// Hands in a command. Too many that wait, or a service that has ended: the ticket comes back refused.
    std::shared_ptr<const Ticket> submit(Command command);
    /// One of the last `k_tickets_kept`; null: not known, or too long ago.
    std::shared_ptr<const Ticket> find_ticket(std::uint64_t number) const;
    /// Scan these ImageRepositories now. Asked for again and again before the next pass, they are still scanned once.
    void scan(const std::set<ObjectKey>& repositories);
    /// Look at what these automations have in Git now. As for scan().
    void look(const std::set<ObjectKey>& automations);
    /// Commands that nobody has taken yet.
    std::size_t waiting() const;

    static constexpr std::size_t k_most_waiting = 1000;
    static constexpr std::size_t k_tickets_kept = 1000;

    // For the service's thread.
    std::stop_token stop_token() const noexcept { return m_stop.get_token(); }
    bool take_reload();
    std::vector<std::shared_ptr<Ticket>> take_commands();
    std::set<ObjectKey> take_scans();
    std::set<ObjectKey> take_looks();
    /// Returns at that time, or earlier when there is an order or somebody nudged.
    void wait_until(std::chrono::steady_clock::time_point time);
    /// Makes a wait end, the next one if there is none now. By any thread.
    void nudge();
    /// Called with every order and nudge, for a service that waits for something else as well; empty: nobody is.
    void set_waker(std::function<void()> waker);
    /// Nobody takes commands any more: those that wait, and all that come, are refused with these words.
    void close(const std::string& why);

private:
    bool any() const {
        return m_nudged || m_reload || !m_commands.empty() || !m_scans.empty() || !m_looks.empty() ||
               m_stop.stop_requested();
    }

    void wake();  // with the mutex

    std::stop_source m_stop;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::function<void()> m_waker;
    bool m_nudged = false;
    bool m_reload = false;
    std::set<ObjectKey> m_scans;
    std::set<ObjectKey> m_looks;
    std::vector<std::shared_ptr<Ticket>> m_commands;
    std::deque<std::shared_ptr<Ticket>> m_tickets;  // the newest last
    std::uint64_t m_last_number = 0;
    std::string m_closed;  // why; empty: open
};

}  // namespace tidemark::mirror::service
