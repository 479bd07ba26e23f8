#include "mirror/base/secrets.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "policy/objects/names.h"
#include "policy/objects/read.h"

namespace tidemark::mirror {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_value_limit = std::size_t{1} << 20;  // as Kubernetes limits a Secret
constexpr std::size_t k_keys_limit = 100;
constexpr std::size_t k_manifest_limit = std::size_t{4} << 20;

// People make these files with an editor or echo; a line end in a header or a login would break it.
constexpr std::array<std::string_view, 6> k_one_line_keys = {"username",   "password", "bearerToken",
                                                             "passphrase", "address",  "token"};

SecretString clean_value(std::string_view key, std::string value) {
    if (std::find(k_one_line_keys.begin(), k_one_line_keys.end(), key) != k_one_line_keys.end()) {
        if (!value.empty() && value.back() == '\n') value.pop_back();
        if (!value.empty() && value.back() == '\r') value.pop_back();
    }
    return SecretString(std::move(value));
}

bool is_key(std::string_view key) {
    if (key.empty() || key.size() > 253 || key.substr(0, 2) == "..") return false;
    return std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == '.';
    });
}

// Whether somebody else can read the file: by its mode, and by the folders above it up to and including `top`, which
// must all let others pass. A group counts as "else" only where we own the file and the group is not ours: a file of
// root with the service's group is the usual way to give it to the service.
bool others_can_read(const fs::path& file, const fs::path& top) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) return false;
    const bool foreign_group = status.st_uid == ::geteuid() && status.st_gid != ::getegid();
    mode_t reads = status.st_mode & (S_IROTH | S_IWOTH | (foreign_group ? S_IRGRP | S_IWGRP : mode_t{0}));
    for (fs::path folder = file.parent_path(); reads != 0; folder = folder.parent_path()) {
        struct stat above {};
        if (::stat(folder.empty() ? "." : folder.c_str(), &above) != 0) break;
        if ((above.st_mode & S_IXOTH) == 0) reads &= ~(S_IROTH | S_IWOTH);
        if ((above.st_mode & S_IXGRP) == 0) reads &= ~(S_IRGRP | S_IWGRP);
        if (folder == top || folder.empty() || folder == folder.parent_path()) break;
    }
    return reads != 0;
}

[[noreturn]] void refuse_readable(const policy::ObjectKey& secret, const fs::path& file) {
    throw Error(ErrorKind::permission, fmt::format("secret {}: {} can be read by others; run: chmod go= {}",
                                                   secret.to_string(), file.string(), file.string()));
}

SecretString read_value(const policy::ObjectKey& secret, const std::string& key, const fs::path& file) {
    try {
        return clean_value(key, read_file(file, k_value_limit));
    } catch (const Error& error) {
        throw Error(error.kind(), fmt::format("secret {}, key {}: {}", secret.to_string(), key, error.what()));
    }
}

// The keys of regular files in a folder, by the part of their name behind `prefix`.
std::map<std::string, fs::path> find_keys(const policy::ObjectKey& secret, const fs::path& folder,
                                          const std::string& prefix) {
    std::map<std::string, fs::path> keys;
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) return keys;
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
        const std::string name = entries->path().filename().string();
        std::error_code ignored;
        if (name.compare(0, prefix.size(), prefix) != 0 || !is_key(name.substr(prefix.size()))) continue;
        if (!fs::is_regular_file(entries->path(), ignored)) continue;
        keys.emplace(name.substr(prefix.size()), entries->path());
        if (keys.size() > k_keys_limit)
            throw Error(ErrorKind::invalid, fmt::format("secret {}: more than {} keys in {}", secret.to_string(),
                                                        k_keys_limit, folder.string()));
    }
    if (error)
        throw Error(ErrorKind::permission, fmt::format("secret {}: reading folder {}: {}", secret.to_string(),
                                                       folder.string(), error.message()));
    return keys;
}

bool is_manifest_name(const fs::path& file) {
    return file.extension() == ".yaml" || file.extension() == ".yml";
}

}  // namespace

SecretStore::SecretStore(SecretSources sources, const policy::ObjectSet& objects) : m_sources(std::move(sources)) {
    if (m_sources.folder) read_manifest_files();
    add_manifests(objects, true);
}

void SecretStore::add_manifests(const policy::ObjectSet& objects, bool from_objects) {
    for (const auto& [key, secret] : objects.secrets) {
        Manifest manifest;
        manifest.file = secret.metadata.place.file;
        manifest.from_objects = from_objects;
        for (const auto& [name, value] : secret.data)
            manifest.values.emplace(name, SecretString(value));
        for (const policy::Finding& finding : secret.metadata.findings) {
            if (finding.severity == policy::Severity::error && manifest.problem.empty())
                manifest.problem = to_string(finding);
        }
        m_manifests.emplace(key, std::move(manifest));  // the secrets folder was read first and wins
    }
}

