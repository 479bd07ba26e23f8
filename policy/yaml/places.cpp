#include "policy/yaml/places.h"

#include <algorithm>

namespace tidemark::policy::yaml {
namespace {

constexpr std::size_t k_step = 256;

bool begins_character(char byte) noexcept {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

}  // namespace

// Marks count characters; without this table a long line with many findings would be walked for each of them.
std::size_t Places::byte_of(std::size_t index) const {
    if (!m_measured) {
        m_measured = true;
        m_ascii =
            std::all_of(m_text.begin(), m_text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
        std::size_t count = 0;
        const std::size_t first = m_text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;
        for (std::size_t byte = first; byte < m_text.size() && !m_ascii; ++byte) {
            if (!begins_character(m_text[byte])) continue;
            if (count++ % k_step == 0) m_checkpoints.push_back(static_cast<std::uint32_t>(byte));
        }
    }
    if (m_ascii) return index;
    if (index / k_step >= m_checkpoints.size()) return m_text.size();
    std::size_t byte = m_checkpoints[index / k_step];
    for (std::size_t left = index % k_step; left > 0 && byte < m_text.size(); --left) {
        do {
            ++byte;
        } while (byte < m_text.size() && !begins_character(m_text[byte]));
    }
    return byte;
}

Place Places::place(const Mark& mark) const {
    std::size_t column = mark.column;
    if (column != 0 && column <= mark.index) column = byte_of(mark.index) - byte_of(mark.index - column);
    return {m_file, mark.line + 1, column + 1};
}

Place Places::place(const Node& scalar, std::optional<std::size_t> position) const {
    Place place = this->place(scalar);
    if (!position || !scalar.is_scalar()) return place;
    const std::size_t quote = scalar.style == ScalarStyle::plain ? 0 : 1;
    std::size_t start = byte_of(scalar.index);
    // The node begins at its tag or anchor if it has one; then the value's own start is not known.
    if (scalar.style == ScalarStyle::literal || scalar.style == ScalarStyle::folded || start > m_text.size())
        return place;
    if (quote == 1 && (start >= m_text.size() || (m_text[start] != '"' && m_text[start] != '\''))) return place;
    start += quote;
    const std::size_t length = std::min(*position, scalar.value.size());
    if (m_text.substr(std::min(start, m_text.size()), length) != std::string_view(scalar.value).substr(0, length))
        return place;
    place.column += quote + length;
    return place;
}

}  // namespace tidemark::policy::yaml
