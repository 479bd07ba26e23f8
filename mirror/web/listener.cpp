#include "mirror/web/listener.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocketImpl.h>
#include <Poco/Net/SocketAddress.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/base/local_socket.h"

namespace tidemark::mirror::web {
namespace {

using Poco::Net::ServerSocket;
using Poco::Net::SocketAddress;
using std::chrono::milliseconds;

/// How soon a waiting connection notices that the server ends.
constexpr milliseconds k_wait_step(200);
/// How long and how much of a request that nobody reads is let in after the answer.
constexpr milliseconds k_farewell(500);
constexpr std::size_t k_most_rest = std::size_t{1} << 20;
constexpr int k_backlog = 128;
constexpr std::size_t k_most_groups = 65536;

ErrorKind kind_of(int error_number) noexcept {
    return error_number == EACCES || error_number == EPERM ? ErrorKind::permission : ErrorKind::network;
}

/// What the kernel knows of the process that connected.
Peer local_peer(int descriptor) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        throw Poco::Net::NetException("asking the kernel who connected", errno);
    Peer peer;
    peer.user = credentials.uid;
    peer.group = credentials.gid;
    // The kernel says by ERANGE how many bytes there are.
    size = 0;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, nullptr, &size) != 0 && errno == ERANGE &&
        size / sizeof(gid_t) <= k_most_groups) {
        peer.groups.resize(size / sizeof(gid_t));
        if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, peer.groups.data(), &size) != 0) peer.groups.clear();
    }
    return peer;
}

/// A listening socket whose connections are ours.
class ListenerImpl final : public Poco::Net::ServerSocketImpl {
public:
    ListenerImpl(int descriptor, bool local, std::shared_ptr<Guests> guests)
        : m_local(local), m_guests(std::move(guests)) {
        reset(descriptor);
    }

    Poco::Net::SocketImpl* acceptConnection(SocketAddress& client) override {
        sockaddr_storage address{};
        socklen_t size = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        OpenDescriptor descriptor(::accept4(sockfd(), generic, &size, SOCK_CLOEXEC));
        if (descriptor.get() < 0) throw Poco::Net::NetException("taking a connection", errno);
        Peer peer;
        if (m_local) {
            peer = local_peer(descriptor.get());
        } else {
            client = SocketAddress(generic, size);
            peer.address = client.host().toString();
        }
        auto* const connection = new Connection(descriptor.get(), std::move(peer), m_guests);
        descriptor.release();
        return connection;
    }

private:
    const bool m_local;
    const std::shared_ptr<Guests> m_guests;
};

/// Poco keeps the constructor for derived classes.
class Listener final : public ServerSocket {
public:
    explicit Listener(ListenerImpl* implementation) : ServerSocket(implementation, true) {}
};

ServerSocket make_listener(OpenDescriptor descriptor, bool local, std::shared_ptr<Guests> guests) {
    auto* const implementation = new ListenerImpl(descriptor.get(), local, std::move(guests));
    descriptor.release();
    return Listener(implementation);
}

}  // namespace

// Guests

bool Guests::enter(const std::string& address) {
    const std::lock_guard lock(m_mutex);
    if (m_all >= m_limits.most_connections) return false;
    std::size_t& own = m_by_address[address];
    const bool trusted = std::find(m_trusted.begin(), m_trusted.end(), address) != m_trusted.end();
    if (!trusted && own >= m_limits.most_per_address) return false;
    ++own;
    ++m_all;
    return true;
}

void Guests::leave(const std::string& address) noexcept {
    const std::lock_guard lock(m_mutex);
    --m_all;
    const auto found = m_by_address.find(address);
    if (found != m_by_address.end() && --found->second == 0) m_by_address.erase(found);
}

void Guests::set_trusted(std::vector<std::string> addresses) {
    const std::lock_guard lock(m_mutex);
    m_trusted = std::move(addresses);
}

// Connection

Connection::Connection(int descriptor, Peer peer, std::shared_ptr<Guests> guests)
    : StreamSocketImpl(descriptor),
      m_peer(std::move(peer)),
      m_guests(std::move(guests)),
      m_admitted(m_guests->enter(m_peer.address)),
      m_read_until(Clock::now() + m_guests->limits().read_time) {}

Connection::~Connection() {
    if (m_admitted) m_guests->leave(m_peer.address);
}

void Connection::begin() {
    m_read_until = Clock::now() + m_guests->limits().read_time;
}

