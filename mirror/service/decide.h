// From the tags of a repository to the candidate of a policy: what a policy chose last stands until a whole scan
// or an edited policy gives another, and a registry that lists less never lowers it. Pure: everything it needs is
// handed in, the digest look-up included.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "mirror/store/store.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror::service {

/// The answer for one policy.
struct Verdict {
    /// What may be written to Git; nullopt: nothing.
    std::optional<store::Decision> decision;
    bool ready = false;
    std::string reason;   // of the Ready condition, e.g. "Succeeded", "DependencyNotReady"
    std::string message;  // of the Ready condition
    /// The candidate stands although this scan would choose another; says why. Empty: nothing is held.
    std::string held;
    /// The policy asks for a digest that is not known yet: look it up and call with_digest.
    bool needs_digest = false;
};

struct DecideInput {
    const policy::ImagePolicy& policy;
    const policy::ImageRepository* repository;  // null: there is none
    std::string canonical_name;                 // of the repository's image
    const store::TagList* tags;                 // null: never scanned
    std::optional<store::Decision> last;        // of this policy
    std::optional<policy::LatestReference> previous;
    std::chrono::sys_seconds now{};
};

Verdict decide(const DecideInput& input);

/// The digest of the verdict's tag was looked up: `digest`, or why there is none. Without one the last decision stands.
Verdict with_digest(const DecideInput& input, Verdict verdict, const policy::Result<std::string>& digest);

}  // namespace tidemark::mirror::service
