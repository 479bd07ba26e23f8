// Where objects, secrets and state are: the configuration file, with the flags going before it.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "mirror/cli/command.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror::cli {

/// Objects in a Git repository (`objects: - git:` of the configuration).
struct GitObjects {
    std::string url;
    std::string branch = "main";
    std::string path;  // below the repository's root; empty: all of it
    std::chrono::nanoseconds interval = std::chrono::minutes(1);
    std::optional<policy::ObjectKey> secret_ref;
};

/// One place where objects are: either is set.
struct ObjectSource {
    std::filesystem::path path;  // a file or a folder
    std::optional<GitObjects> git;
};

struct Settings {
    std::vector<ObjectSource> objects;
    std::filesystem::path secrets;  // empty: none
    std::filesystem::path state;
    std::filesystem::path file;  // the configuration that was read; empty: none
};

/// The configuration is --config, else TIDEMARK_CONFIG, else /etc/tidemark/tidemark.yaml if that is there. State
/// is by default `$XDG_STATE_HOME/tidemark`. Throws Error{not_found|invalid}, naming every mistake in the file.
Settings read_settings(const GlobalOptions& global, const Environment& environment);

}  // namespace tidemark::mirror::cli
