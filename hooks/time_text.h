// Times as text, without the C library's time zones: "2026-11-28T00:00:00Z". Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark::hooks {

std::string to_text(std::chrono::sys_seconds time);
/// Exactly the form that to_text writes; else nothing.
std::optional<std::chrono::sys_seconds> find_time(std::string_view text) noexcept;

}  // namespace tidemark::hooks
