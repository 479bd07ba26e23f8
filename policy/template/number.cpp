#include "policy/template/number.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "policy/template/quote.h"

namespace tidemark::policy::message {
namespace {

bool is_decimal(char byte) noexcept {
    return byte >= '0' && byte <= '9';
}
char lowered(char byte) noexcept {
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

bool is_hexadecimal(char byte) noexcept {
    return is_decimal(byte) || (lowered(byte) >= 'a' && lowered(byte) <= 'f');
}

bool equal_ignoring_case(std::string_view text, std::string_view small) {
    return std::equal(text.begin(), text.end(), small.begin(), small.end(),
                      [](char left, char right) { return lowered(left) == right; });
}

/// Underscores stand only between digits, or between a base prefix and a digit.
bool underscores_fit(std::string_view text, bool after_prefix) {
    bool digit = after_prefix;
    for (std::size_t index = 0; index < text.size(); ++index) {
        if (text[index] == '_') {
            if (!digit || index + 1 == text.size() || !is_hexadecimal(text[index + 1])) return false;
            digit = false;
        } else {
            digit = is_hexadecimal(text[index]);
        }
    }
    return true;
}

bool take_sign(std::string_view& text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    return negative;
}

/// The part of a number that consists of digits, dot and exponent is well formed.
bool is_floating_syntax(std::string_view text, bool hexadecimal) {
    const auto is_digit_here = [&](char byte) { return hexadecimal ? is_hexadecimal(byte) : is_decimal(byte); };
    std::size_t index = 0;
    std::size_t digits = 0;
    for (bool dot = false; index < text.size(); ++index) {
        if (is_digit_here(text[index])) {
            ++digits;
        } else if (text[index] == '.' && !dot) {
            dot = true;
        } else {
            break;
        }
    }
    if (digits == 0) return false;
    if (index == text.size()) return !hexadecimal;  // a hexadecimal fraction needs its p
    if (lowered(text[index]) != (hexadecimal ? 'p' : 'e')) return false;
    std::string_view exponent = text.substr(index + 1);
    take_sign(exponent);
    return !exponent.empty() && std::all_of(exponent.begin(), exponent.end(), is_decimal);
}

/// "1.5e+08" of to_chars, taken apart.
struct Decimal {
    std::string digits;
    int exponent = 0;  // of the first digit
};

Decimal decimal_of(double value, int precision) {
    std::array<char, 1100> buffer{};
    const auto end = precision < 0 ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                                   std::chars_format::scientific)
                                   : std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                                   std::chars_format::scientific, precision);
    const std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
    const std::size_t mark = text.find('e');
    Decimal decimal;
    for (const char byte : text.substr(0, mark)) {
        if (is_decimal(byte)) decimal.digits += byte;
    }
    std::string_view exponent = text.substr(mark + 1);
    const bool negative = take_sign(exponent);
    std::from_chars(exponent.data(), exponent.data() + exponent.size(), decimal.exponent);
    if (negative) decimal.exponent = -decimal.exponent;
    return decimal;
}

std::string with_exponent(const Decimal& decimal, char letter) {
    std::string text = decimal.digits.substr(0, 1);
    if (decimal.digits.size() > 1) text += "." + decimal.digits.substr(1);
    text += letter;
    text += decimal.exponent < 0 ? '-' : '+';
    const std::string exponent = std::to_string(std::abs(decimal.exponent));
    if (exponent.size() < 2) text += '0';
    return text + exponent;
}

std::string without_exponent(double value, int precision) {
    std::array<char, 1500> buffer{};
    const auto end =
        precision < 0
            ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed)
            : std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, precision);
    return {buffer.data(), end.ptr};
}

std::string general(double value, char letter, int precision) {
    const int wanted = precision == 0 ? 1 : precision;
    Decimal decimal = decimal_of(value, wanted < 0 ? -1 : wanted - 1);
    while (decimal.digits.size() > 1 && decimal.digits.back() == '0')
        decimal.digits.pop_back();
    const int count = static_cast<int>(decimal.digits.size());
    int limit = wanted;
    if (limit > count && count >= decimal.exponent + 1) limit = count;
    if (wanted < 0) limit = 6;
    if (wanted < 0 && value == 0) return "0";
    if (decimal.exponent < -4 || decimal.exponent >= limit) return with_exponent(decimal, letter);
    return without_exponent(value, std::max(count - decimal.exponent - 1, 0));
}

void fill_integers(Number& number) {
    if (const auto natural = parse_natural(number.text, 0)) {
        number.is_natural = true;
        number.natural = *natural;
    }
    if (const auto integer = parse_integer(number.text, 0)) {
        number.is_integer = true;
        number.integer = *integer;
        // -0 is a natural number too.
        if (*integer == 0) {
            number.is_natural = true;
            number.natural = 0;
        }
    }
}

/// A floating number without fraction serves as an integer as well.
void add_integers(Number& number) {
    constexpr double k_two_63 = 9223372036854775808.0;
    const double value = number.floating;
    if (std::trunc(value) != value) return;
    if (!number.is_integer && value >= -k_two_63 && value < k_two_63) {
        number.is_integer = true;
        number.integer = static_cast<std::int64_t>(value);
    }
    if (!number.is_natural && value >= 0 && value < 2 * k_two_63) {
        number.is_natural = true;
        number.natural = static_cast<std::uint64_t>(value);
    }
}

}  // namespace

