// sprig's choices: default, coalesce, ternary, empty, all, any.
#include <algorithm>

#include "policy/template/compare.h"
#include "policy/template/functions.h"

namespace tidemark::policy::message {
namespace {

Result<Value> default_value(Call& call) {
    return call.count() < 2 || is_empty(call.value(1)) ? call.value(0) : call.value(1);
}

Result<Value> empty(Call& call) {
    return Value::boolean(is_empty(call.value(0)));
}

Result<Value> coalesce(Call& call) {
    const auto found = std::find_if_not(call.arguments.begin(), call.arguments.end(), is_empty);
    return found == call.arguments.end() ? Value::nil() : *found;
}

Result<Value> all(Call& call) {
    return Value::boolean(std::none_of(call.arguments.begin(), call.arguments.end(), is_empty));
}

Result<Value> any(Call& call) {
    return Value::boolean(std::any_of(call.arguments.begin(), call.arguments.end(), is_true));
}

Result<Value> ternary(Call& call) {
    return call.value(call.value(2).as_boolean() ? 0 : 1);
}

constexpr Function k_functions[] = {
    {"default", "aa*", default_value},
    {"empty", "a", empty},
    {"coalesce", "a*", coalesce},
    {"all", "a*", all},
    {"any", "a*", any},
    {"ternary", "aab", ternary},
};

}  // namespace

std::span<const Function> default_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
