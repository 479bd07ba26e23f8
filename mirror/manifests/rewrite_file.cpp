#include "mirror/manifests/rewrite_file.h"

#include <algorithm>
#include <atomic>
#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

namespace tidemark::mirror::manifests {
namespace {

constexpr std::size_t k_first_buffer = std::size_t{64} << 10;

int write_all(int descriptor, std::string_view content) {
    while (!content.empty()) {
        const ssize_t count = ::write(descriptor, content.data(), content.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    return 0;
}

int write_in_place(int folder, const char* name, std::string_view content) {
    const Descriptor file(::openat(folder, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (file.number < 0) return errno;
    if (const int error_number = write_all(file.number, content)) return error_number;
    return ::ftruncate(file.number, static_cast<off_t>(content.size())) == 0 ? 0 : errno;
}

/// One page, already allocated, and no tail of the old content left behind it.
bool fits_in_place(const struct stat& status, std::size_t size) noexcept {
    constexpr std::size_t k_page = 4096;
    constexpr std::size_t k_block_unit = 512;  // of st_blocks
    return size <= k_page && size >= static_cast<std::size_t>(status.st_size) &&
           size <= static_cast<std::size_t>(status.st_blocks) * k_block_unit;
}

/// A name that nobody else uses: two processes, or two threads of one, never share it.
std::string draft_name(const char* name) {
    static std::atomic<unsigned> s_count{0};
    return fmt::format(".{:.200}.tidemark-{}-{}", name, ::getpid(), s_count.fetch_add(1));
}

}  // namespace

FileReader::FileReader(std::size_t limit) : m_buffer(k_first_buffer), m_limit(limit) {}

bool FileReader::read(int folder_descriptor, const char* name, bool follow_links) {
    m_size = 0;
    // Without O_NONBLOCK a FIFO put in a file's place would hold the walk for ever.
    const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (follow_links ? 0 : O_NOFOLLOW);
    const Descriptor file(::openat(folder_descriptor, name, flags));
    m_error = errno;
    if (file.number < 0) return false;
    for (;;) {
        if (m_size == m_buffer.size()) m_buffer.resize(m_buffer.size() * 2);
        const std::size_t room = m_buffer.size() - m_size;
        const ssize_t count = ::read(file.number, m_buffer.data() + m_size, room);
        if (count < 0 && errno == EINTR) continue;
        m_error = errno;
        if (count < 0) return false;
        if (count == 0) return true;
        m_size += static_cast<std::size_t>(count);
        m_error = EFBIG;
        if (m_size > m_limit) return false;
        // Less than asked for is the end of a file. Only what may be written again is asked once more to be sure.
        const bool ended = static_cast<std::size_t>(count) < room;
        if (ended && content().find('$') == std::string_view::npos) return true;
    }
}

int replace_file(int folder_descriptor, const char* name, std::string_view content) {
    struct stat status {};
    if (::fstatat(folder_descriptor, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return errno;
    if (!S_ISREG(status.st_mode)) return EINVAL;
    // A rename would get round a file's missing write permission, and would part it from its other names.
    if (::faccessat(folder_descriptor, name, W_OK, AT_EACCESS) != 0) return errno;
    if (status.st_nlink > 1 || fits_in_place(status, content.size()))
        return write_in_place(folder_descriptor, name, content);

    const std::string draft = draft_name(name);
    const Descriptor file(
        ::openat(folder_descriptor, draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.number < 0) return errno;
    struct stat made {};
    int error_number = ::fstat(file.number, &made) == 0 ? 0 : errno;
    const bool same_owner = made.st_uid == status.st_uid && made.st_gid == status.st_gid;
    if (error_number == 0 && !same_owner && ::fchown(file.number, status.st_uid, status.st_gid) != 0) {
        ::unlinkat(folder_descriptor, draft.c_str(), 0);
        return write_in_place(folder_descriptor, name, content);
    }
    if (error_number == 0 && ::fchmod(file.number, status.st_mode & 07777) != 0) error_number = errno;
    if (error_number == 0) error_number = write_all(file.number, content);
    if (error_number == 0 && ::renameat(folder_descriptor, draft.c_str(), folder_descriptor, name) != 0)
        error_number = errno;
    if (error_number != 0) ::unlinkat(folder_descriptor, draft.c_str(), 0);
    return error_number;
}

}  // namespace tidemark::mirror::manifests
