// Image references as go-containerregistry's `name` package and Flux read them.
// Rules: conformance/README.md "Image references", conformance/image-reference.json.
// Pure and stateless; every function may be called from any thread.
#pragma once

#include <string>
#include <string_view>

#include "policy/base/result.h"

namespace tidemark::policy {

enum class IdentifierKind { tag, digest };

/// A registry and a repository on it: what an ImageRepository names.
struct RepositoryName {
    std::string registry;    // "index.docker.io", "ghcr.io", "127.0.0.1:5000"
    std::string repository;  // "library/nginx", "org/app"

    /// The object's canonicalImageName: "index.docker.io/library/nginx".
    std::string canonical() const { return registry + "/" + repository; }
    bool operator==(const RepositoryName&) const = default;
};

struct ImageReference {
    RepositoryName name;
    std::string identifier;  // tag or digest; "latest" where none was written
    IdentifierKind kind = IdentifierKind::tag;
};

/// Weak rules: registry, tag and library/ may be left out.
Result<ImageReference> parse_image_reference(std::string_view text);

/// Strict rules: registry, tag or digest, and on Docker Hub library/, must be written out.
Result<ImageReference> parse_image_reference_strictly(std::string_view text);

/// A registry and a repository with nothing after them, by the weak rules. Unlike parse_repository_name it
/// takes whatever go-containerregistry's NewRepository takes, a scheme included ("https:" is then the
/// registry): what `create image repository --image` checks.
Result<RepositoryName> parse_bare_repository(std::string_view text);

/// An ImageRepository's spec.image (`flux_ok`): no scheme, no tag, no digest.
Result<RepositoryName> parse_repository_name(std::string_view text);

/// The scheme that is tried for a registry when `insecure` is not set: "http" for private and loopback
/// addresses, else "https" (rule list in the conformance README, `scheme`).
std::string_view scheme_of(std::string_view registry) noexcept;

/// One text for all names of a registry that are one server to it, as its limits on requests see it: small letters,
/// without the port 443, and "index.docker.io" for every name of Docker Hub.
std::string registry_identity(std::string_view registry);

}  // namespace tidemark::policy
