// How a Git remote is reached: its address and its credentials, with the keys of Flux's secrets. What is
// refused, is refused here, before any connection. Values only; no disk, no network.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "mirror/base/secret_string.h"

namespace tidemark::mirror::git {

enum class Transport { ssh, https, http, file };

struct RemoteAccess {
    Transport transport = Transport::file;
    /// What git is given: never with a password in it.
    std::string url;
    /// What people are shown: also without a user name (https) and without a query.
    std::string shown_url;

    // ssh
    SecretString identity;    // private key, OpenSSH or PEM
    SecretString passphrase;  // of that key; may be empty
    std::string known_hosts;

    // http and https
    std::string username;
    SecretString password;
    SecretString bearer_token;
    std::string ca_certificates;     // PEM; replaces the system's when set
    std::string client_certificate;  // PEM
    SecretString client_key;         // PEM
    SecretString proxy;              // URL, may hold a user and a password; empty: no proxy at all

    /// For each fetch, listing or push as a whole.
    std::chrono::milliseconds timeout = std::chrono::seconds(60);

    bool has_http_credentials() const noexcept {
        return !password.empty() || !username.empty() || !bearer_token.empty();
    }
};

/// A secret's keys and values, as Flux names them.
using SecretKeys = std::map<std::string, SecretString, std::less<>>;

/// Reads `url` (ssh://, https://, http://, file:// or an absolute path) and the keys `identity`, `password` (for
/// ssh: the key's passphrase), `known_hosts`, `username`, `bearerToken`, `ca.crt`/`caFile`, `tls.crt`/`certFile`,
/// `tls.key`/`keyFile`; other keys are not looked at. `secret_name` is for messages ("flux-system/fleet").
/// Error{invalid} with what is wrong and what to write instead; its text never holds a credential.
RemoteAccess make_remote_access(std::string_view url, const SecretKeys& secret, std::string_view secret_name);

/// Takes the proxy from the keys of a `proxySecretRef`: `address`, `username`, `password`.
void set_proxy(RemoteAccess& access, const SecretKeys& secret, std::string_view secret_name);

/// `url` as it may be printed: user information, query and fragment removed, control characters as '?'.
std::string redact_url(std::string_view url);

}  // namespace tidemark::mirror::git
