#include "policy/template/compare.h"

#include "policy/template/format.h"

namespace tidemark::policy::message {
namespace {

constexpr int k_deepest_compare = 500;

Problem incompatible(const Value& left, const Value& right) {
    return {
        "incompatible types for comparison: " + std::string(type_name(left)) + " and " + std::string(type_name(right)),
        std::nullopt};
}

bool is_basic(Kind kind) noexcept {
    switch (kind) {
        case Kind::boolean:
        case Kind::integer:
        case Kind::natural:
        case Kind::floating:
        case Kind::complex:
        case Kind::text:
            return true;
        case Kind::none:
        case Kind::nil:
        case Kind::list:
        case Kind::map:
        case Kind::structure:
        case Kind::native:
            return false;
    }
    return false;
}

bool whole(Kind kind) noexcept {
    return kind == Kind::integer || kind == Kind::natural;
}

/// Integers of either sign.
bool same_number(const Value& left, const Value& right) noexcept {
    if (left.kind() == right.kind()) return left.as_natural() == right.as_natural();
    const Value& with_sign = left.kind() == Kind::integer ? left : right;
    return with_sign.as_integer() >= 0 && left.as_natural() == right.as_natural();
}

bool same_basic(const Value& left, const Value& right) noexcept {
    switch (left.kind()) {
        case Kind::boolean:
            return left.as_boolean() == right.as_boolean();
        case Kind::integer:
        case Kind::natural:
            return same_number(left, right);
        case Kind::floating:
            return left.as_floating() == right.as_floating();
        case Kind::complex:
            return left.as_complex() == right.as_complex();
        case Kind::text:
            return left.as_text() == right.as_text();
        case Kind::none:
        case Kind::nil:
        case Kind::list:
        case Kind::map:
        case Kind::structure:
        case Kind::native:
            break;
    }
    return false;
}

bool comparable(const Value& value) noexcept {
    if (value.kind() == Kind::list || value.kind() == Kind::map) return false;
    if (value.kind() != Kind::structure) return true;
    for (const Value& field : value.fields()) {
        if (!comparable(field)) return false;
    }
    return true;
}

/// Two values of one Go type that are neither basic nor nil.
bool same_whole(const Value& left, const Value& right) {
    if (left.missing() || right.missing()) return left.missing() && right.missing();
    if (&left.type() != &right.type()) return false;
    if (is_basic(left.kind())) return same_basic(left, right);
    if (left.kind() == Kind::native)
        return &left.as_native<char>() == &right.as_native<char>() ||
               (left.type().to_text && left.type().go_kind == "struct" &&
                left.type().to_text(left) == right.type().to_text(right));
    for (std::size_t index = 0; index < left.fields().size(); ++index) {
        if (!same_whole(left.fields()[index], right.fields()[index])) return false;
    }
    return true;
}

Result<bool> equal(const Value& left, const Value& right) {
    const bool basic_left = is_basic(left.kind());
    const bool basic_right = is_basic(right.kind());
    if (basic_left && basic_right) {
        if (left.kind() == right.kind() || (whole(left.kind()) && whole(right.kind()))) return same_basic(left, right);
        return incompatible(left, right);
    }
    if (basic_left || basic_right) {
        if (left.missing() || right.missing()) return false;
        return incompatible(left, right);
    }
    if (left.is_nil() || right.is_nil()) return left.is_nil() == right.is_nil();
    for (const Value* value : {&left, &right}) {
        if (!comparable(*value)) return Problem{"non-comparable type " + std::string(value->type().name), std::nullopt};
    }
    return same_whole(left, right);
}

bool deep_equal_maps(Budget& budget, const Value& left, const Value& right, int depth) {
    if (left.is_nil() != right.is_nil() || left.size() != right.size()) return false;
    if (left.is_nil()) return true;
    for (const auto& [key, value] : left.as_map()->entries) {
        const Value* other = right.as_map()->find(key);
        if (!other || !deep_equal(budget, value, *other, depth + 1)) return false;
    }
    return true;
}

bool deep_equal_lists(Budget& budget, std::span<const Value> left, std::span<const Value> right, int depth) {
    if (left.size() != right.size()) return false;
    for (std::size_t index = 0; index < left.size(); ++index) {
        if (!deep_equal(budget, left[index], right[index], depth + 1)) return false;
    }
    return true;
}

}  // namespace

bool is_true(const Value& value) noexcept {
    switch (value.kind()) {
        case Kind::none:
        case Kind::nil:
            return false;
        case Kind::boolean:
            return value.as_boolean();
        case Kind::integer:
            return value.as_integer() != 0;
        case Kind::natural:
            return value.as_natural() != 0;
        case Kind::floating:
            return value.as_floating() != 0;
        case Kind::complex:
            return value.as_complex() != std::complex<double>();
        case Kind::text:
        case Kind::list:
        case Kind::map:
            return value.size() > 0;
        case Kind::structure:
        case Kind::native:
            return true;
    }
    return true;
}

bool is_empty(const Value& value) noexcept {
    return !is_true(value);
}

Result<bool> equals_any(const Value& first, std::span<const Value> others) {
    if (others.empty()) return Problem{"missing argument for comparison", std::nullopt};
    for (const Value& other : others) {
        const Result<bool> same = equal(first, other);
        if (!same.ok() || same.value()) return same;
    }
    return false;
}

Result<bool> less(const Value& left, const Value& right) {
    if (!is_basic(left.kind()) || !is_basic(right.kind())) return Problem{"invalid type for comparison", std::nullopt};
    if (left.kind() != right.kind()) {
        if (!whole(left.kind()) || !whole(right.kind())) return incompatible(left, right);
        if (left.kind() == Kind::integer) return left.as_integer() < 0 || left.as_natural() < right.as_natural();
        return right.as_integer() >= 0 && left.as_natural() < right.as_natural();
    }
    switch (left.kind()) {
        case Kind::integer:
            return left.as_integer() < right.as_integer();
        case Kind::natural:
            return left.as_natural() < right.as_natural();
        case Kind::floating:
            return left.as_floating() < right.as_floating();
        case Kind::text:
            return left.as_text() < right.as_text();
        case Kind::boolean:
        case Kind::complex:
        case Kind::none:
        case Kind::nil:
        case Kind::list:
        case Kind::map:
        case Kind::structure:
        case Kind::native:
            break;
    }
    return Problem{"invalid type for comparison", std::nullopt};
}

bool deep_equal(Budget& budget, const Value& left, const Value& right, int depth) {
    if (!budget.spend_steps(1)) return false;
    if (depth > k_deepest_compare) {
        budget.stop("values are nested too deeply to be compared");
        return false;
    }
    if (left.missing() || right.missing()) return left.missing() && right.missing();
    if (&left.type() != &right.type()) return false;
    if (is_basic(left.kind())) return same_basic(left, right);
    if (left.kind() == Kind::map) return deep_equal_maps(budget, left, right, depth);
    if (left.kind() == Kind::list)
        return left.is_nil() == right.is_nil() && deep_equal_lists(budget, left.items(), right.items(), depth);
    if (left.kind() == Kind::structure) return deep_equal_lists(budget, left.fields(), right.fields(), depth);
    return left.type().to_text ? left.type().to_text(left) == right.type().to_text(right) : same_whole(left, right);
}

}  // namespace tidemark::policy::message
