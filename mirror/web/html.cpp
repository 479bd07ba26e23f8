#include "mirror/web/html.h"

#include <cstdint>

#include <fmt/format.h>

#include "mirror/web/json.h"

namespace tidemark::mirror::web {
namespace {

/// Bytes of the character that begins with `first`, in valid UTF-8.
std::size_t length_of(unsigned char first) noexcept {
    if (first < 0x80) return 1;
    if (first < 0xe0) return 2;
    return first < 0xf0 ? 3 : 4;
}

std::uint32_t code_of(std::string_view character) noexcept {
    const auto first = static_cast<unsigned char>(character.front());
    if (character.size() == 1) return first;
    constexpr std::uint32_t k_first_bits[] = {0, 0, 0x1f, 0x0f, 0x07};
    std::uint32_t code = first & k_first_bits[character.size()];
    for (const char byte : character.substr(1))
        code = (code << 6U) | (static_cast<unsigned char>(byte) & 0x3fU);
    return code;
}

/// Characters that people do not see, or that change how they see others.
bool is_unseen(std::uint32_t code) noexcept {
    if (code < 0x20) return code != '\n' && code != '\t';
    if (code < 0x7f) return false;
    struct Range {
        std::uint32_t first, last;
    };
    constexpr Range k_ranges[] = {
        {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},   {0x115f, 0x1160}, {0x17b4, 0x17b5},   {0x180b, 0x180f},
        {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164}, {0xd800, 0xdfff},   {0xfe00, 0xfe0f},
        {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0xfffe, 0xffff}, {0xe0000, 0xe0fff},
    };
    for (const Range& range : k_ranges)
        if (code >= range.first && code <= range.last) return true;
    return false;
}

}  // namespace

std::string escape_html(std::string_view text, std::size_t most_bytes) {
    const bool cut = text.size() > most_bytes;
    const std::string valid = valid_utf8(text.substr(0, most_bytes));
    const std::string_view rest = valid;
    std::string out;
    out.reserve(valid.size() + 16);
    for (std::size_t i = 0; i < rest.size();) {
        const std::string_view character = rest.substr(i, length_of(static_cast<unsigned char>(rest[i])));
        i += character.size();
        switch (character.front()) {
            case '&':
                out += "&amp;";
                continue;
            case '<':
                out += "&lt;";
                continue;
            case '>':
                out += "&gt;";
                continue;
            case '"':
                out += "&quot;";
                continue;
            case '\'':
                out += "&#39;";
                continue;
            default:
                break;
        }
        if (const std::uint32_t code = code_of(character); is_unseen(code)) {
            out += fmt::format("⟨U+{:04X}⟩", code);
        } else {
            out += character;
        }
    }
    if (cut) out += "…";
    return out;
}

void Html::begin(std::string_view tag, Attributes attributes) {
    m_text += '<';
    m_text += tag;
    for (const Attribute& attribute : attributes) {
        if (attribute.name.empty()) continue;
        m_text += ' ';
        m_text += attribute.name;
        m_text += "=\"";
        m_text += escape_html(attribute.value, k_most_bytes);
        m_text += '"';
    }
    m_text += '>';
}

Html& Html::open(std::string_view tag, Attributes attributes) {
    begin(tag, attributes);
    m_open.push_back(tag);
    return *this;
}

Html& Html::close() {
    m_text += "</";
    m_text += m_open.back();
    m_text += '>';
    m_open.pop_back();
    return *this;
}

Html& Html::leaf(std::string_view tag, Attributes attributes) {
    begin(tag, attributes);
    return *this;
}

Html& Html::text(std::string_view text) {
    m_text += escape_html(text, k_most_bytes);
    return *this;
}

Html& Html::element(std::string_view tag, Attributes attributes, std::string_view content) {
    return open(tag, attributes).text(content).close();
}

std::string Html::take() {
    while (!m_open.empty())
        close();
    return std::move(m_text);
}

}  // namespace tidemark::mirror::web
