#include "mirror/cli/service_text.h"

#include <array>

#include <fmt/format.h>

#include "mirror/cli/messages.h"
#include "mirror/cli/plural.h"
#include "policy/base/timestamp.h"

namespace tidemark::mirror::cli {
namespace {

std::string_view symbol_of(store::Severity severity) noexcept {
    switch (severity) {
        case store::Severity::info:
            break;
        case store::Severity::warning:
            return "⚠️ ";
        case store::Severity::error:
            return "✗";
    }
    return "✔";
}

}  // namespace

std::string event_line(const store::Event& event) {
    std::string line = fmt::format("{}  {} {:<16}", policy::format_timestamp(event.time), symbol_of(event.severity),
                                   visible(event.reason));
    if (event.kind) line += fmt::format(" {} {}:", policy::kind_name(*event.kind), visible(event.object.to_string()));
    line += " " + visible(event.message);
    const auto reason = event.facts.find("reason");
    if (!event.who.empty())
        line += fmt::format(" ({}{})", visible(event.who),
                            reason == event.facts.end() ? "" : ": " + visible(reason->second));
    line += '\n';
    for (const std::string& detail : event.details)
        line += fmt::format("{:<24}{}\n", "", visible(detail));
    return line;
}

std::string age_text(std::chrono::sys_seconds time, std::chrono::sys_seconds now) {
    if (time == std::chrono::sys_seconds()) return "never";
    const std::int64_t seconds = std::max<std::int64_t>((now - time).count(), 0);
    if (seconds < 120) return fmt::format("{} s ago", seconds);
    if (seconds < 120 * 60) return fmt::format("{} min ago", seconds / 60);
    if (seconds < 48 * 3600) return fmt::format("{} h ago", seconds / 3600);
    return fmt::format("{} days ago", seconds / 86400);
}

std::string size_text(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 4> k_units = {"kB", "MB", "GB", "TB"};
    double size = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    while (size >= 999.5 && unit + 1 < k_units.size()) {
        size /= 1000;
        ++unit;
    }
    return fmt::format("{:.0f} {}", size, k_units[unit]);
}

}  // namespace tidemark::mirror::cli
