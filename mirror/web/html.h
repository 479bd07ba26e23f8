// Writes HTML: the only way text gets into a page. Names of elements and attributes are ours; every text and every
// value is escaped, and what does not show (control characters, marks that turn the direction of writing) is made
// visible.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::mirror::web {

/// Safe between tags and inside quoted values. What is no UTF-8 becomes U+FFFD; a character that does not show becomes
/// "⟨U+202E⟩"; tabs and line ends stay. At most `most_bytes` of the text are taken, then "…".
std::string escape_html(std::string_view text, std::size_t most_bytes);

class Html {
public:
    struct Attribute {
        std::string_view name;  // empty: none
        std::string_view value;
    };
    using Attributes = std::initializer_list<Attribute>;

    /// Names live as long as the writer: they are literals.
    Html& open(std::string_view tag, Attributes attributes = {});
    /// The one that was opened last.
    Html& close();
    /// An element that has no content: input, link, br.
    Html& leaf(std::string_view tag, Attributes attributes = {});
    Html& text(std::string_view text);
    /// open(), text(), close().
    Html& element(std::string_view tag, Attributes attributes, std::string_view text);
    Html& element(std::string_view tag, std::string_view text) { return element(tag, {}, text); }

    /// What was written; all that is open is closed.
    std::string take();

    /// Of a single text or value: an object's or a remote's words may be as long as they like.
    static constexpr std::size_t k_most_bytes = 4096;

private:
    void begin(std::string_view tag, Attributes attributes);

    std::string m_text;
    std::vector<std::string_view> m_open;
};

}  // namespace tidemark::mirror::web
