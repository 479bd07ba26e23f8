// Writes JSON member by member into one text: a pass writes thousands of them, and no tree is built.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tidemark::mirror::store {

class JsonWriter {
public:
    void open(char bracket) {
        m_text += bracket;
        m_first = true;
    }
    void close(char bracket) {
        m_text += bracket;
        m_first = false;
    }
    /// Before each element of an array.
    void next() {
        if (!m_first) m_text += ',';
        m_first = false;
    }
    /// `name` needs no escapes.
    void key(std::string_view name);
    /// Bytes that are no UTF-8 (a server's own words) become question marks: they would make the whole text unreadable.
    void text(std::string_view value);
    void number(std::int64_t value);

    void member(std::string_view name, std::string_view value) {
        key(name);
        text(value);
    }
    void member(std::string_view name, std::int64_t value) {
        key(name);
        number(value);
    }
    /// An array of texts.
    template <class Texts>
    void list(std::string_view name, const Texts& texts) {
        key(name);
        open('[');
        for (const auto& value : texts) {
            next();
            text(value);
        }
        close(']');
    }

    std::string take() { return std::move(m_text); }

private:
    void character(char c);

    std::string m_text;
    bool m_first = true;
};

}  // namespace tidemark::mirror::store
