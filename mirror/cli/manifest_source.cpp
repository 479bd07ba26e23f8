#include "mirror/cli/manifest_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/base/subprocess.h"
#include "mirror/cli/messages.h"
#include "mirror/manifests/folder_list.h"

namespace tidemark::mirror::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_manifest_limit = std::size_t{16} << 20;

/// The person's own git: their keys, agent and credential helpers, but nobody who is asked for a password.
ProcessResult run_git(std::vector<std::string> arguments, const Call& call) {
    const auto git = find_program("git");
    if (!git) throw Error(ErrorKind::not_found, "git is not there; install it (Debian package git)");
    mirror::Command command;
    command.arguments = {git->string()};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    for (const auto& [name, value] : call.environment.variables) {
        if (name != "GIT_DIR" && name != "GIT_WORK_TREE" && name != "GIT_INDEX_FILE")
            command.environment.push_back(fmt::format("{}={}", name, value));
    }
    command.environment.push_back("GIT_TERMINAL_PROMPT=0");
    if (call.environment.get("GIT_SSH_COMMAND").empty())
        command.environment.push_back("GIT_SSH_COMMAND=ssh -o BatchMode=yes");
    command.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(call.global.timeout);
    return run_process(command);
}

/// Its first line of output; empty if it fails.
std::string ask_git(const fs::path& folder, std::vector<std::string> arguments, const Call& call) {
    arguments.insert(arguments.begin(), {"-C", folder.string()});
    const ProcessResult result = run_git(std::move(arguments), call);
    return result.ok() ? result.output.substr(0, result.output.find('\n')) : std::string();
}

/// As objects write it: "git@host:path" with its scheme, a path as file://, nobody's password.
std::string as_object_url(std::string url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string::npos) {
        if (url.starts_with('/')) return "file://" + url;
        const std::size_t colon = url.find(':');
        if (colon == std::string::npos || url.find('@') > colon) return {};
        return fmt::format("ssh://{}/{}", url.substr(0, colon), url.substr(colon + 1));
    }
    const std::size_t end = std::min(url.find('/', scheme + 3), url.size());
    const std::size_t at = url.rfind('@', end);
    if (at != std::string::npos && at > scheme) {
        const std::size_t colon = url.find(':', scheme + 3);
        const bool keeps_user = url.starts_with("ssh://");
        const std::size_t from = keeps_user ? std::min(colon, at) : scheme + 3;
        url.erase(from, keeps_user ? at - from : at + 1 - from);
    }
    return url;
}

void ask_repository(ManifestSource& source, const Call& call) {
    const std::string branch = ask_git(source.folder, {"symbolic-ref", "--quiet", "--short", "HEAD"}, call);
    if (!branch.empty()) source.branch = branch;
    source.prefix = ask_git(source.folder, {"rev-parse", "--show-prefix"}, call);
}

}  // namespace

bool is_git_url(const std::string& text) noexcept {
    if (text.find("://") != std::string::npos) return true;
    const std::size_t colon = text.find(':');
    return colon != std::string::npos && text.find('@') < colon && text.find('/') > colon;
}

ManifestSource open_folder(const fs::path& folder, const Call& call) {
    if (!fs::is_directory(folder))
        throw Error(ErrorKind::not_found, fmt::format("{} is no folder and no Git URL", folder.string()));
    ManifestSource source;
    source.folder = folder;
    source.url = as_object_url(ask_git(folder, {"config", "--get", "remote.origin.url"}, call));
    ask_repository(source, call);
    return source;
}

ManifestSource clone_repository(const std::string& url, const std::string& branch,
                                const std::optional<fs::path>& target, const Call& call) {
    ManifestSource source;
    std::vector<std::string> arguments = {"clone", "--quiet", "--no-recurse-submodules"};
    if (!branch.empty()) arguments.insert(arguments.end(), {"--branch", branch});
    if (target) {
        if (fs::exists(*target))
            throw Error(
                ErrorKind::conflict,
                fmt::format("{0} is there already; give the folder instead: tidemark init {0}", target->string()));
        source.folder = *target;
    } else {
        arguments.insert(arguments.end(), {"--depth", "1"});
        source.clone = std::make_unique<TemporaryFolder>("init");
        source.folder = *source.clone / "manifests";
    }
    arguments.insert(arguments.end(), {"--", url, source.folder.string()});
    source.url = as_object_url(url);
    const ProcessResult result = run_git(std::move(arguments), call);
    if (!result.ok()) {
        std::string why = result.error.empty() ? describe(result, std::chrono::milliseconds(0)) : result.error;
        while (why.ends_with('\n'))
            why.pop_back();
        throw Error(ErrorKind::network, fmt::format("cloning {}: {}", visible(source.url), visible(why)));
    }
    ask_repository(source, call);
    return source;
}

std::vector<Manifest> read_manifests(const fs::path& folder, std::vector<std::string>& problems) {
    const manifests::FolderList list = manifests::list_folder(folder.string(), "");
    problems.insert(problems.end(), list.unreadable.begin(), list.unreadable.end());
    std::vector<Manifest> read;
    for (const manifests::ListedFile& file : list.files) {
        if (file.link) continue;
        try {
            read.push_back({list.path_of(file), read_file(list.full_path_of(file), k_manifest_limit)});
        } catch (const Error& error) {
            problems.emplace_back(error.what());
        }
    }
    return read;
}

}  // namespace tidemark::mirror::cli
