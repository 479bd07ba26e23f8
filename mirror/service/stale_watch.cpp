#include "mirror/service/stale_watch.h"

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
    const auto repositories = store.statuses(ObjectKind::image_repository);
    const auto automations = store.statuses(ObjectKind::image_update_automation);
    const auto mirrors = store.mirror_facts();
    const std::vector<Expected> expected = find_expected(objects, {repositories, automations, mirrors});
    AllSeen seen = observe(expected, steady_now);
    const auto silent_for = [&](const Expected& object) -> std::optional<std::chrono::nanoseconds> {
        return steady_now - seen.at(object.name).since;
    };
    std::vector<StaleObject> stale = find_stale(expected, silent_for, now);

    const std::vector<Change> changes = find_changes(stale, seen);
    if (!changes.empty()) write(store, changes, now);
    m_next = steady_now + k_step;
    m_seen = std::move(seen);
    m_stale = std::move(stale);
    tell(changes);
    return true;
}

StaleWatch::AllSeen StaleWatch::observe(const std::vector<Expected>& objects, Instant now) const {
    AllSeen seen;
    for (const Expected& object : objects) {
        const bool failing = !object.failure.empty();
        const auto known = m_seen.find(object.name);
        bool silent = known != m_seen.end() && known->second.version == object.version;
        if (silent && known->second.last != object.last) {
            // Of an automation that begins to fail the state knows no success, but when that began.
            silent = object.name.first == ObjectKind::image_update_automation && failing && !known->second.failing;
        }
        seen[object.name] = {silent ? known->second.since : now, object.last, object.version, failing};
    }
    return seen;
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
