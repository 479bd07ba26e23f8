#include "hooks/verdict_log.h"

#include <cstring>
#include <exception>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tidemark::hooks {
namespace {

constexpr mode_t k_mode = 0640;

int open_syslog() noexcept {
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) return -1;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    constexpr std::string_view k_path = "/dev/log";
    std::memcpy(address.sun_path, k_path.data(), k_path.size());
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
    ::close(socket);
    return -1;
}

}  // namespace

VerdictLog::VerdictLog(const std::string& target) noexcept : m_syslog(target == "syslog") {
    if (m_syslog) {
        m_descriptor = open_syslog();
    } else if (!target.empty()) {
        // Without waiting: what stands there may be a pipe that nobody reads.
        m_descriptor = ::open(target.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, k_mode);
    }
}

VerdictLog::~VerdictLog() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

std::string VerdictLog::frame(std::string_view line) const {
    // Facility user, severity notice.
    return m_syslog ? fmt::format("<13>tidemark-hook[{}]: {}", ::getpid(), line) : fmt::format("{}\n", line);
}

void VerdictLog::write(std::string_view line) noexcept {
    if (m_descriptor < 0) return;
    try {
        const std::string bytes = frame(line);
        [[maybe_unused]] const ssize_t written = ::write(m_descriptor, bytes.data(), bytes.size());
    } catch (const std::exception&) {
        // Out of memory: the verdict stands without its line.
    }
}

}  // namespace tidemark::hooks
