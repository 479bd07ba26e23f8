// Pins: a person's word that a tag stays. It stands in the state, or as an annotation of the ImagePolicy in Git, which
// wins. The policy goes on choosing; its choice is not written while the pin is in force. Pure.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "mirror/service/decide.h"
#include "mirror/store/store.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror::service {

using policy::ObjectKey;

/// A pin that counts now.
struct PinInForce {
    std::string tag;
    std::string by;  // "by ada since 2026-11-21 06:50 UTC", "by the annotation tidemark/pin in web.yaml"
    std::string reason;
    std::optional<std::chrono::sys_seconds> until;
};

/// One that has expired does not count.
std::optional<PinInForce> find_pin(const policy::ImagePolicy& policy, const std::map<ObjectKey, store::Pin>& pins,
                                   std::chrono::sys_seconds now);

/// "pinned to 1.25.1 by ada since 2026-11-21 06:50 UTC: bug 4711, until 2026-12-01 00:00 UTC".
std::string to_string(const PinInForce& pin);

/// What is written in place of the policy's own verdict. `shown` is what was last shown as written: it knows the
/// digest. Where the policy asks for a digest that is not known, needs_digest is set: look it up and call
/// with_pinned_digest.
Verdict pinned_verdict(const DecideInput& input, const Verdict& own, const PinInForce& pin,
                       const std::optional<policy::LatestReference>& shown);

/// As with_digest: without one, a digest that was known before stands, else nothing is written.
Verdict with_pinned_digest(const DecideInput& input, Verdict verdict, const policy::Result<std::string>& digest);

/// For a plan: "held: flux-system:db 15.4 → 15.5, pinned by ada since ...".
std::string held_sentence(const ObjectKey& policy, const PinInForce& pin, const std::optional<store::Decision>& own);

}  // namespace tidemark::mirror::service
