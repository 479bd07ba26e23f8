// Runs a parsed template over its data. Rules: Go's text/template/exec.go. The first mistake stops the run and is
// kept with its place; a run that uses up its budget stops the same way.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/template/context.h"
#include "policy/template/functions.h"
#include "policy/template/syntax.h"

namespace tidemark::policy::message {

class Evaluator {
public:
    /// `deepest` bounds templates, blocks and parentheses within one another.
    Evaluator(const ParsedTemplate& parsed, Context& context, Text& out, std::size_t deepest)
        : m_parsed(parsed), m_context(context), m_out(out), m_deepest(deepest) {}

    /// What went wrong, or nothing: then the message is in `out`.
    std::optional<Problem> run(const Value& data);

private:
    enum class Flow { on, leave, next, failed };
    using Final = std::optional<Value>;  // what a pipe hands over
    using Arguments = std::span<const Expression>;

    // Statements: evaluator.cpp
    Flow walk(const Value& dot, const Statements& statements);
    Flow walk_one(const Value& dot, const Statement& statement);
    Flow walk_condition(const Value& dot, const Statement& statement);
    Flow walk_range(const Value& dot, const Statement& statement);
    Flow range_over(const Value& dot, const Value& value, const Statement& statement);
    /// One round of a range; Flow::on to go on with the next.
    Flow round(const Statement& statement, const Value& index, const Value& element);
    Flow walk_call(const Value& dot, const Statement& statement);
    Flow print(const Statement& statement, const Value& value);

    // Expressions: evaluator_expression.cpp
    Value pipeline(const Value& dot, const Pipeline& pipeline);
    Value command(const Value& dot, const Command& command, const Final& final);
    Value expression(const Value& dot, const Expression& expression, Arguments arguments, const Final& final);
    Value field_chain(const Value& dot, Value receiver, std::span<const std::string_view> names,
                      const Expression& expression, Arguments arguments, const Final& final);
    Value field(const Value& dot, std::string_view name, const Expression& expression, Arguments arguments,
                const Final& final, const Value& receiver);
    Value call(const Value& dot, const Function& function, const Value* receiver, const Expression& expression,
               Arguments arguments, const Final& final);
    Value call_and_or(const Value& dot, const Function& function, Arguments arguments, const Final& final);
    Value argument(const Value& dot, char parameter, const Expression& expression);
    Value constant_argument(char parameter, const Expression& expression);
    Value validated(const Value& value, char parameter, const Expression& expression);
    Value ideal_constant(const Expression& expression);

    // Variables
    void push(std::string_view name, const Value& value) { m_variables.emplace_back(name, value); }
    /// The innermost variable of that name in this template; nullptr where there is none.
    Value* find_variable(std::string_view name);

    /// Keeps the first mistake; always returns no value.
    Value fail(std::size_t position, std::string message);
    bool failed() const noexcept { return m_problem.has_value(); }
    /// Takes a step; false, with the mistake kept, when the budget is used up.
    bool step(std::size_t position);

    /// Counts what is within one another.
    class Level {
    public:
        Level(Evaluator& evaluator, std::size_t position);
        ~Level() { --m_evaluator.m_depth; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;

    private:
        Evaluator& m_evaluator;
    };

    const ParsedTemplate& m_parsed;
    Context& m_context;
    Text& m_out;
    std::size_t m_deepest;
    std::size_t m_depth = 0;
    std::vector<std::pair<std::string_view, Value>> m_variables;
    std::size_t m_first_variable = 0;  // of the template that runs
    std::optional<Problem> m_problem;
};

}  // namespace tidemark::policy::message
