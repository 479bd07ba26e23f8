// What the Git host tells a hook through its environment: which repository, who pushes, with which push options. Each
// host has names of its own, and only those of one host are believed: --host says which, or the names that are set.
// Nothing here proves an identity beyond the host's own word. Reads files only where a function says so; any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/guard/judge.h"
#include "policy/guard/rules.h"

namespace tidemark::hooks {

/// A variable's value; empty if it is not set.
using Variables = std::function<std::string(const char* name)>;
std::string read_variable(const char* name);

enum class HostKind {
    git,     // plain repositories over ssh, http or paths
    gitea,   // and Forgejo
    gitlab,  // Gitaly
    gitolite,
    soft_serve,
};
std::string_view to_string(HostKind kind) noexcept;
/// "git", "gitea", "forgejo", "gitlab", "gitolite", "soft-serve".
std::optional<HostKind> find_host_kind(std::string_view name) noexcept;
/// By the variables that only one kind of host sets.
HostKind detect_host_kind(const Variables& variables);

/// The repository that GIT_DIR (or the current folder) is: absolute, links resolved, a linked worktree's main folder.
/// Throws Error{not_found}.
std::string find_git_folder(const Variables& variables);

/// "owner/name" as the host has it, without ".git"; a wiki or a set of designs is "owner/name.wiki", ".design".
/// Empty for plain Git.
std::string host_name_of(HostKind kind, const Variables& variables);

/// Deploy keys are themselves ("deploy-key:4" on Gitea, "key-7" on GitLab), never the person whose name the host shows
/// with them. Plain Git: REMOTE_USER of a web server, the fingerprint of the key that sshd noted (ExposeAuthInfo), and
/// the system's user as "unix:name". Reads /etc/passwd and sshd's note.
policy::guard::Pusher pusher_of(HostKind kind, const Variables& variables);

/// The values of GIT_PUSH_OPTION_0, ...
std::vector<std::string> push_options(const Variables& variables);

/// What of them asks for an override: "tidemark.allow=<rule>[:<reason>]".
struct Overrides {
    std::vector<policy::guard::OverrideRequest> requests;
    /// Options that were meant for us and name no rule: one sentence each, without its dot.
    std::vector<std::string> notes;
};
Overrides read_overrides(const std::vector<std::string>& options);

}  // namespace tidemark::hooks
