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

Schedule::Instant Schedule::first_turn(const Entry& entry, Duration interval, Instant now) {
    if (!entry.age) return now;
    // A clock that was set back makes an age negative.
    const Duration age = std::max(*entry.age, Duration::zero());
    const Duration rest = with_jitter(entry.task, entry.key, interval) - std::min(age, 2 * interval);
    return now + std::max(rest, share(entry.task, entry.key, std::min(interval, k_spread)));
}

void Schedule::replace(const std::vector<Entry>& entries, Instant now) {
    std::map<Name, Turn> turns;
    for (const Entry& entry : entries) {
        const Name name{entry.task, entry.key};
        const Duration interval = usable(entry.interval);
        const auto known = m_turns.find(name);
        if (known != m_turns.end() && known->second.version == entry.version && known->second.interval == interval) {
            turns.emplace(name, std::move(known->second));
        } else {
            const Instant due = known == m_turns.end() ? first_turn(entry, interval, now) : now;
            Turn turn{interval, entry.version, due};
            turn.running = turn.again = known != m_turns.end() && known->second.running;
            turns.emplace(name, std::move(turn));
        }
    }
    m_turns = std::move(turns);
}

std::set<ObjectKey> Schedule::due(Task task, Instant now) const {
    std::set<ObjectKey> keys;
    bool any = false;
    for (const auto& [name, turn] : m_turns) {
        if (name.first != task || turn.running || turn.due > now + turn.interval / k_parts) continue;
        // A back-off is kept to: nobody is asked early who wished to be left alone.
        if (turn.failures > 0 && turn.due > now) continue;
        any = any || turn.due <= now;
        keys.insert(name.second);
    }
    if (!any) keys.clear();
    return keys;
}

bool Schedule::done(Task task, const ObjectKey& key, bool ok, Instant now, Duration not_before) {
    const auto found = m_turns.find({task, key});
    if (found == m_turns.end()) return true;
    Turn& turn = found->second;
    turn.running = false;
    if (std::exchange(turn.again, false)) {
        turn.due = now;
        return false;
    }
    turn.failures = ok ? 0 : std::min(turn.failures + 1, k_most_doublings);
    Duration wait = turn.interval;
    for (unsigned i = 1; i < turn.failures && wait < k_longest_retry; ++i)
        wait = std::min(2 * wait, std::max(turn.interval, k_longest_retry));
    turn.not_before = now + not_before;
    turn.due = std::max(now + with_jitter(task, key, wait), turn.not_before);
    return true;
}

void Schedule::lost(Instant now) {
    for (auto& [name, turn] : m_turns) {
        if (turn.running || name.first == Task::update) turn.due = now;
        turn.running = turn.again = false;
    }
}

void Schedule::begun(Task task, const ObjectKey& key) {
    const auto found = m_turns.find({task, key});
    if (found != m_turns.end()) found->second.running = true;
}

void Schedule::wish(Task task, const ObjectKey& key, Instant now) {
    const auto found = m_turns.find({task, key});
    if (found == m_turns.end()) return;
    found->second.due = std::min(found->second.due, now);
    found->second.again = found->second.running;
}

void Schedule::retry_failed(Instant now) {
    for (auto& [name, turn] : m_turns)
        if (turn.failures > 0) turn.due = std::min(turn.due, std::max(now, turn.not_before));
}

std::optional<Schedule::Instant> Schedule::next() const {
    std::optional<Instant> first;
    for (const auto& [name, turn] : m_turns)
        if (!turn.running && (!first || turn.due < *first)) first = turn.due;
    return first;
}

}  // namespace tidemark::mirror::service
