#include "hooks/install/probe_push.h"

#include <cstdlib>
#include <random>
#include <vector>

#include <fmt/format.h>

#include "hooks/install/hook_scripts.h"
#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/base/temporary_folder.h"

namespace tidemark::hooks {

namespace fs = std::filesystem;
using mirror::Error;
using mirror::ErrorKind;
using mirror::ProcessResult;

namespace {

/// The order of Gitaly (internal/gitaly/hook/custom.go): the repository's hook, its folder, the global folder; each
/// reads all, the first that refuses ends it.
constexpr std::string_view k_gitaly_order = R"(#!/bin/sh
pushed=$(cat && echo .) || exit 1
GIT_DIR=${TIDEMARK_PROBE_REPOSITORY:-$PWD}
export GIT_DIR
unset GIT_QUARANTINE_PATH
cd "$GIT_DIR" || exit 1
for hook in "$TIDEMARK_PROBE_OWN"/pre-receive "$TIDEMARK_PROBE_OWN"/pre-receive.d/* "$TIDEMARK_PROBE_GLOBAL"/pre-receive.d/*; do
    case $hook in *~) continue ;; esac
    [ -f "$hook" ] && [ -x "$hook" ] || continue
    printf %s "${pushed%.}" | "$hook" || exit $?
done
)";

std::string random_name() {
    std::random_device device;
    return fmt::format("{:08x}{:08x}", device(), device());
}

/// A folder of the account's own.
mirror::TemporaryFolder make_probe_folder(const Account& account) {
    const ActAs acting(account);
    return mirror::TemporaryFolder("probe");
}

ProcessResult run_git(const Site& site, const fs::path& folder, std::vector<std::string> arguments,
                      std::vector<std::string> environment = {}) {
    mirror::Command command;
    command.arguments = std::move(arguments);
    command.arguments.insert(command.arguments.begin(), "git");
    command.environment = std::move(environment);
    command.folder = folder;
    command.timeout = std::chrono::seconds(60);
    ProcessResult result = run_as(site.account, command);
    if (result.ending == mirror::Ending::exited) return result;
    throw Error(ErrorKind::refused, fmt::format("a probe push to {} {}", site.name, describe(result, command.timeout)));
}

std::string checked_line(const Site& site, const fs::path& folder, std::vector<std::string> arguments) {
    const ProcessResult result = run_git(site, folder, std::move(arguments));
    if (!result.ok()) {
        throw Error(ErrorKind::refused, fmt::format("preparing a probe push to {} as {}: {}", site.name,
                                                    site.account.name, result.error.substr(0, 1000)));
    }
    return result.output.substr(0, result.output.find('\n'));
}

/// What the host tells its hooks, as far as ours looks at it. Gitea's own hook leaves internal pushes alone.
std::vector<std::string> host_environment(const Site& site) {
    const std::string& name = site.names.host_name;
    const std::size_t slash = name.rfind('/');
    switch (site.host) {
        case Host::gitea:
        case Host::forgejo:
            return {"GITEA_INTERNAL_PUSH=true", "GITEA_REPO_USER_NAME=" + name.substr(0, slash),
                    "GITEA_REPO_NAME=" + name.substr(slash + 1), "GITEA_PUSHER_NAME=tidemark-probe"};
        case Host::gitlab:
            return {"GL_REPOSITORY=project-0", "GL_PROJECT_PATH=" + name, "GL_ID=user-0", "GL_USERNAME=tidemark-probe",
                    "GL_PROTOCOL=ssh"};
        case Host::gitolite:
            return {"GL_REPO=" + name, "GL_USER=tidemark-probe"};
        case Host::git:
            return {};
    }
    return {};
}

void write_as(const Account& account, const fs::path& file, std::string_view text, unsigned mode) {
    const ActAs acting(account);
    mirror::AtomicFile draft(file, mode);
    draft.write(text);
    draft.commit(mirror::Durability::whole_only);
}

/// A repository that runs hooks as Gitaly would run them for the site.
fs::path make_gitaly_stand_in(const Site& site, const mirror::TemporaryFolder& folder) {
    const fs::path repository = folder / "target.git";
    checked_line(site, folder / ".", {"init", "-q", "--bare", "--template=", repository.string()});
    const fs::path hooks = repository / "hooks";
    {
        const ActAs acting(site.account);
        mirror::create_folder(hooks, 0755);
    }
    checked_line(site, repository, {"config", "core.hooksPath", hooks.string()});
    write_as(site.account, hooks / k_pre_receive, k_gitaly_order, 0755);
    return repository;
}

/// Whether the reference is there; then it is deleted.
bool take_back(const Site& site, const fs::path& repository, const std::string& reference) {
    const ProcessResult found = run_git(site, repository, {"--git-dir=.", "rev-parse", "-q", "--verify", reference});
    if (!found.ok()) return false;
    const ProcessResult deleted = run_git(site, repository, {"--git-dir=.", "update-ref", "-d", reference});
    if (deleted.ok()) return true;
    throw Error(ErrorKind::refused, fmt::format("the probe's reference {} was let into {} and cannot be deleted: {}",
                                                reference, site.name, deleted.error.substr(0, 1000)));
}

}  // namespace

ProbeResult push_probe(const Site& site) {
    const mirror::TemporaryFolder folder = make_probe_folder(site.account);
    const bool stands_in = site.host == Host::gitlab;
    const fs::path target = stands_in ? make_gitaly_stand_in(site, folder) : site.repository;
    // An empty commit of the repository's own kind of ids.
    const std::string format = checked_line(site, target, {"--git-dir=.", "rev-parse", "--show-object-format"});
    const fs::path source = folder / "source.git";
    checked_line(site, folder / ".",
                 {"init", "-q", "--bare", "--template=", "--object-format=" + format, source.string()});
    const std::string tree =
        checked_line(site, source, {"--git-dir=.", "hash-object", "-w", "-t", "tree", "/dev/null"});
    const std::string commit = checked_line(site, source,
                                            {"--git-dir=.", "-c", "user.name=tidemark", "-c",
                                             "user.email=tidemark@localhost", "commit-tree", "-m", "probe", tree});
    const std::string reference = std::string(k_probe_prefix) + random_name();

    std::vector<std::string> environment = host_environment(site);
    if (stands_in) {
        const fs::path own = site.gitaly ? site.folder.path : fs::path("/nonexistent");
        const fs::path global = site.gitaly ? site.gitaly->custom_hooks_dir : site.folder.path;
        environment.push_back("TIDEMARK_PROBE_REPOSITORY=" + site.repository.string());
        environment.push_back("TIDEMARK_PROBE_OWN=" + own.string());
        environment.push_back("TIDEMARK_PROBE_GLOBAL=" + (global.empty() ? "/nonexistent" : global.string()));
    }
    // Its own hooks before a push (core.hooksPath of the account) are no business of the probe.
    const ProcessResult pushed = run_git(
        site, source, {"--git-dir=.", "push", "--no-verify", "--porcelain", target.string(), commit + ":" + reference},
        std::move(environment));
    ProbeResult result;
    result.output = pushed.error + pushed.output;
    result.let_through = take_back(site, target, reference);
    result.answer = find_probe_answer(result.output);
    return result;
}

}  // namespace tidemark::hooks
