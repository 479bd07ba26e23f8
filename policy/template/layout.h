// Go's time layouts, piece by piece: "2006" is the year, "01" the month, ...
#pragma once

#include <cstdint>
#include <string_view>

namespace tidemark::policy::message {

enum class Piece : std::uint8_t {
    none,
    long_month,
    short_month,
    month,
    padded_month,
    long_weekday,
    short_weekday,
    day,
    blank_day,   // _2
    padded_day,  // 02
    blank_year_day,
    padded_year_day,
    hour,  // 15
    hour_12,
    padded_hour_12,
    minute,
    padded_minute,
    second,
    padded_second,
    long_year,
    short_year,
    upper_half,  // PM
    lower_half,
    zone_name,
    offset,           // -0700, -07:00, -07, with seconds, with Z for UTC
    fraction,         // .000
    fraction_or_none  // .999
};

struct LayoutStep {
    std::string_view literal;   // what stands before the piece
    Piece piece = Piece::none;  // none: the layout is used up
    std::string_view text;      // the piece as written
};

/// Takes the next literal and piece off the layout.
LayoutStep next_step(std::string_view& layout);

}  // namespace tidemark::policy::message
