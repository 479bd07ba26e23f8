#include <array>

#include "policy/template/compare.h"
#include "policy/template/dates.h"
#include "policy/template/evaluator.h"
#include "policy/template/format.h"
#include "policy/template/versions.h"

namespace tidemark::policy::message {
namespace {

/// The Go type a parameter letter stands for; none for `any` and for what checks itself.
const Type* type_of_parameter(char parameter) noexcept {
    switch (parameter) {
        case 's':
            return &types::text;
        case 'i':
            return &types::integer;
        case 'u':
            return &types::uint32;
        case 'f':
            return &types::floating;
        case 'b':
            return &types::boolean;
        case 'm':
            return &types::dict;
        case 't':
            return &types::time;
        case 'v':
            return &types::version;
        default:
            return nullptr;
    }
}

/// A function's parameters without the star, and whether the last repeats.
struct Signature {
    explicit Signature(std::string_view parameters)
        : letters(parameters.substr(0, parameters.find('*'))), variadic(parameters.ends_with('*')) {}

    std::size_t fixed() const noexcept { return variadic ? letters.size() - 1 : letters.size(); }
    char at(std::size_t index) const noexcept { return letters[std::min(index, letters.size() - 1)]; }

    std::string_view letters;
    bool variadic;
};

bool is_hexadecimal_integer(std::string_view text) {
    return text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X') &&
           text.find_first_of("pP") == std::string_view::npos;
}

/// The place of a field in a structure, looking into embedded ones as Go does.
const Value* find_field(const Value& structure, std::string_view name) {
    const std::span<const Field> fields = structure.type().fields;
    for (std::size_t index = 0; index < fields.size(); ++index) {
        if (fields[index].name == name) return &structure.fields()[index];
    }
    for (std::size_t index = 0; index < fields.size(); ++index) {
        if (!fields[index].embedded) continue;
        if (const Value* found = find_field(structure.fields()[index], name)) return found;
    }
    return nullptr;
}

std::string counted(const Function& function, std::string_view want, std::size_t wanted, std::size_t got) {
    return "wrong number of args for " + std::string(function.name) + ": want " + std::string(want) +
           std::to_string(wanted) + " got " + std::to_string(got);
}

}  // namespace

Value Evaluator::pipeline(const Value& dot, const Pipeline& pipeline) {
    const Level level(*this, pipeline.position);
    Final value;
    for (const Command& command : pipeline.commands) {
        if (failed()) return {};
        value = this->command(dot, command, value);
        if (value->kind() == Kind::nil) value = Value();
    }
    for (const std::string_view name : pipeline.variables) {
        if (failed()) return {};
        if (!pipeline.assigns) {
            push(name, *value);
        } else if (Value* variable = find_variable(name)) {
            *variable = *value;
        } else {
            return fail(pipeline.position, "undefined variable: " + std::string(name));
        }
    }
    return value.value_or(Value());
}

Value Evaluator::command(const Value& dot, const Command& command, const Final& final) {
    const Expression& first = command.front();
    const Arguments arguments = Arguments(command).subspan(1);
    const bool callable = first.kind == ExpressionKind::field || first.kind == ExpressionKind::chain ||
                          first.kind == ExpressionKind::function ||
                          (first.kind == ExpressionKind::variable && first.names.size() > 1);
    if (!callable && (!arguments.empty() || final))
        return fail(first.position, "can't give an argument to what is no function");
    if (first.kind == ExpressionKind::nil) return fail(first.position, "nil is not a command");
    return expression(dot, first, arguments, final);
}

Value Evaluator::expression(const Value& dot, const Expression& expression, Arguments arguments, const Final& final) {
    if (!step(expression.position)) return {};
    switch (expression.kind) {
        case ExpressionKind::boolean:
            return Value::boolean(expression.truth);
        case ExpressionKind::dot:
            return dot;
        case ExpressionKind::nil:
            return {};
        case ExpressionKind::number:
            return ideal_constant(expression);
        case ExpressionKind::text:
            return Value::text(expression.text);
        case ExpressionKind::field:
            return field_chain(dot, dot, expression.names, expression, arguments, final);
        case ExpressionKind::variable: {
            const Value* variable = find_variable(expression.names.front());
            if (!variable)
                return fail(expression.position, "undefined variable: " + std::string(expression.names.front()));
            return field_chain(dot, *variable, std::span(expression.names).subspan(1), expression, arguments, final);
        }
        case ExpressionKind::function:
            return call(dot, *expression.function, nullptr, expression, arguments, final);
        case ExpressionKind::chain: {
            const Value inner = this->expression(dot, *expression.inner, {}, std::nullopt);
            return field_chain(dot, inner, expression.names, expression, arguments, final);
        }
        case ExpressionKind::pipeline:
            return pipeline(dot, *expression.pipeline);
    }
    return {};
}

Value Evaluator::field_chain(const Value& dot, Value receiver, std::span<const std::string_view> names,
                             const Expression& expression, Arguments arguments, const Final& final) {
    for (std::size_t index = 0; index < names.size(); ++index) {
        if (failed()) return {};
        const bool last = index + 1 == names.size();
        receiver = last ? field(dot, names[index], expression, arguments, final, receiver)
                        : field(dot, names[index], expression, {}, std::nullopt, receiver);
    }
    return receiver;
}

Value Evaluator::field(const Value& dot, std::string_view name, const Expression& expression, Arguments arguments,
                       const Final& final, const Value& receiver) {
    if (receiver.kind() == Kind::none) return {};
    const std::string shown(name);
    if (receiver.kind() == Kind::nil) return fail(expression.position, "nil pointer evaluating interface {}." + shown);
    for (const Function& method : receiver.type().methods) {
        if (method.name == name) return call(dot, method, &receiver, expression, arguments, final);
    }
    const bool has_arguments = !arguments.empty() || final.has_value();
    if (receiver.kind() == Kind::structure) {
        if (const Value* found = find_field(receiver, name)) {
            if (!has_arguments) return *found;
            return fail(expression.position, shown + " has arguments but cannot be invoked as function");
        }
    } else if (receiver.kind() == Kind::map && receiver.type().key == &types::text) {
        if (has_arguments) return fail(expression.position, shown + " is not a method but has arguments");
        const Value* found = receiver.as_map() ? receiver.as_map()->find(name) : nullptr;
        return found ? *found : Value();
    }
    return fail(expression.position, "can't evaluate field " + shown + " in type " + std::string(receiver.type().name));
}

Value Evaluator::call(const Value& dot, const Function& function, const Value* receiver, const Expression& expression,
                      Arguments arguments, const Final& final) {
    const Signature signature(function.parameters);
    const std::size_t count = arguments.size() + (final ? 1 : 0);
    if (signature.variadic ? count < signature.fixed() : count != signature.fixed())
        return fail(expression.position,
                    counted(function, signature.variadic ? "at least " : "", signature.fixed(), count));
    if (is_and(function) || is_or(function)) return call_and_or(dot, function, arguments, final);
    std::vector<Value> values;
    values.reserve(count + 1);
    if (receiver) values.push_back(*receiver);
    for (std::size_t index = 0; index < arguments.size(); ++index) {
        values.push_back(argument(dot, signature.at(index), arguments[index]));
        if (failed()) return {};
    }
    if (final) values.push_back(validated(*final, signature.at(count - 1), expression));
    if (failed()) return {};
    // What a function does grows with its arguments.
    constexpr std::size_t k_bytes_a_step = 64;
    std::size_t work = 0;
    for (const Value& value : values)
        work += value.kind() == Kind::text ? value.size() / k_bytes_a_step : value.size();
    m_context.budget().spend_steps(work);
    if (!step(expression.position)) return {};
    Call call{m_context, values};
    Result<Value> result = function.run(call);
    if (!step(expression.position)) return {};
    if (!result) return fail(expression.position, std::string(function.name) + ": " + result.message());
    return result.value();
}

Value Evaluator::call_and_or(const Value& dot, const Function& function, Arguments arguments, const Final& final) {
    Value value;
    for (const Expression& one : arguments) {
        value = argument(dot, 'w', one);
        if (failed() || is_true(value) == is_or(function)) return value;
    }
    return final ? *final : value;
}

Value Evaluator::argument(const Value& dot, char parameter, const Expression& expression) {
    switch (expression.kind) {
        case ExpressionKind::boolean:
        case ExpressionKind::nil:
        case ExpressionKind::number:
        case ExpressionKind::text:
            return constant_argument(parameter, expression);
        case ExpressionKind::dot:
        case ExpressionKind::field:
        case ExpressionKind::variable:
        case ExpressionKind::function:
        case ExpressionKind::chain:
        case ExpressionKind::pipeline:
            break;
    }
    const Value value = this->expression(dot, expression, {}, std::nullopt);
    return failed() ? Value() : validated(value, parameter, expression);
}

Value Evaluator::constant_argument(char parameter, const Expression& expression) {
    const Type* wanted = type_of_parameter(parameter);
    const Number& number = expression.number;
    switch (expression.kind) {
        case ExpressionKind::nil:
            if (!wanted) return Value::nil();
            if (parameter == 'm') return Value::map(nullptr, types::dict);
            return fail(expression.position, "cannot assign nil to " + std::string(wanted->name));
        case ExpressionKind::boolean:
            if (!wanted || parameter == 'b') return Value::boolean(expression.truth);
            break;
        case ExpressionKind::text:
            if (!wanted || parameter == 's') return Value::text(expression.text);
            break;
        case ExpressionKind::number:
            if (!wanted) return ideal_constant(expression);
            if (parameter == 'i' && number.is_integer) return Value::integer(number.integer, types::integer);
            if (parameter == 'u' && number.is_natural) return Value::natural(number.natural, types::uint32);
            if (parameter == 'f' && number.is_floating) return Value::floating(number.floating);
            break;
        case ExpressionKind::dot:
        case ExpressionKind::field:
        case ExpressionKind::variable:
        case ExpressionKind::function:
        case ExpressionKind::chain:
        case ExpressionKind::pipeline:
            break;
    }
    return fail(expression.position,
                "expected " + std::string(wanted ? wanted->name : "a value") + "; found another kind of constant");
}

Value Evaluator::validated(const Value& value, char parameter, const Expression& expression) {
    const Type* wanted = type_of_parameter(parameter);
    if (!wanted) return value.missing() ? Value::nil() : value;
    if (value.kind() == Kind::none) {
        if (parameter == 'm') return Value::map(nullptr, types::dict);
        return fail(expression.position, "invalid value; expected " + std::string(wanted->name));
    }
    if (value.is(*wanted)) return value;
    return fail(expression.position, "wrong type for value; expected " + std::string(wanted->name) + "; got " +
                                         std::string(value.type().name));
}

Value Evaluator::ideal_constant(const Expression& expression) {
    const Number& number = expression.number;
    if (number.is_complex) return m_context.complex(number.complex);
    const bool character = number.text.starts_with('\'');
    if (number.is_floating && !character && !is_hexadecimal_integer(number.text) &&
        number.text.find_first_of(".eEpP") != std::string::npos)
        return Value::floating(number.floating);
    if (number.is_integer) return Value::integer(number.integer, types::integer);
    return fail(expression.position, number.text + " overflows int");
}

}  // namespace tidemark::policy::message
