#include "mirror/git/handles.h"

#include <cstring>

#include <fmt/format.h>

namespace tidemark::mirror::git {
namespace {

// The object cache only helps with trees and commits met again within one job.
constexpr ssize_t k_cache_bytes = ssize_t{8} << 20;
// Packs are mapped in windows; the library's default (8 GiB) is too much for a service with many mirrors. Small ones
// cost no time that could be measured: objects are small, and what is unmapped stays in the system's cache.
constexpr size_t k_map_window_bytes = size_t{1} << 20;
constexpr size_t k_map_limit_bytes = size_t{4} << 20;
constexpr size_t k_map_file_limit = 128;

void set_option(int code, std::string_view what) {
    if (code < 0) fail(code, what);
}

struct Library {
    Library() {
        if (const int code = git_libgit2_init(); code < 0) fail(code, "starting libgit2");
        set_option(git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, k_cache_bytes), "limiting libgit2's cache");
        set_option(git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, k_map_window_bytes), "limiting libgit2's windows");
        set_option(git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, k_map_limit_bytes), "limiting libgit2's maps");
        set_option(git_libgit2_opts(GIT_OPT_SET_MWINDOW_FILE_LIMIT, k_map_file_limit), "limiting libgit2's files");
        // git checked the hashes when the objects came in; like git, reading trusts zlib's checksum.
        set_option(git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0), "setting up libgit2");
        // Nobody's own configuration may change what a mirror means.
        for (const int level :
             {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_PROGRAMDATA})
            set_option(git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, ""), "setting up libgit2");
    }
    // Handles may outlive static objects' end; the process is about to go anyway, so nothing is shut down.
};

ErrorKind kind_of(int code) noexcept {
    switch (code) {
        case GIT_ENOTFOUND:
            return ErrorKind::not_found;
        case GIT_EOWNER:
            return ErrorKind::permission;
        case GIT_EEXISTS:
        case GIT_ELOCKED:
            return ErrorKind::conflict;
        case GIT_EINVALIDSPEC:
        case GIT_EINVALID:
        case GIT_EAMBIGUOUS:
            return ErrorKind::invalid;
        default:
            return ErrorKind::storage;
    }
}

}  // namespace

void start_library() {
    static const Library library;
}

void fail(int code, std::string_view what) {
    const git_error* error = git_error_last();
    const char* message = error != nullptr && error->message != nullptr ? error->message : "no further reason";
    throw Error(kind_of(code), fmt::format("{}: {}", what, message));
}

void check(int code, std::string_view what) {
    if (code < 0) fail(code, what);
}

git_oid to_git(const ObjectId& id) noexcept {
    git_oid result;
    std::memcpy(result.id, id.bytes.data(), id.bytes.size());
    return result;
}

ObjectId from_git(const git_oid& id) noexcept {
    ObjectId result;
    std::memcpy(result.bytes.data(), id.id, result.bytes.size());
    return result;
}

}  // namespace tidemark::mirror::git
