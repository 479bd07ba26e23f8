#include "hooks/install/sites.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "hooks/install/gitolite.h"
#include "mirror/base/error.h"

namespace tidemark::hooks {

namespace fs = std::filesystem;
using mirror::Error;
using mirror::ErrorKind;
using policy::guard::HookRules;
using policy::guard::RepositoryRules;

namespace {

std::optional<GitalyConfiguration> find_gitaly_configuration(const HostWish& wish) {
    std::error_code error;
    if (!wish.gitaly_config.empty()) return read_gitaly_configuration(wish.gitaly_config);
    if (fs::exists(k_gitaly_config, error)) return read_gitaly_configuration(k_gitaly_config);
    return std::nullopt;
}

fs::path custom_hooks_dir_of(const HostWish& wish, const std::optional<GitalyConfiguration>& gitaly) {
    if (!wish.custom_hooks_dir.empty()) return wish.custom_hooks_dir;
    if (!gitaly) {
        throw Error(ErrorKind::usage,
                    fmt::format("where GitLab keeps global hooks is not known: {} is not there; name the folder with "
                                "--custom-hooks-dir or Gitaly's configuration with --gitaly-config",
                                k_gitaly_config));
    }
    if (gitaly->custom_hooks_dir.empty()) {
        throw Error(ErrorKind::usage,
                    fmt::format("{} sets no [hooks] custom_hooks_dir; set gitaly['configuration'][:hooks]"
                                "[:custom_hooks_dir] in gitlab.rb and reconfigure, or use --per-repository",
                                gitaly->file.string()));
    }
    return gitaly->custom_hooks_dir;
}

/// Gitaly runs hooks as the one who owns its storages.
Account gitaly_account(const std::optional<GitalyConfiguration>& gitaly, fs::path folder) {
    if (gitaly && !gitaly->storages.empty()) return owner_of(gitaly->storages.front().path);
    std::error_code error;
    while (!fs::exists(folder, error) && folder.has_relative_path())
        folder = folder.parent_path();
    return owner_of(folder);
}

Sites global_sites(const HostWish& wish, const HookRules& rules, Coverage coverage) {
    const std::optional<GitalyConfiguration> gitaly = find_gitaly_configuration(wish);
    const fs::path folder = custom_hooks_dir_of(wish, gitaly);
    Site site;
    site.host = Host::gitlab;
    site.account = gitaly_account(gitaly, folder);
    site.folder = {folder, FolderStyle::drop_ins};
    Sites found;
    for (const RepositoryRules& entry : rules.repositories) {
        for (const std::string& name : entry.repositories) {
            if (name.empty() || name.front() == '/') continue;
            site.name = name;
            site.names.host_name = name;
            found.sites.push_back(site);
        }
    }
    // The file is there whether or not rules still name somebody.
    if (found.sites.empty() && coverage == Coverage::all) {
        site.name = folder.string();
        found.sites.push_back(site);
    }
    return found;
}

/// What Git takes as the folder of hooks: core.hooksPath moves it, also from the account's own configuration.
fs::path hooks_folder_of(const fs::path& repository, const Account& account) {
    mirror::Command command;
    command.arguments = {"git", "--git-dir=.", "rev-parse", "--git-path", "hooks"};
    command.folder = repository;
    const mirror::ProcessResult result = run_as(account, command);
    const std::string answer = result.output.substr(0, result.output.find('\n'));
    if (!result.ok() || answer.empty()) {
        throw Error(ErrorKind::refused, fmt::format("asking git where {} has its hooks, as {}: {}: {}",
                                                    repository.string(), account.name,
                                                    describe(result, command.timeout), result.error.substr(0, 1000)));
    }
    return (repository / answer).lexically_normal();
}

/// The one host name that rules have; empty if there are more.
std::string only_name_of(const HookRules& rules) {
    std::string only;
    for (const RepositoryRules& entry : rules.repositories) {
        for (const std::string& name : entry.repositories) {
            if (name.empty() || name.front() == '/') continue;
            if (!only.empty()) return {};
            only = name;
        }
    }
    return only;
}

/// The name GitLab kept in the repository's configuration until 2023; empty if there is none.
std::string gitlab_name_of(const fs::path& repository, const Account& account) {
    mirror::Command command;
    command.arguments = {"git", "--git-dir=.", "config", "--get", "gitlab.fullpath"};
    command.folder = repository;
    const mirror::ProcessResult result = run_as(account, command);
    return result.ok() ? result.output.substr(0, result.output.find('\n')) : std::string();
}

class SiteFinder {
public:
    explicit SiteFinder(const HostWish& wish) : m_wish(wish) {}

    Site describe(const fs::path& repository) {
        Site site;
        site.host = m_wish.host ? *m_wish.host : recognise_host(repository);
        site.name = repository.string();
        site.repository = repository;
        site.names.path = repository.string();
        site.names.host_name = host_name_of(repository);
        site.account = owner_of(repository);
        return site;
    }

