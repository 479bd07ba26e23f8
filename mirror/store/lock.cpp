#include "mirror/store/lock.h"

#include <array>
#include <cerrno>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::store {
namespace {

/// The number of the process that holds the lock, or that held it and was killed; empty: nobody is known.
std::string number_in(int descriptor) {
    std::array<char, 32> bytes{};
    const ssize_t count = ::pread(descriptor, bytes.data(), bytes.size(), 0);
    std::string text(bytes.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text;
}

/// What root writes there the folder's owner could not open: the service would not start any more.
void refuse_as_root(const std::filesystem::path& folder) {
    struct stat status {};
    if (::geteuid() != 0 || ::stat(folder.c_str(), &status) != 0 || status.st_uid == 0) return;
    const passwd* const owner = ::getpwuid(status.st_uid);
    const std::string name = owner ? owner->pw_name : fmt::format("'#{}'", status.st_uid);
    throw Error(
        ErrorKind::permission,
        fmt::format("the state folder {} belongs to another account; run this as that one: sudo -u {} tidemark ...",
                    folder.string(), name));
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder) {
    refuse_as_root(folder);
    const std::filesystem::path path = folder / "lock";
    m_descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (m_descriptor < 0) {
        const int error_number = errno;
        throw Error(error_number == EACCES || error_number == EROFS ? ErrorKind::permission : ErrorKind::storage,
                    fmt::format("locking the state folder {}: {}", folder.string(), describe_errno(error_number)));
    }
    if (::flock(m_descriptor, LOCK_EX | LOCK_NB) != 0) {
        const int error_number = errno;
        const std::string number = number_in(m_descriptor);
        const std::string holder = number.empty() ? "another process" : "process " + number;
        ::close(m_descriptor);
        if (error_number != EWOULDBLOCK)
            throw Error(ErrorKind::storage,
                        fmt::format("locking the state folder {}: {}", folder.string(), describe_errno(error_number)));
        throw Error(
            ErrorKind::conflict,
            fmt::format("the state folder {} is in use by {}; wait for it to end, or give this one another --state",
                        folder.string(), holder));
    }
    m_was_left = !number_in(m_descriptor).empty();
    const std::string mine = fmt::format("{}\n", ::getpid());
    // For the message above, and to notice a kill; a full disk must not keep anyone from working.
    if (::ftruncate(m_descriptor, 0) == 0) (void)!::pwrite(m_descriptor, mine.data(), mine.size(), 0);
}

FolderLock::~FolderLock() {
    (void)!::ftruncate(m_descriptor, 0);
    ::close(m_descriptor);
}

}  // namespace tidemark::mirror::store
