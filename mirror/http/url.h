// URLs as libcurl reads them, so that a check and the request that follows it can never disagree, and the rules for
// following a URL that a server gave us.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tidemark::mirror::http {

struct Url {
    std::string scheme;  // "http" or "https"
    std::string host;    // lower case, IPv6 in brackets
    std::string port;    // always filled in
    std::string path;    // begins with '/'
    std::string query;   // without '?'

    /// "https://host:port", without the port where it is the scheme's own.
    std::string origin() const;
    std::string to_string() const;
    bool same_origin(const Url& other) const noexcept;
};

/// An absolute http or https URL without user and password; nullopt for anything else. The fragment is dropped.
std::optional<Url> parse_url(const std::string& text);

/// `reference`, absolute or relative, as seen from `base`.
std::optional<Url> resolve_url(const Url& base, const std::string& reference);

/// Whether a host is this machine or a literal private, link-local or unspecified address.
bool is_private_host(std::string_view host) noexcept;

/// Why a request to `from` must not be led on to `to`: an https server leads to plain http, or to a literal private
/// address that is not its own (a public server would so reach into our network). Empty: it may.
std::string_view refusal_to_follow(const Url& from, const Url& to) noexcept;

/// Percent-encodes everything but letters, digits and -._~ for a query.
std::string escape_query(std::string_view text);

}  // namespace tidemark::mirror::http
