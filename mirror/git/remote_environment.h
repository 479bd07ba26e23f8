// What a git process of ours may see: its complete environment, and the private folder with the key files that
// this names. Neither the user's nor the system's git and ssh settings are read.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/git/access.h"

namespace tidemark::mirror::git {

/// A folder of mode 0700 that goes, with its content, when this goes. Held by a lock on it, so that
/// sweep_private_folders knows those of living processes.
class PrivateFolder {
public:
    explicit PrivateFolder(const std::filesystem::path& parent);
    ~PrivateFolder();
    PrivateFolder(const PrivateFolder&) = delete;
    PrivateFolder& operator=(const PrivateFolder&) = delete;

    const std::filesystem::path& path() const noexcept { return m_path; }
    /// Writes a new file of mode 0600 (or `mode`) and returns its path.
    std::filesystem::path write(std::string_view name, std::string_view content, unsigned mode = 0600) const;

private:
    std::filesystem::path m_path;
    int m_descriptor = -1;
};

/// Where private folders are best made: $RUNTIME_DIRECTORY, $XDG_RUNTIME_DIR, /dev/shm, else the system's
/// temporary folder; the first that can be written to.
std::filesystem::path find_private_root();

/// Removes private folders in `parent` that a killed process left. Returns how many.
std::size_t sweep_private_folders(const std::filesystem::path& parent);

/// "NAME=value" for git in `mirror`, with the remote as "origin". Writes key files into `folder`.
std::vector<std::string> make_git_environment(const std::filesystem::path& mirror, const RemoteAccess& access,
                                              const PrivateFolder& folder);

/// The same without a remote: for work within the mirror.
std::vector<std::string> make_local_git_environment(const std::filesystem::path& mirror);

/// Has ssh and ssh-keygen take a key's passphrase from a file in `folder`; nothing to do for an empty one. `what` names
/// the key in the error about a volume where no program can be run.
void add_passphrase(std::vector<std::string>& environment, const SecretString& passphrase, const PrivateFolder& folder,
                    std::string_view what);

}  // namespace tidemark::mirror::git
