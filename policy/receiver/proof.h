// Whether whoever sent a message knows the receiver's secret.
//
// Senders that sign (GitHub, Gitea, Forgejo, generic-hmac) prove it with an HMAC over the body, those that do not
// (distribution, Harbor, GitLab, Docker Hub, Quay) show the secret itself in a header; Docker Hub and Quay can be given
// nothing but an address, so for them it may stand there, as ?token=. GitLab given a signing token (whsec_...) signs in
// the form of standardwebhooks.com: an HMAC over id, time and body; then nothing else proves anything.
//
// What is compared is compared in constant time, and the same work is done for every kind and for a receiver that does
// not exist, so that the time of an answer tells neither how much of a guess was right nor which names there are.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "policy/receiver/kind.h"
#include "policy/receiver/message.h"

namespace tidemark::policy::receiver {

struct Proof {
    bool valid = false;
    bool stale = false;  // the signature is right, its time is not
    /// 32 bytes that stand for what was signed; empty where nothing is.
    std::string signed_content;
};

/// How far a signed time may be from ours.
inline constexpr std::chrono::seconds k_longest_age = std::chrono::minutes(5);

/// An empty secret proves nothing.
Proof check_proof(Kind kind, std::string_view secret, const Message& message, std::chrono::sys_seconds now);

}  // namespace tidemark::policy::receiver