std::optional<std::uint64_t> parse_natural(std::string_view text, int base) {
    std::string without;
    if (base == 0) {
        base = 10;
        bool prefix = false;
        if (text.size() > 1 && text[0] == '0') {
            const char letter = lowered(text[1]);
            base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
            prefix = letter == 'x' || letter == 'b' || letter == 'o';
            text.remove_prefix(prefix ? 2 : 1);
        }
        if (text.find('_') != std::string_view::npos) {
            if (!underscores_fit(text, prefix || base == 8)) return std::nullopt;
            without = text;
            std::erase(without, '_');
            text = without;
        }
    }
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text, int base) {
    const bool negative = take_sign(text);
    if (text.starts_with('-') || text.starts_with('+')) return std::nullopt;
    const std::optional<std::uint64_t> value = parse_natural(text, base);
    constexpr std::uint64_t k_two_63 = 1ULL << 63;
    if (!value || *value > k_two_63 || (!negative && *value == k_two_63)) return std::nullopt;
    return negative ? static_cast<std::int64_t>(0 - *value) : static_cast<std::int64_t>(*value);
}

std::optional<double> parse_floating(std::string_view text) {
    std::string_view rest = text;
    const bool negative = take_sign(rest);
    const bool signed_text = rest.size() != text.size();
    if (equal_ignoring_case(rest, "inf") || equal_ignoring_case(rest, "infinity"))
        return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
    if (!signed_text && equal_ignoring_case(rest, "nan")) return std::numeric_limits<double>::quiet_NaN();
    const bool hexadecimal = rest.size() > 2 && rest[0] == '0' && lowered(rest[1]) == 'x';
    if (hexadecimal) rest.remove_prefix(2);
    if (!underscores_fit(rest, hexadecimal)) return std::nullopt;
    std::string digits(rest);
    std::erase(digits, '_');
    if (!is_floating_syntax(digits, hexadecimal)) return std::nullopt;
    if (hexadecimal) digits.insert(0, "0x");
    errno = 0;
    const double value = std::strtod(digits.c_str(), nullptr);
    if (std::isinf(value)) return std::nullopt;
    return negative ? -value : value;
}

namespace {

/// "0x1.8p+01".
std::string hexadecimal(double positive, bool capital, int precision) {
    std::array<char, 1100> buffer{};
    char* const last = buffer.data() + buffer.size();
    const auto end = precision < 0 ? std::to_chars(buffer.data(), last, positive, std::chars_format::hex)
                                   : std::to_chars(buffer.data(), last, positive, std::chars_format::hex, precision);
    std::string text = "0x" + std::string(buffer.data(), end.ptr);
    const std::size_t exponent = text.find('p') + 2;
    if (text.size() - exponent < 2) text.insert(exponent, "0");
    if (capital)
        std::transform(text.begin(), text.end(), text.begin(), [](char byte) {
            return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
        });
    return text;
}

}  // namespace

std::string format_floating(double value, char format, int precision) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
    const bool capital = format == 'E' || format == 'G' || format == 'F';
    const char letter = capital ? 'E' : 'e';
    std::string text;
    const double positive = std::fabs(value);
    if (lowered(format) == 'e') {
        text = with_exponent(decimal_of(positive, precision), letter);
    } else if (lowered(format) == 'f') {
        text = without_exponent(positive, precision);
    } else if (lowered(format) == 'x') {
        text = hexadecimal(positive, format == 'X', precision);
    } else {
        text = general(positive, letter, precision);
    }
    return std::signbit(value) ? "-" + text : text;
}

std::string format_complex(std::complex<double> value) {
    const auto part = [](double number, bool sign) {
        const std::string text = format_floating(number, 'g', -1);
        return sign && text[0] != '-' && text[0] != '+' ? "+" + text : text;
    };
    return "(" + part(value.real(), false) + part(value.imag(), true) + "i)";
}

Result<Number> parse_number(std::string_view text, NumberForm form) {
    Number number;
    number.text = text;
    const Problem bad{"bad number syntax: " + quoted(text), std::nullopt};
    if (form == NumberForm::character) {
        const std::optional<char32_t> rune = unquote_rune(text);
        if (!rune) return Problem{"malformed character constant: " + std::string(text), std::nullopt};
        number.integer = static_cast<std::int64_t>(*rune);
        number.natural = *rune;
        number.floating = static_cast<double>(*rune);
        number.is_integer = number.is_natural = number.is_floating = true;
        return number;
    }
    if (form == NumberForm::complex || text.ends_with('i')) {
        const std::string_view body = text.substr(0, text.size() - 1);
        std::size_t split = form == NumberForm::complex ? body.find_last_of("+-") : 0;
        if (split != 0 && split != std::string_view::npos && lowered(body[split - 1]) == 'e')
            split = body.find_last_of("+-", split - 1);
        if (split == std::string_view::npos) split = 0;
        const std::optional<double> real = split == 0 ? 0.0 : parse_floating(body.substr(0, split));
        const std::optional<double> imaginary = parse_floating(body.substr(split));
        if (!real || !imaginary) return bad;
        number.complex = {*real, *imaginary};
        number.is_complex = true;
        if (*imaginary == 0) {
            number.is_floating = true;
            number.floating = *real;
            add_integers(number);
        }
        return number;
    }
    fill_integers(number);
    if (number.is_integer || number.is_natural) {
        number.is_floating = true;
        number.floating = number.is_integer ? static_cast<double>(number.integer) : static_cast<double>(number.natural);
        return number;
    }
    const std::optional<double> floating = parse_floating(text);
    if (!floating) return bad;
    if (text.find_first_of(".eEpP") == std::string_view::npos)
        return Problem{"integer overflow: " + quoted(text), std::nullopt};
    number.is_floating = true;
    number.floating = *floating;
    add_integers(number);
    return number;
}

}  // namespace tidemark::policy::message
