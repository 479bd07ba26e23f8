#include "mirror/base/files.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mirror/base/error.h"

namespace tidemark::mirror {
namespace {

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

[[noreturn]] void fail(std::string_view action, const std::filesystem::path& path, int error_number) {
    throw Error(kind_of(error_number), fmt::format("{} {}: {}", action, path.string(), describe_errno(error_number)));
}

struct Descriptor {
    int number;
    explicit Descriptor(int value) : number(value) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number >= 0) ::close(number);
    }
};

struct CloseFolder {
    void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

struct Entry {
    std::string name;
    bool folder = false;
};

std::vector<Entry> entries_of(const std::filesystem::path& path) {
    Folder folder(::opendir(path.c_str()));
    if (!folder) fail("reading folder", path, errno);
    std::vector<Entry> entries;
    errno = 0;
    while (const dirent* entry = ::readdir(folder.get())) {
        std::string name = entry->d_name;
        if (name == "." || name == "..") continue;
        unsigned char type = entry->d_type;
        if (type == DT_UNKNOWN || type == DT_LNK) {
            struct stat status {};
            if (::fstatat(::dirfd(folder.get()), name.c_str(), &status, 0) != 0) continue;  // dangling link
            if (S_ISDIR(status.st_mode) && type == DT_LNK) continue;
            type = S_ISDIR(status.st_mode) ? DT_DIR : S_ISREG(status.st_mode) ? DT_REG : DT_UNKNOWN;
        }
        if (type == DT_DIR || type == DT_REG) entries.push_back({std::move(name), type == DT_DIR});
        errno = 0;
    }
    if (errno != 0) fail("reading folder", path, errno);
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return entries;
}

void walk(const std::filesystem::path& root, const std::string& below, std::size_t limit, std::size_t& count,
          const std::function<void(const std::string&)>& visit, const std::function<bool(const std::string&)>& enter) {
    for (const Entry& entry : entries_of(root / below)) {
        std::string path = below.empty() ? entry.name : below + "/" + entry.name;
        if (entry.folder) {
            if (!enter || enter(path)) walk(root, path, limit, count, visit, enter);
        } else {
            if (++count > limit)
                throw Error(ErrorKind::invalid, fmt::format("{} holds more than {} files", root.string(), limit));
            visit(path);
        }
    }
}

}  // namespace

std::string read_file(const std::filesystem::path& path, std::size_t limit) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number < 0) fail("reading", path, errno);
    struct stat status {};
    if (::fstat(file.number, &status) != 0) fail("reading", path, errno);
    if (S_ISDIR(status.st_mode)) throw Error(ErrorKind::invalid, fmt::format("reading {}: is a folder", path.string()));
    std::string bytes;
    if (S_ISREG(status.st_mode)) {
        if (static_cast<std::size_t>(status.st_size) > limit)
            throw Error(ErrorKind::invalid,
                        fmt::format("reading {}: {} bytes, the limit is {}", path.string(), status.st_size, limit));
        bytes.reserve(static_cast<std::size_t>(status.st_size));
    }
    std::size_t used = 0;
    for (;;) {
        // One byte beyond the expected size, so that the end of the file is seen without a second allocation.
        if (bytes.size() == used) bytes.resize(std::max(bytes.capacity(), used + 4096));
        const ssize_t count = ::read(file.number, bytes.data() + used, bytes.size() - used);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail("reading", path, errno);
        if (count == 0) break;
        used += static_cast<std::size_t>(count);
        if (used > limit)
            throw Error(ErrorKind::invalid, fmt::format("reading {}: more than {} bytes", path.string(), limit));
    }
    bytes.resize(used);
    return bytes;
}

AtomicFile::AtomicFile(std::filesystem::path target, unsigned mode) : m_target(std::move(target)) {
    std::string draft = m_target.string() + ".tmp-XXXXXX";
    m_descriptor = ::mkostemp(draft.data(), O_CLOEXEC);
    if (m_descriptor < 0) fail("writing", m_target, errno);
    m_draft = draft;
    if (::fchmod(m_descriptor, mode) != 0) {
        const int error_number = errno;
        ::close(m_descriptor);
        ::unlink(m_draft.c_str());
        fail("writing", m_target, error_number);
    }
}

AtomicFile::~AtomicFile() {
    if (m_descriptor >= 0) ::close(m_descriptor);
    if (!m_draft.empty()) ::unlink(m_draft.c_str());
}

void AtomicFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(m_descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail("writing", m_target, errno);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void AtomicFile::commit(Durability durability) {
    if (durability == Durability::synced && ::fsync(m_descriptor) != 0) fail("writing", m_target, errno);
    ::close(m_descriptor);
    m_descriptor = -1;
    if (::rename(m_draft.c_str(), m_target.c_str()) != 0) fail("writing", m_target, errno);
    m_draft.clear();
}

void walk_files(const std::filesystem::path& folder, std::size_t limit,
                const std::function<void(const std::string& path)>& visit,
                const std::function<bool(const std::string& path)>& enter) {
    std::size_t count = 0;
    walk(folder, "", limit, count, visit, enter);
}

void create_folder(const std::filesystem::path& folder, unsigned mode) {
    std::error_code error;
    if (std::filesystem::is_directory(folder, error)) return;
    if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), error);
    if (::mkdir(folder.c_str(), mode) != 0 && errno != EEXIST) fail("creating folder", folder, errno);
}

}  // namespace tidemark::mirror
