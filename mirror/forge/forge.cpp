#include "mirror/forge/forge.h"

#include <algorithm>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/http/url.h"
#include "policy/forge/place.h"

namespace tidemark::mirror::forge {
namespace {

/// Shorter values are no secrets, and would be found everywhere.
constexpr std::size_t k_shortest_secret = 4;

std::string api_of(const ForgeSettings& settings, const http::Url& url) {
    switch (settings.kind) {
        case ForgeKind::gitea:
        case ForgeKind::forgejo:
            return settings.url + "/api/v1";
        case ForgeKind::gitlab:
            return settings.url + "/api/v4";
        case ForgeKind::github:
            return url.host == "github.com" ? "https://api.github.com" : settings.url + "/api/v3";
    }
    return settings.url;
}

void read_secret(const SecretStore& secrets, const policy::ObjectKey& key, Forge& forge) {
    const SecretValues values = secrets.get(key);
    const auto token = values.find("token");
    if (token == values.end() || token->second.empty())
        throw Error(ErrorKind::invalid, fmt::format("the Secret {} holds no key token", key.to_string()));
    const std::string& text = token->second.reveal();
    if (std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c >= 127; }))
        throw Error(
            ErrorKind::invalid,
            fmt::format("the key token of the Secret {} has characters that no header may hold", key.to_string()));
    forge.token = token->second;
    forge.token_secret = key;
    if (const auto ca = values.find("ca.crt"); ca != values.end()) forge.tls.ca_pem = ca->second.reveal();
}

}  // namespace

Forge make_forge(const ForgeSettings& settings, const SecretStore& secrets) {
    const std::optional<http::Url> url = http::parse_url(settings.url);
    if (!url) throw Error(ErrorKind::invalid, fmt::format("forges: the url of {} is none", settings.host));
    Forge forge;
    forge.kind = settings.kind;
    forge.host = settings.host;
    forge.api = api_of(settings, *url);
    forge.path = url->path;
    if (settings.token_secret_ref) read_secret(secrets, *settings.token_secret_ref, forge);
    return forge;
}

std::string repository_of(const Forge& forge, std::string_view git_url) {
    const bool groups = forge.kind == ForgeKind::gitlab;
    if (const auto place = policy::find_remote_place(git_url)) {
        const auto nesting = groups ? policy::Nesting::groups : policy::Nesting::owner;
        if (auto name = policy::repository_on_forge(*place, forge.path, nesting)) return std::move(*name);
    }
    throw Error(ErrorKind::invalid,
                fmt::format("{} can be no repository of {}, whose addresses end with {}; look at url in forges: of the "
                            "configuration",
                            git_url, forge.host, groups ? "GROUP/REPOSITORY" : "OWNER/REPOSITORY"));
}

std::string without_token(const Forge& forge, std::string text) {
    const std::string& token = forge.token.reveal();
    if (token.size() < k_shortest_secret) return text;
    for (std::size_t at = text.find(token); at != std::string::npos; at = text.find(token, at))
        text.replace(at, token.size(), "***");
    return text;
}

}  // namespace tidemark::mirror::forge
