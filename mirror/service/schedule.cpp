#include "mirror/service/schedule.h"

#include <algorithm>
#include <utility>

namespace tidemark::mirror::service {
namespace {

using Duration = Schedule::Duration;

constexpr int k_parts = 10;  // jitter, and what is taken along, are a tenth of the interval
constexpr unsigned k_most_doublings = 10;

/// FNV-1a: the same number for the same name on every machine.
std::uint64_t number_of(Task task, const ObjectKey& key) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325U ^ static_cast<std::uint64_t>(task);
    const auto add = [&](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3U; };
    for (const char c : key.object_namespace)
        add(static_cast<unsigned char>(c));
    add('/');
    for (const char c : key.name)
        add(static_cast<unsigned char>(c));
    return hash ^ (hash >> 32U);
}

/// A part of `whole`, from nothing to all of it, the same for the same name.
Duration share(Task task, const ObjectKey& key, Duration whole) noexcept {
    constexpr std::uint64_t k_steps = 1000;
    return whole / k_steps * static_cast<Duration::rep>(number_of(task, key) % k_steps);
}

Duration usable(Duration interval) noexcept {
    if (interval <= Duration::zero()) return Schedule::k_unknown_interval;
    // Years are enough, and can be added to without overflow.
    return std::clamp<Duration>(interval, Schedule::k_shortest_interval, std::chrono::hours(24 * 366));
}

Duration with_jitter(Task task, const ObjectKey& key, Duration interval) noexcept {
    return interval + share(task, key, interval / k_parts);
}

}  // namespace

Schedule::Instant Schedule::first_turn(const Entry& entry, Duration interval, Duration spread, Instant now) {
    if (!entry.age) return now;
    // A clock that was set back makes an age negative.
    const Duration age = std::max(*entry.age, Duration::zero());
    const Duration rest = with_jitter(entry.task, entry.key, interval) - std::min(age, 2 * interval);
    return now + std::max(rest, share(entry.task, entry.key, std::min(interval, spread)));
}

void Schedule::order(Turns& turns) {
    turns.waiting.clear();
    for (const auto& [key, turn] : turns.all)
        if (!turn.running) turns.waiting.emplace(turn.due, &key);
}

template <class Change>
bool Schedule::change(Task task, const ObjectKey& key, const Change& change_turn) {
    Turns& turns = of(task);
    const auto found = turns.all.find(key);
    if (found == turns.all.end()) return false;
    turns.waiting.erase({found->second.due, &found->first});
    change_turn(found->second);
    if (!found->second.running) turns.waiting.emplace(found->second.due, &found->first);
    return true;
}

void Schedule::replace(const std::vector<Entry>& entries, Instant now) {
    std::array<Turns, k_tasks.size()> before;
    before.swap(m_turns);
    const Duration spread = std::min<Duration>(k_spread, k_spread_each * static_cast<Duration::rep>(entries.size()));
    for (const Entry& entry : entries) {
        std::map<ObjectKey, Turn>& known_turns = before[static_cast<std::size_t>(entry.task)].all;
        const Duration interval = usable(entry.interval);
        const auto known = known_turns.find(entry.key);
        if (known != known_turns.end() && known->second.version == entry.version &&
            known->second.interval == interval) {
            of(entry.task).all.emplace(entry.key, std::move(known->second));
        } else {
            const Instant due = known == known_turns.end() ? first_turn(entry, interval, spread, now) : now;
            Turn turn{interval, entry.version, due};
            turn.running = turn.again = known != known_turns.end() && known->second.running;
            of(entry.task).all.emplace(entry.key, std::move(turn));
        }
    }
    for (Turns& turns : m_turns)
        order(turns);
}

std::set<ObjectKey> Schedule::due(Task task, Instant now) const {
    const Turns& turns = of(task);
    if (turns.waiting.empty() || turns.waiting.begin()->first > now) return {};
    std::set<ObjectKey> keys;
    for (const auto& [key, turn] : turns.all) {
        if (turn.running) continue;
        // A back-off is kept to: nobody is asked early who wished to be left alone.
        const Duration along = turn.failures == 0 ? turn.interval / k_parts : Duration::zero();
        if (turn.due <= now + along) keys.insert(keys.end(), key);
    }
    return keys;
}

bool Schedule::done(Task task, const ObjectKey& key, bool ok, Instant now, Duration not_before, Duration pause) {
    bool wished = false;
    change(task, key, [&](Turn& turn) {
        turn.running = false;
        wished = std::exchange(turn.again, false);
        if (wished) {
            turn.due = now;
            return;
        }
        turn.failures = ok ? 0 : std::min(turn.failures + 1, k_most_doublings);
        Duration wait = turn.interval;
        for (unsigned i = 1; i < turn.failures && wait < k_longest_retry; ++i)
            wait = std::min(2 * wait, std::max(turn.interval, k_longest_retry));
        turn.not_before = now + not_before;
        turn.due = std::max({now + with_jitter(task, key, wait), turn.not_before, now + pause});
    });
    return !wished;
}

void Schedule::lost(Instant now) {
    for (const Task task : k_tasks) {
        for (auto& [key, turn] : of(task).all) {
            if (turn.running || task == Task::update) turn.due = now;
            turn.running = turn.again = false;
        }
        order(of(task));
    }
}

void Schedule::begun(Task task, const ObjectKey& key) {
    change(task, key, [](Turn& turn) { turn.running = true; });
}

void Schedule::wish(Task task, const ObjectKey& key, Instant now) {
    change(task, key, [&](Turn& turn) {
        turn.due = std::min(turn.due, now);
        turn.again = turn.running;
    });
}

void Schedule::retry_failed(Instant now) {
    for (Turns& turns : m_turns) {
        for (auto& [key, turn] : turns.all)
            if (turn.failures > 0) turn.due = std::min(turn.due, std::max(now, turn.not_before));
        order(turns);
    }
}

std::optional<Schedule::Instant> Schedule::next() const {
    std::optional<Instant> first;
    for (const Turns& turns : m_turns)
        if (!turns.waiting.empty() && (!first || turns.waiting.begin()->first < *first))
            first = turns.waiting.begin()->first;
    return first;
}

}  // namespace tidemark::mirror::service
