#include "mirror/service/push_listener.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <functional>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/service/push_notice.h"

namespace tidemark::mirror::service {
namespace {

/// A line only means "look now".
constexpr mode_t k_mode = 0666;
constexpr auto k_longest_wait = std::chrono::minutes(1);

}  // namespace

void PushListener::configure(const std::filesystem::path& path) {
    if (path == m_path) return;
    OpenDescriptor socket, wake;
    if (!path.empty()) {
        socket = listen_locally(path, "postReceive", k_mode);
        wake = OpenDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
        if (wake.get() < 0)
            throw Error(ErrorKind::internal, fmt::format("making an eventfd: {}", describe_errno(errno)));
    }
    stop();
    m_path = path;
    m_socket = std::move(socket);
    m_wake = std::move(wake);
    if (!path.empty()) m_thread = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

void PushListener::stop() {
    if (!m_thread.joinable()) return;
    m_thread.request_stop();
    m_thread.join();
    m_callers.clear();
    std::error_code ignored;
    std::filesystem::remove(m_path, ignored);
}

void PushListener::serve(const std::stop_token& stop) {
    const std::stop_callback wake(stop, [this] {
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t written = ::write(m_wake.get(), &one, sizeof one);
    });
    while (!stop.stop_requested()) {
        wait();
        const Instant now = Clock::now();
        if (now - m_second >= std::chrono::seconds(1)) {
            m_second = now;
            m_accepted = 0;
        }
        accept_some(now);
        std::erase_if(m_callers, [&](Caller& caller) { return hear(caller, now); });
        hand_on(now);
    }
}

/// Until somebody comes or writes, or one of the times is over.
void PushListener::wait() {
    Instant until = Clock::now() + k_longest_wait;
    std::vector<pollfd> ready = {{m_wake.get(), POLLIN, 0}};
    if (may_accept()) {
        ready.push_back({m_socket.get(), POLLIN, 0});
    } else if (m_accepted >= k_most_a_second) {
        until = std::min<Instant>(until, m_second + std::chrono::seconds(1));
    }
    for (const Caller& caller : m_callers) {
        ready.push_back({caller.descriptor.get(), POLLIN, 0});
        until = std::min(until, caller.end);
    }
    for (const ObjectKey& key : m_told)
        until = std::min(until, m_not_before.at(key));
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    ::poll(ready.data(), ready.size(), static_cast<int>(std::max<decltype(left)>(left, 0)));
}

void PushListener::accept_some(Instant now) {
    while (may_accept()) {
        OpenDescriptor caller(::accept4(m_socket.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (caller.get() < 0) {
            if (errno == EINTR || errno == ECONNABORTED) continue;
            // Without descriptors or memory it would stay ready.
            if (errno != EAGAIN) m_accepted = k_most_a_second;
            return;
        }
        ++m_accepted;
        m_callers.push_back({std::move(caller), now + k_longest_line, ""});
    }
}

bool PushListener::hear(Caller& caller, Instant now) {
    std::array<char, 4096> part{};
    while (true) {
        const ssize_t got = ::recv(caller.descriptor.get(), part.data(), part.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EAGAIN && now < caller.end) return false;
        if (got <= 0) break;
        caller.text.append(part.data(), static_cast<std::size_t>(got));
        const std::size_t end = caller.text.find('\n', caller.text.size() - static_cast<std::size_t>(got));
        if (end != std::string::npos && end <= k_most_bytes) {
            take(std::string_view(caller.text).substr(0, end));
            return true;
        }
        if (caller.text.size() > k_most_bytes) break;
    }
    m_live.count_push_notice("malformed");
    return true;
}

void PushListener::take(std::string_view line) {
    try {
        const auto notice = read_push_notice(line);
        const auto workspace = m_live.workspace();
        if (!notice) return m_live.count_push_notice("malformed");
        const std::set<ObjectKey> automations =
            workspace ? find_automations(*notice, workspace->objects) : std::set<ObjectKey>();
        m_live.count_push_notice(automations.empty() ? "unknown" : "known");
        for (const ObjectKey& key : automations) {
            m_not_before.try_emplace(key);
            m_told.insert(key);
        }
    } catch (const std::exception&) {
        m_live.count_push_notice("malformed");
    }
}

void PushListener::hand_on(Instant now) {
    std::set<ObjectKey> due;
    for (const ObjectKey& key : m_told)
        if (m_not_before.at(key) <= now) due.insert(key);
    for (const ObjectKey& key : due) {
        m_told.erase(key);
        m_not_before[key] = now + k_distance;
    }
    if (!due.empty()) m_orders.look(due);
    std::erase_if(m_not_before,
                  [&](const auto& entry) { return entry.second <= now && !m_told.contains(entry.first); });
}

}  // namespace tidemark::mirror::service
