#include "policy/template/words.h"

#include "policy/template/unicode.h"

namespace tidemark::policy::message {
namespace {

enum class WordKind { none, number, capitals, letters, connector, punctuation, other };

struct Word {
    WordKind kind = WordKind::none;
    std::u32string_view text;
};

bool is_connector(char32_t rune) noexcept {
    return rune == '-' || rune == '_' || is_space(rune);
}
/// Letters that have a case, and all letters that are no capitals.
bool is_alphabet(char32_t rune) noexcept {
    return is_letter(rune);
}

template <class Test>
std::size_t run_length(std::u32string_view text, Test test) {
    std::size_t size = 0;
    while (size < text.size() && test(text[size]))
        ++size;
    return size;
}

bool is_small_letter(char32_t rune) noexcept {
    return is_alphabet(rune) && !is_upper(rune);
}

/// How much of a text that starts with a capital is one word: "HTTPServer" is HTTP and Server.
std::size_t capitals_length(std::u32string_view text) {
    const std::size_t capitals = run_length(text, is_upper);
    if (capitals == 1) return 1 + run_length(text.substr(1), is_small_letter);
    const bool letter_follows = capitals < text.size() && is_alphabet(text[capitals]);
    return letter_follows ? capitals - 1 : capitals;
}

Word take_word(std::u32string_view& rest) {
    if (rest.empty()) return {};
    const char32_t first = rest.front();
    WordKind kind = WordKind::other;
    std::size_t size = 0;
    if (is_connector(first)) {
        kind = WordKind::connector;
        size = run_length(rest, is_connector);
    } else if (is_punctuation(first)) {
        kind = WordKind::punctuation;
        size = run_length(rest, is_punctuation);
    } else if (is_upper(first)) {
        kind = WordKind::capitals;
        size = capitals_length(rest);
    } else if (is_alphabet(first)) {
        kind = WordKind::letters;
        size = run_length(rest, is_small_letter);
    } else if (is_number(first)) {
        kind = WordKind::number;
        size = run_length(rest, is_number);
    } else {
        size = run_length(rest, [](char32_t rune) {
            return !is_connector(rune) && !is_alphabet(rune) && !is_number(rune) && !is_punctuation(rune);
        });
    }
    size = std::max<std::size_t>(size, 1);
    const Word word{kind, rest.substr(0, size)};
    rest.remove_prefix(size);
    return word;
}

/// Writes words in small letters and decides where a connector goes between two of them.
class Joiner {
public:
    Joiner(std::u32string_view rest, char32_t connector) : m_rest(rest), m_connector(connector) { advance(); }

    std::u32string run() {
        while (!m_rest.empty()) {
            const Word previous = m_word;
            if (previous.kind != WordKind::connector) write(previous);
            advance();
            between(previous);
        }
        write(m_word);
        return std::move(m_out);
    }

private:
    void advance() { m_word = take_word(m_rest); }

    void write(const Word& word) {
        for (const char32_t rune : word.text) {
            if (word.kind == WordKind::connector) {
                m_out += m_connector;
            } else {
                m_out += word.kind == WordKind::capitals ? to_lower(rune) : rune;
            }
        }
    }

    bool separates() const { return m_word.kind == WordKind::connector || m_word.kind == WordKind::punctuation; }

    /// Letters and numbers that go on after a number belong to it.
    void write_rest_of_number() {
        while (m_word.kind == WordKind::letters || m_word.kind == WordKind::number) {
            write(m_word);
            advance();
        }
        if (m_word.kind != WordKind::none && !separates()) m_out += m_connector;
    }

    void between(const Word& previous) {
        switch (previous.kind) {
            case WordKind::number:
                return write_rest_of_number();
            case WordKind::connector:
                return write(previous);
            case WordKind::punctuation:
                return;
            case WordKind::none:
            case WordKind::capitals:
            case WordKind::letters:
            case WordKind::other:
                break;
        }
        if (m_word.kind != WordKind::number) {
            if (!separates()) m_out += m_connector;
            return;
        }
        if (m_rest.empty()) return;
        const Word number = m_word;
        advance();
        if (m_word.kind == WordKind::letters) {
            // "HTTP2xx": the number begins a word.
            m_out += m_connector;
            write(number);
            return write_rest_of_number();
        }
        // "Bld4Floor": it ends one.
        write(number);
        if (!separates()) m_out += m_connector;
    }

    std::u32string_view m_rest;
    char32_t m_connector;
    Word m_word;
    std::u32string m_out;
};

}  // namespace

std::string joined_words(std::string_view text, char connector) {
    if (text.empty()) return {};
    const std::u32string runes = to_runes(text);
    return from_runes(Joiner(runes, static_cast<unsigned char>(connector)).run());
}

std::string pascal_case(std::string_view text) {
    const std::u32string runes = to_runes(text);
    std::u32string out;
    const std::size_t leading = run_length(std::u32string_view(runes), is_connector);
    out.append(runes, 0, leading);
    // The library repeats the last connector of a text that has nothing else.
    if (leading == runes.size()) return from_runes(leading > 0 ? out + runes.back() : out);
    bool capital_word = is_upper(runes[leading]);
    char32_t pending = to_upper(runes[leading]);
    for (std::size_t index = leading + 1; index < runes.size(); ++index) {
        char32_t rune = runes[index];
        if (is_connector(rune) && is_connector(pending)) {
            out += pending;
        } else if (is_connector(pending)) {
            capital_word = is_upper(rune);
            rune = to_upper(rune);
        } else {
            if (capital_word && is_upper(rune)) {
                rune = to_lower(rune);
            } else {
                capital_word = false;
            }
            out += pending;
        }
        pending = rune;
    }
    out += pending;
    return from_runes(out);
}

}  // namespace tidemark::policy::message
