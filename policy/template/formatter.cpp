#include "policy/template/formatter.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "policy/template/format.h"
#include "policy/template/number.h"
#include "policy/template/quote.h"
#include "policy/template/unicode.h"

namespace tidemark::policy::message {
namespace {

/// A dict may hold itself; Go would run out of stack.
constexpr int k_deepest_print = 200;

}  // namespace

void Formatter::argument(const Value& item, char32_t verb) {
    if (item.missing()) {
        if (verb == 'T' || verb == 'v') return pad("<nil>");
        return bad_verb(item, verb);
    }
    if (verb == 'T') return text(item.type().name, item, 's');
    value(item, verb, 0);
}

void Formatter::value(const Value& item, char32_t verb, int depth) {
    if (depth > k_deepest_print) {
        m_out.budget().stop("a value is nested too deeply to be printed");
        return;
    }
    if (!m_out.budget().spend_steps(1) || own_text(item, verb)) return;
    switch (item.kind()) {
        case Kind::none:
        case Kind::nil:
            return m_flags.sharp_v ? m_out.append("interface {}(nil)") : m_out.append("<nil>");
        case Kind::boolean:
            return boolean(item.as_boolean(), item, verb);
        case Kind::integer: {
            const std::int64_t number = item.as_integer();
            const auto bits = static_cast<std::uint64_t>(number);
            return integer(number < 0 ? 0 - bits : bits, number < 0, item, verb);
        }
        case Kind::natural:
            return integer(item.as_natural(), false, item, verb);
        case Kind::floating:
            return floating(item.as_floating(), item, verb);
        case Kind::complex:
            return complex(item.as_complex(), item, verb);
        case Kind::text:
            return text(item.as_text(), item, verb);
        case Kind::list:
            return list(item, verb, depth);
        case Kind::map:
            return map(item, verb, depth);
        case Kind::structure:
            return structure(item, verb, depth);
        case Kind::native:
            return m_out.append(item.type().to_text ? item.type().to_text(item) : "{}");
    }
}

bool Formatter::own_text(const Value& item, char32_t verb) {
    constexpr std::u32string_view k_text_verbs = U"vsxXq";
    if (m_erroring || m_flags.sharp_v || item.missing() || !item.type().to_text) return false;
    if (k_text_verbs.find(verb) == std::u32string_view::npos) return false;
    text(item.type().to_text(item), item, verb);
    return true;
}

void Formatter::list(const Value& item, char32_t verb, int depth) {
    if (m_flags.sharp_v) {
        m_out.append(item.type().name);
        if (item.is_nil()) return m_out.append("(nil)");
    }
    m_out.append(m_flags.sharp_v ? '{' : '[');
    bool first = true;
    for (const Value& element : item.items()) {
        if (m_out.full()) return;
        if (!first) m_out.append(m_flags.sharp_v ? ", " : " ");
        first = false;
        value(element, verb, depth + 1);
    }
    m_out.append(m_flags.sharp_v ? '}' : ']');
}

void Formatter::map(const Value& item, char32_t verb, int depth) {
    if (m_flags.sharp_v) {
        m_out.append(item.type().name);
        if (item.is_nil()) return m_out.append("(nil)");
        m_out.append('{');
    } else {
        m_out.append("map[");
    }
    bool first = true;
    if (item.as_map()) {
        for (const auto& [key, element] : item.as_map()->entries) {
            if (m_out.full()) return;
            if (!first) m_out.append(m_flags.sharp_v ? ", " : " ");
            first = false;
            value(key, verb, depth + 1);
            m_out.append(':');
            value(element, verb, depth + 1);
        }
    }
    m_out.append(m_flags.sharp_v ? '}' : ']');
}

void Formatter::structure(const Value& item, char32_t verb, int depth) {
    if (m_flags.sharp_v) m_out.append(item.type().name);
    m_out.append('{');
    bool first = true;
    for (std::size_t index = 0; index < item.fields().size(); ++index) {
        const Field& field = item.type().fields[index];
        if (field.hidden) continue;
        if (!first) m_out.append(m_flags.sharp_v ? ", " : " ");
        first = false;
        if (m_flags.plus_v || m_flags.sharp_v) {
            m_out.append(field.name);
            m_out.append(':');
        }
        value(item.fields()[index], verb, depth + 1);
    }
    m_out.append('}');
}

void Formatter::boolean(bool truth, const Value& whole, char32_t verb) {
    if (verb != 't' && verb != 'v') return bad_verb(whole, verb);
    pad(truth ? "true" : "false");
}

void Formatter::integer(std::uint64_t magnitude, bool negative, const Value& whole, char32_t verb) {
    const char32_t code = negative || magnitude > 0x10FFFF ? k_replacement : static_cast<char32_t>(magnitude);
    switch (verb) {
        case 'v':
            if (m_flags.sharp_v && whole.kind() == Kind::natural) {
                m_flags.sharp = true;
                digits(magnitude, negative, 16, 'v', false);
                m_flags.sharp = false;
                return;
            }
            return digits(magnitude, negative, 10, verb, false);
        case 'd':
            return digits(magnitude, negative, 10, verb, false);
        case 'b':
            return digits(magnitude, negative, 2, verb, false);
        case 'o':
        case 'O':
            return digits(magnitude, negative, 8, verb, false);
        case 'x':
            return digits(magnitude, negative, 16, verb, false);
        case 'X':
            return digits(magnitude, negative, 16, verb, true);
        case 'c': {
            std::string text;
            append_rune(text, code);
            return pad(text);
        }
        case 'q':
            return pad(quoted_rune(code, m_flags.plus));
        case 'U': {
            std::string text =
                fmt::format("U+{:0{}X}", negative ? 0 - magnitude : magnitude, std::clamp(m_flags.precision, 4, 64));
            if (m_flags.sharp && code == magnitude && !negative && is_printable(code)) {
                text += " '";
                append_rune(text, code);
                text += "'";
            }
            const bool zero = std::exchange(m_flags.zero, false);
            pad(text);
            m_flags.zero = zero;
            return;
        }
        default:
            return bad_verb(whole, verb);
    }
}

void Formatter::digits(std::uint64_t magnitude, bool negative, unsigned base, char32_t verb, bool capital) {
    std::array<char, 64> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), magnitude, static_cast<int>(base));
    std::string number(buffer.data(), end.ptr);
    if (capital)
        std::transform(number.begin(), number.end(), number.begin(), [](char byte) {
            return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
        });
    int wanted = m_flags.precision;
    if (wanted == 0 && magnitude == 0) {
        const bool zero = std::exchange(m_flags.zero, false);
        pad("");
        m_flags.zero = zero;
        return;
    }
    if (wanted < 0 && m_flags.zero && !m_flags.minus && m_flags.width > 0) {
        wanted = m_flags.width;
        if (negative || m_flags.plus || m_flags.space) --wanted;
    }
    if (wanted > 0 && number.size() < static_cast<std::size_t>(wanted)) {
        const std::size_t missing = static_cast<std::size_t>(wanted) - number.size();
        if (!m_out.budget().spend_bytes(missing)) return;
        number.insert(0, missing, '0');
    }
    if (m_flags.sharp && base == 2) number.insert(0, "0b");
    if (m_flags.sharp && base == 8 && number[0] != '0') number.insert(0, "0");
    if (m_flags.sharp && base == 16) number.insert(0, capital ? "0X" : "0x");
    if (verb == 'O') number.insert(0, "0o");
    if (negative) {
        number.insert(0, "-");
    } else if (m_flags.plus) {
        number.insert(0, "+");
    } else if (m_flags.space) {
        number.insert(0, " ");
    }
    const bool zero = std::exchange(m_flags.zero, false);
    pad(number);
    m_flags.zero = zero;
}

