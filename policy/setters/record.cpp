#include "policy/setters/record.h"

namespace tidemark::policy::setters {

void EventRecord::add(EventType type, std::string_view text, std::string_view tag, std::uint32_t anchor) {
    if (tag == "!" || tag == "?") tag = {};
    m_events.push_back({type, anchor, static_cast<std::uint32_t>(m_texts.size()),
                        static_cast<std::uint32_t>(text.size()), static_cast<std::uint32_t>(tag.size())});
    m_texts.append(text);
    m_texts.append(tag);
}

void EventRecord::clear() noexcept {
    m_events.clear();
    m_texts.clear();
}

std::string_view EventRecord::text(std::size_t index) const noexcept {
    const RecordedEvent& event = m_events[index];
    return std::string_view(m_texts).substr(event.text, event.text_size);
}

std::string_view EventRecord::tag(std::size_t index) const noexcept {
    const RecordedEvent& event = m_events[index];
    return std::string_view(m_texts).substr(event.text + event.text_size, event.tag_size);
}

std::size_t EventRecord::end_of_node(std::size_t index) const noexcept {
    std::size_t depth = 0;
    for (; index < m_events.size(); ++index) {
        switch (m_events[index].type) {
            case EventType::mapping_start:
            case EventType::sequence_start:
                ++depth;
                break;
            case EventType::mapping_end:
            case EventType::sequence_end:
                --depth;
                break;
            case EventType::scalar:
            case EventType::null:
            case EventType::alias:
                break;
        }
        if (depth == 0) return index + 1;
    }
    return index;
}

bool is_null_text(std::string_view text) noexcept {
    return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

}  // namespace tidemark::policy::setters
