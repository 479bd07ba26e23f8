#include "policy/template/evaluator.h"

#include <algorithm>

#include "policy/template/compare.h"
#include "policy/template/format.h"
#include "policy/template/quote.h"

namespace tidemark::policy::message {

Evaluator::Level::Level(Evaluator& evaluator, std::size_t position) : m_evaluator(evaluator) {
    if (++evaluator.m_depth > evaluator.m_deepest)
        evaluator.fail(position, "templates, blocks or parentheses are nested too deeply");
}

std::optional<Problem> Evaluator::run(const Value& data) {
    m_variables = {{"$", data}};
    walk(data, m_parsed.templates.find(k_message_name)->second);
    return m_problem;
}

Value Evaluator::fail(std::size_t position, std::string message) {
    if (!m_problem) m_problem = Problem{std::move(message), position};
    return {};
}

bool Evaluator::step(std::size_t position) {
    m_context.budget().spend_steps(1);
    if (m_context.budget().exhausted()) fail(position, m_context.budget().problem().message);
    if (m_out.full()) fail(position, "the message grows too large");
    return !failed();
}

Value* Evaluator::find_variable(std::string_view name) {
    for (std::size_t index = m_variables.size(); index > m_first_variable; --index) {
        if (m_variables[index - 1].first == name) return &m_variables[index - 1].second;
    }
    return nullptr;
}

Evaluator::Flow Evaluator::walk(const Value& dot, const Statements& statements) {
    for (const Statement& statement : statements) {
        if (!step(statement.position)) return Flow::failed;
        if (const Flow flow = walk_one(dot, statement); flow != Flow::on) return flow;
    }
    return Flow::on;
}

Evaluator::Flow Evaluator::walk_one(const Value& dot, const Statement& statement) {
    switch (statement.kind) {
        case StatementKind::text:
            m_out.append(statement.text);
            return Flow::on;
        case StatementKind::action:
            return print(statement, pipeline(dot, *statement.pipeline));
        case StatementKind::condition:
        case StatementKind::with:
            return walk_condition(dot, statement);
        case StatementKind::range:
            return walk_range(dot, statement);
        case StatementKind::call:
            return walk_call(dot, statement);
        case StatementKind::leave:
            return Flow::leave;
        case StatementKind::next:
            return Flow::next;
    }
    return Flow::on;
}

Evaluator::Flow Evaluator::print(const Statement& statement, const Value& value) {
    if (failed()) return Flow::failed;
    if (!statement.pipeline->variables.empty()) return Flow::on;  // a declaration prints nothing
    if (value.missing()) {
        m_out.append("<no value>");
    } else {
        print_value(m_out, value);
    }
    return step(statement.position) ? Flow::on : Flow::failed;
}

Evaluator::Flow Evaluator::walk_condition(const Value& dot, const Statement& statement) {
    const Level level(*this, statement.position);
    const std::size_t mark = m_variables.size();
    const Value value = pipeline(dot, *statement.pipeline);
    Flow flow = Flow::failed;
    if (!failed()) {
        const bool truth = is_true(value);
        const bool with = truth && statement.kind == StatementKind::with;
        flow = walk(with ? value : dot, truth ? statement.body : statement.otherwise);
    }
    m_variables.resize(mark);
    return flow;
}

Evaluator::Flow Evaluator::walk_range(const Value& dot, const Statement& statement) {
    const Level level(*this, statement.position);
    const std::size_t mark = m_variables.size();
    const Value value = pipeline(dot, *statement.pipeline);
    const Flow flow = failed() ? Flow::failed : range_over(dot, value, statement);
    m_variables.resize(mark);
    return flow == Flow::failed ? flow : Flow::on;
}

Evaluator::Flow Evaluator::range_over(const Value& dot, const Value& value, const Statement& statement) {
    std::size_t rounds = 0;
    Flow flow = Flow::on;
    const auto once = [&](const Value& index, const Value& element) {
        ++rounds;
        flow = round(statement, index, element);
        return flow == Flow::on;
    };
    if (value.kind() == Kind::list) {
        for (const Value& element : value.items()) {
            if (!once(Value::integer(static_cast<std::int64_t>(rounds), types::integer), element)) return flow;
        }
    } else if (value.kind() == Kind::map && value.as_map()) {
        // A copy: the body may change the dict it walks over.
        const auto& entries = value.as_map()->entries;
        m_context.budget().spend_bytes(entries.size() * 2 * sizeof(Value));
        if (!step(statement.position)) return Flow::failed;
        const std::vector<std::pair<Value, Value>> copy(entries.begin(), entries.end());
        for (const auto& [key, element] : copy) {
            if (!once(key, element)) return flow;
        }
    } else if (value.kind() == Kind::integer || value.kind() == Kind::natural) {
        if (statement.pipeline->variables.size() > 1) {
            fail(statement.position, "can't use a number to iterate over more than one variable");
            return Flow::failed;
        }
        const bool negative = value.kind() == Kind::integer && value.as_integer() < 0;
        const std::uint64_t end = negative ? 0 : value.as_natural();
        for (std::uint64_t number = 0; number < end; ++number) {
            const Value element = value.kind() == Kind::natural
                                      ? Value::natural(number, value.type())
                                      : Value::integer(static_cast<std::int64_t>(number), value.type());
            if (!once(element, element)) return flow;
        }
    } else if (value.kind() != Kind::map && !value.missing()) {
        fail(statement.pipeline->position, "range can't iterate over a value of type " + std::string(type_name(value)));
        return Flow::failed;
    }
    return rounds > 0 ? Flow::on : walk(dot, statement.otherwise);
}

Evaluator::Flow Evaluator::round(const Statement& statement, const Value& index, const Value& element) {
    if (!step(statement.position)) return Flow::failed;
    const std::span<const std::string_view> names = statement.pipeline->variables;
    const std::size_t mark = m_variables.size();
    for (std::size_t place = 0; place < names.size(); ++place) {
        const Value& value = names.size() == 2 && place == 0 ? index : element;
        // The pipeline's variables are the innermost of their names: both := and = set them in place.
        if (Value* variable = find_variable(names[place])) *variable = value;
    }
    const Flow flow = walk(element, statement.body);
    m_variables.resize(mark);
    return flow == Flow::next ? Flow::on : flow;
}

Evaluator::Flow Evaluator::walk_call(const Value& dot, const Statement& statement) {
    const Level level(*this, statement.position);
    const auto found = m_parsed.templates.find(statement.name);
    if (found == m_parsed.templates.end()) {
        fail(statement.position, "template " + quoted(statement.name) + " not defined");
        return Flow::failed;
    }
    const std::size_t mark = m_variables.size();
    const Value argument = statement.pipeline ? pipeline(dot, *statement.pipeline) : Value();
    if (failed()) return Flow::failed;
    m_variables.resize(mark);
    const std::size_t first = std::exchange(m_first_variable, m_variables.size());
    push("$", argument);
    const Flow flow = walk(argument, found->second);
    m_variables.resize(mark);
    m_first_variable = first;
    return flow;
}

}  // namespace tidemark::policy::message
