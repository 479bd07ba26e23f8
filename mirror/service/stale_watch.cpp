#include "mirror/service/stale_watch.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace tidemark::mirror::service {
namespace {

using std::chrono::sys_seconds;

constexpr const char* k_stale = "Stale";
constexpr const char* k_recovered = "Recovered";

Step step_of(ObjectKind kind) noexcept {
    return kind == ObjectKind::image_repository ? Step::scan : Step::update;
}

std::string sentence(const StaleObject& object, bool begins) {
    return begins ? "stale: " + object.reason : "no longer stale";
}

std::string sentence_of_rest(std::size_t count, bool begins) {
    return fmt::format("{} more objects are {}; tidemark status says which", count,
                       begins ? "stale: they had no success for three intervals" : "no longer stale");
}

}  // namespace

bool StaleWatch::look(const policy::ObjectSet& objects, store::Store& store, Instant steady_now, sys_seconds now) {
    if (m_next && steady_now < *m_next) return false;
    const std::vector<Expected> expected = find_expected(objects, store.mirror_facts());
    // Thousands of objects that go well are not asked about at each look.
    std::vector<Expected> doubtful;
    std::copy_if(expected.begin(), expected.end(), std::back_inserter(doubtful), [&](const Expected& object) {
        const Seen* seen = find_seen(object);
        return !seen || object.name.first == ObjectKind::git_repository ||
               is_too_long(steady_now - seen->since, object.interval);
    });
    AllSeen seen;
    for (Expected& object : doubtful)
        seen[object.name] = observe(object, store, steady_now, now);
    const auto silent_for = [&](const Expected& object) -> std::optional<std::chrono::nanoseconds> {
        return steady_now - seen.at(object.name).since;
    };
    std::vector<StaleObject> stale = find_stale(doubtful, silent_for, now);

    const std::vector<Change> changes = find_changes(stale, seen);
    if (!changes.empty()) write(store, changes, now);
    m_next = steady_now + k_step;
    keep(std::move(seen), expected);
    m_stale = std::move(stale);
    tell(changes);
    return true;
}

const StaleWatch::Seen* StaleWatch::find_seen(const Expected& object) const {
    const auto found = m_seen.find(object.name);
    return found != m_seen.end() && found->second.version == object.version ? &found->second : nullptr;
}

StaleWatch::Seen StaleWatch::observe(Expected& object, store::Store& store, Instant steady_now, sys_seconds now) const {
    const auto& [kind, key] = object.name;
    if (kind != ObjectKind::git_repository)
        if (const auto status = store.find_status(kind, key)) take_status(object, *status);
    const Seen* known = find_seen(object);
    const Instant since = known ? success_of(*known, object, steady_now, now) : steady_now;
    return {since, object.last, object.version, !object.failure.empty(), steady_now};
}

void StaleWatch::keep(AllSeen&& seen, const std::vector<Expected>& objects) {
    for (auto& [name, one] : seen)
        m_seen.insert_or_assign(name, std::move(one));
    if (m_seen.size() == objects.size()) return;
    std::set<ObjectName> names;
    for (const Expected& object : objects)
        names.insert(object.name);
    std::erase_if(m_seen, [&](const auto& entry) { return !names.contains(entry.first); });
}

/// The last success: it was between the last time the state was asked and now, or the one known then.
StaleWatch::Instant StaleWatch::success_of(const Seen& known, const Expected& object, Instant steady_now,
                                           sys_seconds now) {
    if (object.last == known.last) return known.since;
    if (!object.last) return steady_now;
    const Instant told = steady_now - (now - *object.last);
    // By a clock that jumped meanwhile it cannot be said when.
    return told < known.read || told > steady_now ? steady_now : told;
}

std::vector<StaleWatch::Change> StaleWatch::find_changes(const std::vector<StaleObject>& stale,
                                                         const AllSeen& seen) const {
    std::vector<Change> changes;
    std::set<ObjectName> before, after;
    for (const StaleObject& object : m_stale)
        before.emplace(object.kind, object.object);
    for (const StaleObject& object : stale) {
        const ObjectName name(object.kind, object.object);
        after.insert(name);
        if (!before.contains(name)) changes.push_back({object, true, seen.at(name).failing, seen.at(name).last});
    }
    for (const StaleObject& object : m_stale) {
        const ObjectName name(object.kind, object.object);
        const auto now = seen.find(name);
        // What is gone, suspended or edited did not recover.
        if (after.contains(name) || now == seen.end() || now->second.version != m_seen.at(name).version) continue;
        changes.push_back({object, false, m_seen.at(name).failing});
    }
    return changes;
}

void StaleWatch::write(store::Store& store, const std::vector<Change>& changes, sys_seconds now) const {
    std::map<bool, std::size_t> counts;
    store::Store::Transaction transaction(store);
    for (const Change& change : changes) {
        store::Event event;
        event.time = now;
        event.severity = change.begins ? store::Severity::error : store::Severity::info;
        event.kind = change.object.kind;
        event.object = change.object.object;
        event.reason = change.begins ? k_stale : k_recovered;
        event.message = change.begins ? change.object.reason : "no longer stale";
        if (!change.begins && change.failing) continue;  // told by who saw it go well (change_log.h)
        // The service that ran before may have told it.
        event.id = std::numeric_limits<std::int64_t>::max();
        if (change.begins && store.has_event_like(event, change.last.value_or(sys_seconds{}))) continue;
        if (++counts[change.begins] <= k_told_each) store.add_event(event);
    }
    for (const auto& [begins, count] : counts) {
        if (count <= k_told_each) continue;
        store::Event event;
        event.time = now;
        event.severity = begins ? store::Severity::error : store::Severity::info;
        event.reason = begins ? k_stale : k_recovered;
        event.message = sentence_of_rest(count - k_told_each, begins);
        store.add_event(event);
    }
    transaction.commit();
}

void StaleWatch::tell(const std::vector<Change>& changes) const {
    std::map<bool, std::size_t> counts;
    for (const Change& change : changes) {
        if (++counts[change.begins] > k_told_each) continue;
        m_report({step_of(change.object.kind),
                  change.begins ? Outcome::failed : Outcome::done,
                  change.object.object.to_string(),
                  sentence(change.object, change.begins),
                  {}});
    }
    for (const auto& [begins, count] : counts)
        if (count > k_told_each)
            m_report({Step::objects,
                      begins ? Outcome::failed : Outcome::done,
                      "all",
                      sentence_of_rest(count - k_told_each, begins),
                      {}});
}

}  // namespace tidemark::mirror::service
