#include "policy/template/value.h"

namespace tidemark::policy::message {

namespace types {

const Type any{.kind = Kind::nil, .name = "interface {}", .go_kind = "invalid"};
const Type boolean{.kind = Kind::boolean, .name = "bool", .go_kind = "bool"};
const Type integer{.kind = Kind::integer, .name = "int", .go_kind = "int"};
const Type int64{.kind = Kind::integer, .name = "int64", .go_kind = "int64"};
const Type uint64{.kind = Kind::natural, .name = "uint64", .go_kind = "uint64"};
const Type uint32{.kind = Kind::natural, .name = "uint32", .go_kind = "uint32"};
const Type uint8{.kind = Kind::natural, .name = "uint8", .go_kind = "uint8"};
const Type floating{.kind = Kind::floating, .name = "float64", .go_kind = "float64"};
const Type complex{.kind = Kind::complex, .name = "complex128", .go_kind = "complex128"};
const Type text{.kind = Kind::text, .name = "string", .go_kind = "string"};
const Type any_list{.kind = Kind::list, .name = "[]interface {}", .go_kind = "slice", .element = &any};
const Type any_lists{.kind = Kind::list, .name = "[][]interface {}", .go_kind = "slice", .element = &any_list};
const Type text_list{.kind = Kind::list, .name = "[]string", .go_kind = "slice", .element = &text};
const Type int_list{.kind = Kind::list, .name = "[]int", .go_kind = "slice", .element = &integer};
const Type dict{.kind = Kind::map, .name = "map[string]interface {}", .go_kind = "map", .element = &any, .key = &text};
const Type text_map{.kind = Kind::map, .name = "map[string]string", .go_kind = "map", .element = &text, .key = &text};

}  // namespace types

Value Value::nil() noexcept {
    Value value;
    value.m_type = &types::any;
    return value;
}

Value Value::boolean(bool content) noexcept {
    Value value;
    value.m_type = &types::boolean;
    value.m_content.boolean = content;
    return value;
}

Value Value::integer(std::int64_t content, const Type& type) noexcept {
    Value value;
    value.m_type = &type;
    value.m_content.integer = content;
    return value;
}

Value Value::natural(std::uint64_t content, const Type& type) noexcept {
    Value value;
    value.m_type = &type;
    value.m_content.natural = content;
    return value;
}

Value Value::floating(double content) noexcept {
    Value value;
    value.m_type = &types::floating;
    value.m_content.floating = content;
    return value;
}

Value Value::complex(const std::complex<double>* content) noexcept {
    Value value;
    value.m_type = &types::complex;
    value.m_content.complex = content;
    return value;
}

Value Value::text(std::string_view content) noexcept {
    Value value;
    value.m_type = &types::text;
    value.m_size = content.size();
    value.m_content.characters = content.data();
    return value;
}

Value Value::list(const List* content, const Type& type) noexcept {
    Value value;
    value.m_type = &type;
    value.m_content.list = content;
    return value;
}

Value Value::map(Map* content, const Type& type) noexcept {
    Value value;
    value.m_type = &type;
    value.m_content.map = content;
    return value;
}

Value Value::structure(const Value* fields, const Type& type) noexcept {
    Value value;
    value.m_type = &type;
    value.m_content.fields = fields;
    return value;
}

Value Value::native(const void* object, const Type& type) noexcept {
    Value value;
    value.m_type = &type;
    value.m_content.native = object;
    return value;
}

std::span<const Value> Value::items() const noexcept {
    const List* list = as_list();
    return list ? std::span<const Value>(list->items, list->size) : std::span<const Value>();
}

std::size_t Value::size() const noexcept {
    if (kind() == Kind::text) return m_size;
    if (kind() == Kind::list) return items().size();
    if (kind() == Kind::map) return as_map() ? as_map()->entries.size() : 0;
    return 0;
}

bool Value::is_nil() const noexcept {
    if (kind() == Kind::list) return as_list() == nullptr;
    if (kind() == Kind::map) return as_map() == nullptr;
    return missing();
}

bool KeyLess::operator()(const Value& left, const Value& right) const noexcept {
    if (left.kind() == Kind::text && right.kind() == Kind::text) return left.as_text() < right.as_text();
    if (left.kind() != right.kind() || left.kind() != Kind::structure) return left.kind() < right.kind();
    for (std::size_t index = 0; index < left.fields().size(); ++index) {
        if ((*this)(left.fields()[index], right.fields()[index])) return true;
        if ((*this)(right.fields()[index], left.fields()[index])) return false;
    }
    return false;
}

const Value* Map::find(const Value& key) const {
    const auto found = entries.find(key);
    return found == entries.end() ? nullptr : &found->second;
}

Value zero_of(const Type& type) noexcept {
    switch (type.kind) {
        case Kind::boolean:
            return Value::boolean(false);
        case Kind::integer:
            return Value::integer(0, type);
        case Kind::natural:
            return Value::natural(0, type);
        case Kind::floating:
            return Value::floating(0);
        case Kind::text:
            return Value::text("");
        case Kind::list:
            return Value::list(nullptr, type);
        case Kind::map:
            return Value::map(nullptr, type);
        case Kind::nil:
            return Value::nil();
        case Kind::none:
        case Kind::complex:
        case Kind::structure:
        case Kind::native:
            break;
    }
    return {};
}

}  // namespace tidemark::policy::message
