// Git work beside the service's thread. Threads take turns: whoever has the turn may touch the store and all that the
// passes share, so at any time one thread does, and everything a turn's holder left is whole. A worker leaves the turn
// while it waits for a Git program (sources.cpp) and between two automations, the service's thread while it waits for
// something to happen; nobody leaves it within a transaction. So a remote that does not answer holds up no other, and
// no scan.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace tidemark::mirror::service {

/// Given in the order of asking, so that one who takes it again and again keeps nobody from it.
class Turn {
public:
    void take();
    void leave();

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::uint64_t m_last = 0;     // number of the last who asked
    std::uint64_t m_serving = 1;  // whose turn it is
};

/// Has the turn for its lifetime.
class HasTurn {
public:
    explicit HasTurn(Turn& turn) : m_turn(turn) { m_turn.take(); }
    ~HasTurn() { m_turn.leave(); }
    HasTurn(const HasTurn&) = delete;
    HasTurn& operator=(const HasTurn&) = delete;

private:
    Turn& m_turn;
};

/// Is without the turn, which the thread has, for its lifetime. With null nobody takes turns.
class LeavesTurn {
public:
    explicit LeavesTurn(Turn* turn) : m_turn(turn) {
        if (m_turn) m_turn->leave();
    }
    ~LeavesTurn() {
        if (m_turn) m_turn->take();
    }
    LeavesTurn(const LeavesTurn&) = delete;
    LeavesTurn& operator=(const LeavesTurn&) = delete;

private:
    Turn* m_turn;
};

/// A few threads, and what waits for them: one work at a time for a remote. Remotes that did not answer last time get
/// half of the threads, so that they never take all. Called by the holder of the turn, if nothing else is said.
class Workers {
public:
    static constexpr std::size_t k_threads = 4;

    /// `wake` is called, by any thread, when a work has ended.
    explicit Workers(Turn& turn, std::function<void()> wake = {});
    /// Waits for all. The caller has the turn, and has asked them to stop if that shall be soon.
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    /// Called with the turn, by a thread of ours; must not throw. Answers whether the remote answered.
    using Work = std::function<bool()>;
    /// Precondition: the remote is not busy.
    void start(const std::string& remote, Work work);
    /// Work for it runs or waits.
    bool busy(const std::string& remote) const;
    std::size_t unfinished() const;

    /// Leaves the turn until some work has ended.
    void wait();

    /// By a work, between two steps that leave everything whole: it goes on. Whoever waits for the turn has it first.
    void going_on();
    /// How long the work that said nothing for the longest time has been silent.
    std::chrono::steady_clock::duration longest_silence() const;

private:
    using Instant = std::chrono::steady_clock::time_point;
    struct Waiting {
        std::string remote;
        Work work;
        bool slow = false;
    };
    void serve();
    std::optional<Waiting> next();

    Turn& m_turn;
    std::function<void()> m_wake;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Waiting> m_waiting;
    std::set<std::string> m_busy;
    std::set<std::string> m_silent;                   // remotes that did not answer last time
    std::map<std::thread::id, Instant> m_last_words;  // of running works
    std::size_t m_slow_running = 0;
    std::uint64_t m_ended = 0;
    bool m_closing = false;
    std::vector<std::jthread> m_threads;
};

}  // namespace tidemark::mirror::service
