// What the service and its log tell, as lines of a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "mirror/store/records.h"

namespace tidemark::mirror::cli {

/// One event: "2026-11-21T09:12:00Z  Pinned  flux-system/web  is pinned to 1.25.1 (ada: bug 4711)", details below.
std::string event_line(const store::Event& event);

/// A time as a table shows it: "20 s ago", "3 min ago", "4 days ago", "never".
std::string age_text(std::chrono::sys_seconds time, std::chrono::sys_seconds now);

/// "14 MB".
std::string size_text(std::uint64_t bytes);

}  // namespace tidemark::mirror::cli
