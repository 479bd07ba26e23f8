#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fnmatch.h>
#include <simdjson.h>

#include "mirror/registry/access.h"

namespace tidemark::mirror::registry {
namespace {

using policy::Problem;
using policy::Result;

constexpr std::size_t k_document_limit = 1U << 20U;  // a Secret holds no more

/// Standard alphabet, with or without padding; nullopt for anything else.
std::optional<std::string> decode_base64(std::string_view text) {
    static constexpr auto k_values = [] {
        std::array<std::int8_t, 256> values{};
        values.fill(-1);
        constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (std::size_t i = 0; i < alphabet.size(); ++i) {
            values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
        }
        return values;
    }();
    std::string bytes;
    std::uint32_t bits = 0;
    unsigned count = 0;
    while (!text.empty() && text.back() == '=')
        text.remove_suffix(1);
    if (text.size() % 4 == 1) return std::nullopt;
    for (const char c : text) {
        if (c == '\n' || c == '\r') continue;
        const int value = k_values[static_cast<unsigned char>(c)];
        if (value < 0) return std::nullopt;
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<char>((bits >> count) & 0xffU));
        }
    }
    return bytes;
}

struct HostAndPath {
    std::string_view host;
    std::string_view port;
    std::string_view path;  // with its first '/', or empty
};

HostAndPath split_key(std::string_view key) {
    HostAndPath parts;
    const auto slash = key.find('/');
    parts.host = key.substr(0, slash);
    if (slash != std::string_view::npos) parts.path = key.substr(slash);
    const auto bracket = parts.host.rfind(']');  // [::1]:5000
    const auto colon = parts.host.rfind(':');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
        parts.port = parts.host.substr(colon + 1);
        parts.host = parts.host.substr(0, colon);
    }
    return parts;
}

/// An `auths` key without scheme and without the /v1/ or /v2/ that docker wrote into it.
std::string schemeless(std::string_view key) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (key.starts_with(scheme)) {
            key.remove_prefix(scheme.size());
            break;
        }
    }
    const auto slash = key.find('/');
    const std::string_view host = key.substr(0, slash);
    std::string_view path = slash == std::string_view::npos ? "" : key.substr(slash);
    if (path.starts_with("/v1/") || path.starts_with("/v2/")) path.remove_prefix(3);
    if (path == "/") path = "";
    return std::string(host).append(path);
}

/// Label by label, so that * does not cross a dot.
bool hosts_match(std::string_view pattern, std::string_view host) {
    while (true) {
        const auto pattern_end = pattern.find('.');
        const auto host_end = host.find('.');
        const std::string pattern_label(pattern.substr(0, pattern_end));
        const std::string host_label(host.substr(0, host_end));
        if (fnmatch(pattern_label.c_str(), host_label.c_str(), FNM_PATHNAME) != 0) return false;
        const bool pattern_ends = pattern_end == std::string_view::npos;
        const bool host_ends = host_end == std::string_view::npos;
        if (pattern_ends || host_ends) return pattern_ends && host_ends;
        pattern.remove_prefix(pattern_end + 1);
        host.remove_prefix(host_end + 1);
    }
}

bool key_matches(std::string_view key, std::string_view target) {
    const HostAndPath pattern = split_key(key);
    const HostAndPath wanted = split_key(target);
    return pattern.port == wanted.port && wanted.path.starts_with(pattern.path) &&
           hosts_match(pattern.host, wanted.host);
}

/// A field that may be missing or null; nullopt if it holds something else than text.
std::optional<std::string> text_field(simdjson::dom::object entry, std::string_view name) {
    simdjson::dom::element value;
    if (entry.at_key(name).get(value) != simdjson::SUCCESS || value.is_null()) return std::string();
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return std::nullopt;
    return std::string(text);
}

