#include "mirror/manifests/folder_list.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "policy/setters/setters.h"

namespace tidemark::mirror::manifests {
namespace {

constexpr std::size_t k_max_files = 2'000'000;
constexpr std::size_t k_max_links = 255;

ErrorKind kind_of(int error_number) {
    switch (error_number) {
        case ENOENT:
        case ENOTDIR:
            return ErrorKind::not_found;
        case EACCES:
        case EPERM:
            return ErrorKind::permission;
        default:
            return ErrorKind::storage;
    }
}

[[noreturn]] void fail(std::string_view action, const std::string& path, int error_number) {
    throw Error(kind_of(error_number), fmt::format("{} {}: {}", action, path, describe_errno(error_number)));
}

struct Free {
    void operator()(char* text) const noexcept { std::free(text); }
};

std::string real_path(const std::string& path) {
    const std::unique_ptr<char, Free> resolved(::realpath(path.c_str(), nullptr));
    if (!resolved) fail("reading folder", path, errno);
    return resolved.get();
}

struct CloseFolder {
    void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

struct Entry {
    std::string name;
    unsigned char type;
};

/// Folders, and files and links with a manifest's name; `error_number` is 0 if all went well.
std::vector<Entry> entries_of(const std::string& path, int& error_number) {
    std::vector<Entry> entries;
    const std::unique_ptr<DIR, CloseFolder> folder(::opendir(path.c_str()));
    error_number = errno;
    if (!folder) return entries;
    for (;;) {
        errno = 0;
        const dirent* entry = ::readdir(folder.get());
        if (!entry) break;
        const std::string_view name = entry->d_name;
        if (name == "." || name == ".." || name == ".git") continue;
        unsigned char type = entry->d_type;
        if (type == DT_UNKNOWN) {
            struct stat status {};
            if (::fstatat(::dirfd(folder.get()), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
            type = S_ISDIR(status.st_mode)   ? DT_DIR
                   : S_ISREG(status.st_mode) ? DT_REG
                   : S_ISLNK(status.st_mode) ? DT_LNK
                                             : DT_UNKNOWN;
        }
        const bool file = (type == DT_REG || type == DT_LNK) && policy::is_manifest_name(name);
        if (file || type == DT_DIR) entries.push_back({std::string(name), type});
    }
    error_number = errno;
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return entries;
}

/// Depth first, without recursion: a hostile tree may be deeper than the stack.
void walk(FolderList& list) {
    struct Level {
        std::uint32_t folder;
        std::vector<Entry> entries;
        std::size_t next = 0;
    };
    std::vector<Level> levels;
    const auto enter = [&](std::string path) {
        int error_number = 0;
        const std::string full = path.empty() ? list.start : list.start + "/" + path;
        std::vector<Entry> entries = entries_of(full, error_number);
        if (error_number != 0) {
            if (path.empty()) fail("reading folder", full, error_number);
            list.unreadable.push_back(fmt::format("{}: {}", path, describe_errno(error_number)));
        }
        list.folders.push_back(std::move(path));
        levels.push_back({static_cast<std::uint32_t>(list.folders.size() - 1), std::move(entries)});
    };
    enter("");
    while (!levels.empty()) {
        Level& level = levels.back();
        if (level.next == level.entries.size()) {
            levels.pop_back();
            continue;
        }
        Entry& entry = level.entries[level.next++];
        if (entry.type == DT_DIR) {
            const std::string& parent = list.folders[level.folder];
            enter(parent.empty() ? entry.name : parent + "/" + entry.name);
            continue;
        }
        list.files.push_back({level.folder, entry.type == DT_LNK, std::move(entry.name)});
        if (list.files.size() > k_max_files)
            throw Error(ErrorKind::invalid, fmt::format("{} holds more than {} manifests", list.start, k_max_files));
    }
}

std::vector<std::string> parts_of(std::string_view path) {
    std::vector<std::string> parts;
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        if (slash != 0) parts.emplace_back(path.substr(0, slash));
        path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    }
    std::reverse(parts.begin(), parts.end());
    return parts;
}

}  // namespace

std::string FolderList::path_of(const ListedFile& file) const {
    const std::string& folder = folders[file.folder];
    return folder.empty() ? file.name : folder + "/" + file.name;
}

std::string FolderList::full_path_of(const ListedFile& file) const {
    return start + "/" + path_of(file);
}

std::string resolve_inside(const std::string& root, const std::string& update_path) {
    std::vector<std::string> waiting = parts_of(update_path);  // the next part last
    std::vector<std::string> resolved;
    std::size_t links = 0;
    const auto joined = [&] {
        std::string path = root;
        for (const std::string& part : resolved)
            path.append("/").append(part);
        return path;
    };
    while (!waiting.empty()) {
        std::string part = std::move(waiting.back());
        waiting.pop_back();
        if (part == ".") continue;
        if (part == "..") {
            if (!resolved.empty()) resolved.pop_back();
            continue;
        }
        resolved.push_back(std::move(part));
        char target[PATH_MAX];
        const ssize_t size = ::readlink(joined().c_str(), target, sizeof target);
        if (size < 0) continue;  // no link, or nothing there
        if (++links > k_max_links) fail("following links of", update_path, ELOOP);
        resolved.pop_back();
        const std::string_view text(target, static_cast<std::size_t>(size));
        if (text.substr(0, 1) == "/") resolved.clear();
        for (std::string& more : parts_of(text))
            waiting.push_back(std::move(more));
    }
    return joined();
}

FolderList list_folder(const std::string& folder, const std::string& update_path) {
    FolderList list;
    list.root = real_path(folder);
    list.start = resolve_inside(list.root, update_path);
    for (const std::string& part : parts_of(list.start.substr(list.root.size()))) {
        if (part == ".git")
            throw Error(ErrorKind::usage,
                        fmt::format("the update path {} leads into .git, which is never changed", update_path));
    }
    struct stat status {};
    if (::lstat(list.start.c_str(), &status) != 0) fail("reading update path", list.start, errno);
    if (S_ISDIR(status.st_mode)) {
        walk(list);
        return list;
    }
    const std::size_t slash = list.start.rfind('/');
    ListedFile file;
    file.name = list.start.substr(slash + 1);
    list.start.resize(slash);
    list.folders.emplace_back();
    if (S_ISREG(status.st_mode) && policy::is_manifest_name(file.name)) list.files.push_back(std::move(file));
    return list;
}

}  // namespace tidemark::mirror::manifests
