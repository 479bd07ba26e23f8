#include "mirror/git/worktree_folder.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::git {
namespace {

constexpr int k_folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr const char* k_draft_name = ".tidemark-draft";

std::pair<std::string_view, std::string> split(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return {{}, path};
    return {std::string_view(path).substr(0, slash), path.substr(slash + 1)};
}

}  // namespace

Descriptor::~Descriptor() {
    if (m_number >= 0) ::close(m_number);
}

WorktreeFolder::WorktreeFolder(std::filesystem::path folder)
    : m_folder(std::move(folder)), m_root(::open(m_folder.c_str(), k_folder_flags)) {
    if (!m_root.is_open()) fail("opening", "", errno);
}

void WorktreeFolder::fail(std::string_view action, const std::string& path, int error_number) const {
    throw Error(ErrorKind::storage,
                fmt::format("{} {}: {}", action, (m_folder / path).string(), describe_errno(error_number)));
}

/// Makes m_parent the folder `parent`; false if it is missing (and that is accepted), or no folder.
bool WorktreeFolder::enter(std::string_view parent, Missing missing) {
    if (m_parent.is_open() && m_parent_path == parent) return true;
    Descriptor here(::openat(m_root.number(), ".", k_folder_flags));
    if (!here.is_open()) fail("opening", "", errno);
    for (std::size_t start = 0; start < parent.size();) {
        const std::size_t end = std::min(parent.find('/', start), parent.size());
        const std::string name(parent.substr(start, end - start));
        if (missing == Missing::make && ::mkdirat(here.number(), name.c_str(), 0755) != 0 && errno != EEXIST)
            fail("creating folder", std::string(parent.substr(0, end)), errno);
        Descriptor next(::openat(here.number(), name.c_str(), k_folder_flags));
        if (!next.is_open()) {
            if (errno == ENOTDIR || errno == ELOOP || errno == ENOENT) return false;
            fail("opening", std::string(parent.substr(0, end)), errno);
        }
        here = std::move(next);
        start = end + 1;
    }
    m_parent = std::move(here);
    m_parent_path = parent;
    return true;
}

void WorktreeFolder::write_new(int folder, const std::string& name, std::string_view bytes, unsigned mode,
                               const std::string& path) {
    const Descriptor file(::openat(folder, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    if (!file.is_open()) fail("writing", path, errno);
    while (!bytes.empty()) {
        const ssize_t count = ::write(file.number(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail("writing", path, errno);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void WorktreeFolder::create(const std::string& path, std::string_view bytes, unsigned mode) {
    const auto [parent, name] = split(path);
    if (!enter(parent, Missing::make)) fail("writing", path, ENOTDIR);
    write_new(m_parent.number(), name, bytes, mode, path);
}

bool WorktreeFolder::replace(const std::string& path, std::string_view bytes, unsigned mode) {
    const auto [parent, name] = split(path);
    if (!enter(parent, Missing::make)) return false;
    ::unlinkat(m_parent.number(), k_draft_name, 0);
    write_new(m_parent.number(), k_draft_name, bytes, mode, path);
    if (::renameat(m_parent.number(), k_draft_name, m_parent.number(), name.c_str()) == 0) return true;
    const int error_number = errno;
    ::unlinkat(m_parent.number(), k_draft_name, 0);
    if (error_number == EISDIR || error_number == ENOTEMPTY || error_number == EEXIST) return false;
    fail("writing", path, error_number);
}

bool WorktreeFolder::remove(const std::string& path) {
    const auto [parent, name] = split(path);
    // A missing or foreign folder holds no file of ours; if it is in the way, a later step finds out.
    if (!enter(parent, Missing::accept)) return true;
    if (::unlinkat(m_parent.number(), name.c_str(), 0) != 0) {
        if (errno == EISDIR || errno == EPERM) return false;
        if (errno != ENOENT) fail("removing", path, errno);
    }
    for (std::string folder(parent); !folder.empty();) {
        const auto [above, last] = split(folder);
        m_parent = Descriptor();
        if (!enter(above, Missing::accept)) return true;
        if (::unlinkat(m_parent.number(), last.c_str(), AT_REMOVEDIR) != 0) return true;  // not empty
        folder.resize(above.size());
    }
    return true;
}

}  // namespace tidemark::mirror::git
