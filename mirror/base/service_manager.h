// What the service tells systemd, by the datagrams of sd_notify(3): ready, reloading, alive, a sentence for
// `systemctl status`. Without $NOTIFY_SOCKET it tells nobody. Belongs to one thread.
// Thirty lines here save linking libsystemd into every start of the program.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark::mirror {

class ServiceManager {
public:
    /// Reads NOTIFY_SOCKET and WATCHDOG_USEC.
    explicit ServiceManager(const std::function<std::string(const char* name)>& environment);
    ~ServiceManager();
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;

    /// "READY=1" and the like, several lines in one. What cannot be delivered is dropped: there is nobody to tell.
    void send(std::string_view message) const noexcept;

    /// "WATCHDOG=1", at most four times in the time within which systemd wants to hear it. Call it where work moved.
    void alive(std::chrono::steady_clock::time_point now) noexcept;

    /// How often alive() wants to be called; unset: no watchdog is armed.
    const std::optional<std::chrono::microseconds>& watchdog_step() const noexcept { return m_watchdog_step; }

private:
    std::string m_path;
    int m_socket = -1;
    std::optional<std::chrono::microseconds> m_watchdog_step;
    std::optional<std::chrono::steady_clock::time_point> m_last_alive;
};

}  // namespace tidemark::mirror
