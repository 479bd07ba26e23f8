#include "policy/template/dates.h"

#include <array>
#include <chrono>
#include <cstdlib>

#include <fmt/format.h>

#include "policy/template/layout.h"

namespace tidemark::policy::message {
namespace {

constexpr std::int64_t k_day_seconds = 86'400;

/// Rounds towards the past.
std::int64_t floor_divided(std::int64_t number, std::int64_t divisor) {
    const std::int64_t quotient = number / divisor;
    return number % divisor < 0 ? quotient - 1 : quotient;
}

bool is_leap(std::int64_t year) noexcept {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar (Hinnant's days_from_civil).
std::int64_t days_from(std::int64_t year, unsigned month, unsigned day) {
    year -= month <= 2 ? 1 : 0;
    const std::int64_t era = floor_divided(year, 400);
    const auto year_of_era = static_cast<unsigned>(year - era * 400);
    const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146'097 + static_cast<std::int64_t>(day_of_era) - 719'468;
}

std::string offset_text(std::int32_t offset, std::string_view pattern) {
    if (pattern.front() == 'Z' && offset == 0) return "Z";
    const unsigned size = static_cast<unsigned>(std::abs(offset));
    std::string text(1, offset < 0 ? '-' : '+');
    text += fmt::format("{:02}", size / 3600);
    const bool colon = pattern.find(':') != std::string_view::npos;
    if (pattern.size() > 3) text += fmt::format("{}{:02}", colon ? ":" : "", size / 60 % 60);
    if (pattern.size() > 6) text += fmt::format("{}{:02}", colon ? ":" : "", size % 60);
    return text;
}

std::string fraction_text(std::int32_t nanoseconds, const LayoutStep& step) {
    std::string digits = fmt::format("{:09}", nanoseconds);
    digits.resize(std::min<std::size_t>(step.text.size() - 1, 9));
    if (step.piece == Piece::fraction_or_none) {
        digits.erase(digits.find_last_not_of('0') + 1);
        if (digits.empty()) return {};
    }
    return step.text.front() + digits;
}

std::string year_text(std::int64_t year) {
    return year < 0 ? fmt::format("-{:04}", -year) : fmt::format("{:04}", year);
}

std::string piece_text(const Moment& moment, const CalendarTime& time, const LayoutStep& step) {
    const unsigned hour_12 = time.hour % 12 == 0 ? 12 : time.hour % 12;
    switch (step.piece) {
        case Piece::none:
            return {};
        case Piece::long_month:
            return std::string(month_name(time.month));
        case Piece::short_month:
            return std::string(month_name(time.month).substr(0, 3));
        case Piece::month:
            return std::to_string(time.month);
        case Piece::padded_month:
            return fmt::format("{:02}", time.month);
        case Piece::long_weekday:
            return std::string(weekday_name(time.weekday));
        case Piece::short_weekday:
            return std::string(weekday_name(time.weekday).substr(0, 3));
        case Piece::day:
            return std::to_string(time.day);
        case Piece::blank_day:
            return fmt::format("{:2}", time.day);
        case Piece::padded_day:
            return fmt::format("{:02}", time.day);
        case Piece::blank_year_day:
            return fmt::format("{:3}", time.year_day);
        case Piece::padded_year_day:
            return fmt::format("{:03}", time.year_day);
        case Piece::hour:
            return fmt::format("{:02}", time.hour);
        case Piece::hour_12:
            return std::to_string(hour_12);
        case Piece::padded_hour_12:
            return fmt::format("{:02}", hour_12);
        case Piece::minute:
            return std::to_string(time.minute);
        case Piece::padded_minute:
            return fmt::format("{:02}", time.minute);
        case Piece::second:
            return std::to_string(time.second);
        case Piece::padded_second:
            return fmt::format("{:02}", time.second);
        case Piece::long_year:
            return year_text(time.year);
        case Piece::short_year:
            return fmt::format("{:02}", std::abs(time.year) % 100);
        case Piece::upper_half:
            return time.hour >= 12 ? "PM" : "AM";
        case Piece::lower_half:
            return time.hour >= 12 ? "pm" : "am";
        case Piece::zone_name:
            return moment.zone.empty() ? offset_text(moment.offset, "-0700") : moment.zone;
        case Piece::offset:
            return offset_text(moment.offset, step.text);
        case Piece::fraction:
        case Piece::fraction_or_none:
            return fraction_text(moment.nanoseconds, step);
    }
    return {};
}

}  // namespace

std::string_view month_name(unsigned month) noexcept {
    constexpr std::array<std::string_view, 12> k_names{"January",   "February", "March",    "April",
                                                       "May",       "June",     "July",     "August",
                                                       "September", "October",  "November", "December"};
    return k_names[(month + 11) % 12];
}

std::string_view weekday_name(unsigned weekday) noexcept {
    constexpr std::array<std::string_view, 7> k_names{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                      "Thursday", "Friday", "Saturday"};
    return k_names[weekday % 7];
}

unsigned days_in(std::int64_t year, unsigned month) {
    constexpr std::array<unsigned, 12> k_days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : k_days[(month + 11) % 12];
}

std::int64_t seconds_of(std::int64_t year, std::int64_t month, std::int64_t day, std::int64_t hour, std::int64_t minute,
                        std::int64_t second) {
    const std::int64_t years = floor_divided(month - 1, 12);
    const auto in_range = static_cast<unsigned>(month - years * 12);
    return (days_from(year + years, in_range, 1) + day - 1) * k_day_seconds + hour * 3600 + minute * 60 + second;
}

CalendarTime calendar_time(const Moment& moment) {
    const std::int64_t local = moment.seconds + moment.offset;
    const std::int64_t days = floor_divided(local, k_day_seconds);
    const auto clock = static_cast<unsigned>(local - days * k_day_seconds);
    // Hinnant's civil_from_days.
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = floor_divided(shifted, 146'097);
    const auto day_of_era = static_cast<unsigned>(shifted - era * 146'097);
    const unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const unsigned march_month = (5 * day_of_year + 2) / 153;
    CalendarTime time;
    time.day = day_of_year - (153 * march_month + 2) / 5 + 1;
    time.month = march_month < 10 ? march_month + 3 : march_month - 9;
    time.year = static_cast<std::int64_t>(year_of_era) + era * 400 + (time.month <= 2 ? 1 : 0);
    time.hour = clock / 3600;
    time.minute = clock / 60 % 60;
    time.second = clock % 60;
    time.weekday = static_cast<unsigned>(((days + 4) % 7 + 7) % 7);
    time.year_day = static_cast<unsigned>(days - days_from(time.year, 1, 1)) + 1;
    return time;
}

std::string format_moment(const Moment& moment, std::string_view layout) {
    const CalendarTime time = calendar_time(moment);
    std::string text;
    while (!layout.empty()) {
        const LayoutStep step = next_step(layout);
        text += step.literal;
        text += piece_text(moment, time, step);
    }
    return text;
}

}  // namespace tidemark::policy::message
