// One pass from objects to pushed commits: what `run` does once, and `plan` without writing.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "mirror/base/configuration.h"
#include "mirror/service/report.h"
#include "mirror/service/session.h"
#include "mirror/service/update.h"

namespace tidemark::mirror::service {

struct PassSummary {
    UpdateSummary updates;
    std::size_t not_ready = 0;  // objects, files that could not be read among them
    std::string warning;        // of the store: why it starts empty
};

/// Scans, decides and updates.
PassSummary run_pass(const Configuration& configuration, Session& session, PassMode mode, std::chrono::sys_seconds now,
                     const Reporter& report);

}  // namespace tidemark::mirror::service
