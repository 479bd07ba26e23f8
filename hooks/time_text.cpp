#include "hooks/time_text.h"

#include <array>

#include <fmt/format.h>

namespace tidemark::hooks {

std::string to_text(std::chrono::sys_seconds time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

std::optional<std::chrono::sys_seconds> find_time(std::string_view text) noexcept {
    constexpr std::string_view k_shape = "0000-00-00T00:00:00Z";
    if (text.size() != k_shape.size()) return std::nullopt;
    std::array<int, 6> numbers{};
    std::size_t number = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (k_shape[i] != '0') {
            if (text[i] != k_shape[i]) return std::nullopt;
            ++number;
        } else {
            if (text[i] < '0' || text[i] > '9') return std::nullopt;
            numbers[number] = numbers[number] * 10 + (text[i] - '0');
        }
    }
    const std::chrono::year_month_day date{std::chrono::year(numbers[0]),
                                           std::chrono::month(static_cast<unsigned>(numbers[1])),
                                           std::chrono::day(static_cast<unsigned>(numbers[2]))};
    if (!date.ok() || numbers[3] > 23 || numbers[4] > 59 || numbers[5] > 59) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(numbers[3]) + std::chrono::minutes(numbers[4]) +
           std::chrono::seconds(numbers[5]);
}

}  // namespace tidemark::hooks
