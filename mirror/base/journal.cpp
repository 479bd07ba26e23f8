#include "mirror/base/journal.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace tidemark::mirror {
namespace {

/// NAME=VALUE, or for a value of several lines NAME, its size as 64 bits of little endian, and the bytes.
void append_field(std::string& entry, const Journal::Field& field) {
    entry += field.name;
    if (field.value.find('\n') == std::string_view::npos) {
        entry += '=';
    } else {
        entry += '\n';
        for (unsigned shift = 0; shift < 64; shift += 8)
            entry += static_cast<char>((std::uint64_t{field.value.size()} >> shift) & 0xffU);
    }
    entry += field.value;
    entry += '\n';
}

}  // namespace

bool is_journal(std::string_view journal_stream, int descriptor) noexcept {
    struct stat status {};
    if (journal_stream.empty() || descriptor < 0 || ::fstat(descriptor, &status) != 0) return false;
    return journal_stream == fmt::format("{}:{}", status.st_dev, status.st_ino);
}

Journal::Journal(const std::filesystem::path& socket) {
    const std::string path = socket.string();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof(address.sun_path)) return;
    std::copy(path.begin(), path.end(), address.sun_path);
    m_socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (m_socket < 0 || ::connect(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return;
    ::close(m_socket);
    m_socket = -1;
}

Journal::~Journal() {
    if (m_socket >= 0) ::close(m_socket);
}

bool Journal::send(std::span<const Field> fields) const {
    if (m_socket < 0) return false;
    std::string entry;
    for (const Field& field : fields) {
        if (!field.value.empty()) append_field(entry, field);
    }
    // A journal that is behind makes writers wait, as it does for those who write to their standard error.
    return ::send(m_socket, entry.data(), entry.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(entry.size());
}

}  // namespace tidemark::mirror
