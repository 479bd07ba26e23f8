// Values and how they are written as YAML: the one place that holds libyaml's emitter, of which the printer in
// Flux's tools is a port, so that both write the same bytes (conformance/README.md "YAML").
// Pure; a Value may be used by one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "policy/base/result.h"

namespace tidemark::policy::yaml {

struct Member;

/// A tree of values. Mappings are written with their keys in the order of bytes.
class Value {
public:
    using Sequence = std::vector<Value>;
    using Mapping = std::vector<Member>;
    using Content = std::variant<std::string, bool, std::int64_t, Sequence, Mapping>;

    Value();
    Value(std::string text);
    Value(std::string_view text);
    Value(const char* text);
    Value(bool value);
    Value(std::int64_t value);
    Value(Sequence items);
    Value(Mapping members);

    /// Adds or replaces a member. Precondition: this is a mapping (as a new Value is).
    Value& set(std::string_view key, Value value);
    /// As set, unless `text` is empty: optional fields are left out, not written as "".
    Value& set_text(std::string_view key, std::string_view text);

    /// The member of that name, or null: also when this is no mapping.
    const Value* find(std::string_view key) const noexcept;
    const Content& content() const noexcept { return m_content; }
    /// A mapping or sequence without elements.
    bool empty() const noexcept;

private:
    Content m_content;
};

struct Member {
    std::string key;
    Value value;
};

// Here and not in the class: a Mapping is complete only now.
inline Value::Value() : m_content(Mapping{}) {}
inline Value::Value(std::string text) : m_content(std::move(text)) {}
inline Value::Value(std::string_view text) : m_content(std::string(text)) {}
inline Value::Value(const char* text) : m_content(std::string(text)) {}
inline Value::Value(bool value) : m_content(value) {}
inline Value::Value(std::int64_t value) : m_content(value) {}
inline Value::Value(Sequence items) : m_content(std::move(items)) {}
inline Value::Value(Mapping members) : m_content(std::move(members)) {}

/// One block-style document, without a "---" line, ending in a newline. Refused: text that is not UTF-8 or
/// holds DEL (a YAML reader would refuse it too).
Result<std::string> emit(const Value& root);

}  // namespace tidemark::policy::yaml
