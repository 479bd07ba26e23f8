// Bare repositories on this machine, and which Git host keeps each.
// Folders are walked without following links; at most 100,000 repositories and 8 levels below a root. One thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::hooks {

enum class Host { gitea, forgejo, gitlab, gitolite, git };

/// "gitea", ... as --host takes them.
std::string_view to_string(Host host) noexcept;
std::optional<Host> find_host(std::string_view name) noexcept;

/// The host that made this repository, by what it left there; Host::git where nothing tells.
Host recognise_host(const std::filesystem::path& repository);

/// Canonical paths of the repositories that `place` means: one (bare, or a work tree's .git), a glob, or a folder that
/// holds some. Sorted, each once. Throws Error{not_found} if there is none.
std::vector<std::filesystem::path> find_repositories(const std::string& place);

/// "owner/name": the last two parts of the path without ".git"; of a shorter path what there is.
std::string host_name_of(const std::filesystem::path& repository);

}  // namespace tidemark::hooks
