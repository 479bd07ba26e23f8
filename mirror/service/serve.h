// The service: passes over whatever is due, until it is told to stop. One thread does the work; scans within a pass go
// side by side. It keeps the state's lock, reads objects again when their files or their Git source moved, and the
// configuration when asked; what cannot be read leaves the last good one running.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>

#include "mirror/base/configuration.h"
#include "mirror/base/service_manager.h"
#include "mirror/service/report.h"
#include "mirror/service/workspace.h"

namespace tidemark::mirror::service {

/// What the service is told from outside, by any thread.
class Orders {
public:
    /// No new work; what runs ends at once or is undone.
    void stop();
    /// Read the configuration again.
    void reload();

    // For the service's thread.
    std::stop_token stop_token() const noexcept { return m_stop.get_token(); }
    bool take_reload();
    /// Returns at that time, or earlier when there is an order.
    void wait_until(std::chrono::steady_clock::time_point time);

private:
    std::stop_source m_stop;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_reload = false;
};

/// Where the service's words go; called on its thread.
struct ServeOutput {
    Reporter report;                                                    // what is new about an object
    std::function<void(Outcome outcome, const std::string& text)> say;  // about the service itself
    std::function<void(const Workspace& workspace)> objects;            // these are worked on from now on
};

/// Returns after Orders::stop(). Throws Error for what keeps it from starting: a configuration that does not validate,
/// a state folder that another process has or that cannot be written. Later nothing of that ends it.
void serve(const std::function<Configuration()>& read_configuration, Orders& orders, ServiceManager& manager,
           const ServeOutput& output);

}  // namespace tidemark::mirror::service
