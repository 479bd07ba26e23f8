// Hears of pushes on a Unix socket (`postReceive` of the configuration), where everybody on the host may write: one
// line a connection, capped in size, time and number. What it is about is looked at soon, each automation at most every
// k_distance; what comes in between is one look. Its own thread; configure() by one thread at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "mirror/base/local_socket.h"
#include "mirror/service/live.h"
#include "mirror/service/orders.h"

namespace tidemark::mirror::service {

class PushListener {
public:
    PushListener(Orders& orders, Live& live) : m_orders(orders), m_live(live) {}
    ~PushListener() { stop(); }
    PushListener(const PushListener&) = delete;
    PushListener& operator=(const PushListener&) = delete;

    /// There from now on; empty: nowhere. Throws Error if it cannot; then it listens where it did.
    void configure(const std::filesystem::path& path);

    static constexpr std::size_t k_most_bytes = std::size_t{64} << 10U;
    static constexpr auto k_longest_line = std::chrono::seconds(1);
    static constexpr std::size_t k_most_callers = 32;
    /// Connections in a second; more wait.
    static constexpr std::size_t k_most_a_second = 50;
    static constexpr auto k_distance = std::chrono::seconds(2);

private:
    using Clock = std::chrono::steady_clock;
    using Instant = Clock::time_point;
    struct Caller {
        OpenDescriptor descriptor;
        Instant end;
        std::string text;
    };

    // The thread's.
    void serve(const std::stop_token& stop);
    void wait();
    void accept_some(Instant now);
    /// Whether it is done with.
    bool hear(Caller& caller, Instant now);
    void take(std::string_view line);
    void hand_on(Instant now);
    bool may_accept() const noexcept { return m_callers.size() < k_most_callers && m_accepted < k_most_a_second; }

    void stop();

    Orders& m_orders;
    Live& m_live;
    std::filesystem::path m_path;
    OpenDescriptor m_socket;
    OpenDescriptor m_wake;
    std::vector<Caller> m_callers;
    Instant m_second;            // when the one began in which
    std::size_t m_accepted = 0;  // so many came
    std::set<ObjectKey> m_told;  // and not handed on
    std::map<ObjectKey, Instant> m_not_before;
    std::jthread m_thread;
};

}  // namespace tidemark::mirror::service
