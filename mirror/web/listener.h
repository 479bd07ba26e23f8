// Sockets for Poco's server: listening on an address or a Unix path, and connections that keep to a total time and
// size whatever the other end does (Poco's own timeouts begin anew with each byte), are counted by address, and know
// who is at the other end. Descriptors are closed in child processes.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocketImpl.h>

#include "mirror/web/exchange.h"

namespace tidemark::mirror::web {

struct ConnectionLimits {
    std::chrono::milliseconds read_time;   // for head and body together
    std::chrono::milliseconds write_time;  // for the answer
    std::size_t most_bytes;                // of head and body together
    std::size_t most_connections;
    std::size_t most_per_address;  // the trusted proxies' addresses may have all
};

/// What the connections of one listener share. Safe for several threads.
class Guests {
public:
    explicit Guests(ConnectionLimits limits) : m_limits(limits) {}

    const ConnectionLimits& limits() const noexcept { return m_limits; }
    /// Counts a connection in; false: too many.
    bool enter(const std::string& address);
    void leave(const std::string& address) noexcept;
    void set_trusted(std::vector<std::string> addresses);

    /// Ends every wait for a byte soon.
    void close() noexcept { m_closed = true; }
    bool closed() const noexcept { return m_closed; }

private:
    const ConnectionLimits m_limits;
    std::atomic<bool> m_closed = false;
    std::mutex m_mutex;
    std::map<std::string, std::size_t> m_by_address;
    std::size_t m_all = 0;
    std::vector<std::string> m_trusted;
};

class Connection final : public Poco::Net::StreamSocketImpl {
public:
    Connection(int descriptor, Peer peer, std::shared_ptr<Guests> guests);

    const Peer& peer() const noexcept { return m_peer; }
    /// False: there are too many already.
    bool admitted() const noexcept { return m_admitted; }
    /// Its thread has begun with it: the time runs from now on.
    void begin();
    /// Everything was said: waits a moment for the other end to have read it, as closing while it still sends would
    /// take the answer away.
    void finish() noexcept;
    /// Says that there are too many, without waiting.
    void turn_away() noexcept;

    int receiveBytes(void* buffer, int length, int flags) override;
    int sendBytes(const void* buffer, int length, int flags) override;
    bool poll(const Poco::Timespan& timeout, int mode) override;
    Poco::Net::SocketAddress address() override;
    Poco::Net::SocketAddress peerAddress() override;

private:
    using Clock = std::chrono::steady_clock;
    ~Connection() override;
    /// Throws Poco's exceptions when the deadline is over or the server ends.
    void wait_for(short what, Clock::time_point deadline);

    const Peer m_peer;
    const std::shared_ptr<Guests> m_guests;
    bool m_admitted;
    std::size_t m_received = 0;
    Clock::time_point m_read_until;
    Clock::time_point m_write_until{};  // not set before the first byte of the answer
};

/// Listens at "127.0.0.1:8099" or "[::1]:8099". Throws Error{usage|permission|network}.
Poco::Net::ServerSocket listen_at(const std::string& address, std::shared_ptr<Guests> guests);

/// Listens on a Unix socket with mode 0660; one that was left over there is replaced, one that somebody listens on and
/// anything that is no socket is not. Throws Error{usage|permission|conflict|storage}.
Poco::Net::ServerSocket listen_at(const std::filesystem::path& path, std::shared_ptr<Guests> guests);

}  // namespace tidemark::mirror::web
