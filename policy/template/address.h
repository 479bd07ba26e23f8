// URLs as Go's net/url takes them apart and puts them together.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "policy/base/result.h"

namespace tidemark::policy::message {

/// Decoded parts; query as it was written.
struct Address {
    std::string scheme;
    std::string opaque;  // after the scheme, where no slash follows it
    std::optional<std::string> user;
    std::optional<std::string> password;
    std::string host;  // with the port
    std::string path;
    std::string query;
    std::string fragment;

    /// Without port and brackets.
    std::string hostname() const;
};

Result<Address> parse_address(std::string_view text);
/// "user:password", encoded; empty where there is none.
std::string encoded_user(const Address& address);
std::string to_string(const Address& address);

}  // namespace tidemark::policy::message
