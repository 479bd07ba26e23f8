// One verb of a format applied to one value. Internal to format*.cpp.
#pragma once

#include <string>
#include <string_view>

#include "policy/template/context.h"

namespace tidemark::policy::message {

struct Flags {
    bool plus = false;
    bool minus = false;
    bool sharp = false;
    bool space = false;
    bool zero = false;
    bool plus_v = false;   // %+v
    bool sharp_v = false;  // %#v
    int width = -1;
    int precision = -1;
};

class Formatter {
public:
    Formatter(Text& out, Flags flags) : m_out(out), m_flags(flags) {}

    /// Go's printArg.
    void argument(const Value& value, char32_t verb);

private:
    void value(const Value& value, char32_t verb, int depth);
    void list(const Value& value, char32_t verb, int depth);
    void map(const Value& value, char32_t verb, int depth);
    void structure(const Value& value, char32_t verb, int depth);
    /// Whether the value speaks for itself: Go's Stringer.
    bool own_text(const Value& value, char32_t verb);
    void boolean(bool value, const Value& whole, char32_t verb);
    void integer(std::uint64_t magnitude, bool negative, const Value& whole, char32_t verb);
    void floating(double number, const Value& whole, char32_t verb);
    void complex(std::complex<double> number, const Value& whole, char32_t verb);
    void text(std::string_view text, const Value& whole, char32_t verb);
    void bad_verb(const Value& value, char32_t verb);

    void digits(std::uint64_t magnitude, bool negative, unsigned base, char32_t verb, bool capital);
    void hexadecimal(std::string_view bytes, bool capital);
    void quote(std::string_view text);
    void float_text(double number, char format, int precision);
    std::string_view truncated(std::string_view text) const;
    /// Writes with the width, padded on the left or right.
    void pad(std::string_view text);

    Text& m_out;
    Flags m_flags;
    bool m_erroring = false;
};

}  // namespace tidemark::policy::message
