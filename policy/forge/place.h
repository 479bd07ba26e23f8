// Where a Git remote stands on its forge: ssh://git@git.example:2222/acme/fleet.git is acme/fleet on git.example:2222.
// Pure. Git URLs come from objects, and those may come from Git: one that could mean anything else once it is part of
// another URL has no place.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tidemark::policy {

/// A host as `forges:` and Git URLs name it, in small letters and without a port that needs no mention (22, 80, 443).
/// nullopt: it is none.
std::optional<std::string> forge_host(std::string_view text);

/// Whether what is sent there stays on this machine. The host may have a port.
bool is_loopback_host(std::string_view host) noexcept;

struct RemotePlace {
    std::string host;  // as forge_host() has it
    std::string path;  // "acme/fleet": without .git, without a slash at its ends
    bool ssh = false;
};

/// Of an ssh, https or http URL. nullopt: it has another form.
std::optional<RemotePlace> find_remote_place(std::string_view git_url);

/// How a forge may nest repositories.
enum class Nesting {
    owner,   // owner/repository
    groups,  // group/subgroup/.../repository
};

/// The repository's name on the forge. `forge_path` is the path of the forge's pages ("git" of
/// https://git.example/git), which http(s) remotes have before that name, and ssh remotes have not. nullopt: it can be
/// none there.
std::optional<std::string> repository_on_forge(const RemotePlace& place, std::string_view forge_path, Nesting nesting);

}  // namespace tidemark::policy
