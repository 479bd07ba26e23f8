// What a YAML document says, event by event, in a form that two parsers can be compared in:
// kinds, decoded texts, explicit tags, anchors by number. Places, styles and comments are left out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::policy::setters {

enum class EventType : std::uint8_t {
    mapping_start,
    mapping_end,
    sequence_start,
    sequence_end,
    scalar,
    null,  // a plain scalar without a tag that says nothing: "", ~, null
    alias,
};

struct RecordedEvent {
    EventType type = EventType::scalar;
    /// Numbered from 1 in the order they appear in the document; of an alias the one it refers to. 0 is none.
    std::uint32_t anchor = 0;
    std::uint32_t text = 0;
    std::uint32_t text_size = 0;
    std::uint32_t tag_size = 0;  // stands behind the text
};

class EventRecord {
public:
    /// `tag` is empty unless one was written; "!" and "?" count as none.
    void add(EventType type, std::string_view text, std::string_view tag, std::uint32_t anchor);
    void clear() noexcept;

    std::size_t size() const noexcept { return m_events.size(); }
    const RecordedEvent& operator[](std::size_t index) const noexcept { return m_events[index]; }
    std::string_view text(std::size_t index) const noexcept;
    std::string_view tag(std::size_t index) const noexcept;

    /// One behind the last event of the node that begins at `index`.
    std::size_t end_of_node(std::size_t index) const noexcept;

private:
    std::vector<RecordedEvent> m_events;
    std::string m_texts;
};

/// Plain text that every reader takes for null.
bool is_null_text(std::string_view text) noexcept;

}  // namespace tidemark::policy::setters