void Formatter::floating(double number, const Value& whole, char32_t verb) {
    switch (verb) {
        case 'v':
            return float_text(number, 'g', -1);
        case 'e':
        case 'E':
        case 'f':
        case 'F':
            return float_text(number, static_cast<char>(verb), 6);
        case 'x':
        case 'X':
        case 'g':
        case 'G':
            return float_text(number, static_cast<char>(verb), -1);
        default:
            return bad_verb(whole, verb);
    }
}

void Formatter::float_text(double number, char format, int precision) {
    if (m_flags.precision >= 0) precision = std::min(m_flags.precision, 1000);
    std::string text = format_floating(number, format, precision);
    const bool finite = std::isfinite(number);
    if (text[0] != '-' && text[0] != '+') text.insert(0, "+");
    if (m_flags.space && text[0] == '+' && !m_flags.plus) text[0] = ' ';
    const bool zero = std::exchange(m_flags.zero, m_flags.zero && finite && !m_flags.minus);
    if (m_flags.plus || text[0] != '+' || std::isinf(number)) {
        // The sign stands before the zeros.
        if (m_flags.zero && m_flags.width > 0 && static_cast<std::size_t>(m_flags.width) > text.size()) {
            m_out.append(text[0]);
            m_out.append(static_cast<std::size_t>(m_flags.width) - text.size(), '0');
            m_out.append(std::string_view(text).substr(1));
        } else {
            pad(text);
        }
    } else {
        pad(std::string_view(text).substr(1));
    }
    m_flags.zero = zero;
}

