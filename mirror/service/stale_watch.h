// What the service knows of silence: when it last saw each object succeed, on a clock that never jumps, so that a wall
// clock which does makes nothing stale. An object is watched from the service's start or its own appearance on. Events
// and log lines come once when silence begins and once when it ends. Belongs to the service's thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "mirror/service/report.h"
#include "mirror/service/staleness.h"
#include "mirror/store/store.h"

namespace tidemark::mirror::service {

class StaleWatch {
public:
    using Instant = std::chrono::steady_clock::time_point;

    explicit StaleWatch(Reporter report) : m_report(std::move(report)) {}

    /// Looks if the last look is a minute ago; answers whether it did. Throws as the store does: then nothing of it
    /// counts.
    bool look(const policy::ObjectSet& objects, store::Store& store, Instant steady_now, std::chrono::sys_seconds now);

    /// As of the last look.
    const std::vector<StaleObject>& stale() const noexcept { return m_stale; }

    static constexpr auto k_step = std::chrono::minutes(1);
    /// Those beyond it, at one look, are told together.
    static constexpr std::size_t k_told_each = 100;

private:
    struct Seen {
        Instant since;  // of the last success, or of the first look at it
        std::optional<std::chrono::sys_seconds> last;
        std::string version;
        bool failing = false;
        Instant read;  // when the state was asked
    };
    using AllSeen = std::map<ObjectName, Seen>;
    struct Change {
        StaleObject object;
        bool begins = false;
        bool failing = false;  // its last try failed; that it goes well again is told as the end of that
        std::optional<std::chrono::sys_seconds> last = {};
    };

    /// What was seen of it; null: nothing, or it was edited since.
    const Seen* find_seen(const Expected& object) const;
    /// Fills in what the state knows of the object.
    Seen observe(Expected& object, store::Store& store, Instant steady_now, std::chrono::sys_seconds now) const;
    /// Forgets those that are not among the objects.
    void keep(AllSeen&& seen, const std::vector<Expected>& objects);
    static Instant success_of(const Seen& known, const Expected& object, Instant steady_now,
                              std::chrono::sys_seconds now);
    std::vector<Change> find_changes(const std::vector<StaleObject>& stale, const AllSeen& seen) const;
    void write(store::Store& store, const std::vector<Change>& changes, std::chrono::sys_seconds now) const;
    void tell(const std::vector<Change>& changes) const;

    Reporter m_report;
    std::optional<Instant> m_next;
    AllSeen m_seen;
    std::vector<StaleObject> m_stale;
};

}  // namespace tidemark::mirror::service
