// What Tidemark knows about an object, in the words of the objects' own status: what `get` prints and the
// state folder keeps. Plain values.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "policy/objects/objects.h"
#include "policy/setters/setters.h"

namespace tidemark::mirror::store {

/// A Kubernetes-style condition: `type` is "Ready" or "Stalled", `status` "True", "False" or "Unknown".
struct Condition {
    std::string type;
    std::string status;
    std::string reason;
    std::string message;
    std::chrono::sys_seconds last_transition{};
    bool operator==(const Condition&) const = default;
};

struct ObjectStatus {
    std::vector<Condition> conditions;
    // ImageRepository
    std::optional<std::chrono::sys_seconds> last_scan;
    std::size_t tag_count = 0;
    std::vector<std::string> latest_tags;  // up to ten, byte order descending
    std::string canonical_name;
    // ImagePolicy
    std::optional<policy::LatestReference> latest;
    std::optional<policy::LatestReference> previous;
    // ImageUpdateAutomation
    std::optional<std::chrono::sys_seconds> last_run;
    std::optional<std::chrono::sys_seconds> last_push;
    std::string last_push_commit;
    // GitRepository: "main@sha1:<id>"
    std::string revision;

    bool operator==(const ObjectStatus&) const = default;
};

}  // namespace tidemark::mirror::store
