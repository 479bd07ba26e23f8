#include "policy/image/reference.h"

#include <algorithm>

#include <fmt/format.h>

#include "policy/image/registry.h"

namespace tidemark::policy {
namespace {

constexpr std::string_view k_docker_hub = "index.docker.io";
constexpr std::string_view k_docker_hub_alias = "docker.io";
constexpr std::string_view k_docker_hub_api = "registry-1.docker.io";
constexpr std::string_view k_https_port = ":443";
constexpr std::string_view k_digest_prefix = "sha256:";
constexpr std::size_t k_digest_digits = 64;

enum class Strictness { weak, strict };

// The wording of the rules is go-containerregistry's, which `flux` prints and people search for.
Problem refusal(std::string_view rule, std::string_view text) {
    return {fmt::format("{}: {}", rule, text), {}};
}

bool is_alphanumeric_small(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_repository_character(char c) noexcept {
    return is_alphanumeric_small(c) || c == '_' || c == '-' || c == '.' || c == '/';
}

bool is_tag_character(char c) noexcept {
    return is_alphanumeric_small(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.';
}

std::optional<Problem> check_repository(std::string_view text) {
    if (text.size() < 2 || text.size() > 255) {
        return refusal("repository must be between 2 and 255 characters in length", text);
    }
    if (!std::all_of(text.begin(), text.end(), is_repository_character)) {
        return refusal("repository can only contain the characters `abcdefghijklmnopqrstuvwxyz0123456789_-./`", text);
    }
    return std::nullopt;
}

std::optional<Problem> check_tag(std::string_view text) {
    if (text.empty() || text.size() > 128) {
        return refusal("tag must be between 1 and 128 characters in length", text);
    }
    if (!std::all_of(text.begin(), text.end(), is_tag_character)) {
        return refusal(
            "tag can only contain the characters "
            "`abcdefghijklmnopqrstuvwxyz0123456789_-.ABCDEFGHIJKLMNOPQRSTUVWXYZ`",
            text);
    }
    return std::nullopt;
}

Result<RepositoryName> parse_repository(std::string_view text, Strictness strictness) {
    if (text.empty()) return Problem{"a repository name must be specified", {}};
    std::string_view registry;
    std::string_view repository = text;
    const std::size_t slash = text.find('/');
    if (slash != std::string_view::npos && text.substr(0, slash).find_first_of(".:") != std::string_view::npos) {
        registry = text.substr(0, slash);
        repository = text.substr(slash + 1);
    }
    if (auto problem = check_repository(repository)) return *std::move(problem);
    const bool strict = strictness == Strictness::strict;
    if (strict && registry.empty()) {
        return Problem{"strict validation requires the registry to be explicitly defined", {}};
    }
    if (!is_registry(registry)) return refusal("registries must be valid RFC 3986 URI authorities", registry);
    if (registry.empty() || registry == k_docker_hub_alias) registry = k_docker_hub;

    RepositoryName name{std::string(registry), std::string(repository)};
    if (registry == k_docker_hub && repository.find('/') == std::string_view::npos) {
        if (strict) {
            return Problem{"strict validation requires the full repository path (missing 'library')", {}};
        }
        name.repository.insert(0, "library/");
    }
    return name;
}

/// The text before a tag's colon, and the tag. A colon before a slash belongs to a port.
struct TagSplit {
    std::string_view base;
    std::string_view tag;
    bool colon = false;
};

TagSplit split_tag(std::string_view text) noexcept {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || text.find('/', colon) != std::string_view::npos) return {text, {}, false};
    return {text.substr(0, colon), text.substr(colon + 1), true};
}

Result<ImageReference> parse_tagged(std::string_view text, Strictness strictness) {
    const TagSplit split = split_tag(text);
    if (split.colon && split.tag.empty()) return refusal("a tag name must be specified after the colon", text);
    if (split.colon || strictness == Strictness::strict) {
        if (auto problem = check_tag(split.tag)) return *std::move(problem);
    }
    auto name = parse_repository(split.base, strictness);
    if (!name) return name.problem();
    return ImageReference{std::move(name).value(), split.colon ? std::string(split.tag) : "latest",
                          IdentifierKind::tag};
}

bool is_digest(std::string_view text) noexcept {
    if (!text.starts_with(k_digest_prefix)) return false;
    text.remove_prefix(k_digest_prefix.size());
    return text.size() == k_digest_digits && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

Result<ImageReference> parse_digested(std::string_view text, std::size_t at, Strictness strictness) {
    const std::string_view base = text.substr(0, at);
    const std::string_view digest = text.substr(at + 1);
    if (!is_digest(digest)) return refusal("a digest must be sha256: and 64 small hexadecimal digits", digest);
    // A valid tag before the digest says nothing beside it and is dropped.
    auto tagged = parse_tagged(base, strictness);
    auto name = tagged ? Result<RepositoryName>(std::move(tagged->name)) : parse_repository(base, strictness);
    if (!name) return name.problem();
    return ImageReference{std::move(name).value(), std::string(digest), IdentifierKind::digest};
}

Result<ImageReference> parse(std::string_view text, Strictness strictness) {
    const std::size_t at = text.find('@');
    auto reference =
        at == std::string_view::npos ? parse_tagged(text, strictness) : parse_digested(text, at, strictness);
    if (!reference) {
        return Problem{fmt::format("could not parse reference '{}': {}", text, reference.message()),
                       reference.problem().position};
    }
    return reference;
}

}  // namespace

Result<ImageReference> parse_image_reference(std::string_view text) {
    return parse(text, Strictness::weak);
}

Result<ImageReference> parse_image_reference_strictly(std::string_view text) {
    return parse(text, Strictness::strict);
}

Result<RepositoryName> parse_bare_repository(std::string_view text) {
    return parse_repository(text, Strictness::weak);
}

Result<RepositoryName> parse_repository_name(std::string_view text) {
    if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos) {
        return Problem{
            fmt::format("image '{}' should not include URL scheme; remove '{}'", text, text.substr(0, scheme + 3)), 0};
    }
    auto reference = parse_image_reference(text);
    if (!reference) return reference.problem();
    std::size_t begin = text.starts_with(reference->name.registry) ? reference->name.registry.size() : 0;
    if (const std::size_t colon = text.find(':', begin); colon != std::string_view::npos) {
        return Problem{fmt::format("image '{}' should not include a tag; remove '{}'", text, text.substr(colon)),
                       colon};
    }
    return std::move(reference->name);
}

std::string registry_identity(std::string_view registry) {
    std::string identity(registry);
    for (char& c : identity)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (identity.ends_with(k_https_port)) identity.resize(identity.size() - k_https_port.size());
    if (identity == k_docker_hub_alias || identity == k_docker_hub_api) return std::string(k_docker_hub);
    return identity;
}

}  // namespace tidemark::policy
