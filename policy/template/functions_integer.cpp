// sprig's integer arithmetic (64 bits, wrapping) and number ranges.
#include "policy/template/convert.h"
#include "policy/template/functions.h"

namespace tidemark::policy::message {
namespace {

Value number(std::uint64_t bits) {
    return Value::integer(static_cast<std::int64_t>(bits), types::int64);
}
/// Wrapping needs unsigned arithmetic.
std::uint64_t bits(const Value& value) {
    return static_cast<std::uint64_t>(to_int64(value));
}

Result<Value> add(Call& call) {
    std::uint64_t sum = 0;
    for (const Value& value : call.arguments)
        sum += bits(value);
    return number(sum);
}

Result<Value> add1(Call& call) {
    return number(bits(call.value(0)) + 1);
}
Result<Value> sub(Call& call) {
    return number(bits(call.value(0)) - bits(call.value(1)));
}

Result<Value> mul(Call& call) {
    std::uint64_t product = 1;
    for (const Value& value : call.arguments)
        product *= bits(value);
    return number(product);
}

Result<Value> div(Call& call) {
    const std::int64_t divisor = to_int64(call.value(1));
    if (divisor == 0) return problem("integer divide by zero");
    if (divisor == -1) return number(0 - bits(call.value(0)));  // the smallest number has no positive counterpart
    return Value::integer(to_int64(call.value(0)) / divisor, types::int64);
}

Result<Value> mod(Call& call) {
    const std::int64_t divisor = to_int64(call.value(1));
    if (divisor == 0) return problem("integer divide by zero");
    return Value::integer(divisor == -1 ? 0 : to_int64(call.value(0)) % divisor, types::int64);
}

Result<Value> max(Call& call) {
    std::int64_t best = to_int64(call.value(0));
    for (const Value& value : call.from(1))
        best = std::max(best, to_int64(value));
    return Value::integer(best, types::int64);
}

Result<Value> min(Call& call) {
    std::int64_t best = to_int64(call.value(0));
    for (const Value& value : call.from(1))
        best = std::min(best, to_int64(value));
    return Value::integer(best, types::int64);
}

/// start, start + step, ... before `stop`; nothing where the step leads away from it.
std::vector<Value> counted(Budget& budget, std::int64_t start, std::int64_t stop, std::int64_t step) {
    std::vector<Value> numbers;
    const bool down = stop < start;
    if (step == 0 || down != (step < 0)) return numbers;
    for (std::int64_t value = start; down ? value > stop : value < stop;) {
        if (!budget.spend_bytes(sizeof(Value)) || !budget.spend_steps(1)) break;
        numbers.push_back(Value::integer(value, types::integer));
        if (__builtin_add_overflow(value, step, &value)) break;
    }
    return numbers;
}

Result<Value> until(Call& call) {
    const std::int64_t stop = call.integer(0);
    return call.context.list(counted(call.context.budget(), 0, stop, stop < 0 ? -1 : 1), types::int_list);
}

Result<Value> until_step(Call& call) {
    return call.context.list(counted(call.context.budget(), call.integer(0), call.integer(1), call.integer(2)),
                             types::int_list);
}

/// seq END, seq START END, seq START STEP END: a text with both ends included.
Result<Value> seq(Call& call) {
    if (call.count() == 0 || call.count() > 3) return Context::view("");
    const std::int64_t start = call.count() == 1 ? 1 : call.integer(0);
    const std::int64_t end = call.integer(call.count() - 1);
    const std::int64_t direction = end < start ? -1 : 1;
    const std::int64_t step = call.count() == 3 ? call.integer(1) : direction;
    std::int64_t stop = 0;
    if ((call.count() == 3 && end < start && step > 0) || __builtin_add_overflow(end, direction, &stop))
        return Context::view("");
    Text text(call.context.budget());
    for (const Value& value : counted(call.context.budget(), start, stop, step)) {
        if (text.size() > 0) text.append(' ');
        text.append(std::to_string(value.as_integer()));
    }
    return call.context.text(text);
}

constexpr Function k_functions[] = {
    {"add", "a*", add},
    {"add1", "a", add1},
    {"sub", "aa", sub},
    {"mul", "aa*", mul},
    {"div", "aa", div},
    {"mod", "aa", mod},
    {"max", "aa*", max},
    {"biggest", "aa*", max},
    {"min", "aa*", min},
    {"until", "i", until},
    {"untilStep", "iii", until_step},
    {"seq", "i*", seq},
};

}  // namespace

std::span<const Function> integer_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
