// sprig's arithmetic on numbers with a fraction, and rounding.
#include <cmath>

#include "policy/template/convert.h"
#include "policy/template/decimal.h"
#include "policy/template/functions.h"

namespace tidemark::policy::message {
namespace {

enum class Operation { add, subtract, multiply, divide };

std::optional<Decimal> combined(const Decimal& left, Operation operation, const Decimal& right) {
    switch (operation) {
        case Operation::add:
            return left.plus(right);
        case Operation::subtract:
            return left.minus(right);
        case Operation::multiply:
            return left.times(right);
        case Operation::divide:
            return left.divided_by(right);
    }
    return std::nullopt;
}

Result<Value> folded(Call& call, double start, std::span<const Value> operands, Operation operation) {
    std::optional<Decimal> result = Decimal::from_double(start);
    for (const Value& operand : operands) {
        const std::optional<Decimal> next = Decimal::from_double(to_double(operand));
        if (!result || !next) return problem("infinity and NaN have no decimal form");
        // Products grow with each factor.
        if (!call.context.budget().spend_steps(result->size() + next->size())) break;
        result = combined(*result, operation, *next);
        if (!result) return problem("decimal division by zero");
    }
    if (!result) return problem("infinity and NaN have no decimal form");
    return Value::floating(result->to_double());
}

Result<Value> addf(Call& call) {
    return folded(call, 0, call.arguments, Operation::add);
}
Result<Value> add1f(Call& call) {
    const Value one = Value::floating(1);
    return folded(call, to_double(call.value(0)), std::span(&one, 1), Operation::add);
}
Result<Value> subf(Call& call) {
    return folded(call, to_double(call.value(0)), call.from(1), Operation::subtract);
}
Result<Value> mulf(Call& call) {
    return folded(call, to_double(call.value(0)), call.from(1), Operation::multiply);
}
Result<Value> divf(Call& call) {
    return folded(call, to_double(call.value(0)), call.from(1), Operation::divide);
}

/// As Go's math.Max: NaN wins over all but infinity.
Result<Value> maxf(Call& call) {
    double best = to_double(call.value(0));
    for (const Value& value : call.from(1)) {
        const double other = to_double(value);
        if (std::isinf(best) && best > 0) break;
        if (std::isnan(other) || other > best || (other == best && std::signbit(best))) best = other;
    }
    return Value::floating(best);
}

Result<Value> minf(Call& call) {
    double best = to_double(call.value(0));
    for (const Value& value : call.from(1)) {
        const double other = to_double(value);
        if (std::isinf(best) && best < 0) break;
        if (std::isnan(other) || other < best || (other == best && std::signbit(other))) best = other;
    }
    return Value::floating(best);
}

Result<Value> ceil(Call& call) {
    return Value::floating(std::ceil(to_double(call.value(0))));
}
Result<Value> floor(Call& call) {
    return Value::floating(std::floor(to_double(call.value(0))));
}

/// round VALUE PLACES [ON]: up from the fraction ON, 0.5 where it is not given.
Result<Value> round(Call& call) {
    const double on = call.count() > 2 ? call.value(2).as_floating() : 0.5;
    const double power = std::pow(10.0, static_cast<double>(call.integer(1)));
    const double digits = power * to_double(call.value(0));
    double whole = 0;
    const double fraction = std::modf(digits, &whole);
    return Value::floating((fraction >= on ? std::ceil(digits) : std::floor(digits)) / power);
}

constexpr Function k_functions[] = {
    {"addf", "a*", addf},  {"add1f", "a", add1f},    {"subf", "aa*", subf}, {"mulf", "aa*", mulf},
    {"divf", "aa*", divf}, {"maxf", "aa*", maxf},    {"minf", "aa*", minf}, {"ceil", "a", ceil},
    {"floor", "a", floor}, {"round", "aif*", round},
};

}  // namespace

std::span<const Function> decimal_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
