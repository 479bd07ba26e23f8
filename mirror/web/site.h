// What all handlers share: the running service, its state, the settings of now, who has signed in. Safe for several
// threads.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include <sys/types.h>

#include "mirror/base/web_settings.h"
#include "mirror/service/live.h"
#include "mirror/service/orders.h"
#include "mirror/service/view.h"
#include "mirror/web/exchange.h"
#include "mirror/web/log_ring.h"
#include "mirror/web/sessions.h"
#include "mirror/web/stores.h"

namespace tidemark::mirror::web {

struct Snapshot {
    std::shared_ptr<const service::Workspace> workspace;
    service::LiveFacts facts;
    service::Views views;
};

/// Who waits for news has a thread for as long: some are left for all others.
class WaitingRoom {
public:
    explicit WaitingRoom(int places) : m_free(places) {}
    bool enter() noexcept {
        if (m_free.fetch_sub(1) > 0) return true;
        m_free.fetch_add(1);
        return false;
    }
    void leave() noexcept { m_free.fetch_add(1); }

private:
    std::atomic<int> m_free;
};

/// Threads that answer, and how many of these may wait.
inline constexpr int k_network_threads = 96;
inline constexpr int k_network_waiting = 64;
inline constexpr int k_local_threads = 32;
inline constexpr int k_local_waiting = 24;

class Site {
public:
    Site(service::Live& facts, service::Orders& commands, LogRing& lines, std::filesystem::path state,
         std::string own_version)
        : live(facts), orders(commands), log(lines), stores(std::move(state)), version(std::move(own_version)) {}

    service::Live& live;
    service::Orders& orders;
    LogRing& log;
    Stores stores;
    Sessions sessions;
    const std::string version;

    std::shared_ptr<const WebSettings> settings() const {
        const std::lock_guard lock(m_mutex);
        return m_settings;
    }
    void set_settings(WebSettings settings) {
        auto shared = std::make_shared<const WebSettings>(std::move(settings));
        const std::lock_guard lock(m_mutex);
        m_settings.swap(shared);
    }

    /// The server ends: whoever waits for news goes without.
    void close() {
        m_closing.request_stop();
        log.close();
    }
    std::stop_token closing() const noexcept { return m_closing.get_token(); }

    /// Objects, state and facts as they are now, or were a second ago: many ask at once, and one reads for all. Null
    /// before the objects were read. Throws Error{storage}.
    std::shared_ptr<const Snapshot> snapshot();
    /// The next snapshot is a new one: somebody changed something and wants to see it.
    void forget_snapshot();

    WaitingRoom& waiting_room(const Peer& peer) noexcept { return peer.is_local() ? m_local_room : m_network_room; }

    /// The group whose members may change things through the Unix socket.
    gid_t socket_group() const noexcept { return m_socket_group; }
    void set_socket_group(gid_t group) noexcept { m_socket_group = group; }

    static std::chrono::sys_seconds now() {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    }

private:
    static constexpr auto k_snapshot_age = std::chrono::seconds(1);

    std::stop_source m_closing;
    WaitingRoom m_network_room{k_network_waiting};
    WaitingRoom m_local_room{k_local_waiting};
    std::atomic<gid_t> m_socket_group = static_cast<gid_t>(-1);
    std::mutex m_reading;  // one reads, the others wait for it
    std::shared_ptr<const Snapshot> m_snapshot;
    std::chrono::steady_clock::time_point m_snapshot_time;
    mutable std::mutex m_mutex;
    std::shared_ptr<const WebSettings> m_settings = std::make_shared<const WebSettings>();
};

}  // namespace tidemark::mirror::web
