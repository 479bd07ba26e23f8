#include "mirror/service/decide.h"

#include <fmt/format.h>

namespace tidemark::mirror::service {
namespace {

using policy::DigestReflection;
using store::Decision;

/// The last decision, if it was made by the policy as it is now and from the same image.
std::optional<Decision> standing(const DecideInput& input) {
    if (!input.last) return std::nullopt;
    if (input.last->spec_hash != input.policy.metadata.spec_hash) return std::nullopt;
    if (!input.canonical_name.empty() && input.last->canonical_name != input.canonical_name) return std::nullopt;
    return input.last;
}

Verdict not_ready(const DecideInput& input, std::string reason, std::string message) {
    Verdict verdict;
    verdict.decision = standing(input);
    verdict.reason = std::move(reason);
    verdict.message = std::move(message);
    return verdict;
}

std::string resolved(const DecideInput& input, const Decision& decision) {
    std::string text = fmt::format("Latest image tag for {} resolved to {}", decision.latest.name, decision.latest.tag);
    if (!decision.latest.digest.empty()) text += fmt::format(" with digest {}", decision.latest.digest);
    if (input.previous && *input.previous != decision.latest)
        text += fmt::format(" (previously {})", input.previous->to_string());
    return text;
}

Verdict ready(const DecideInput& input, Decision decision, std::string held) {
    Verdict verdict;
    verdict.ready = true;
    verdict.reason = "Succeeded";
    verdict.message = resolved(input, decision);
    if (!held.empty()) verdict.message += "; held: " + held;
    verdict.held = std::move(held);
    verdict.decision = std::move(decision);
    return verdict;
}

/// Whether the digest must be asked for, given that `decision` holds the one known so far.
bool wants_digest(const DecideInput& input, const Decision& decision) {
    switch (input.policy.digest_reflection) {
        case DigestReflection::never:
            return false;
        case DigestReflection::if_not_present:
            return decision.latest.digest.empty();
        case DigestReflection::always:
            return true;
    }
    return false;
}

Verdict choose(const DecideInput& input) {
    const policy::Result<policy::Selection> selection = policy::Selection::compile(input.policy.selection);
    if (!selection) return not_ready(input, "InvalidPolicy", "invalid policy: " + selection.message());

    const std::vector<std::string_view> tags = input.tags->tags();
    const auto answer = selection->choose(tags);
    if (const auto* refusal = std::get_if<policy::NotSelected>(&answer)) {
        const bool stalled = refusal->failure == policy::SelectionFailure::invalid_policy;
        return not_ready(input, stalled ? "InvalidPolicy" : "Failure",
                         stalled ? "invalid policy: " + refusal->message : refusal->message);
    }
    const std::string& tag = std::get<policy::Selected>(answer).tag;
    const std::optional<Decision> last = standing(input);
    if (last && last->latest.tag != tag && selection->ranks_below(tag, last->latest.tag))
        return ready(input, *last,
                     fmt::format("the registry's best is now {}, which is lower; to take it: tidemark accept {}", tag,
                                 input.policy.metadata.key.to_string()));

    Decision decision;
    decision.spec_hash = input.policy.metadata.spec_hash;
    decision.canonical_name = input.canonical_name;
    decision.latest = {input.repository->image, tag, ""};
    decision.first_seen = input.tags->first_seen(tag);
    decision.decided = input.now;
    decision.unproven = !input.last || (last && last->unproven);
    // The same tag: digest and time of the decision stay, so that an unchanged scan writes nothing.
    if (last && last->latest.name == decision.latest.name && last->latest.tag == tag) decision = *last;
    decision.outdated = false;
    if (input.policy.digest_reflection == DigestReflection::never) decision.latest.digest.clear();

    Verdict verdict = ready(input, decision, "");
    verdict.needs_digest = wants_digest(input, decision);
    return verdict;
}

}  // namespace

Verdict decide(const DecideInput& input) {
    for (const policy::Finding& finding : input.policy.metadata.findings)
        if (finding.severity == policy::Severity::error) return not_ready(input, "Invalid", to_string(finding));
    if (!input.repository)
        return not_ready(input, "DependencyNotReady",
                         "failed to get the referred ImageRepository: referenced ImageRepository does not exist: " +
                             input.policy.image_repository.to_string());
    if (!input.repository->metadata.valid())
        return not_ready(
            input, "DependencyNotReady",
            fmt::format("the referred ImageRepository {} is not valid", input.policy.image_repository.to_string()));
    if (!input.tags || input.tags->canonical_name != input.canonical_name)
        return not_ready(
            input, "DependencyNotReady",
            fmt::format("no tags in database: {} was not scanned yet", input.policy.image_repository.to_string()));
    return choose(input);
}

Verdict with_digest(const DecideInput& input, Verdict verdict, const policy::Result<std::string>& digest) {
    const policy::LatestReference& latest = verdict.decision->latest;
    if (!digest)
        return not_ready(input, "Failed",
                         fmt::format("failed fetching digest of {}:{}: {}", latest.name, latest.tag, digest.message()));
    Decision decision = *verdict.decision;
    if (decision.latest.digest != *digest) decision.decided = input.now;
    decision.latest.digest = *digest;
    return ready(input, decision, verdict.held);
}

}  // namespace tidemark::mirror::service
