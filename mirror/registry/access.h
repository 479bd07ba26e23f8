// What is needed to talk to one repository: its name, a credential, TLS, a proxy, a time limit.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "mirror/base/secret_string.h"
#include "mirror/http/settings.h"
#include "policy/base/result.h"
#include "policy/image/reference.h"

namespace tidemark::mirror::registry {

/// Exactly one way in: a registry token goes before an identity token, that before username and password.
struct Credential {
    std::string username;
    SecretString password;
    SecretString identity_token;  // traded at the token server by the OAuth form
    SecretString registry_token;  // sent as Bearer as it is

    bool operator==(const Credential&) const = default;
};

struct Access {
    policy::RepositoryName name;
    /// Plain HTTP is tried where HTTPS does not answer. Loopback and private addresses are always tried so.
    bool insecure = false;
    std::optional<Credential> credential;  // none: anonymous
    http::TlsSettings tls;
    http::ProxySettings proxy;
    /// For the whole scan, all its pages and token requests; counted from its first request.
    std::chrono::nanoseconds timeout = std::chrono::minutes(1);
};

/// The credential that a Secret's `.dockerconfigjson` (`{"auths": {...}}`) holds for a repository, by the rules that
/// Flux uses (kubelet's): a glob for each host label, the path as a prefix, keys in reverse order, the first match.
/// No match is nullopt. A document or entry that cannot be read is a Problem that quotes none of its content; the
/// caller names the Secret. credsStore and credHelpers are not followed.
policy::Result<std::optional<Credential>> docker_config_credential(std::string_view json,
                                                                   const policy::RepositoryName& name);

/// The same for a `.dockercfg`: the map of `auths` alone.
policy::Result<std::optional<Credential>> dockercfg_credential(std::string_view json,
                                                               const policy::RepositoryName& name);

}  // namespace tidemark::mirror::registry
