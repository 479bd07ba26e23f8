// sprig's conversions: to texts, to numbers, to sorted or joined texts, and what type a value has.
#include <algorithm>

#include "policy/template/compare.h"
#include "policy/template/convert.h"
#include "policy/template/format.h"
#include "policy/template/functions.h"
#include "policy/template/number.h"

namespace tidemark::policy::message {
namespace {

Result<Value> to_string(Call& call) {
    return Context::view(as_text(call.context, call.value(0)));
}
Result<Value> to_strings(Call& call) {
    return call.context.texts(to_texts(call.context, call.value(0)));
}

Result<Value> join(Call& call) {
    Text text(call.context.budget());
    bool first = true;
    for (const std::string_view part : to_texts(call.context, call.value(1))) {
        if (!first) text.append(call.text(0));
        first = false;
        text.append(part);
    }
    return call.context.text(text);
}

Result<Value> sort_alpha(Call& call) {
    std::vector<std::string_view> texts = to_texts(call.context, call.value(0));
    if (call.value(0).missing()) texts = {"<nil>"};
    std::sort(texts.begin(), texts.end());
    return call.context.texts(texts);
}

Result<Value> atoi(Call& call) {
    return Value::integer(parse_integer(call.text(0), 10).value_or(0), types::integer);
}
Result<Value> to_int(Call& call) {
    return Value::integer(to_int64(call.value(0)), types::integer);
}
Result<Value> to_long(Call& call) {
    return Value::integer(to_int64(call.value(0)), types::int64);
}
Result<Value> to_float(Call& call) {
    return Value::floating(to_double(call.value(0)));
}

/// Octal text, as Unix modes are written.
Result<Value> to_decimal(Call& call) {
    return Value::integer(parse_integer(as_text(call.context, call.value(0)), 8).value_or(0), types::int64);
}

std::string_view kind_name(const Value& value) {
    return value.missing() ? "invalid" : value.type().go_kind;
}

Result<Value> type_of(Call& call) {
    return Context::view(type_name(call.value(0)));
}
Result<Value> kind_of(Call& call) {
    return Context::view(kind_name(call.value(0)));
}
Result<Value> type_is(Call& call) {
    return Value::boolean(call.text(0) == type_name(call.value(1)));
}
Result<Value> kind_is(Call& call) {
    return Value::boolean(call.text(0) == kind_name(call.value(1)));
}
Result<Value> type_is_like(Call& call) {
    std::string_view name = type_name(call.value(1));
    if (name == call.text(0)) return Value::boolean(true);
    if (!name.starts_with('*')) return Value::boolean(false);
    name.remove_prefix(1);
    return Value::boolean(name == call.text(0));
}

Result<Value> deep_equal_function(Call& call) {
    return Value::boolean(deep_equal(call.context.budget(), call.value(0), call.value(1)));
}

constexpr Function k_functions[] = {
    {"toString", "a", to_string},
    {"toStrings", "a", to_strings},
    {"join", "sa", join},
    {"sortAlpha", "a", sort_alpha},
    {"atoi", "s", atoi},
    {"int", "a", to_int},
    {"int64", "a", to_long},
    {"float64", "a", to_float},
    {"toDecimal", "a", to_decimal},
    {"typeOf", "a", type_of},
    {"kindOf", "a", kind_of},
    {"typeIs", "sa", type_is},
    {"kindIs", "sa", kind_is},
    {"typeIsLike", "sa", type_is_like},
    {"deepEqual", "aa", deep_equal_function},
};

}  // namespace

std::span<const Function> conversion_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
