// The configuration file and what the command line puts before it. Every key is optional; one that nobody reads is
// an error with file, line, column and the nearest known key.
//
//   state: /var/lib/tidemark
//   secrets: /etc/tidemark/secrets
//   objects:
//     - directory: /etc/tidemark/objects
//     - git: {url: "ssh://git@git.example/fleet.git", branch: main, path: clusters/prod, interval: 1m,
//             secretRef: {namespace: tidemark, name: fleet}}
//   log: text
//   postReceive: /run/tidemark/post-receive.sock
//   registries: registry_settings.h
//   forges: forge_settings.h
//   socket, web, hooksReport: web_settings.h
//
// Relative paths in the file count from its folder.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mirror/base/forge_settings.h"
#include "mirror/base/notification_settings.h"
#include "mirror/base/receiver_settings.h"
#include "mirror/base/registry_settings.h"
#include "mirror/base/web_settings.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror {

/// Objects that stand in a Git repository.
struct GitObjects {
    std::string url;
    std::string branch;  // empty: the remote's default branch
    std::string path;    // below which objects are read; empty: the whole tree
    std::chrono::nanoseconds interval = std::chrono::minutes(1);
    std::optional<policy::ObjectKey> secret_ref;
};

/// How `tidemark serve` writes its log: lines for people, or one JSON object a line.
enum class LogFormat { text, json };

struct Configuration {
    std::filesystem::path state;
    std::optional<std::filesystem::path> secrets;
    std::vector<std::filesystem::path> object_folders;
    std::vector<GitObjects> object_repositories;
    LogFormat log = LogFormat::text;
    std::vector<SinkSettings> notifications;
    std::vector<ReceiverSettings> receivers;
    std::vector<RegistrySettings> registries;
    std::vector<ForgeSettings> forges;
    WebSettings web;
    std::filesystem::path post_receive;  // socket where a Git host's hook tells of pushes; empty: none
    /// The file that was read; empty if there is none.
    std::filesystem::path file;
};

/// What the command line says: --config, --objects (repeatable), --secrets, --state. Given objects replace all of the
/// file's.
struct ConfigurationOverrides {
    std::optional<std::filesystem::path> config;
    std::vector<std::filesystem::path> objects;
    std::optional<std::filesystem::path> secrets;
    std::optional<std::filesystem::path> state;
};

/// A variable's value; empty if it is not set.
using Environment = std::function<std::string(const char* name)>;
std::string read_environment(const char* name);

/// Reads --config, else TIDEMARK_CONFIG, else /etc/tidemark/tidemark.yaml where that exists and no --objects are given.
/// The state folder is by default $XDG_STATE_HOME/tidemark or ~/.local/state/tidemark. Throws
/// Error{not_found|invalid|permission|usage}.
Configuration load_configuration(const ConfigurationOverrides& overrides,
                                 const Environment& environment = read_environment);

/// The file's part of it. `file` is for places and relative paths. Throws Error{invalid} with all that is wrong, a line
/// each.
Configuration parse_configuration(const std::string& text, const std::filesystem::path& file);

}  // namespace tidemark::mirror
