#include "policy/template/format.h"

#include "policy/template/formatter.h"
#include "policy/template/unicode.h"

namespace tidemark::policy::message {
namespace {

/// Go ignores larger widths and precisions, too.
constexpr int k_largest_width = 1'000'000;

/// Walks a format: text goes out, each verb takes its operands.
class FormatRun {
public:
    FormatRun(Text& out, std::string_view format, std::span<const Value> values)
        : m_out(out), m_rest(format), m_values(values) {}

    void run() {
        while (!m_rest.empty() && !m_out.full()) {
            const std::size_t percent = std::min(m_rest.find('%'), m_rest.size());
            m_out.append(m_rest.substr(0, percent));
            m_rest.remove_prefix(percent);
            if (m_rest.empty()) break;
            m_rest.remove_prefix(1);
            verb();
        }
        if (!m_reordered && m_next < m_values.size()) extra();
    }

private:
    void verb() {
        m_flags = {};
        m_good_index = true;
        bool after_index = false;
        flags();
        after_index = argument_index();
        if (take('*')) {
            m_flags.width = star("%!(BADWIDTH)");
            if (m_flags.width < 0 && m_star_good) {
                m_flags.width = -m_flags.width;
                m_flags.minus = true;
                m_flags.zero = false;
            }
            if (!m_star_good) m_flags.width = -1;
            after_index = false;
        } else {
            const bool any = number(m_flags.width);
            if (after_index && any) m_good_index = false;
        }
        if (m_rest.size() > 1 && take('.')) {
            if (after_index) m_good_index = false;
            after_index = argument_index();
            if (take('*')) {
                m_flags.precision = star("%!(BADPREC)");
                if (m_flags.precision < 0 || !m_star_good) {
                    if (m_star_good) m_out.append("%!(BADPREC)");
                    m_flags.precision = -1;
                }
                after_index = false;
            } else if (!number(m_flags.precision)) {
                m_flags.precision = 0;
            }
        }
        if (!after_index) argument_index();
        if (m_rest.empty()) return m_out.append("%!(NOVERB)");
        const Rune letter = first_rune(m_rest);
        m_rest.remove_prefix(letter.size);
        apply(letter.code);
    }

    void apply(char32_t letter) {
        if (letter == '%') return m_out.append('%');
        if (!m_good_index) return mistake(letter, "(BADINDEX)");
        if (m_next >= m_values.size()) return mistake(letter, "(MISSING)");
        if (letter == 'v') {
            m_flags.sharp_v = m_flags.sharp;
            m_flags.sharp = false;
            m_flags.plus_v = m_flags.plus;
            m_flags.plus = false;
        }
        Formatter(m_out, m_flags).argument(m_values[m_next++], letter);
    }

    void mistake(char32_t letter, std::string_view what) {
        std::string text = "%!";
        append_rune(text, letter);
        m_out.append(text);
        m_out.append(what);
    }

    void flags() {
        for (; !m_rest.empty(); m_rest.remove_prefix(1)) {
            switch (m_rest.front()) {
                case '#':
                    m_flags.sharp = true;
                    break;
                case '0':
                    m_flags.zero = true;
                    break;
                case '+':
                    m_flags.plus = true;
                    break;
                case '-':
                    m_flags.minus = true;
                    break;
                case ' ':
                    m_flags.space = true;
                    break;
                default:
                    return;
            }
        }
    }

    bool take(char byte) {
        if (!m_rest.starts_with(byte)) return false;
        m_rest.remove_prefix(1);
        return true;
    }

    bool number(int& target) {
        int value = 0;
        bool any = false;
        while (!m_rest.empty() && m_rest.front() >= '0' && m_rest.front() <= '9') {
            any = true;
            value = value * 10 + (m_rest.front() - '0');
            m_rest.remove_prefix(1);
            if (value > k_largest_width) {
                target = -1;
                return false;
            }
        }
        if (any) target = value;
        return any;
    }

    /// "[n]": the operand to take next, counted from 1.
    bool argument_index() {
        if (!m_rest.starts_with('[')) return false;
        m_reordered = true;
        const std::size_t end = m_rest.find(']');
        if (end == std::string_view::npos) {
            m_good_index = false;
            m_rest.remove_prefix(1);
            return false;
        }
        std::size_t index = 0;
        bool good = end > 1;
        for (const char byte : m_rest.substr(1, end - 1)) {
            good = good && byte >= '0' && byte <= '9' && index < 100'000;
            if (good) index = index * 10 + static_cast<std::size_t>(byte - '0');
        }
        m_rest.remove_prefix(end + 1);
        if (!good || index < 1 || index > m_values.size()) {
            m_good_index = false;
            return good;
        }
        m_next = index - 1;
        return true;
    }

    int star(std::string_view complaint) {
        m_star_good = false;
        if (m_next < m_values.size()) {
            const Value& value = m_values[m_next++];
            if (value.kind() == Kind::integer && value.as_integer() >= -k_largest_width &&
                value.as_integer() <= k_largest_width) {
                m_star_good = true;
                return static_cast<int>(value.as_integer());
            }
        }
        m_out.append(complaint);
        return -1;
    }

    void extra() {
        m_out.append("%!(EXTRA ");
        for (bool first = true; m_next < m_values.size() && !m_out.full(); first = false) {
            if (!first) m_out.append(", ");
            const Value& value = m_values[m_next++];
            if (value.missing()) {
                m_out.append("<nil>");
            } else {
                m_out.append(type_name(value));
                m_out.append('=');
                Formatter(m_out, {}).argument(value, 'v');
            }
        }
        m_out.append(')');
    }

    Text& m_out;
    std::string_view m_rest;
    std::span<const Value> m_values;
    std::size_t m_next = 0;
    Flags m_flags;
    bool m_reordered = false;
    bool m_good_index = true;
    bool m_star_good = false;
};

}  // namespace

void print(Text& out, std::span<const Value> values) {
    for (std::size_t index = 0; index < values.size(); ++index) {
        const bool text = values[index].kind() == Kind::text;
        if (index > 0 && !text && values[index - 1].kind() != Kind::text) out.append(' ');
        print_value(out, values[index]);
    }
}

void print_line(Text& out, std::span<const Value> values) {
    for (std::size_t index = 0; index < values.size(); ++index) {
        if (index > 0) out.append(' ');
        print_value(out, values[index]);
    }
    out.append('\n');
}

void print_format(Text& out, std::string_view format, std::span<const Value> values) {
    FormatRun(out, format, values).run();
}

void print_value(Text& out, const Value& value) {
    if (value.kind() == Kind::text) return out.append(value.as_text());
    Formatter(out, {}).argument(value, 'v');
}

void append_as_text(Text& out, const Value& value) {
    print_value(out, value);
}

std::string_view as_text(Context& context, const Value& value) {
    if (value.kind() == Kind::text) return value.as_text();
    Text text(context.budget());
    print_value(text, value);
    return context.text(text).as_text();
}

std::string_view type_name(const Value& value) noexcept {
    return value.missing() ? "<nil>" : value.type().name;
}

}  // namespace tidemark::policy::message
