// Bearer tokens that were given out, and the requests that ask for them (distribution's token and OAuth protocols).
// A token is kept for a realm, service, credential and scope until shortly before it ends; never for another
// credential. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mirror/base/secret_string.h"
#include "mirror/http/client.h"
#include "mirror/registry/access.h"
#include "mirror/registry/answers.h"
#include "mirror/registry/pace.h"

namespace tidemark::mirror::registry {

/// A short text that is equal for equal credentials and tells nothing about them.
std::string credential_id(const std::optional<Credential>& credential);

class TokenStore {
public:
    struct Entry {
        SecretString value;
        Clock::time_point end;
        std::uint64_t number = 0;  // tells this token from the one before it
    };

    /// nullptr: none that still holds for a while.
    const Entry* find(const std::string& key, Clock::time_point now) const;
    void put(const std::string& key, const Token& token, Clock::time_point now);
    /// Forgets a token that was refused, unless a newer one stands there already.
    void forget(const std::string& key, std::uint64_t number);

    static std::string key(const std::string& realm, const std::string& service, const std::string& credential_id,
                           const std::string& scope);

private:
    void drop_ended(Clock::time_point now);

    std::unordered_map<std::string, Entry> m_tokens;
    std::size_t m_next_sweep = 1024;
    std::uint64_t m_last_number = 0;
};

/// GET realm?service=..&scope=.., with Basic login if the credential has a password.
http::Request token_request(const std::string& realm, const std::string& service,
                            const std::vector<std::string>& scopes, const std::optional<Credential>& credential);

/// The OAuth form: POST realm with the identity token.
http::Request identity_token_request(const std::string& realm, const std::string& service,
                                     const std::vector<std::string>& scopes, const Credential& credential);

/// "Basic <base64>", or empty without user name and password.
SecretString basic_authorization(const std::optional<Credential>& credential);

}  // namespace tidemark::mirror::registry
