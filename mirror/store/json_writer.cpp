#include "mirror/store/json_writer.h"

#include <iterator>

#include <fmt/format.h>
#include <simdjson.h>

namespace tidemark::mirror::store {

void JsonWriter::key(std::string_view name) {
    next();
    fmt::format_to(std::back_inserter(m_text), "\"{}\":", name);
}

void JsonWriter::text(std::string_view value) {
    const bool valid = simdjson::validate_utf8(value.data(), value.size());
    m_text += '"';
    for (const char c : value)
        character(valid || static_cast<unsigned char>(c) < 0x80 ? c : '?');
    m_text += '"';
}

void JsonWriter::number(std::int64_t value) {
    fmt::format_to(std::back_inserter(m_text), "{}", value);
}

void JsonWriter::character(char c) {
    if (c == '"' || c == '\\') {
        m_text += '\\';
        m_text += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
        fmt::format_to(std::back_inserter(m_text), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
        m_text += c;
    }
}

}  // namespace tidemark::mirror::store
