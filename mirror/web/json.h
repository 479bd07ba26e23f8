// Answers of the API: JSON by RapidJSON, member by member.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "mirror/web/exchange.h"

namespace tidemark::mirror::web {

/// Text that is no UTF-8 (a server's own words) gets a mark where it is not; times are as "2026-11-21T09:12:00Z".
class JsonText {
public:
    JsonText() : m_writer(m_buffer) {}

    JsonText& begin_object() { return m_writer.StartObject(), *this; }
    JsonText& end_object() { return m_writer.EndObject(), *this; }
    JsonText& begin_list() { return m_writer.StartArray(), *this; }
    JsonText& end_list() { return m_writer.EndArray(), *this; }
    JsonText& key(std::string_view name);

    JsonText& value(std::string_view text);
    JsonText& value(const char* text) { return value(std::string_view(text)); }
    JsonText& value(bool truth) { return m_writer.Bool(truth), *this; }
    JsonText& value(std::int64_t number) { return m_writer.Int64(number), *this; }
    JsonText& value(std::uint64_t number) { return m_writer.Uint64(number), *this; }
    JsonText& value(std::chrono::sys_seconds time);
    JsonText& null() { return m_writer.Null(), *this; }

    template <class Value>
    JsonText& member(std::string_view name, const Value& content) {
        return key(name).value(content);
    }
    /// null where there is none.
    template <class Value>
    JsonText& member(std::string_view name, const std::optional<Value>& content) {
        key(name);
        return content ? value(*content) : null();
    }
    /// A list of texts.
    template <class Texts>
    JsonText& list(std::string_view name, const Texts& texts) {
        key(name).begin_list();
        for (const auto& text : texts)
            value(text);
        return end_list();
    }

    std::string take() const { return {m_buffer.GetString(), m_buffer.GetSize()}; }

private:
    rapidjson::StringBuffer m_buffer;
    rapidjson::Writer<rapidjson::StringBuffer> m_writer;
};

/// The same text as valid UTF-8: U+FFFD for each byte that is none.
std::string valid_utf8(std::string_view text);

Answer json_answer(int status, const JsonText& text);

/// {"error": ..., "next": ...}
Answer error_answer(int status, std::string_view error, std::string_view next);

}  // namespace tidemark::mirror::web
