#include <algorithm>

#include "policy/template/dates.h"
#include "policy/template/layout.h"
#include "policy/template/number.h"

namespace tidemark::policy::message {
namespace {

bool is_digit_byte(char byte) noexcept {
    return byte >= '0' && byte <= '9';
}
bool is_mark(char byte) noexcept {
    return byte == '.' || byte == ',';
}
char lowered(char byte) noexcept {
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

/// Reads a text along a layout; every method says whether what it wanted was there.
class Reader {
public:
    explicit Reader(std::string_view text) : m_rest(text) {}

    std::optional<Moment> run(std::string_view layout) {
        for (;;) {
            const LayoutStep step = next_step(layout);
            if (!literal(step.literal)) return std::nullopt;
            if (step.piece == Piece::none) break;
            if (!piece(step, layout)) return std::nullopt;
        }
        if (!m_rest.empty()) return std::nullopt;
        return moment();
    }

private:
    /// A run of blanks matches any run of blanks, an empty one only at the end.
    bool literal(std::string_view wanted) {
        while (!wanted.empty()) {
            if (wanted.front() == ' ') {
                if (!m_rest.empty() && m_rest.front() != ' ') return false;
                wanted.remove_prefix(std::min(wanted.find_first_not_of(' '), wanted.size()));
                m_rest.remove_prefix(std::min(m_rest.find_first_not_of(' '), m_rest.size()));
                continue;
            }
            if (!m_rest.starts_with(wanted.front())) return false;
            wanted.remove_prefix(1);
            m_rest.remove_prefix(1);
        }
        return true;
    }

    bool digits(std::size_t count, std::int64_t& target) {
        if (m_rest.size() < count ||
            !std::all_of(m_rest.begin(), m_rest.begin() + static_cast<std::ptrdiff_t>(count), is_digit_byte))
            return false;
        target = parse_integer(m_rest.substr(0, count), 10).value_or(0);
        m_rest.remove_prefix(count);
        return true;
    }

    /// One or two digits, exactly two where `padded`.
    bool number(bool padded, std::int64_t least, std::int64_t most, std::int64_t& target) {
        const bool two = m_rest.size() > 1 && is_digit_byte(m_rest[1]);
        if (padded && !two) return false;
        return digits(two ? 2 : 1, target) && target >= least && target <= most;
    }

    bool name(std::string_view (*names)(unsigned) noexcept, unsigned first, unsigned count, bool whole,
              std::int64_t& target) {
        for (unsigned index = first; index < first + count; ++index) {
            const std::string_view wanted = whole ? names(index) : names(index).substr(0, 3);
            if (m_rest.size() < wanted.size() ||
                !std::equal(wanted.begin(), wanted.end(), m_rest.begin(),
                            [](char left, char right) { return lowered(left) == lowered(right); }))
                continue;
            m_rest.remove_prefix(wanted.size());
            target = index;
            return true;
        }
        return false;
    }

    bool half(std::string_view before_noon, std::string_view after_noon) {
        m_after_noon = m_rest.starts_with(after_noon);
        m_before_noon = m_rest.starts_with(before_noon);
        if (!m_after_noon && !m_before_noon) return false;
        m_rest.remove_prefix(2);
        return true;
    }

    void skip_blanks(std::size_t most) {
        while (most-- > 0 && m_rest.starts_with(' '))
            m_rest.remove_prefix(1);
    }

    bool piece(const LayoutStep& step, std::string_view layout) {
        std::int64_t ignored = 0;
        switch (step.piece) {
            case Piece::none:
                return true;
            case Piece::long_month:
                return name(month_name, 1, 12, true, m_month);
            case Piece::short_month:
                return name(month_name, 1, 12, false, m_month);
            case Piece::month:
                return number(false, 1, 12, m_month);
            case Piece::padded_month:
                return number(true, 1, 12, m_month);
            case Piece::long_weekday:
                return name(weekday_name, 0, 7, true, ignored);
            case Piece::short_weekday:
                return name(weekday_name, 0, 7, false, ignored);
            case Piece::blank_day:
                skip_blanks(1);
                return number(false, 0, 99, m_day);
            case Piece::day:
                return number(false, 0, 99, m_day);
            case Piece::padded_day:
                return number(true, 0, 99, m_day);
            case Piece::blank_year_day:
                skip_blanks(2);
                return number(false, 1, 99, m_year_day) || digits(3, m_year_day);
            case Piece::padded_year_day:
                return digits(3, m_year_day);
            case Piece::hour:
                return number(false, 0, 23, m_hour);
            case Piece::hour_12:
                return number(false, 0, 12, m_hour);
            case Piece::padded_hour_12:
                return number(true, 0, 12, m_hour);
            case Piece::minute:
                return number(false, 0, 59, m_minute);
            case Piece::padded_minute:
                return number(true, 0, 59, m_minute);
            case Piece::second:
                return number(false, 0, 59, m_second) && unannounced_fraction(layout);
            case Piece::padded_second:
                return number(true, 0, 59, m_second) && unannounced_fraction(layout);
            case Piece::long_year:
                return digits(4, m_year);
            case Piece::short_year:
                return short_year();
            case Piece::upper_half:
                return half("AM", "PM");
            case Piece::lower_half:
                return half("am", "pm");
            case Piece::zone_name:
                return zone_name();
            case Piece::offset:
                return offset(step.text);
            case Piece::fraction:
                return fraction(step.text.size() - 1);
            case Piece::fraction_or_none:
                return !at_fraction() || fraction(fraction_digits());
        }
        return false;
    }

    bool short_year() {
        if (!digits(2, m_year)) return false;
        m_year += m_year >= 69 ? 1900 : 2000;
        return true;
    }

    bool at_fraction() const { return m_rest.size() > 1 && is_mark(m_rest[0]) && is_digit_byte(m_rest[1]); }
    std::size_t fraction_digits() const {
        std::size_t count = 0;
        while (count + 1 < m_rest.size() && is_digit_byte(m_rest[count + 1]))
            ++count;
        return count;
    }

    /// Seconds may have a fraction that the layout does not speak of.
    bool unannounced_fraction(std::string_view layout) {
        if (!at_fraction()) return true;
        const LayoutStep next = next_step(layout);
        const bool announced =
            next.literal.empty() && (next.piece == Piece::fraction || next.piece == Piece::fraction_or_none);
        return announced || fraction(fraction_digits());
    }

    bool fraction(std::size_t count) {
        if (m_rest.empty() || !is_mark(m_rest[0]) || m_rest.size() < count + 1) return false;
        std::string text(m_rest.substr(1, count));
        if (!std::all_of(text.begin(), text.end(), is_digit_byte)) return false;
        text.resize(9, '0');
        m_nanoseconds = static_cast<std::int32_t>(parse_integer(text, 10).value_or(0));
        m_rest.remove_prefix(count + 1);
        return true;
    }

    bool offset(std::string_view pattern) {
        if (pattern.front() == 'Z' && m_rest.starts_with('Z')) {
            m_rest.remove_prefix(1);
            m_offset = 0;
            return true;
        }
        if (!m_rest.starts_with('+') && !m_rest.starts_with('-')) return false;
        const bool negative = m_rest.front() == '-';
        m_rest.remove_prefix(1);
        const bool colon = pattern.find(':') != std::string_view::npos;
        std::int64_t hours = 0;
        std::int64_t minutes = 0;
        std::int64_t seconds = 0;
        if (!digits(2, hours) || hours > 24) return false;
        if (pattern.size() > 3 && (!(!colon || literal(":")) || !digits(2, minutes) || minutes > 60)) return false;
        if (pattern.size() > 6 && (!(!colon || literal(":")) || !digits(2, seconds) || seconds > 60)) return false;
        const std::int64_t all = hours * 3600 + minutes * 60 + seconds;
        m_offset = static_cast<std::int32_t>(negative ? -all : all);
        return true;
    }

    /// Three to five capitals. A name tells no offset, except UTC.
    bool zone_name() {
        std::size_t size = 0;
        while (size < m_rest.size() && m_rest[size] >= 'A' && m_rest[size] <= 'Z')
            ++size;
        if (m_rest.starts_with("UTC")) size = 3;
        if (size < 3 || size > 5) return false;
        m_zone = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return true;
    }

    std::optional<Moment> moment() {
        if (m_after_noon && m_hour < 12) m_hour += 12;
        if (m_before_noon && m_hour == 12) m_hour = 0;
        if (m_year_day > 0 && !apply_year_day()) return std::nullopt;
        if (m_day < 1 || m_day > days_in(m_year, static_cast<unsigned>(m_month))) return std::nullopt;
        Moment moment;
        moment.seconds = seconds_of(m_year, m_month, m_day, m_hour, m_minute, m_second);
        moment.nanoseconds = m_nanoseconds;
        if (m_offset) {
            moment.seconds -= *m_offset;
            moment.offset = *m_offset;
            if (*m_offset != 0) moment.zone = m_zone;
        } else if (!m_zone.empty()) {
            moment.zone = m_zone;
        }
        return moment;
    }

    bool apply_year_day() {
        const std::int64_t days = days_in(m_year, 2) == 29 ? 366 : 365;
        if (m_year_day > days) return false;
        for (m_month = 1; m_year_day > days_in(m_year, static_cast<unsigned>(m_month)); ++m_month)
            m_year_day -= days_in(m_year, static_cast<unsigned>(m_month));
        m_day = m_year_day;
        return true;
    }

    std::string_view m_rest;
    std::int64_t m_year = 0;
    std::int64_t m_month = 1;
    std::int64_t m_day = 1;
    std::int64_t m_year_day = 0;
    std::int64_t m_hour = 0;
    std::int64_t m_minute = 0;
    std::int64_t m_second = 0;
    std::int32_t m_nanoseconds = 0;
    bool m_after_noon = false;
    bool m_before_noon = false;
    std::optional<std::int32_t> m_offset;
    std::string m_zone;
};

}  // namespace

std::optional<Moment> parse_moment(std::string_view layout, std::string_view text) {
    return Reader(text).run(layout);
}

}  // namespace tidemark::policy::message
