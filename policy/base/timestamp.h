// Points in time as people write them and as they are shown to them, always in UTC, without the C library's time
// zones. Pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "policy/base/result.h"

namespace tidemark::policy {

/// RFC 3339: "2026-12-01T10:00:00Z", "2026-12-01T10:00:00+01:00"; also a date alone, which is its first moment in UTC.
Result<std::chrono::sys_seconds> parse_timestamp(std::string_view text);

/// "2026-12-01T10:00:00Z".
std::string format_timestamp(std::chrono::sys_seconds time);

/// "2026-12-01 10:00 UTC", for sentences.
std::string format_minute(std::chrono::sys_seconds time);

}  // namespace tidemark::policy
