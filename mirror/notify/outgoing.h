// A notice as the request or mail that a sink's kind wants. Pure: what is sent is all decided here.
//
// Secrets go into the URL only where that is all the other side has (Slack, Mattermost), and into headers; what this
// throws never repeats one.
#pragma once

#include <chrono>
#include <string>
#include <variant>

#include "mirror/http/client.h"
#include "mirror/http/mail.h"
#include "mirror/notify/sink.h"
#include "mirror/notify/text.h"

namespace tidemark::mirror::notify {

/// The Secret of the sink; empty if it has none. Throws as SecretStore::get.
SecretValues secret_values(const SinkSettings& settings, const SecretStore& secrets);

/// What people read, or for a webhook the JSON: by the sink's template if it has one. Throws Error{invalid} for a
/// template that fails, or gives no JSON object to a webhook.
std::string compose_text(const Sink& sink, const Notice& notice);

struct Outgoing {
    std::variant<http::Request, http::Mail> content;
    http::TlsSettings tls;
};

/// Throws Error{invalid}: a Secret lacks a key, or what it holds cannot be used.
Outgoing compose(const Sink& sink, const Notice& notice, const SecretValues& secret, std::chrono::sys_seconds now);

}  // namespace tidemark::mirror::notify
