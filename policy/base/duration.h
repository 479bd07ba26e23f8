// Durations as Go writes and reads them, which is what Flux's objects and flags hold.
// Rules: conformance/README.md "Durations and selectors", conformance/labels-duration.json.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "policy/base/result.h"

namespace tidemark::policy {

/// Go's time.ParseDuration: "90s", "1.5h", "-5m", "100ms", "0"; no days, no bare number but 0.
Result<std::chrono::nanoseconds> parse_duration(std::string_view text);

/// Go's Duration.String: "1h30m0s", "5m0s", "1.5s", "100ms", "0s".
std::string format_duration(std::chrono::nanoseconds duration);

/// Whether the objects' schema takes `text` as an interval: no sign, units ms, s, m, h, digits on both
/// sides of a dot, always a unit (`crd_pattern` in labels-duration.json).
bool is_interval(std::string_view text) noexcept;

}  // namespace tidemark::policy