    /// Asks programs, so only for sites that count.
    void complete(Site& site) {
        switch (site.host) {
            case Host::gitlab:
                return complete_gitlab(site);
            case Host::gitolite:
                return complete_gitolite(site);
            case Host::gitea:
            case Host::forgejo:
                // Its own pre-receive there runs what lies in pre-receive.d.
                site.folder = {hooks_folder_of(site.repository, site.account), FolderStyle::drop_ins};
                break;
            case Host::git:
                site.folder = {hooks_folder_of(site.repository, site.account), FolderStyle::git};
        }
        std::error_code error;
        if (site.host != Host::git && !fs::exists(site.folder.path / k_pre_receive, error)) {
            throw Error(ErrorKind::not_found,
                        fmt::format("{} has none of {}'s own hooks; run \"{} admin regenerate hooks\" first",
                                    site.folder.path.string(), to_string(site.host), to_string(site.host)));
        }
    }

private:
    void complete_gitlab(Site& site) {
        if (!m_wish.per_repository) {
            throw Error(ErrorKind::usage,
                        fmt::format("{} is GitLab's: use --host gitlab without --repository for one global hook, or "
                                    "--per-repository for this one",
                                    site.name));
        }
        site.gitaly = find_gitaly_configuration(m_wish);
        if (!site.gitaly) {
            throw Error(ErrorKind::usage,
                        fmt::format("{} is not there; name Gitaly's configuration with --gitaly-config",
                                    k_gitaly_config));
        }
        site.names.host_name = gitlab_name_of(site.repository, site.account);
        site.folder = {site.repository / "custom_hooks", FolderStyle::drop_ins};
    }

    void complete_gitolite(Site& site) {
        auto known = m_gitolites.find(site.account.user);
        if (known == m_gitolites.end())
            known = m_gitolites.emplace(site.account.user, read_gitolite(site.account)).first;
        const Gitolite& gitolite = known->second;
        site.folder = gitolite.folder;
        if (site.folder.style == FolderStyle::git) site.linked_below = gitolite.repositories;
        const std::string root = gitolite.repositories.string() + "/";
        if (site.name.starts_with(root)) {
            const std::string name = site.name.substr(root.size());
            site.names.host_name = name.substr(0, name.size() - (name.ends_with(".git") ? 4 : 0));
        }
    }

    const HostWish& m_wish;
    std::map<uid_t, Gitolite> m_gitolites;
};

}  // namespace

bool HostWish::is_global() const noexcept {
    if (per_repository) return false;
    return host == Host::gitlab || !custom_hooks_dir.empty() || !gitaly_config.empty();
}

namespace {

std::vector<fs::path> find_paths(const HostWish& wish) {
    if (wish.is_global()) {
        if (wish.repositories.empty()) return {};
        throw Error(ErrorKind::usage,
                    "GitLab's global hook is for the repositories that rules name; leave out --repository, or use "
                    "--per-repository");
    }
    if (wish.repositories.empty()) {
        throw Error(ErrorKind::usage,
                    "no repository is named: give --repository PATH (one, a glob, or the folder that holds them), or "
                    "--host gitlab for GitLab's global hook");
    }
    std::set<fs::path> paths;
    for (const std::string& place : wish.repositories)
        paths.merge([&place] {
            const std::vector<fs::path> found = find_repositories(place);
            return std::set<fs::path>(found.begin(), found.end());
        }());
    return {paths.begin(), paths.end()};
}

/// Rules that name a path below the places that are looked at, where no repository is: it was renamed or deleted.
void add_lost(const HostWish& wish, const HookRules& rules, const std::vector<fs::path>& paths, Sites& found) {
    for (const RepositoryRules& entry : rules.repositories) {
        for (const std::string& name : entry.repositories) {
            if (name.empty() || name.front() != '/' || name.find_first_of("*?[") != std::string::npos) continue;
            if (std::find(paths.begin(), paths.end(), fs::path(name)) != paths.end()) continue;
            for (const std::string& place : wish.repositories) {
                std::error_code error;
                const std::string root = fs::weakly_canonical(place, error).string();
                if (name != root && !name.starts_with(root + "/")) continue;
                found.bad.push_back({wish.host.value_or(Host::git), name,
                                     "the rules name it, and no repository is there; was it renamed or deleted?"});
                break;
            }
        }
    }
}

}  // namespace

std::vector<policy::guard::RepositoryNames> find_names(const HostWish& wish) {
    std::vector<policy::guard::RepositoryNames> names;
    for (const fs::path& path : find_paths(wish)) {
        const Host host = wish.host ? *wish.host : recognise_host(path);
        const bool named = host == Host::gitea || host == Host::forgejo;
        names.push_back({path.string(), named ? host_name_of(path) : std::string()});
    }
    return names;
}

Sites find_sites(const HostWish& wish, const HookRules& rules, Coverage coverage) {
    const std::vector<fs::path> paths = find_paths(wish);
    if (wish.is_global()) return global_sites(wish, rules, coverage);
    Sites found;
    SiteFinder finder(wish);
    for (const fs::path& path : paths) {
        Site site = finder.describe(path);
        // With `gitaly hooks set` each repository was named for its own sake: GitLab's paths tell no names.
        const bool guarded = wish.per_repository || find_repository(rules, site.names) != nullptr;
        if (!guarded && coverage == Coverage::guarded) {
            ++found.without_rules;
            continue;
        }
        try {
            finder.complete(site);
            found.sites.push_back(std::move(site));
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::usage) throw;
            found.bad.push_back({site.host, site.name, error.what()});
        }
    }
    if (coverage == Coverage::guarded) add_lost(wish, rules, paths, found);
    // GitLab's paths tell no names; where there is one of each they belong together.
    if (wish.per_repository && found.sites.size() == 1 && found.sites.front().names.host_name.empty())
        found.sites.front().names.host_name = only_name_of(rules);
    return found;
}

}  // namespace tidemark::hooks
