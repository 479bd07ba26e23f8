#include "policy/template/lexer.h"

#include <array>

#include <fmt/format.h>

#include "policy/template/unicode.h"

namespace tidemark::policy::message {
namespace {

constexpr std::string_view k_left = "{{";
constexpr std::string_view k_right = "}}";
constexpr std::string_view k_blanks = " \t\r\n";
constexpr std::string_view k_decimal_digits = "0123456789_";
/// A blank and a minus.
constexpr std::size_t k_trim_mark = 2;

bool is_blank(char byte) noexcept {
    return k_blanks.find(byte) != std::string_view::npos;
}
bool is_name_rune(char32_t code) noexcept {
    return code == '_' || is_letter(code) || is_digit(code);
}

bool is_keyword(std::string_view word) noexcept {
    constexpr std::array<std::string_view, 10> k_keywords{"block", "break", "continue", "define",   "else",
                                                          "end",   "if",    "range",    "template", "with"};
    for (const std::string_view keyword : k_keywords) {
        if (word == keyword) return true;
    }
    return false;
}

class Lexer {
public:
    explicit Lexer(std::string_view text) : m_text(text) {}

    Tokens run() {
        while (!m_done)
            m_inside ? inside_action() : outside();
        return std::move(m_tokens);
    }

private:
    std::string_view rest() const { return m_text.substr(m_position); }
    bool at(std::string_view prefix) const { return rest().starts_with(prefix); }
    char peek(std::size_t ahead = 0) const {
        return m_position + ahead < m_text.size() ? m_text[m_position + ahead] : '\0';
    }
    bool at_end() const { return m_position >= m_text.size(); }

    void emit(TokenKind kind, std::size_t start) {
        m_tokens.list.push_back({kind, m_text.substr(start, m_position - start), start});
    }

    void mistake(std::string message, std::size_t position) {
        m_tokens.mistake = std::move(message);
        m_tokens.list.push_back({TokenKind::mistake, {}, position});
        m_done = true;
    }

    void skip_blanks() {
        while (!at_end() && is_blank(peek()))
            ++m_position;
    }

    bool left_trim_mark(std::size_t position) const {
        return position + 1 < m_text.size() && m_text[position] == '-' && is_blank(m_text[position + 1]);
    }

    struct RightDelimiter {
        bool here = false;
        bool trims = false;
    };
    RightDelimiter right_delimiter() const {
        if (!at_end() && is_blank(peek()) && peek(1) == '-' && rest().substr(k_trim_mark).starts_with(k_right))
            return {true, true};
        return {at(k_right), false};
    }

    void outside() {
        const std::size_t start = m_position;
        const std::size_t delimiter = m_text.find(k_left, start);
        if (delimiter == std::string_view::npos) {
            m_position = m_text.size();
            if (m_position > start) emit(TokenKind::text, start);
            emit(TokenKind::end_of_text, m_position);
            m_done = true;
            return;
        }
        std::size_t end = delimiter;
        const bool trims = left_trim_mark(delimiter + k_left.size());
        while (trims && end > start && is_blank(m_text[end - 1]))
            --end;
        m_position = end;
        if (end > start) emit(TokenKind::text, start);
        m_position = delimiter + k_left.size() + (trims ? k_trim_mark : 0);
        if (at("/*")) return comment(delimiter);
        m_tokens.list.push_back({TokenKind::left_delimiter, m_text.substr(delimiter, k_left.size()), delimiter});
        m_inside = true;
        m_parentheses = 0;
    }

    void comment(std::size_t start) {
        const std::size_t end = m_text.find("*/", m_position + 2);
        if (end == std::string_view::npos) return mistake("the comment is not closed", start);
        m_position = end + 2;
        const RightDelimiter delimiter = right_delimiter();
        if (!delimiter.here) return mistake("the comment ends before the closing }}", m_position);
        leave(delimiter.trims);
    }

    /// Past the right delimiter and the blanks it trims.
    void leave(bool trims) {
        m_position += k_right.size() + (trims ? k_trim_mark : 0);
        if (trims) skip_blanks();
        m_inside = false;
    }

    void inside_action() {
        const RightDelimiter delimiter = right_delimiter();
        const std::size_t start = m_position;
        if (delimiter.here) {
            if (m_parentheses > 0) return mistake("a left parenthesis is not closed", start);
            m_tokens.list.push_back({TokenKind::right_delimiter, k_right, start});
            return leave(delimiter.trims);
        }
        if (at_end()) return mistake("the action is not closed: }} is missing", start);
        const char byte = peek();
        if (is_blank(byte)) return blanks();
        switch (byte) {
            case '=':
                return sign(TokenKind::assign);
            case '|':
                return sign(TokenKind::pipe);
            case ':':
                if (peek(1) != '=') return mistake("expected :=", start);
                m_position += 2;
                return emit(TokenKind::declare, start);
            case '"':
                return quoted('"', TokenKind::quoted_text, "the quoted text is not closed");
            case '\'':
                return quoted('\'', TokenKind::character_constant, "the character constant is not closed");
            case '`':
                return raw();
            case '$':
                return name(TokenKind::variable);
            case '(':
                ++m_parentheses;
                return sign(TokenKind::left_parenthesis);
            case ')':
                if (m_parentheses-- == 0) return mistake("unexpected right parenthesis", start);
                return sign(TokenKind::right_parenthesis);
            default:
                break;
        }
        const bool digit = byte >= '0' && byte <= '9';
        if (byte == '.' && (peek(1) < '0' || peek(1) > '9')) return name(TokenKind::field);
        if (digit || byte == '.' || byte == '+' || byte == '-') return number();
        const Rune rune = first_rune(rest());
        if (is_name_rune(rune.code)) return name(TokenKind::identifier);
        if (byte > ' ' && byte < 0x7F) return sign(TokenKind::character);
        mistake(fmt::format("unrecognized character in action: U+{:04X}", static_cast<unsigned>(rune.code)), start);
    }