void Formatter::complex(std::complex<double> number, const Value& whole, char32_t verb) {
    constexpr std::u32string_view k_verbs = U"vbgGxXfFeE";
    if (k_verbs.find(verb) == std::u32string_view::npos) return bad_verb(whole, verb);
    const bool plus = m_flags.plus;
    m_out.append('(');
    floating(number.real(), whole, verb);
    m_flags.plus = true;
    floating(number.imag(), whole, verb);
    m_out.append("i)");
    m_flags.plus = plus;
}

void Formatter::text(std::string_view content, const Value& whole, char32_t verb) {
    switch (verb) {
        case 'v':
            return m_flags.sharp_v ? quote(content) : pad(truncated(content));
        case 's':
            return pad(truncated(content));
        case 'x':
            return hexadecimal(content, false);
        case 'X':
            return hexadecimal(content, true);
        case 'q':
            return quote(content);
        default:
            return bad_verb(whole, verb);
    }
}

void Formatter::hexadecimal(std::string_view bytes, bool capital) {
    if (m_flags.precision >= 0) bytes = bytes.substr(0, static_cast<std::size_t>(m_flags.precision));
    if (!m_out.budget().spend_bytes(bytes.size() * 5)) return;
    const std::string_view prefix = capital ? "0X" : "0x";
    const std::string_view letters = capital ? "0123456789ABCDEF" : "0123456789abcdef";
    std::string text;
    for (std::size_t index = 0; index < bytes.size(); ++index) {
        if (m_flags.space && index > 0) text += ' ';
        if (m_flags.sharp && (m_flags.space || index == 0)) text += prefix;
        const auto byte = static_cast<unsigned char>(bytes[index]);
        text += letters[byte >> 4];
        text += letters[byte & 15];
    }
    pad(text);
}

void Formatter::quote(std::string_view content) {
    content = truncated(content);
    if (!m_out.budget().spend_bytes(content.size())) return;
    if (m_flags.sharp && can_backquote(content)) return pad("`" + std::string(content) + "`");
    pad(quoted(content, m_flags.plus));
}

std::string_view Formatter::truncated(std::string_view content) const {
    if (m_flags.precision < 0) return content;
    std::string_view rest = content;
    for (int count = 0; count < m_flags.precision && !rest.empty(); ++count)
        rest.remove_prefix(first_rune(rest).size);
    return content.substr(0, content.size() - rest.size());
}

void Formatter::bad_verb(const Value& item, char32_t verb) {
    m_erroring = true;
    std::string text = "%!";
    append_rune(text, verb);
    m_out.append(text + "(");
    if (item.missing()) {
        m_out.append("<nil>");
    } else {
        m_out.append(item.type().name);
        m_out.append('=');
        const Flags flags = m_flags;
        value(item, 'v', 0);
        m_flags = flags;
    }
    m_out.append(')');
    m_erroring = false;
}

void Formatter::pad(std::string_view content) {
    const std::size_t count = m_flags.width < 0 ? 0 : count_runes(content);
    const std::size_t width = m_flags.width < 0 ? 0 : static_cast<std::size_t>(m_flags.width);
    const std::size_t missing = width > count ? width - count : 0;
    if (m_flags.minus) {
        m_out.append(content);
        m_out.append(missing, ' ');
    } else {
        m_out.append(missing, m_flags.zero ? '0' : ' ');
        m_out.append(content);
    }
}

}  // namespace tidemark::policy::message
