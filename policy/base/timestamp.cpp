#include "policy/base/timestamp.h"

#include <array>
#include <optional>

#include <fmt/format.h>

namespace tidemark::policy {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;
using std::chrono::year_month_day;

/// The numbers of `text` where it has the form of `shape`, in which '0' stands for any digit.
std::optional<std::array<int, 6>> numbers_of(std::string_view text, std::string_view shape) noexcept {
    if (text.size() != shape.size()) return std::nullopt;
    std::array<int, 6> numbers{};
    std::size_t number = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (shape[i] != '0') {
            if (text[i] != shape[i]) return std::nullopt;
            ++number;
            continue;
        }
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        numbers[number] = numbers[number] * 10 + (text[i] - '0');
    }
    return numbers;
}

/// How far the zone at the end is ahead of UTC; takes it off the text.
std::optional<minutes> take_zone(std::string_view& text) noexcept {
    if (text.ends_with('Z')) {
        text.remove_suffix(1);
        return minutes(0);
    }
    constexpr std::size_t k_size = 6;
    if (text.size() < k_size) return std::nullopt;
    const std::string_view zone = text.substr(text.size() - k_size);
    const auto numbers = numbers_of(zone.substr(1), "00:00");
    if (!numbers || (zone.front() != '+' && zone.front() != '-')) return std::nullopt;
    if ((*numbers)[0] > 23 || (*numbers)[1] > 59) return std::nullopt;
    text.remove_suffix(k_size);
    const minutes ahead = hours((*numbers)[0]) + minutes((*numbers)[1]);
    return zone.front() == '+' ? ahead : -ahead;
}

std::optional<sys_seconds> read(std::string_view text) noexcept {
    minutes ahead(0);
    auto numbers = numbers_of(text, "0000-00-00");
    if (!numbers) {
        const auto zone = take_zone(text);
        if (!zone) return std::nullopt;
        ahead = *zone;
        numbers = numbers_of(text, "0000-00-00T00:00:00");
    }
    if (!numbers) return std::nullopt;
    const auto [year, month, day, hour, minute, second] = *numbers;
    const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                              std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    return std::chrono::sys_days(date) + hours(hour) + minutes(minute) + seconds(second) - ahead;
}

struct Parts {
    year_month_day date;
    std::chrono::hh_mm_ss<seconds> clock;
};

Parts parts_of(sys_seconds time) noexcept {
    const auto day = std::chrono::floor<days>(time);
    return {year_month_day(day), std::chrono::hh_mm_ss<seconds>(time - day)};
}

}  // namespace

Result<sys_seconds> parse_timestamp(std::string_view text) {
    if (const auto time = read(text)) return *time;
    return Problem{fmt::format("\"{}\" is no date or time: write 2026-12-31 or 2026-12-31T18:00:00Z", text), {}};
}

std::string format_timestamp(sys_seconds time) {
    const auto [date, clock] = parts_of(time);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

std::string format_minute(sys_seconds time) {
    const auto [date, clock] = parts_of(time);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count());
}

}  // namespace tidemark::policy
