#include "policy/receiver/judge.h"

#include "policy/receiver/proof.h"

namespace tidemark::policy::receiver {

Verdict judge(Kind kind, std::string_view secret, const Message& message, Memory& memory, const Clocks& now) {
    using Outcome = Verdict::Outcome;
    if (message.body.size() > k_body_limit) return {Outcome::too_large};
    const Proof proof = check_proof(kind, secret, message, now.wall);
    if (!proof.valid) return {Outcome::wrong_secret};
    if (proof.stale) return {Outcome::stale};
    if (const auto wait = memory.rate.take(now.steady); wait.count() > 0) return {Outcome::too_many, {}, wait};
    Payload payload = read_payload(kind, message);
    if (payload.meaning == Payload::Meaning::malformed) return {Outcome::malformed};
    if (!proof.signed_content.empty() && !memory.seen.add(proof.signed_content)) return {Outcome::seen_before};
    if (payload.meaning == Payload::Meaning::nothing) return {Outcome::nothing};
    return {Outcome::scan, std::move(payload)};
}

}  // namespace tidemark::policy::receiver