Result<Credential> read_entry(simdjson::dom::element element, std::size_t number) {
    simdjson::dom::object entry;
    if (element.get(entry) != simdjson::SUCCESS) {
        return Problem{fmt::format("entry {} of auths is not an object", number), {}};
    }
    std::array<std::string, 5> texts;
    constexpr std::array<std::string_view, 5> k_fields = {"username", "password", "identitytoken", "registrytoken",
                                                          "auth"};
    for (std::size_t i = 0; i < k_fields.size(); ++i) {
        auto text = text_field(entry, k_fields[i]);
        if (!text) return Problem{fmt::format("{} in entry {} of auths is not a text", k_fields[i], number), {}};
        texts[i] = std::move(*text);
    }
    Credential credential;
    credential.username = std::move(texts[0]);
    credential.password = SecretString(std::move(texts[1]));
    credential.identity_token = SecretString(std::move(texts[2]));
    credential.registry_token = SecretString(std::move(texts[3]));
    if (!texts[4].empty()) {
        const auto pair = decode_base64(texts[4]);
        const auto colon = pair ? pair->find(':') : std::string::npos;
        if (colon == std::string::npos) {
            return Problem{fmt::format("unable to decode the auth field of entry {} of auths: it must be "
                                       "base64(username:password)",
                                       number),
                           {}};
        }
        credential.username = pair->substr(0, colon);
        std::string password = pair->substr(colon + 1);
        while (!password.empty() && password.back() == '\0')
            password.pop_back();
        credential.password = SecretString(std::move(password));
    }
    return credential;
}

/// Every entry is read, so that a broken one is found whichever repository asks first.
Result<std::optional<Credential>> find_credential(simdjson::dom::object auths, const policy::RepositoryName& name) {
    const std::string target = name.canonical();
    std::vector<std::pair<std::string, Credential>> matches;
    std::size_t number = 0;
    for (const auto field : auths) {
        Result<Credential> credential = read_entry(field.value, ++number);
        if (!credential) return credential.problem();
        std::string key = schemeless(field.key);
        if (key_matches(key, target)) matches.emplace_back(std::move(key), std::move(*credential));
    }
    const auto best = std::max_element(matches.begin(), matches.end(),
                                       [](const auto& a, const auto& b) { return a.first < b.first; });
    if (best == matches.end()) return std::optional<Credential>();
    Credential& found = best->second;
    const bool names_nobody = found.username.empty() && found.password.empty() && found.identity_token.empty() &&
                              found.registry_token.empty();
    if (names_nobody) return std::optional<Credential>();
    return std::optional<Credential>(std::move(found));
}

/// Parses and hands the top object to `read`.
template <class Read>
Result<std::optional<Credential>> with_document(std::string_view json, Read read) {
    if (json.size() > k_document_limit) return Problem{"it is larger than 1 MiB", {}};
    simdjson::dom::parser parser;
    simdjson::dom::element document;
    if (const auto error = parser.parse(json).get(document); error != simdjson::SUCCESS) {
        return Problem{fmt::format("it is not JSON: {}", simdjson::error_message(error)), {}};
    }
    simdjson::dom::object top;
    if (document.get(top) != simdjson::SUCCESS) return Problem{"it is not a JSON object", {}};
    return read(top);
}

}  // namespace

Result<std::optional<Credential>> docker_config_credential(std::string_view json, const policy::RepositoryName& name) {
    return with_document(json, [&](simdjson::dom::object top) -> Result<std::optional<Credential>> {
        simdjson::dom::element element;
        if (top.at_key("auths").get(element) != simdjson::SUCCESS || element.is_null()) {
            return std::optional<Credential>();
        }
        simdjson::dom::object auths;
        if (element.get(auths) != simdjson::SUCCESS) return Problem{"auths is not an object", {}};
        return find_credential(auths, name);
    });
}

Result<std::optional<Credential>> dockercfg_credential(std::string_view json, const policy::RepositoryName& name) {
    return with_document(json, [&](simdjson::dom::object top) { return find_credential(top, name); });
}

}  // namespace tidemark::mirror::registry
