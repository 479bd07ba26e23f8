#include "mirror/service/workers.h"

#include <algorithm>
#include <utility>

namespace tidemark::mirror::service {

using Clock = std::chrono::steady_clock;

void Turn::take() {
    std::unique_lock lock(m_mutex);
    const std::uint64_t number = ++m_last;
    m_changed.wait(lock, [&] { return m_serving == number; });
}

void Turn::leave() {
    const std::lock_guard lock(m_mutex);
    ++m_serving;
    m_changed.notify_all();
}

Workers::Workers(Turn& turn, std::function<void()> wake) : m_turn(turn), m_wake(std::move(wake)) {}

Workers::~Workers() {
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
        m_changed.notify_all();
    }
    const LeavesTurn waiting(&m_turn);
    m_threads.clear();
}

void Workers::start(const std::string& remote, Work work) {
    const std::lock_guard lock(m_mutex);
    // First, as it may fail.
    if (m_threads.size() < std::min(k_threads, m_busy.size() + 1)) m_threads.emplace_back([this] { serve(); });
    m_busy.insert(remote);
    m_waiting.push_back({remote, std::move(work), m_silent.contains(remote)});
    m_changed.notify_all();
}

bool Workers::busy(const std::string& remote) const {
    const std::lock_guard lock(m_mutex);
    return m_busy.contains(remote);
}

std::size_t Workers::unfinished() const {
    const std::lock_guard lock(m_mutex);
    return m_busy.size();
}

void Workers::wait() {
    std::uint64_t before = 0;
    {
        const std::lock_guard lock(m_mutex);
        if (m_busy.empty()) return;
        before = m_ended;
    }
    const LeavesTurn waiting(&m_turn);
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_ended != before; });
}

void Workers::going_on() {
    { const LeavesTurn to_whoever_waits(&m_turn); }
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_last_words.find(std::this_thread::get_id()); found != m_last_words.end())
        found->second = Clock::now();
}

Clock::duration Workers::longest_silence() const {
    const std::lock_guard lock(m_mutex);
    const Instant now = Clock::now();
    Clock::duration longest{};
    for (const auto& [thread, last] : m_last_words)
        longest = std::max(longest, now - last);
    return longest;
}

/// Precondition: the mutex is held.
std::optional<Workers::Waiting> Workers::next() {
    const bool slow_ones_too = m_slow_running < k_threads / 2;
    const auto found = std::find_if(m_waiting.begin(), m_waiting.end(),
                                    [&](const Waiting& one) { return slow_ones_too || !one.slow; });
    if (found == m_waiting.end()) return std::nullopt;
    Waiting chosen = std::move(*found);
    m_waiting.erase(found);
    return chosen;
}

void Workers::serve() {
    std::unique_lock lock(m_mutex);
    for (;;) {
        std::optional<Waiting> chosen;
        m_changed.wait(lock, [&] {
            chosen = next();
            return chosen || (m_closing && m_waiting.empty());
        });
        if (!chosen) return;
        m_slow_running += chosen->slow ? 1 : 0;
        m_last_words[std::this_thread::get_id()] = Clock::now();
        lock.unlock();
        bool answered = false;
        {
            const HasTurn turn(m_turn);
            answered = chosen->work();
            chosen->work = nullptr;  // what it holds goes within the turn
        }
        lock.lock();
        m_last_words.erase(std::this_thread::get_id());
        m_slow_running -= chosen->slow ? 1 : 0;
        if (answered) {
            m_silent.erase(chosen->remote);
        } else {
            m_silent.insert(chosen->remote);
        }
        m_busy.erase(chosen->remote);
        ++m_ended;
        m_changed.notify_all();
        if (m_wake) m_wake();
    }
}

}  // namespace tidemark::mirror::service
