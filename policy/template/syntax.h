// A parsed template: statements, pipelines, expressions. Texts refer to the template's own text, which
// ParsedTemplate keeps. Immutable once parsed, so several threads may render it at once.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/template/number.h"

namespace tidemark::policy::message {

struct Function;
struct Pipeline;

enum class ExpressionKind : std::uint8_t {
    boolean,
    dot,
    nil,
    number,
    text,
    field,     // .a.b: names
    variable,  // $x.a.b: names, the variable first
    function,
    chain,  // (inner).a.b: names
    pipeline,
};

struct Expression {
    ExpressionKind kind = ExpressionKind::dot;
    std::size_t position = 0;
    bool truth = false;
    std::string text;
    Number number;
    std::vector<std::string_view> names;
    const Function* function = nullptr;
    std::unique_ptr<Expression> inner;
    std::unique_ptr<Pipeline> pipeline;
};

/// An operand with its arguments.
using Command = std::vector<Expression>;

struct Pipeline {
    std::size_t position = 0;
    std::vector<std::string_view> variables;  // declared or assigned
    bool assigns = false;
    std::vector<Command> commands;
};

enum class StatementKind : std::uint8_t { text, action, condition, with, range, call, leave, next };

struct Statement;
using Statements = std::vector<Statement>;

struct Statement {
    StatementKind kind = StatementKind::text;
    std::size_t position = 0;
    std::string_view text;
    std::string name;                    // of the template called
    std::unique_ptr<Pipeline> pipeline;  // none for a call without argument
    Statements body;
    Statements otherwise;
};

struct ParsedTemplate {
    std::string text;
    /// The message itself is k_message_name, the others come from define and block.
    std::map<std::string, Statements, std::less<>> templates;
};

inline constexpr std::string_view k_message_name = "commit message";

}  // namespace tidemark::policy::message
