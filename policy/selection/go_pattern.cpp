#include "policy/selection/go_pattern.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "policy/selection/unicode_class.h"

namespace tidemark::policy {
namespace {

bool is_name_character(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Copies a pattern piece by piece and stops only at what must be written otherwise.
class Translator {
public:
    explicit Translator(std::string_view pattern) : m_rest(pattern), m_pattern(pattern) {
        m_result.group_names.emplace_back();
    }

    Result<GoPattern> run() {
        while (!m_rest.empty() && !m_problem) {
            switch (m_rest.front()) {
                case '\\':
                    escape(ClassPlace::alone);
                    break;
                case '(':
                    group();
                    break;
                case '[':
                    brackets();
                    break;
                default:
                    copy(1);
            }
        }
        if (m_problem) return *std::move(m_problem);
        return std::move(m_result);
    }

private:
    void copy(std::size_t count) {
        count = std::min(count, m_rest.size());
        m_result.text.append(m_rest.substr(0, count));
        m_rest.remove_prefix(count);
    }

    void refuse(std::string message) { m_problem = Problem{std::move(message), m_pattern.size() - m_rest.size()}; }

    void escape(ClassPlace place) {
        const char letter = m_rest.size() > 1 ? m_rest[1] : '\0';
        if (letter == 'p' || letter == 'P') return unicode(place);
        if (place == ClassPlace::alone && letter == 'Q') {
            const std::size_t end = m_rest.find("\\E", 2);
            return copy(end == std::string_view::npos ? m_rest.size() : end + 2);
        }
        if (letter == 'C') return refuse("invalid escape sequence: \\C");
        copy(2);
    }

    /// `\pX`, `\p{Name}`, `\p{^Name}`. What is cut short is left to RE2.
    void unicode(ClassPlace place) {
        bool negated = m_rest[1] == 'P';
        std::string_view name = m_rest.substr(2, 1);
        std::size_t length = 3;
        if (name == "{") {
            const std::size_t end = m_rest.find('}');
            if (end == std::string_view::npos) return copy(m_rest.size());
            name = m_rest.substr(3, end - 3);
            length = end + 1;
        }
        if (name.starts_with('^') && length > 3) {
            negated = !negated;
            name.remove_prefix(1);
        }
        const auto written = unicode_class(name, negated, place);
        if (!written) return refuse(written.message());
        m_result.text += *written;
        m_rest.remove_prefix(std::min(length, m_rest.size()));
    }

    void group() {
        const std::string_view opening = m_rest.starts_with("(?P<")  ? m_rest.substr(0, 4)
                                         : m_rest.starts_with("(?<") ? m_rest.substr(0, 3)
                                                                     : std::string_view();
        if (opening.empty()) {
            if (!m_rest.starts_with("(?")) m_result.group_names.emplace_back();
            return copy(1);
        }
        const std::size_t end = m_rest.find('>');
        const std::string_view name = m_rest.substr(0, end).substr(opening.size());
        if (end == std::string_view::npos || name.empty() ||
            !std::all_of(name.begin(), name.end(), is_name_character)) {
            return refuse(
                fmt::format("invalid named capture: {}", m_rest.substr(0, end == m_rest.npos ? end : end + 1)));
        }
        m_result.group_names.emplace_back(name);
        m_result.text += '(';
        m_rest.remove_prefix(end + 1);
    }

    void brackets() {
        copy(1);
        if (m_rest.starts_with('^')) copy(1);
        if (m_rest.starts_with(']')) copy(1);  // the first one is a member
        while (!m_rest.empty() && !m_problem) {
            if (m_rest.front() == ']') return copy(1);
            if (m_rest.front() == '\\') {
                escape(ClassPlace::in_brackets);
            } else if (m_rest.starts_with("[:")) {
                const std::size_t end = m_rest.find(":]", 2);
                copy(end == std::string_view::npos ? 1 : end + 2);
            } else {
                copy(1);
            }
        }
    }

    std::string_view m_rest;
    std::string_view m_pattern;
    GoPattern m_result;
    std::optional<Problem> m_problem;
};

}  // namespace

Result<GoPattern> translate_pattern(std::string_view pattern) {
    return Translator(pattern).run();
}

}  // namespace tidemark::policy
