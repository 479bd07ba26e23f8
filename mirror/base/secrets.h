// Where a secretRef's values come from, in this order; the first place that has the secret gives all its keys:
//   1. files  <secrets folder>/<namespace>/<name>/<key>
//   2. Secret manifests: *.yaml, *.yml in the secrets folder (or one folder below it), then among the objects
//   3. files  $CREDENTIALS_DIRECTORY/<namespace>.<name>.<key>   (systemd's LoadCredential=)
// A file that others can read is refused with the chmod to run. Errors name secret and key, never the content.
// Safe for several threads: manifests are read by the constructor, files at each call (so they can be rotated).
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mirror/base/secret_string.h"
#include "policy/base/finding.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror {

/// Keys as Flux names them: identity, known_hosts, username, password, ca.crt, .dockerconfigjson, ...
using SecretValues = std::map<std::string, SecretString, std::less<>>;

struct SecretSources {
    std::optional<std::filesystem::path> folder;
    /// What the environment variable CREDENTIALS_DIRECTORY names.
    std::optional<std::filesystem::path> credentials;
};

class SecretStore {
public:
    /// `objects` may hold Secret manifests; their place must name the file on disk they come from.
    SecretStore(SecretSources sources, const policy::ObjectSet& objects);

    /// All keys of a secret. Error{authentication} if it is nowhere, with the places that were looked at;
    /// Error{permission} if it may be read by others or not by us; Error{invalid} if it cannot be understood.
    /// One line end at the end of username, password, bearerToken, passphrase, address and token is no part of them.
    SecretValues get(const policy::ObjectKey& secret) const;

    /// True if get() would find it or refuse it with a better reason than "not found".
    bool knows(const policy::ObjectKey& secret) const;

    /// What is wrong with manifests in the secrets folder.
    const policy::Findings& findings() const noexcept { return m_findings; }

private:
    struct Manifest {
        SecretValues values;
        std::filesystem::path file;
        std::string problem;  // of the manifest's text
        bool from_objects = false;
    };
    void add_manifests(const policy::ObjectSet& objects, bool from_objects);
    void add_finding(const std::filesystem::path& file, std::string message);
    void read_manifest_files();
    std::optional<SecretValues> find_files(const policy::ObjectKey& secret) const;
    std::optional<SecretValues> find_manifest(const policy::ObjectKey& secret) const;
    std::optional<SecretValues> find_credentials(const policy::ObjectKey& secret) const;
    std::string describe_places(const policy::ObjectKey& secret) const;

    SecretSources m_sources;
    std::map<policy::ObjectKey, Manifest> m_manifests;
    policy::Findings m_findings;
};

}  // namespace tidemark::mirror
