// When each object's turn is: bookkeeping of due times by name. No clock and no thread: the caller says what time it
// is, on a clock that never jumps. A turn comes after the interval and up to a tenth more, the same for the same name,
// so that objects with equal intervals drift apart.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "policy/objects/objects.h"

namespace tidemark::mirror::service {

using policy::ObjectKey;

/// Tags of a repository, an automation's look at Git, a Git source of objects, where the branches of a remote are.
enum class Task { scan, update, objects, ask };

class Schedule {
public:
    using Instant = std::chrono::steady_clock::time_point;
    using Duration = std::chrono::nanoseconds;

    struct Entry {
        Task task = Task::scan;
        ObjectKey key;
        Duration interval{};  // zero where it could not be read
        /// Tells an edited object from the one before: it is due at once.
        std::string version;
        /// How long ago it had its last turn, as the state knows it; unset: never, so it is due at once.
        std::optional<Duration> age = {};
    };

    /// These and no others. Those that are there with the same version and interval keep their time. One that missed
    /// its time while nobody ran comes soon, at a moment of its own: within k_spread_each for each entry, k_spread at
    /// most. So a few are looked at at once, and thousands are no herd.
    void replace(const std::vector<Entry>& entries, Instant now);

    /// Whose turn it is. Where anybody's is, everybody's whose turn comes within a tenth of the own interval is taken
    /// along: few large rounds cost less than many small ones.
    std::set<ObjectKey> due(Task task, Instant now) const;

    /// An object had its turn. After failures in a row it comes at doubled distances, up to k_longest_retry or its
    /// interval, whichever is more; not before `not_before` from now, and before `pause` only by retry_failed().
    /// Answers false if somebody wished for one more meanwhile.
    bool done(Task task, const ObjectKey& key, bool ok, Instant now, Duration not_before = {}, Duration pause = {});

    bool knows(Task task, const ObjectKey& key) const { return of(task).all.contains(key); }

    /// What had begun was lost, and is due again; so is every look of an automation.
    void lost(Instant now);

    /// Its turn has begun: until done() it is not due.
    void begun(Task task, const ObjectKey& key);

    /// Somebody wants its turn now, whatever it failed at before; if it has it just now, once more after that.
    void wish(Task task, const ObjectKey& key, Instant now);

    /// What failed is due now: somebody changed something. Who wished to be left alone still is.
    void retry_failed(Instant now);

    /// When anybody's next turn is.
    std::optional<Instant> next() const;

    /// Every turn and when it is.
    template <class Visitor>
    void each(const Visitor& visit) const {
        for (const Task task : k_tasks)
            for (const auto& [key, turn] : of(task).all)
                visit(task, key, turn.due);
    }

    static constexpr Duration k_spread_each = std::chrono::milliseconds(10);
    static constexpr Duration k_spread = std::chrono::minutes(1);
    static constexpr Duration k_longest_retry = std::chrono::minutes(10);
    /// For an object whose interval cannot be read, and the shortest that is kept to.
    static constexpr Duration k_unknown_interval = std::chrono::minutes(10);
    static constexpr Duration k_shortest_interval = std::chrono::seconds(1);

private:
    struct Turn {
        Duration interval{};
        std::string version;
        Instant due;
        unsigned failures = 0;
        Instant not_before = {};
        bool running = false;
        bool again = false;  // due at once after the one that runs
    };
    static constexpr std::array k_tasks = {Task::scan, Task::update, Task::objects, Task::ask};
    /// All of one task. Who asks whether anybody is due asks a thousand times for each that is: those that wait stand
    /// in order of their time.
    struct Turns {
        std::map<ObjectKey, Turn> all;
        std::set<std::pair<Instant, const ObjectKey*>> waiting;  // the keys of `all` whose turn does not run
    };
    static Instant first_turn(const Entry& entry, Duration interval, Duration spread, Instant now);

    const Turns& of(Task task) const { return m_turns[static_cast<std::size_t>(task)]; }
    Turns& of(Task task) { return m_turns[static_cast<std::size_t>(task)]; }
    /// Puts them in order after any change.
    static void order(Turns& turns);
    /// Changes one, if it is there, and keeps the order.
    template <class Change>
    bool change(Task task, const ObjectKey& key, const Change& change_turn);

    std::array<Turns, k_tasks.size()> m_turns;
};

}  // namespace tidemark::mirror::service
