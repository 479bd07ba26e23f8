// What all handlers share: the running service, its state, the settings of now. Safe for several threads.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "mirror/base/web_settings.h"
#include "mirror/service/live.h"
#include "mirror/service/orders.h"
#include "mirror/web/log_ring.h"
#include "mirror/web/stores.h"

namespace tidemark::mirror::web {

class Site {
public:
    Site(service::Live& facts, service::Orders& commands, LogRing& lines, std::filesystem::path state,
         std::string own_version)
        : live(facts), orders(commands), log(lines), stores(std::move(state)), version(std::move(own_version)) {}

    service::Live& live;
    service::Orders& orders;
    LogRing& log;
    Stores stores;
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

    static std::chrono::sys_seconds now() {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    }

private:
    std::stop_source m_closing;
    mutable std::mutex m_mutex;
    std::shared_ptr<const WebSettings> m_settings = std::make_shared<const WebSettings>();
};

}  // namespace tidemark::mirror::web
