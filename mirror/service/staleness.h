// Silence is a failure: which objects had no success for three of their intervals. Pure functions over what the state
// knows; the service asks once a minute (stale_watch.h), the read model where no service runs (view.h). Safe for any
// thread; throws nothing.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mirror/service/live.h"
#include "mirror/store/records.h"
#include "mirror/store/status.h"

namespace tidemark::mirror::service {

using ObjectName = std::pair<ObjectKind, ObjectKey>;

/// An object that should have a success every `interval`: neither suspended nor with a mistake, which says so itself.
struct Expected {
    ObjectName name;
    std::chrono::nanoseconds interval{};
    std::string version;  // another after an edit
    /// As the state knows it; unset: there was none, or it is not known any more.
    std::optional<std::chrono::sys_seconds> last;
    std::string failure;  // what the last try met; empty: it was none
};

/// ImageRepositories with their scans, automations with their looks, both without what the state knows of them; and the
/// GitRepositories that automations use with their fetches, which come with a look: the shortest interval of these
/// automations counts if it is the longer one.
std::vector<Expected> find_expected(const policy::ObjectSet& objects, const std::vector<store::MirrorFacts>& mirrors);
/// What the state knows of a repository or an automation: fills in the last success and the failure.
void take_status(Expected& object, const store::ObjectStatus& status);

constexpr int k_intervals_of_silence = 3;
/// Shorter silence says nothing, whatever the interval is.
constexpr std::chrono::nanoseconds k_least_silence = std::chrono::minutes(3);
bool is_too_long(std::chrono::nanoseconds silence, std::chrono::nanoseconds interval) noexcept;

/// How long the object has been silent; unset: that cannot be said, so it is not stale.
using SilentFor = std::function<std::optional<std::chrono::nanoseconds>(const Expected& object)>;
/// In the order given. `now` is for words.
std::vector<StaleObject> find_stale(const std::vector<Expected>& objects, const SilentFor& silent_for,
                                    std::chrono::sys_seconds now);
/// The same where nobody watched: by the time of the last success.
std::vector<StaleObject> find_stale(const std::vector<Expected>& objects, std::chrono::sys_seconds now);

}  // namespace tidemark::mirror::service
