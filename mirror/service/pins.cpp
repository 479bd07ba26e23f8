#include "mirror/service/pins.h"

#include <fmt/format.h>

#include "policy/base/timestamp.h"

namespace tidemark::mirror::service {
namespace {

using policy::DigestReflection;
using policy::LatestReference;
using store::Decision;

bool counts(const std::optional<std::chrono::sys_seconds>& until, std::chrono::sys_seconds now) {
    return !until || *until > now;
}

/// ": reason, until then".
std::string why(const PinInForce& pin) {
    std::string text = pin.reason.empty() ? "" : ": " + pin.reason;
    if (pin.until) text += ", until " + policy::format_minute(*pin.until);
    return text;
}

std::string message_of(const DecideInput& input, const LatestReference& latest, const std::string& held) {
    std::string text = fmt::format("Latest image tag for {} resolved to {}", input.repository->image, latest.tag);
    if (!latest.digest.empty()) text += fmt::format(" with digest {}", latest.digest);
    return fmt::format("{}; held: {}", text, held);
}

/// What becomes of the policy without the pin.
std::string otherwise(const DecideInput& input, const Verdict& own, const PinInForce& pin) {
    if (!own.ready) return "; without it: " + own.message;
    std::string text = own.decision->latest.tag == pin.tag ? "" : "; the policy chooses " + own.decision->latest.tag;
    if (input.tags && input.tags->first_seen(pin.tag) == std::chrono::sys_seconds()) text += "; not among the tags";
    return text;
}

/// A digest of the pinned tag that is known already.
std::string known_digest(const LatestReference& pinned, const Verdict& own,
                         const std::optional<LatestReference>& shown) {
    const auto of = [&](const LatestReference& other) {
        return other.name == pinned.name && other.tag == pinned.tag ? other.digest : std::string();
    };
    if (shown && !of(*shown).empty()) return shown->digest;
    return own.decision ? of(own.decision->latest) : "";
}

}  // namespace

std::optional<PinInForce> find_pin(const policy::ImagePolicy& policy, const std::map<ObjectKey, store::Pin>& pins,
                                   std::chrono::sys_seconds now) {
    if (policy.pin && counts(policy.pin->until, now))
        return PinInForce{policy.pin->tag, "by the annotation tidemark/pin in " + policy.metadata.place.file,
                          policy.pin->reason, policy.pin->until};
    const auto found = pins.find(policy.metadata.key);
    if (found == pins.end() || !counts(found->second.until, now)) return std::nullopt;
    const store::Pin& pin = found->second;
    return PinInForce{pin.tag, fmt::format("by {} since {}", pin.who, policy::format_minute(pin.when)), pin.reason,
                      pin.until};
}

std::string to_string(const PinInForce& pin) {
    return fmt::format("pinned to {} {}{}", pin.tag, pin.by, why(pin));
}

Verdict pinned_verdict(const DecideInput& input, const Verdict& own, const PinInForce& pin,
                       const std::optional<LatestReference>& shown) {
    Verdict verdict = own;
    verdict.needs_digest = false;
    verdict.decision.reset();
    // Without its repository nobody knows which image the tag is of.
    if (!input.repository || !input.repository->metadata.valid()) return verdict;

    Decision decision;
    decision.spec_hash = input.policy.metadata.spec_hash;
    decision.canonical_name = input.canonical_name;
    decision.latest = {input.repository->image, pin.tag, ""};
    if (input.tags && input.tags->canonical_name == input.canonical_name)
        decision.first_seen = input.tags->first_seen(pin.tag);
    decision.decided = input.now;
    const DigestReflection reflection = input.policy.digest_reflection;
    if (reflection != DigestReflection::never) decision.latest.digest = known_digest(decision.latest, own, shown);
    verdict.needs_digest = reflection == DigestReflection::always ||
                           (reflection == DigestReflection::if_not_present && decision.latest.digest.empty());
    if (input.policy.metadata.valid()) {
        verdict.ready = true;
        verdict.reason = "Succeeded";
        verdict.held = to_string(pin) + otherwise(input, own, pin);
        verdict.message = message_of(input, decision.latest, verdict.held);
    }
    verdict.decision = std::move(decision);
    return verdict;
}

Verdict with_pinned_digest(const DecideInput& input, Verdict verdict, const policy::Result<std::string>& digest) {
    LatestReference& latest = verdict.decision->latest;
    if (digest) {
        latest.digest = *digest;
        if (verdict.ready) verdict.message = message_of(input, latest, verdict.held);
        return verdict;
    }
    verdict.ready = false;
    verdict.reason = "Failed";
    verdict.message = fmt::format("failed fetching digest of {}:{}: {}", latest.name, latest.tag, digest.message());
    verdict.held.clear();
    if (latest.digest.empty()) verdict.decision.reset();
    return verdict;
}

std::string held_sentence(const ObjectKey& policy, const PinInForce& pin, const std::optional<Decision>& own) {
    const std::string tag =
        own && own->latest.tag != pin.tag ? fmt::format("{} → {}", pin.tag, own->latest.tag) : pin.tag;
    return fmt::format("held: {}:{} {}, pinned {}{}", policy.object_namespace, policy.name, tag, pin.by, why(pin));
}

}  // namespace tidemark::mirror::service
