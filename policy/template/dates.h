// Points in time as values: what toDate gives, with Go's layouts ("2006-01-02 15:04 MST") to read and write them.
// There is no clock here and no time zone data: local time is UTC, other zones are offsets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "policy/template/value.h"

namespace tidemark::policy::message {

struct Moment {
    std::int64_t seconds = -62'135'596'800;  // since 1970; Go's zero time is the year 1
    std::int32_t nanoseconds = 0;
    std::int32_t offset = 0;   // seconds east of UTC
    std::string zone = "UTC";  // empty: known by its offset only
};

/// Date and clock in the moment's own zone.
struct CalendarTime {
    std::int64_t year = 0;
    unsigned month = 1;  // 1 to 12
    unsigned day = 1;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    unsigned weekday = 0;   // 0 is Sunday
    unsigned year_day = 1;  // 1 to 366
};

CalendarTime calendar_time(const Moment& moment);
/// Seconds since 1970 of a date and clock at offset 0; fields beyond their range carry over.
std::int64_t seconds_of(std::int64_t year, std::int64_t month, std::int64_t day, std::int64_t hour, std::int64_t minute,
                        std::int64_t second);
unsigned days_in(std::int64_t year, unsigned month);

std::string format_moment(const Moment& moment, std::string_view layout);
/// Nothing where the text does not follow the layout.
std::optional<Moment> parse_moment(std::string_view layout, std::string_view text);

std::string_view month_name(unsigned month) noexcept;      // 1 is January
std::string_view weekday_name(unsigned weekday) noexcept;  // 0 is Sunday

namespace types {

extern const Type time;

}  // namespace types

}  // namespace tidemark::policy::message