    void sign(TokenKind kind) {
        const std::size_t start = m_position++;
        emit(kind, start);
    }

    void blanks() {
        const std::size_t start = m_position;
        skip_blanks();
        // The last blank may belong to a trim mark.
        --m_position;
        if (!right_delimiter().trims) ++m_position;
        if (m_position > start) emit(TokenKind::space, start);
    }

    void quoted(char quote, TokenKind kind, const char* unclosed) {
        const std::size_t start = m_position++;
        for (; at_end() || peek() != quote; ++m_position) {
            if (!at_end() && peek() == '\\') ++m_position;
            if (at_end() || peek() == '\n') return mistake(unclosed, start);
        }
        ++m_position;
        emit(kind, start);
    }

    void raw() {
        const std::size_t start = m_position;
        const std::size_t end = m_text.find('`', start + 1);
        if (end == std::string_view::npos) return mistake("the raw text is not closed", start);
        m_position = end + 1;
        emit(TokenKind::raw_text, start);
    }

    /// A field, a variable, a function, a keyword: up to what ends a name.
    void name(TokenKind kind) {
        const std::size_t start = m_position;
        if (kind != TokenKind::identifier) ++m_position;
        while (!at_end()) {
            const Rune rune = first_rune(rest());
            if (!is_name_rune(rune.code)) break;
            m_position += rune.size;
        }
        if (!ends_name()) {
            const unsigned code = static_cast<unsigned>(first_rune(rest()).code);
            return mistake(fmt::format("bad character U+{:04X} in a name", code), m_position);
        }
        const std::string_view word = m_text.substr(start, m_position - start);
        if (word == ".") kind = TokenKind::dot;
        if (word == "nil") kind = TokenKind::nil;
        if (word == "true" || word == "false") kind = TokenKind::boolean;
        if (is_keyword(word)) kind = TokenKind::keyword;
        emit(kind, start);
    }

    bool ends_name() const {
        constexpr std::string_view k_ends = ".,|:)(";
        return at_end() || is_blank(peek()) || k_ends.find(peek()) != std::string_view::npos || at(k_right);
    }

    void run_of(std::string_view digits) {
        while (!at_end() && digits.find(peek()) != std::string_view::npos)
            ++m_position;
    }
    bool one_of(std::string_view choices) {
        if (at_end() || choices.find(peek()) == std::string_view::npos) return false;
        ++m_position;
        return true;
    }

    bool scan_number() {
        one_of("+-");
        std::string_view digits = k_decimal_digits;
        if (one_of("0")) {
            if (one_of("xX")) {
                digits = "0123456789abcdefABCDEF_";
            } else if (one_of("oO")) {
                digits = "01234567_";
            } else if (one_of("bB")) {
                digits = "01_";
            }
        }
        run_of(digits);
        if (one_of(".")) run_of(digits);
        const bool decimal = digits.size() == k_decimal_digits.size();
        if (decimal ? one_of("eE") : digits.size() > k_decimal_digits.size() && one_of("pP")) {
            one_of("+-");
            run_of(k_decimal_digits);
        }
        one_of("i");
        return at_end() || !is_name_rune(first_rune(rest()).code);
    }

    void number() {
        const std::size_t start = m_position;
        TokenKind kind = TokenKind::number;
        bool good = scan_number();
        if (good && (peek() == '+' || peek() == '-')) {
            kind = TokenKind::complex_constant;
            good = scan_number() && m_text[m_position - 1] == 'i';
        }
        if (!good) return mistake("bad number syntax: " + std::string(m_text.substr(start, m_position - start)), start);
        emit(kind, start);
    }

    std::string_view m_text;
    std::size_t m_position = 0;
    std::size_t m_parentheses = 0;
    bool m_inside = false;
    bool m_done = false;
    Tokens m_tokens;
};

}  // namespace

bool starts_operand(TokenKind kind) noexcept {
    switch (kind) {
        case TokenKind::boolean:
        case TokenKind::character_constant:
        case TokenKind::complex_constant:
        case TokenKind::dot:
        case TokenKind::field:
        case TokenKind::identifier:
        case TokenKind::number:
        case TokenKind::nil:
        case TokenKind::raw_text:
        case TokenKind::quoted_text:
        case TokenKind::variable:
        case TokenKind::left_parenthesis:
            return true;
        case TokenKind::end_of_text:
        case TokenKind::mistake:
        case TokenKind::text:
        case TokenKind::left_delimiter:
        case TokenKind::right_delimiter:
        case TokenKind::space:
        case TokenKind::assign:
        case TokenKind::declare:
        case TokenKind::pipe:
        case TokenKind::right_parenthesis:
        case TokenKind::character:
        case TokenKind::keyword:
            return false;
    }
    return false;
}

Tokens split_into_tokens(std::string_view text) {
    return Lexer(text).run();
}

}  // namespace tidemark::policy::message
