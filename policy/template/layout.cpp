#include "policy/template/layout.h"

#include <array>

namespace tidemark::policy::message {
namespace {

struct Pattern {
    std::string_view text;
    Piece piece;
};

/// Longer ones before those they begin with.
constexpr std::array k_patterns{
    Pattern{"January", Piece::long_month},
    Pattern{"Jan", Piece::short_month},
    Pattern{"Monday", Piece::long_weekday},
    Pattern{"Mon", Piece::short_weekday},
    Pattern{"MST", Piece::zone_name},
    Pattern{"002", Piece::padded_year_day},
    Pattern{"01", Piece::padded_month},
    Pattern{"02", Piece::padded_day},
    Pattern{"03", Piece::padded_hour_12},
    Pattern{"04", Piece::padded_minute},
    Pattern{"05", Piece::padded_second},
    Pattern{"06", Piece::short_year},
    Pattern{"15", Piece::hour},
    Pattern{"1", Piece::month},
    Pattern{"2006", Piece::long_year},
    Pattern{"2", Piece::day},
    Pattern{"__2", Piece::blank_year_day},
    Pattern{"_2", Piece::blank_day},
    Pattern{"3", Piece::hour_12},
    Pattern{"4", Piece::minute},
    Pattern{"5", Piece::second},
    Pattern{"PM", Piece::upper_half},
    Pattern{"pm", Piece::lower_half},
    Pattern{"-07:00:00", Piece::offset},
    Pattern{"-07:00", Piece::offset},
    Pattern{"-070000", Piece::offset},
    Pattern{"-0700", Piece::offset},
    Pattern{"-07", Piece::offset},
    Pattern{"Z07:00:00", Piece::offset},
    Pattern{"Z07:00", Piece::offset},
    Pattern{"Z070000", Piece::offset},
    Pattern{"Z0700", Piece::offset},
    Pattern{"Z07", Piece::offset},
};

bool is_small(char byte) noexcept {
    return byte >= 'a' && byte <= 'z';
}
bool is_digit_byte(char byte) noexcept {
    return byte >= '0' && byte <= '9';
}

/// ".000" or ",999", not followed by another digit; the length, or 0.
std::size_t fraction_length(std::string_view layout) {
    if (layout.size() < 2 || (layout[0] != '.' && layout[0] != ',') || (layout[1] != '0' && layout[1] != '9')) return 0;
    std::size_t size = 1;
    while (size < layout.size() && layout[size] == layout[1])
        ++size;
    return size < layout.size() && is_digit_byte(layout[size]) ? 0 : size;
}

Pattern pattern_at(std::string_view layout) {
    if (layout.starts_with("_2006")) return {"", Piece::none};  // a literal before the year
    for (const Pattern& pattern : k_patterns) {
        if (!layout.starts_with(pattern.text)) continue;
        // "Jan" in "Janet" is text.
        const bool name = pattern.piece == Piece::short_month || pattern.piece == Piece::short_weekday;
        if (name && layout.size() > pattern.text.size() && is_small(layout[pattern.text.size()])) continue;
        return pattern;
    }
    if (const std::size_t size = fraction_length(layout); size > 0)
        return {layout.substr(0, size), layout[1] == '0' ? Piece::fraction : Piece::fraction_or_none};
    return {"", Piece::none};
}

}  // namespace

LayoutStep next_step(std::string_view& layout) {
    for (std::size_t index = 0; index < layout.size(); ++index) {
        const Pattern pattern = pattern_at(layout.substr(index));
        if (pattern.piece == Piece::none) continue;
        const LayoutStep step{layout.substr(0, index), pattern.piece, layout.substr(index, pattern.text.size())};
        layout.remove_prefix(index + pattern.text.size());
        return step;
    }
    const LayoutStep step{layout, Piece::none, {}};
    layout = {};
    return step;
}

}  // namespace tidemark::policy::message
