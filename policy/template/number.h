// Numbers as Go reads and writes them: strconv.ParseInt, ParseFloat, FormatFloat, and the constants of a template.
#pragma once

#include <complex>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "policy/base/result.h"

namespace tidemark::policy::message {

/// Base 10 or 8, or 0: as the prefix says (0x, 0o, 0b, 0), with underscores between digits. Nothing where it is
/// malformed or does not fit.
std::optional<std::int64_t> parse_integer(std::string_view text, int base);
std::optional<std::uint64_t> parse_natural(std::string_view text, int base);
/// Decimal or hexadecimal, inf, nan. Too large is malformed, too small is 0.
std::optional<double> parse_floating(std::string_view text);

/// FormatFloat(value, format, precision, 64) for the formats e E f F g G; precision below 0 is the shortest text
/// that reads back as the same number.
std::string format_floating(double value, char format, int precision);
/// Go's (1+2i).
std::string format_complex(std::complex<double> value);

/// A constant of a template. As in Go it may be several things at once: 1.0 is an integer too.
struct Number {
    std::string text;
    bool is_integer = false;
    bool is_natural = false;
    bool is_floating = false;
    bool is_complex = false;
    std::int64_t integer = 0;
    std::uint64_t natural = 0;
    double floating = 0;
    std::complex<double> complex;
};

enum class NumberForm { plain, character, complex };

Result<Number> parse_number(std::string_view text, NumberForm form);

}  // namespace tidemark::policy::message
