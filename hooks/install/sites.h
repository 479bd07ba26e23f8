// Where hooks belong: for each repository that rules name, the host that keeps it, the account hooks run as there, and
// the folder our file goes to. One thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hooks/install/account.h"
#include "hooks/install/gitaly.h"
#include "hooks/install/hook_folder.h"
#include "hooks/install/repositories.h"
#include "policy/guard/rules.h"

namespace tidemark::hooks {

/// What a person says about the host.
struct HostWish {
    std::optional<Host> host;               // nothing: found out for each repository
    std::vector<std::string> repositories;  // absolute: a repository, a glob, or a folder that holds some
    std::string custom_hooks_dir;           // GitLab's folder of global hooks
    std::string gitaly_config;              // or the file that says where it is
    bool per_repository = false;            // GitLab: through `gitaly hooks set`
    bool operator==(const HostWish&) const = default;

    /// One hook for all of GitLab's repositories.
    bool is_global() const noexcept;
};

struct Site {
    Host host = Host::git;
    std::string name;                       // the repository's path; for GitLab's global hook what rules call it
    policy::guard::RepositoryNames names;
    std::filesystem::path repository;       // empty for the global hook
    Account account;                        // whom hooks run as
    HookFolder folder;
    std::optional<GitalyConfiguration> gitaly;  // only gitaly may write there
    /// gitolite links what is in the folder into every repository below this one; empty: nothing is linked.
    std::filesystem::path linked_below;
};

/// A repository that should get a hook and cannot, and why.
struct BadSite {
    Host host = Host::git;
    std::string name;
    std::string reason;
};

struct Sites {
    std::vector<Site> sites;
    std::vector<BadSite> bad;
    std::size_t without_rules = 0;  // repositories that no rules name: they get no hook
};

/// Which of the named repositories get a hook.
enum class Coverage { guarded, all };

/// The repositories that hooks can go to, for rules_from_objects; none where only the host's names count. Where the host
/// tells its hooks a name that the path holds too (Gitea, Forgejo), both: in a container the path is another.
std::vector<policy::guard::RepositoryNames> find_names(const HostWish& wish);

/// A path that rules name and that is no repository any more is a bad site.
/// Throws Error for a wish that makes no sense and for places without a repository.
Sites find_sites(const HostWish& wish, const policy::guard::HookRules& rules, Coverage coverage);

}  // namespace tidemark::hooks
