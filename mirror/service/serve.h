// The service: works on whatever is due, until it is told to stop; scans, updates and looks at remotes go side by side
// (rounds.h), and one thread begins them and takes in what they bring. It keeps the state's lock, reads objects again
// when their files or their Git source moved, and the configuration when asked; what cannot be read leaves the last
// good one running.
#pragma once

#include <functional>
#include <string>

#include "mirror/base/configuration.h"
#include "mirror/base/service_manager.h"
#include "mirror/service/live.h"
#include "mirror/service/orders.h"
#include "mirror/service/report.h"
#include "mirror/service/workspace.h"

namespace tidemark::mirror::service {

/// Where the service's words go; called on its thread.
struct ServeOutput {
    Reporter report;                                                    // what is new about an object
    std::function<void(Outcome outcome, const std::string& text)> say;  // about the service itself
    std::function<void(const Workspace& workspace)> objects;            // these are worked on from now on
    /// This configuration is used from now on; the state is open. An Error says that it cannot be.
    std::function<void(const Configuration& configuration)> configured;
};

/// Returns after Orders::stop(), with nobody waiting for a command any more; what it does is to be seen in `live`.
/// Throws Error for what keeps it from starting: a configuration that does not validate, a state folder that another
/// process has or that cannot be written. Later nothing of that ends it.
void serve(const std::function<Configuration()>& read_configuration, Orders& orders, Live& live,
           ServiceManager& manager, const ServeOutput& output);

}  // namespace tidemark::mirror::service
