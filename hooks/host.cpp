#include "hooks/host.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "hooks/printable.h"
#include "mirror/base/error.h"
#include "mirror/base/files.h"

namespace tidemark::hooks {
namespace {

using mirror::Error;
using mirror::ErrorKind;

constexpr std::size_t k_max_options = 1000;

std::string without_git(std::string name) {
    while (!name.empty() && name.front() == '/')
        name.erase(0, 1);
    if (name.ends_with(".git")) name.erase(name.size() - 4);
    return name;
}

}  // namespace

std::string read_variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

std::string_view to_string(HostKind kind) noexcept {
    switch (kind) {
        case HostKind::git:
            return "git";
        case HostKind::gitea:
            return "gitea";
        case HostKind::gitlab:
            return "gitlab";
        case HostKind::gitolite:
            return "gitolite";
        case HostKind::soft_serve:
            return "soft-serve";
    }
    return "";
}

std::optional<HostKind> find_host_kind(std::string_view name) noexcept {
    if (name == "forgejo") return HostKind::gitea;
    for (const HostKind kind :
         {HostKind::git, HostKind::gitea, HostKind::gitlab, HostKind::gitolite, HostKind::soft_serve})
        if (name == to_string(kind)) return kind;
    return std::nullopt;
}

HostKind detect_host_kind(const Variables& variables) {
    const auto has = [&](const char* name) { return !variables(name).empty(); };
    if (has("GITEA_REPO_NAME")) return HostKind::gitea;
    if (has("GL_REPOSITORY") || has("GL_PROJECT_PATH")) return HostKind::gitlab;
    if (has("GL_REPO")) return HostKind::gitolite;
    if (has("SOFT_SERVE_REPO_NAME")) return HostKind::soft_serve;
    return HostKind::git;
}

std::string find_git_folder(const Variables& variables) {
    std::string given = variables("GIT_DIR");
    if (given.empty()) given = ".";
    std::error_code error;
    std::filesystem::path folder = std::filesystem::canonical(given, error);
    if (error) throw Error(ErrorKind::not_found, fmt::format("finding the repository {}: {}", given, error.message()));
    // A linked worktree's folder names the one that all share.
    if (std::filesystem::is_regular_file(folder / "commondir", error)) {
        std::string common = mirror::read_file(folder / "commondir", 4096);
        common.erase(common.find_last_not_of("\r\n") + 1);
        const auto shared = std::filesystem::canonical(folder / common, error);
        if (!error) folder = shared;
    }
    return folder.string();
}

std::string host_name_of(HostKind kind, const Variables& variables) {
    switch (kind) {
        case HostKind::git:
            return {};
        case HostKind::gitea: {
            const std::string owner = variables("GITEA_REPO_USER_NAME");
            const std::string name = without_git(variables("GITEA_REPO_NAME"));
            if (owner.empty() || name.empty()) return {};
            const bool wiki = variables("GITEA_REPO_IS_WIKI") == "true" && !name.ends_with(".wiki");
            return owner + "/" + name + (wiki ? ".wiki" : "");
        }
        case HostKind::gitlab: {
            const std::string path = without_git(variables("GL_PROJECT_PATH"));
            const std::string repository = variables("GL_REPOSITORY");
            const std::string what = repository.substr(0, repository.find('-'));
            if (path.empty() || what.empty() || what == "project" || path.ends_with("." + what)) return path;
            return path + "." + what;  // wiki, design, snippet
        }
        case HostKind::gitolite:
            return without_git(variables("GL_REPO"));
        case HostKind::soft_serve:
            return without_git(variables("SOFT_SERVE_REPO_NAME"));
    }
    return {};
}

std::vector<std::string> push_options(const Variables& variables) {
    const std::string text = variables("GIT_PUSH_OPTION_COUNT");
    std::size_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    std::vector<std::string> options;
    for (std::size_t i = 0; i < std::min(count, k_max_options); ++i)
        options.push_back(variables(fmt::format("GIT_PUSH_OPTION_{}", i).c_str()));
    return options;
}

Overrides read_overrides(const std::vector<std::string>& options) {
    constexpr std::string_view k_key = "tidemark.";
    constexpr std::string_view k_allow = "tidemark.allow=";
    Overrides overrides;
    for (const std::string& option : options) {
        if (!option.starts_with(k_key)) continue;
        const std::string_view wanted =
            option.starts_with(k_allow) ? std::string_view(option).substr(k_allow.size()) : std::string_view();
        const std::size_t end = std::min(wanted.find(':'), wanted.size());
        if (const auto rule = policy::guard::find_rule(wanted.substr(0, end))) {
            overrides.requests.push_back({*rule, std::string(wanted.substr(std::min(end + 1, wanted.size())))});
        } else {
            overrides.notes.push_back(
                fmt::format("the push option \"{}\" asks for nothing that is known: tidemark.allow=RULE:REASON",
                            printable(option, 80)));
        }
    }
    return overrides;
}

}  // namespace tidemark::hooks
