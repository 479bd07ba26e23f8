// The one place that holds a libyaml handle: events (structure) and tokens (exact places) of a YAML text.
// libyaml is the C library that Flux's reader is a port of, so both agree on what is YAML.
// A parser belongs to one thread; the text must outlive it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <yaml.h>

#include "policy/base/result.h"

namespace tidemark::policy::yaml {

/// Where something stands. All count CHARACTERS, not bytes, from 0; a byte order mark is not counted
/// and CR LF counts as two (facts about libyaml, tested in tests/policy/yaml).
struct Mark {
    std::size_t index = 0;
    std::size_t line = 0;
    std::size_t column = 0;
};

enum class ScalarStyle { plain, single_quoted, double_quoted, literal, folded };

enum class EventKind {
    stream_start,
    stream_end,
    document_start,
    document_end,
    alias,
    scalar,
    sequence_start,
    sequence_end,
    mapping_start,
    mapping_end,
};

struct Event {
    EventKind kind = EventKind::stream_end;
    Mark start;
    Mark end;
    std::string anchor;  // also the name an alias refers to
    std::string tag;     // resolved; empty if none was written
    std::string value;   // of a scalar
    ScalarStyle style = ScalarStyle::plain;
    bool flow = false;      // of a collection: written as [] or {}
    bool implicit = false;  // of a document start: no "---"; of a scalar: plain_implicit
};

/// Why a text is not YAML, and where.
struct YamlError {
    std::string message;
    Mark mark;
};

/// An event whose texts live in the parser: valid until the next call.
struct EventView {
    EventKind kind = EventKind::stream_end;
    Mark start;
    Mark end;
    std::string_view anchor;
    std::string_view tag;
    std::string_view value;
    ScalarStyle style = ScalarStyle::plain;
    bool flow = false;
    bool implicit = false;
};

/// EventParser without a copy of any text, for readers of many files.
class EventStream {
public:
    explicit EventStream(std::string_view text);
    ~EventStream();
    EventStream(const EventStream&) = delete;
    EventStream& operator=(const EventStream&) = delete;

    /// False after an error or the stream's end.
    bool next(EventView& event);
    const std::optional<YamlError>& error() const noexcept { return m_error; }

private:
    yaml_parser_t m_parser;
    yaml_event_t m_event{};
    std::optional<YamlError> m_error;
    bool m_done = false;
};

/// Structure of a text, event by event. After an error or the stream's end next() answers nothing.
class EventParser {
public:
    explicit EventParser(std::string_view text);
    std::optional<Event> next();
    const std::optional<YamlError>& error() const noexcept { return m_error; }

private:
    struct Delete {
        void operator()(yaml_parser_t* parser) const noexcept;
    };
    std::unique_ptr<yaml_parser_t, Delete> m_parser;
    std::optional<YamlError> m_error;
    bool m_done = false;
};

enum class TokenKind {
    stream_start,
    stream_end,
    version_directive,
    tag_directive,
    document_start,
    document_end,
    block_sequence_start,
    block_mapping_start,
    block_end,
    flow_sequence_start,
    flow_sequence_end,
    flow_mapping_start,
    flow_mapping_end,
    block_entry,
    flow_entry,
    key,
    value,
    alias,
    anchor,
    tag,
    scalar,
};

struct Token {
    TokenKind kind = TokenKind::stream_end;
    Mark start;
    Mark end;
    std::string value;  // of a scalar, an alias, an anchor
    ScalarStyle style = ScalarStyle::plain;
};

/// Exact places of a text, token by token: a scalar token spans its quotes and nothing else.
class TokenScanner {
public:
    explicit TokenScanner(std::string_view text);
    std::optional<Token> next();
    const std::optional<YamlError>& error() const noexcept { return m_error; }

private:
    struct Delete {
        void operator()(yaml_parser_t* parser) const noexcept;
    };
    std::unique_ptr<yaml_parser_t, Delete> m_parser;
    std::optional<YamlError> m_error;
    bool m_done = false;
};

}  // namespace tidemark::policy::yaml
