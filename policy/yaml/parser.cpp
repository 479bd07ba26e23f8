#include "policy/yaml/parser.h"

#include <new>

namespace tidemark::policy::yaml {
namespace {

Mark mark_of(const yaml_mark_t& mark) {
    return {mark.index, mark.line, mark.column};
}

std::string text_of(const yaml_char_t* text) {
    return text ? reinterpret_cast<const char*>(text) : std::string();
}

std::string text_of(const yaml_char_t* text, std::size_t length) {
    return text ? std::string(reinterpret_cast<const char*>(text), length) : std::string();
}

ScalarStyle style_of(yaml_scalar_style_t style) {
    switch (style) {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE:
            return ScalarStyle::single_quoted;
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
            return ScalarStyle::double_quoted;
        case YAML_LITERAL_SCALAR_STYLE:
            return ScalarStyle::literal;
        case YAML_FOLDED_SCALAR_STYLE:
            return ScalarStyle::folded;
        case YAML_ANY_SCALAR_STYLE:
        case YAML_PLAIN_SCALAR_STYLE:
            break;
    }
    return ScalarStyle::plain;
}

YamlError error_of(const yaml_parser_t& parser) {
    std::string message = parser.problem ? parser.problem : "not readable as YAML";
    if (parser.context) message = std::string(parser.context) + ": " + message;
    Mark mark = mark_of(parser.problem_mark);
    if (parser.error == YAML_READER_ERROR) mark = {parser.problem_offset, 0, 0};
    return {message, mark};
}

yaml_parser_t* make_parser(std::string_view text) {
    auto parser = std::make_unique<yaml_parser_t>();
    if (!yaml_parser_initialize(parser.get())) throw std::bad_alloc();
    yaml_parser_set_input_string(parser.get(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
    return parser.release();
}

void delete_parser(yaml_parser_t* parser) noexcept {
    yaml_parser_delete(parser);
    delete parser;
}

// libyaml hands out owned structures; these free them however the copy into ours ends.
struct EventGuard {
    yaml_event_t event{};
    EventGuard() = default;
    EventGuard(const EventGuard&) = delete;
    EventGuard& operator=(const EventGuard&) = delete;
    ~EventGuard() { yaml_event_delete(&event); }
};

struct TokenGuard {
    yaml_token_t token{};
    TokenGuard() = default;
    TokenGuard(const TokenGuard&) = delete;
    TokenGuard& operator=(const TokenGuard&) = delete;
    ~TokenGuard() { yaml_token_delete(&token); }
};

std::string_view view_of_text(const yaml_char_t* text) {
    return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

EventView view_of(const yaml_event_t& raw) {
    EventView event;
    event.start = mark_of(raw.start_mark);
    event.end = mark_of(raw.end_mark);
    switch (raw.type) {
        case YAML_STREAM_START_EVENT:
            event.kind = EventKind::stream_start;
            break;
        case YAML_DOCUMENT_START_EVENT:
            event.kind = EventKind::document_start;
            event.implicit = raw.data.document_start.implicit != 0;
            break;
        case YAML_DOCUMENT_END_EVENT:
            event.kind = EventKind::document_end;
            break;
        case YAML_ALIAS_EVENT:
            event.kind = EventKind::alias;
            event.anchor = view_of_text(raw.data.alias.anchor);
            break;
        case YAML_SCALAR_EVENT:
            event.kind = EventKind::scalar;
            event.anchor = view_of_text(raw.data.scalar.anchor);
            event.tag = view_of_text(raw.data.scalar.tag);
            event.value = {reinterpret_cast<const char*>(raw.data.scalar.value), raw.data.scalar.length};
            event.style = style_of(raw.data.scalar.style);
            event.implicit = raw.data.scalar.plain_implicit != 0;
            break;
        case YAML_SEQUENCE_START_EVENT:
            event.kind = EventKind::sequence_start;
            event.anchor = view_of_text(raw.data.sequence_start.anchor);
            event.tag = view_of_text(raw.data.sequence_start.tag);
            event.flow = raw.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
            break;
        case YAML_SEQUENCE_END_EVENT:
            event.kind = EventKind::sequence_end;
            break;
        case YAML_MAPPING_START_EVENT:
            event.kind = EventKind::mapping_start;
            event.anchor = view_of_text(raw.data.mapping_start.anchor);
            event.tag = view_of_text(raw.data.mapping_start.tag);
            event.flow = raw.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
            break;
        case YAML_MAPPING_END_EVENT:
            event.kind = EventKind::mapping_end;
            break;
        case YAML_NO_EVENT:
        case YAML_STREAM_END_EVENT:
            event.kind = EventKind::stream_end;
            break;
    }
    return event;
}

Event event_of(const yaml_event_t& raw) {
    const EventView view = view_of(raw);
    Event event;
    event.kind = view.kind;
    event.start = view.start;
    event.end = view.end;
    event.anchor = view.anchor;
    event.tag = view.tag;
    event.value = view.value;
    event.style = view.style;
    event.flow = view.flow;
    event.implicit = view.implicit;
    return event;
}

Token token_of(const yaml_token_t& raw) {
    Token token;
    token.start = mark_of(raw.start_mark);
    token.end = mark_of(raw.end_mark);
    switch (raw.type) {
        case YAML_STREAM_START_TOKEN:
            token.kind = TokenKind::stream_start;
            break;
        case YAML_VERSION_DIRECTIVE_TOKEN:
            token.kind = TokenKind::version_directive;
            break;
        case YAML_TAG_DIRECTIVE_TOKEN:
            token.kind = TokenKind::tag_directive;
            break;
        case YAML_DOCUMENT_START_TOKEN:
            token.kind = TokenKind::document_start;
            break;
        case YAML_DOCUMENT_END_TOKEN:
            token.kind = TokenKind::document_end;
            break;
        case YAML_BLOCK_SEQUENCE_START_TOKEN:
            token.kind = TokenKind::block_sequence_start;
            break;
        case YAML_BLOCK_MAPPING_START_TOKEN:
            token.kind = TokenKind::block_mapping_start;
            break;
        case YAML_BLOCK_END_TOKEN:
            token.kind = TokenKind::block_end;
            break;
        case YAML_FLOW_SEQUENCE_START_TOKEN:
            token.kind = TokenKind::flow_sequence_start;
            break;
        case YAML_FLOW_SEQUENCE_END_TOKEN:
            token.kind = TokenKind::flow_sequence_end;
            break;
        case YAML_FLOW_MAPPING_START_TOKEN:
            token.kind = TokenKind::flow_mapping_start;
            break;
        case YAML_FLOW_MAPPING_END_TOKEN:
            token.kind = TokenKind::flow_mapping_end;
            break;
        case YAML_BLOCK_ENTRY_TOKEN:
            token.kind = TokenKind::block_entry;
            break;
        case YAML_FLOW_ENTRY_TOKEN:
            token.kind = TokenKind::flow_entry;
            break;
        case YAML_KEY_TOKEN:
            token.kind = TokenKind::key;
            break;
        case YAML_VALUE_TOKEN:
            token.kind = TokenKind::value;
            break;
        case YAML_ALIAS_TOKEN:
            token.kind = TokenKind::alias;
            token.value = text_of(raw.data.alias.value);
            break;
        case YAML_ANCHOR_TOKEN:
            token.kind = TokenKind::anchor;
            token.value = text_of(raw.data.anchor.value);
            break;
        case YAML_TAG_TOKEN:
            token.kind = TokenKind::tag;
            break;
        case YAML_SCALAR_TOKEN:
            token.kind = TokenKind::scalar;
            token.value = text_of(raw.data.scalar.value, raw.data.scalar.length);
            token.style = style_of(raw.data.scalar.style);
            break;
        case YAML_NO_TOKEN:
        case YAML_STREAM_END_TOKEN:
            token.kind = TokenKind::stream_end;
            break;
    }
    return token;
}

}  // namespace

void EventParser::Delete::operator()(yaml_parser_t* parser) const noexcept {
    delete_parser(parser);
}
void TokenScanner::Delete::operator()(yaml_parser_t* parser) const noexcept {
    delete_parser(parser);
}

EventParser::EventParser(std::string_view text) : m_parser(make_parser(text)) {}

std::optional<Event> EventParser::next() {
    if (m_done) return std::nullopt;
    EventGuard guard;
    if (!yaml_parser_parse(m_parser.get(), &guard.event)) {
        m_error = error_of(*m_parser);
        m_done = true;
        return std::nullopt;
    }
    Event event = event_of(guard.event);
    m_done = event.kind == EventKind::stream_end;
    return event;
}

EventStream::EventStream(std::string_view text) {
    if (!yaml_parser_initialize(&m_parser)) throw std::bad_alloc();
    yaml_parser_set_input_string(&m_parser, reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

EventStream::~EventStream() {
    yaml_event_delete(&m_event);
    yaml_parser_delete(&m_parser);
}

bool EventStream::next(EventView& event) {
    if (m_done) return false;
    yaml_event_delete(&m_event);
    if (!yaml_parser_parse(&m_parser, &m_event)) {
        m_error = error_of(m_parser);
        m_done = true;
        return false;
    }
    event = view_of(m_event);
    m_done = event.kind == EventKind::stream_end;
    return true;
}

TokenScanner::TokenScanner(std::string_view text) : m_parser(make_parser(text)) {}

std::optional<Token> TokenScanner::next() {
    if (m_done) return std::nullopt;
    TokenGuard guard;
    if (!yaml_parser_scan(m_parser.get(), &guard.token)) {
        m_error = error_of(*m_parser);
        m_done = true;
        return std::nullopt;
    }
    Token token = token_of(guard.token);
    m_done = token.kind == TokenKind::stream_end;
    return token;
}

}  // namespace tidemark::policy::yaml
