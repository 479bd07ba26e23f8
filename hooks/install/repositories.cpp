#include "hooks/install/repositories.h"

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <glob.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"

namespace tidemark::hooks {

namespace fs = std::filesystem;
using mirror::Error;
using mirror::ErrorKind;

namespace {

constexpr std::array<std::pair<Host, std::string_view>, 5> k_hosts = {{{Host::gitea, "gitea"},
                                                                        {Host::forgejo, "forgejo"},
                                                                        {Host::gitlab, "gitlab"},
                                                                        {Host::gitolite, "gitolite"},
                                                                        {Host::git, "git"}}};
constexpr std::size_t k_repository_limit = 100'000;
constexpr int k_depth_limit = 8;
constexpr std::size_t k_script_limit = 1 << 20;

bool is_repository(const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path / "HEAD", error) && fs::is_directory(path / "objects", error) &&
           fs::is_directory(path / "refs", error);
}

std::optional<fs::path> find_repository(const fs::path& path) {
    if (is_repository(path)) return fs::canonical(path);
    if (is_repository(path / ".git")) return fs::canonical(path / ".git");
    return std::nullopt;
}

void add_below(const fs::path& root, std::set<fs::path>& found) {
    std::error_code error;
    fs::recursive_directory_iterator entry(root, fs::directory_options::skip_permission_denied, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        if (entry->is_symlink(error) || !entry->is_directory(error)) continue;
        if (const auto repository = find_repository(entry->path())) {
            found.insert(*repository);
            entry.disable_recursion_pending();
            if (found.size() > k_repository_limit) {
                throw Error(ErrorKind::invalid,
                            fmt::format("{} holds more than {} repositories; name a part of it", root.string(),
                                        k_repository_limit));
            }
        } else if (entry.depth() >= k_depth_limit) {
            entry.disable_recursion_pending();
        }
    }
    if (error) throw Error(ErrorKind::storage, fmt::format("looking through {}: {}", root.string(), error.message()));
}

struct FreeGlob {
    void operator()(glob_t* result) const noexcept {
        ::globfree(result);
        delete result;
    }
};

std::vector<fs::path> expand(const std::string& pattern) {
    if (pattern.find_first_of("*?[") == std::string::npos) return {pattern};
    const std::unique_ptr<glob_t, FreeGlob> result(new glob_t{});
    const int code = ::glob(pattern.c_str(), 0, nullptr, result.get());
    if (code != 0 && code != GLOB_NOMATCH) {
        throw Error(ErrorKind::storage, fmt::format("looking for {}: the folders cannot be read", pattern));
    }
    return {result->gl_pathv, result->gl_pathv + result->gl_pathc};
}

/// A file's text as far as it tells something; empty if it cannot be read.
std::string text_of(const fs::path& file) {
    std::error_code error;
    if (!fs::is_regular_file(file, error) || fs::file_size(file, error) > k_script_limit) return {};
    try {
        return mirror::read_file(file, k_script_limit);
    } catch (const Error&) {
        return {};
    }
}

bool is_hashed_storage(const fs::path& repository) {
    const std::string path = repository.string();
    return path.find("/@hashed/") != std::string::npos || path.find("/@cluster/") != std::string::npos;
}

}  // namespace

std::string_view to_string(Host host) noexcept {
    for (const auto& [value, name] : k_hosts) {
        if (value == host) return name;
    }
    return "";
}

std::optional<Host> find_host(std::string_view name) noexcept {
    for (const auto& [value, text] : k_hosts) {
        if (text == name) return value;
    }
    return std::nullopt;
}

Host recognise_host(const fs::path& repository) {
    std::error_code error;
    const fs::path drop_in = repository / "hooks" / "pre-receive.d" / "gitea";
    if (fs::exists(drop_in, error)) {
        return text_of(drop_in).find("forgejo") == std::string::npos ? Host::gitea : Host::forgejo;
    }
    if (is_hashed_storage(repository)) return Host::gitlab;
    const fs::path update = repository / "hooks" / "update";
    if (fs::read_symlink(update, error).string().find("gitolite") != std::string::npos) return Host::gitolite;
    if (text_of(update).find("Gitolite::Hooks::Update") != std::string::npos) return Host::gitolite;
    return Host::git;
}

std::vector<fs::path> find_repositories(const std::string& place) {
    std::set<fs::path> found;
    for (const fs::path& path : expand(place)) {
        std::error_code error;
        if (const auto repository = find_repository(path)) {
            found.insert(*repository);
        } else if (fs::is_directory(path, error)) {
            add_below(fs::canonical(path), found);
        }
    }
    if (found.empty()) {
        throw Error(ErrorKind::not_found,
                    fmt::format("{} is no repository, and none is below it; name a bare repository, a glob in quotes, "
                                "or the folder that holds them",
                                place));
    }
    return {found.begin(), found.end()};
}

std::string host_name_of(const fs::path& repository) {
    fs::path path = repository;
    if (path.filename() == ".git") path = path.parent_path();
    std::string name = path.filename().string();
    if (name.size() > 4 && name.ends_with(".git")) name.resize(name.size() - 4);
    const std::string owner = path.parent_path().filename().string();
    return owner.empty() ? name : owner + "/" + name;
}

}  // namespace tidemark::hooks
