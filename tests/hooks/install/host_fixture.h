// Repositories as Git hosts lay them out, `tidemark hooks` run on them as a program, and real pushes into them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace tidemark::tests {

/// A clone with one marked image on main, objects that name acme/fleet, and the programs of this build.
struct HostFixture {
    HostFixture();

    /// A bare repository below the folder; empty.
    std::filesystem::path make_repository(const std::string& name) const;
    /// What Gitea and Forgejo write into a repository: a pre-receive that feeds all of pre-receive.d, whatever the
    /// first of them say, and ends with the first refusal; and their own hook there.
    void add_gitea_hooks(const std::filesystem::path& hooks) const;
    void script(const std::filesystem::path& file, const std::string& text) const;

    /// Runs `tidemark hooks` with --rules of this folder.
    CommandResult hooks(std::vector<std::string> arguments) const;
    /// The same for `install`, with rules from the objects and --enforce.
    CommandResult install(std::vector<std::string> arguments) const;
    /// The table of verify; the state of the repository that `name` is part of.
    std::string state_of(const std::string& name) const;

    /// Writes apps/web.yaml in the clone, commits, pushes to `target`.
    CommandResult push(const std::string& target, const std::string& image_line, const std::string& branch = "main",
                       const Environment& environment = {}) const;
    CommandResult push_marked(const std::string& target, const std::string& tag,
                              const Environment& environment = {}) const;
    CommandResult push_stripped(const std::string& target, const Environment& environment = {}) const;

    TempFolder folder;
    std::filesystem::path rules = folder / "etc/hook.yaml";
    std::filesystem::path clone = folder / "clone";
    std::filesystem::path program;  // tidemark-hook
    Environment environment;
};

/// Every path below a folder with mode, owner and content or target.
std::string listing(const std::filesystem::path& folder);

bool contains(const std::string& text, const std::string& part);

}  // namespace tidemark::tests
