// The two places where commands are carried out. For control.cpp and for the commands that only read.
#pragma once

#include <memory>

#include "mirror/base/configuration.h"
#include "mirror/cli/control.h"
#include "mirror/cli/service_client.h"

namespace tidemark::mirror::cli {

/// The running service; null if nobody answers at the configuration's socket. Throws as ServiceClient::get.
std::unique_ptr<ServiceClient> find_service(const Configuration& configuration);

std::shared_ptr<Control> control_by_service(std::unique_ptr<ServiceClient> service);
/// Takes the state's lock with the first command.
std::shared_ptr<Control> control_by_state(const Configuration& configuration, const Streams& streams);

}  // namespace tidemark::mirror::cli