void SecretStore::add_finding(const fs::path& file, std::string message) {
    policy::Finding& finding = m_findings.emplace_back();
    finding.place.file = file.string();
    finding.message = std::move(message);
}

void SecretStore::read_manifest_files() {
    std::vector<policy::SourceText> texts;
    std::error_code error;
    auto add = [&](const fs::path& file) {
        std::error_code ignored;
        if (!is_manifest_name(file) || !fs::is_regular_file(file, ignored)) return;
        try {
            texts.push_back({file.string(), read_file(file, k_manifest_limit)});
        } catch (const Error& unreadable) {
            add_finding(file, unreadable.what());
        }
    };
    for (fs::directory_iterator entry(*m_sources.folder, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        std::error_code ignored;
        if (!fs::is_directory(entry->path(), ignored)) {
            add(entry->path());
            continue;
        }
        for (fs::directory_iterator below(entry->path(), ignored); !ignored && below != fs::directory_iterator();
             below.increment(ignored))
            add(below->path());
    }
    if (error) add_finding(*m_sources.folder, fmt::format("the secrets folder cannot be read: {}", error.message()));
    std::sort(texts.begin(), texts.end(), [](const auto& a, const auto& b) { return a.file < b.file; });
    policy::ObjectSet set = policy::read_objects(texts);
    m_findings.insert(m_findings.end(), set.findings.begin(), set.findings.end());
    add_manifests(set, false);
}

std::optional<SecretValues> SecretStore::find_files(const policy::ObjectKey& secret) const {
    if (!m_sources.folder) return std::nullopt;
    const auto keys = find_keys(secret, *m_sources.folder / secret.object_namespace / secret.name, "");
    if (keys.empty()) return std::nullopt;
    SecretValues values;
    for (const auto& [key, file] : keys) {
        if (others_can_read(file, *m_sources.folder)) refuse_readable(secret, file);
        values.emplace(key, read_value(secret, key, file));
    }
    return values;
}

std::optional<SecretValues> SecretStore::find_manifest(const policy::ObjectKey& secret) const {
    const auto found = m_manifests.find(secret);
    if (found == m_manifests.end()) return std::nullopt;
    const Manifest& manifest = found->second;
    std::error_code error;
    if (manifest.from_objects && !fs::is_regular_file(manifest.file, error))
        throw Error(ErrorKind::permission, fmt::format("secret {}: the Secret in {} is not used, as everybody who can "
                                                       "read that repository has it; put it into the secrets folder",
                                                       secret.to_string(), manifest.file.string()));
    const fs::path top = manifest.from_objects || !m_sources.folder ? manifest.file.parent_path() : *m_sources.folder;
    if (others_can_read(manifest.file, top)) refuse_readable(secret, manifest.file);
    if (!manifest.problem.empty())
        throw Error(ErrorKind::invalid, fmt::format("secret {}: {}", secret.to_string(), manifest.problem));
    return manifest.values;
}

std::optional<SecretValues> SecretStore::find_credentials(const policy::ObjectKey& secret) const {
    if (!m_sources.credentials) return std::nullopt;
    const auto keys =
        find_keys(secret, *m_sources.credentials, fmt::format("{}.{}.", secret.object_namespace, secret.name));
    if (keys.empty()) return std::nullopt;
    SecretValues values;
    for (const auto& [key, file] : keys)
        values.emplace(key, read_value(secret, key, file));
    return values;
}

std::string SecretStore::describe_places(const policy::ObjectKey& secret) const {
    std::string places;
    if (m_sources.folder) {
        places = fmt::format("looked at {}/<key> and at the Secret manifests there and among the objects",
                             (*m_sources.folder / secret.object_namespace / secret.name).string());
    } else {
        places = "looked at the Secret manifests among the objects; no secrets folder is set (--secrets DIR)";
    }
    if (m_sources.credentials)
        places += fmt::format(", and at {}/{}.{}.<key>", m_sources.credentials->string(), secret.object_namespace,
                              secret.name);
    else  // `check` in a shell is handed nothing, and what it says would be taken for a mistake in the unit
        places += "; what systemd's LoadCredential= hands over is seen by the service alone";
    return places;
}

SecretValues SecretStore::get(const policy::ObjectKey& secret) const {
    // Names become paths here.
    if (policy::find_namespace_problem(secret.object_namespace) || policy::find_name_problem(secret.name))
        throw Error(ErrorKind::invalid,
                    "a secretRef names a secret that cannot exist: its name or namespace is not valid");
    if (auto values = find_files(secret)) return std::move(*values);
    if (auto values = find_manifest(secret)) return std::move(*values);
    if (auto values = find_credentials(secret)) return std::move(*values);
    throw Error(ErrorKind::authentication,
                fmt::format("secret {} not found: {}", secret.to_string(), describe_places(secret)));
}

bool SecretStore::knows(const policy::ObjectKey& secret) const {
    try {
        get(secret);
        return true;
    } catch (const Error& error) {
        return error.kind() != ErrorKind::authentication;
    }
}

}  // namespace tidemark::mirror
