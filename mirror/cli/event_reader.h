// Where `events` reads what happened: the running service, asked over its socket, or the state.
#pragma once

#include <chrono>
#include <vector>

#include "mirror/base/configuration.h"
#include "mirror/cli/service_client.h"
#include "mirror/store/records.h"

namespace tidemark::mirror::cli {

class EventReader {
public:
    explicit EventReader(Configuration configuration) : m_configuration(std::move(configuration)) {}

    /// The newest, at most so many, the latest at the end. Throws Error.
    std::vector<store::Event> newest(std::size_t limit);
    /// Those after an event, the latest at the end; when there are none yet, after a while none. Throws Error.
    std::vector<store::Event> after(std::int64_t id);

private:
    Configuration m_configuration;
    bool m_told_by_service = false;
};

/// One answer of /api/v1/events, in its order. Throws Error{network} where it is none.
std::vector<store::Event> read_told_events(const std::string& json);

}  // namespace tidemark::mirror::cli
