#include "mirror/base/service_manager.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tidemark::mirror {

ServiceManager::ServiceManager(const std::function<std::string(const char* name)>& environment)
    : m_path(environment("NOTIFY_SOCKET")) {
    const bool usable = (m_path.starts_with('/') || m_path.starts_with('@')) && m_path.size() > 1 &&
                        m_path.size() < sizeof(sockaddr_un::sun_path);
    if (usable) m_socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const std::string text = environment("WATCHDOG_USEC");
    std::uint32_t microseconds = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), microseconds).ec == std::errc() && microseconds > 0)
        m_watchdog_step = std::chrono::microseconds(microseconds / 4);
}

ServiceManager::~ServiceManager() {
    if (m_socket >= 0) ::close(m_socket);
}

void ServiceManager::send(std::string_view message) const noexcept {
    if (m_socket < 0) return;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(m_path.begin(), m_path.end(), address.sun_path);
    if (m_path.front() == '@') address.sun_path[0] = '\0';  // a name in the abstract space
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + m_path.size());
    [[maybe_unused]] const ssize_t sent = ::sendto(m_socket, message.data(), message.size(), MSG_NOSIGNAL,
                                                   reinterpret_cast<const sockaddr*>(&address), size);
}

void ServiceManager::alive(std::chrono::steady_clock::time_point now) noexcept {
    if (!m_watchdog_step || (m_last_alive && now - *m_last_alive < *m_watchdog_step)) return;
    m_last_alive = now;
    send("WATCHDOG=1");
}

}  // namespace tidemark::mirror
