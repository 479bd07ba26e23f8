// The manifests that `tidemark init` looks through: a folder, or a Git URL that is cloned with the person's own
// credentials, and what Git says about where they belong. One thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mirror/base/temporary_folder.h"
#include "mirror/cli/command.h"

namespace tidemark::mirror::cli {

struct Manifest {
    std::string path;  // relative to the folder
    std::string bytes;
};

struct ManifestSource {
    std::filesystem::path folder;
    std::unique_ptr<TemporaryFolder> clone;  // that `folder` is in, if nobody is to keep it
    std::string url;     // of the repository, without user name and password; empty: no Git, or no remote
    std::string branch;  // empty: unknown
    std::string prefix;  // of `folder` within the repository, "apps/" or empty
};

/// Whether it is to be cloned, and no folder.
bool is_git_url(const std::string& text) noexcept;

/// The folder as it is, with what its own Git says.
ManifestSource open_folder(const std::filesystem::path& folder, const Call& call);

/// A clone of one commit below the system's temporary folder; with `target` a whole one, there.
/// Throws Error{network} with git's words.
ManifestSource clone_repository(const std::string& url, const std::string& branch,
                                const std::optional<std::filesystem::path>& target, const Call& call);

/// Every file whose name says manifest, .git and links left out. Those that cannot be read are named in `problems`.
std::vector<Manifest> read_manifests(const std::filesystem::path& folder, std::vector<std::string>& problems);

}  // namespace tidemark::mirror::cli
