// A Git host that knows pull or merge requests: where its API is and how we are known there. Made of the configuration
// and a Secret, never of what stands in Git. A plain value.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mirror/base/forge_settings.h"
#include "mirror/base/secrets.h"
#include "mirror/http/settings.h"

namespace tidemark::mirror::forge {

struct Forge {
    ForgeKind kind = ForgeKind::gitea;
    std::string host;  // for people
    std::string api;   // "https://git.example/api/v1"
    std::string path;  // of its pages, "/git"; may be empty
    SecretString token;
    std::optional<policy::ObjectKey> token_secret;  // where it came from
    http::TlsSettings tls;
};

/// Looks up the Secret. Error{invalid|authentication|permission} says what is wrong with it.
Forge make_forge(const ForgeSettings& settings, const SecretStore& secrets);

/// The repository of a remote as this forge calls it: "acme/fleet". Error{invalid}: it can be none there.
std::string repository_of(const Forge& forge, std::string_view git_url);

/// Text without the token, as a server may repeat what it was sent.
std::string without_token(const Forge& forge, std::string text);

}  // namespace tidemark::mirror::forge
