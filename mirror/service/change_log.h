// What a pass writes down about changes: an event when something begins and one when it ends, and the way of each tag.
// One rule for all objects, whoever runs the pass: the status that was stored against the one that will be.
// Belongs to the pass's thread; throws as the store does.
//
// The words in Event::reason: ScanFailed, FetchFailed (of a GitRepository), NotReady, PushRefused (by the remote),
// BranchRefused (the branch has other people's commits), Recovered, CandidateChosen, Held, Released, Pushed,
// BranchRemoved. Stale, and the Recovered that ends it: stale_watch.h.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mirror/store/store.h"

namespace tidemark::mirror::service {

using policy::ObjectKey;

/// One object's status, before and after. `before` is null if it was never looked at.
struct StatusChange {
    policy::ObjectKind kind;
    const ObjectKey& key;
    const store::ObjectStatus* before;
    const store::ObjectStatus& after;
    /// For a failure: the remote's own lines, what happens next.
    std::vector<std::string> details = {};
    /// The event's reason if the object is not ready; empty: the kind's own.
    std::string_view failure = {};
};

/// What is new about it, in the order to tell; nothing for the same failure in other words.
std::vector<store::Event> events_of(const StatusChange& change, std::chrono::sys_seconds now);

class ChangeLog {
public:
    ChangeLog(store::Store& store, std::chrono::sys_seconds now) : m_store(store), m_now(now) {}

    /// Belongs into the transaction that stores the status.
    void add(const StatusChange& change);

    /// A registry that goes away takes thousands of objects with it: those beyond k_told_each become one event for each
    /// kind and reason. To be called once, in the last transaction. Answers at once if there are none.
    void add_rest();
    bool has_rest() const noexcept { return m_has_rest; }

    static constexpr std::size_t k_told_each = 100;

private:
    store::Store& m_store;
    std::chrono::sys_seconds m_now;
    bool m_has_rest = false;
    std::map<std::pair<policy::ObjectKind, std::string>, std::pair<std::size_t, store::Severity>> m_counts;
};

}  // namespace tidemark::mirror::service