void Connection::finish() noexcept {
    if (::shutdown(sockfd(), SHUT_WR) != 0) return;
    const auto until = Clock::now() + k_farewell;
    std::array<char, 4096> rest;
    try {
        for (std::size_t read = 0; read < k_most_rest;) {
            wait_for(POLLIN, until);
            const ssize_t count = ::recv(sockfd(), rest.data(), rest.size(), MSG_DONTWAIT);
            if (count <= 0) return;
            read += static_cast<std::size_t>(count);
        }
    } catch (const Poco::Exception&) {
        // It had its moment.
    }
}

void Connection::turn_away() noexcept {
    constexpr std::string_view k_words =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    // What does not get through at once is not worth a wait.
    [[maybe_unused]] const ssize_t sent = ::send(sockfd(), k_words.data(), k_words.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

void Connection::wait_for(short what, Clock::time_point deadline) {
    while (true) {
        if (m_guests->closed()) throw Poco::Net::ConnectionAbortedException("the server ends");
        const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
        if (left.count() <= 0) throw Poco::TimeoutException("the other end took too long");
        pollfd wait{sockfd(), what, 0};
        const int ready = ::poll(&wait, 1, static_cast<int>(std::min(left, k_wait_step).count()));
        if (ready > 0) return;
        if (ready < 0 && errno != EINTR) throw Poco::Net::NetException("waiting for the other end", errno);
    }
}

int Connection::receiveBytes(void* buffer, int length, int flags) {
    const std::size_t left = m_guests->limits().most_bytes - m_received;
    if (left == 0) throw Poco::Net::MessageException("the request is too large");
    const std::size_t wanted = std::min(static_cast<std::size_t>(std::max(length, 0)), left);
    while (true) {
        wait_for(POLLIN, m_read_until);
        const ssize_t count = ::recv(sockfd(), buffer, wanted, flags | MSG_DONTWAIT);
        if (count >= 0) {
            m_received += static_cast<std::size_t>(count);
            return static_cast<int>(count);
        }
        if (errno != EINTR && errno != EAGAIN) throw Poco::Net::ConnectionResetException("reading a request", errno);
    }
}

int Connection::sendBytes(const void* buffer, int length, int flags) {
    if (m_write_until == Clock::time_point()) m_write_until = Clock::now() + m_guests->limits().write_time;
    const char* rest = static_cast<const char*>(buffer);
    std::size_t left = static_cast<std::size_t>(std::max(length, 0));
    while (left > 0) {
        wait_for(POLLOUT, m_write_until);
        const ssize_t count = ::send(sockfd(), rest, left, flags | MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count >= 0) {
            rest += count;
            left -= static_cast<std::size_t>(count);
        } else if (errno != EINTR && errno != EAGAIN) {
            throw Poco::Net::ConnectionResetException("sending an answer", errno);
        }
    }
    return length;
}

bool Connection::poll(const Poco::Timespan& timeout, int mode) {
    const auto asked = Clock::now() + std::chrono::microseconds(timeout.totalMicroseconds());
    try {
        wait_for((mode & Poco::Net::Socket::SELECT_WRITE) != 0 ? POLLOUT : POLLIN, std::min(asked, m_read_until));
        return true;
    } catch (const Poco::TimeoutException&) {
        return false;
    }
}

SocketAddress Connection::address() {
    // Poco wants a name even where there is none, and sets TCP's options for all others.
    if (m_peer.is_local()) return SocketAddress(SocketAddress::UNIX_LOCAL, "service.sock");
    return StreamSocketImpl::address();
}

SocketAddress Connection::peerAddress() {
    if (m_peer.is_local()) return SocketAddress(SocketAddress::UNIX_LOCAL, "peer");
    return StreamSocketImpl::peerAddress();
}

// Listening

ServerSocket listen_at(const std::string& address, std::shared_ptr<Guests> guests) {
    const SocketAddress place(address);
    OpenDescriptor descriptor(::socket(place.addr()->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int yes = 1;
    if (descriptor.get() < 0 || ::setsockopt(descriptor.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        ::bind(descriptor.get(), place.addr(), place.length()) != 0 || ::listen(descriptor.get(), k_backlog) != 0)
        throw Error(kind_of(errno), fmt::format("listening on {} (web.listen): {}", address, describe_errno(errno)));
    return make_listener(std::move(descriptor), false, std::move(guests));
}

ServerSocket listen_at(const std::filesystem::path& path, std::shared_ptr<Guests> guests) {
    return make_listener(listen_locally(path, "socket", 0660), true, std::move(guests));
}

}  // namespace tidemark::mirror::web
