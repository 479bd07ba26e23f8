// eq, ne, lt, le, gt, ge, and, or, not.
#include "policy/template/compare.h"
#include "policy/template/functions.h"

namespace tidemark::policy::message {
namespace {

Result<Value> as_value(Result<bool> result, bool negated = false) {
    if (!result) return result.problem();
    return Value::boolean(result.value() != negated);
}

Result<Value> eq(Call& call) {
    return as_value(equals_any(call.value(0), call.from(1)));
}
Result<Value> ne(Call& call) {
    return as_value(equals_any(call.value(0), call.from(1)), true);
}
Result<Value> lt(Call& call) {
    return as_value(less(call.value(0), call.value(1)));
}
Result<Value> ge(Call& call) {
    return as_value(less(call.value(0), call.value(1)), true);
}

Result<bool> less_or_equal(Call& call) {
    const Result<bool> is_less = less(call.value(0), call.value(1));
    if (!is_less.ok() || is_less.value()) return is_less;
    return equals_any(call.value(0), call.from(1));
}

Result<Value> le(Call& call) {
    return as_value(less_or_equal(call));
}
Result<Value> gt(Call& call) {
    return as_value(less_or_equal(call), true);
}

Result<Value> logical_not(Call& call) {
    return Value::boolean(!is_true(call.value(0)));
}

/// The evaluator runs these itself, because they stop early.
Result<Value> first_argument(Call& call) {
    return call.value(0);
}

constexpr Function k_functions[] = {
    {"and", "ww*", first_argument},
    {"or", "ww*", first_argument},
    {"eq", "ww*", eq},
    {"ne", "ww", ne},
    {"lt", "ww", lt},
    {"le", "ww", le},
    {"gt", "ww", gt},
    {"ge", "ww", ge},
    {"not", "w", logical_not},
};

}  // namespace

bool is_and(const Function& function) noexcept {
    return &function == &k_functions[0];
}
bool is_or(const Function& function) noexcept {
    return &function == &k_functions[1];
}

std::span<const Function> comparison_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
