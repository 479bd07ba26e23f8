// The values a message template works on: Go's kinds, as far as templates can tell them apart.
// A Value is a small handle; what it points to belongs to a Context (context.h) and dies with it, which makes
// cyclic dicts harmless. Not for sharing between threads.
#pragma once

#include <complex>
#include <cstdint>
#include <map>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>

#include "policy/base/result.h"

namespace tidemark::policy::message {

class Context;
class Value;
struct Function;

enum class Kind : std::uint8_t {
    none,  // Go's zero reflect.Value: a missing key, printed as <no value>
    nil,   // an interface that holds nothing, printed as <nil> inside of lists
    boolean,
    integer,
    natural,  // unsigned
    floating,
    complex,
    text,
    list,
    map,
    structure,  // named fields
    native,     // one of our own types behind methods: a version, a time, an image
};

struct Field {
    std::string_view name;
    bool embedded = false;  // its own fields are reachable through the outer structure
    bool hidden = false;    // reachable by name, left out when the structure is printed or encoded
    std::string_view json_name = {};
};

/// A Go type: its name is what `%T` prints, `go_kind` what kindOf says.
struct Type {
    Kind kind = Kind::none;
    std::string_view name;
    std::string_view go_kind;
    const Type* element = nullptr;  // of lists and maps; the `any` type where elements carry their own
    const Type* key = nullptr;      // of maps
    std::span<const Field> fields = {};
    std::span<const Function> methods = {};
    std::string (*to_text)(const Value&) = nullptr;  // Go's Stringer
    std::string (*to_json)(const Value&) = nullptr;  // Go's json.Marshaler or TextMarshaler
};

struct List;
struct Map;

class Value {
public:
    Value() = default;  // Kind::none

    static Value nil() noexcept;
    static Value boolean(bool value) noexcept;
    static Value integer(std::int64_t value, const Type& type) noexcept;
    static Value natural(std::uint64_t value, const Type& type) noexcept;
    static Value floating(double value) noexcept;
    static Value complex(const std::complex<double>* value) noexcept;
    static Value text(std::string_view value) noexcept;  // the characters must outlive the value
    static Value list(const List* value, const Type& type) noexcept;
    static Value map(Map* value, const Type& type) noexcept;
    static Value structure(const Value* fields, const Type& type) noexcept;
    static Value native(const void* object, const Type& type) noexcept;

    Kind kind() const noexcept { return m_type ? m_type->kind : Kind::none; }
    /// Precondition for all below: a value of that kind. type(): anything but none.
    const Type& type() const noexcept { return *m_type; }
    bool is(const Type& type) const noexcept { return m_type == &type; }
    bool missing() const noexcept { return kind() == Kind::none || kind() == Kind::nil; }

    bool as_boolean() const noexcept { return m_content.boolean; }
    std::int64_t as_integer() const noexcept { return m_content.integer; }
    std::uint64_t as_natural() const noexcept { return m_content.natural; }
    double as_floating() const noexcept { return m_content.floating; }
    std::complex<double> as_complex() const noexcept { return *m_content.complex; }
    std::string_view as_text() const noexcept { return {m_content.characters, m_size}; }
    /// A nil slice or map has none: nullptr.
    const List* as_list() const noexcept { return m_content.list; }
    Map* as_map() const noexcept { return m_content.map; }
    std::span<const Value> items() const noexcept;
    std::span<const Value> fields() const noexcept { return {m_content.fields, m_type->fields.size()}; }
    template <class T>
    const T& as_native() const noexcept {
        return *static_cast<const T*>(m_content.native);
    }
    /// Elements of a list or map, bytes of a text; 0 for all else.
    std::size_t size() const noexcept;
    /// A nil interface, slice or map.
    bool is_nil() const noexcept;

private:
    const Type* m_type = nullptr;
    std::size_t m_size = 0;  // of a text
    union Content {
        bool boolean;
        std::int64_t integer;
        std::uint64_t natural;
        double floating;
        const std::complex<double>* complex;
        const char* characters;
        const List* list;
        Map* map;
        const Value* fields;
        const void* native;
    } m_content{.natural = 0};
};

struct List {
    const Value* items = nullptr;
    std::size_t size = 0;
};

/// Orders map keys as Go prints and ranges them: texts by bytes, structures field by field.
struct KeyLess {
    bool operator()(const Value& left, const Value& right) const noexcept;
};

struct Map {
    explicit Map(std::pmr::memory_resource* memory) : entries(memory) {}
    std::pmr::map<Value, Value, KeyLess> entries;
    /// nullptr where the key is missing.
    const Value* find(const Value& key) const;
    const Value* find(std::string_view key) const { return find(Value::text(key)); }
};

namespace types {

extern const Type any;  // interface {}; values of it are nil
extern const Type boolean;
extern const Type integer;
extern const Type int64;
extern const Type uint64;
extern const Type uint32;
extern const Type uint8;
extern const Type floating;
extern const Type complex;
extern const Type text;
extern const Type any_list;   // []interface {}
extern const Type any_lists;  // [][]interface {}
extern const Type text_list;  // []string
extern const Type int_list;   // []int
extern const Type dict;       // map[string]interface {}
extern const Type text_map;   // map[string]string

}  // namespace types

/// The zero value of a type, as index gives it for a missing key.
Value zero_of(const Type& type) noexcept;

}  // namespace tidemark::policy::message
