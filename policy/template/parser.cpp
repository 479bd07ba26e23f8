#include "policy/template/parser.h"

#include <algorithm>
#include <optional>

#include "policy/template/functions.h"
#include "policy/template/lexer.h"
#include "policy/template/quote.h"
#include "policy/template/unicode.h"

namespace tidemark::policy::message {
namespace {

/// What ended a list of statements.
enum class Ending { end, otherwise, end_of_text };

/// Only text without content, so that another definition of the same name may replace it.
bool is_blank(const Statements& statements) {
    return std::all_of(statements.begin(), statements.end(), [](const Statement& statement) {
        return statement.kind == StatementKind::text && trim_space(statement.text).empty();
    });
}

/// Recursive descent. The first mistake is kept and turns what follows into the end of the text, so that every
/// loop ends.
class Parser {
public:
    explicit Parser(ParsedTemplate& target) : m_target(target), m_tokens(split_into_tokens(target.text)) {}

    std::optional<Problem> run() {
        Statements message;
        m_variables = {"$"};
        while (!at_end()) {
            if (at_definition()) {
                definition();
                continue;
            }
            const std::optional<Ending> ending = statement(message);
            if (ending) fail(*ending == Ending::end ? "unexpected {{end}}" : "unexpected {{else}}");
        }
        add(std::string(k_message_name), std::move(message), 0);
        return m_problem;
    }

private:
    // Tokens

    bool failed() const { return m_problem.has_value(); }
    bool at_end() { return peek().kind == TokenKind::end_of_text; }

    const Token& peek() {
        static constexpr Token k_end{};
        if (failed()) return k_end;
        const Token& token = m_tokens.list[m_index];
        if (token.kind == TokenKind::mistake) {
            fail_at(m_tokens.mistake, token.position);
            return k_end;
        }
        return token;
    }
    const Token& peek_after_space() {
        while (peek().kind == TokenKind::space)
            ++m_index;
        return peek();
    }
    const Token& next() {
        const Token& token = peek();
        if (token.kind != TokenKind::end_of_text) ++m_index;
        return token;
    }
    const Token& next_after_space() {
        peek_after_space();
        return next();
    }

    void fail_at(std::string message, std::size_t position) {
        if (!failed()) m_problem = Problem{std::move(message), position};
    }
    void fail(std::string message) {
        const std::size_t index = std::min(m_index > 0 ? m_index - 1 : 0, m_tokens.list.size() - 1);
        fail_at(std::move(message), m_tokens.list[index].position);
    }
    void unexpected(const Token& token, std::string_view where) {
        if (token.kind == TokenKind::end_of_text)
            return fail("unexpected end of the template in " + std::string(where));
        fail_at("unexpected " + quoted(token.text) + " in " + std::string(where), token.position);
    }
    void expect_right_delimiter(std::string_view where) {
        const Token& token = next_after_space();
        if (token.kind != TokenKind::right_delimiter) unexpected(token, where);
    }

    /// Counts what lies within one another; false once that is too much.
    struct Level {
        explicit Level(Parser& parser) : m_parser(parser) {
            if (++m_parser.m_depth > k_deepest_nesting) m_parser.fail("nested too deeply");
        }
        ~Level() { --m_parser.m_depth; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;
        Parser& m_parser;
    };

    // Statements

    bool at_definition() {
        if (peek().kind != TokenKind::left_delimiter) return false;
        std::size_t index = m_index + 1;
        while (m_tokens.list[index].kind == TokenKind::space)
            ++index;
        const Token& token = m_tokens.list[index];
        return token.kind == TokenKind::keyword && token.text == "define";
    }

    void definition() {
        next();
        const std::size_t position = next_after_space().position;
        const std::string name = template_name("define clause");
        expect_right_delimiter("define clause");
        add(name, separate_list("define clause"), position);
    }

    /// A list with its own variables, as define and block have it, up to {{end}}.
    Statements separate_list(std::string_view where) {
        std::vector<std::string_view> variables{"$"};
        std::swap(variables, m_variables);
        const std::size_t ranges = std::exchange(m_ranges, 0);
        Statements list;
        if (statements(list) != Ending::end) fail("unexpected {{else}} in " + std::string(where));
        m_variables = std::move(variables);
        m_ranges = ranges;
        return list;
    }

    void add(const std::string& name, Statements list, std::size_t position) {
        if (failed()) return;
        const auto [known, fresh] = m_target.templates.try_emplace(name);
        if (fresh || is_blank(known->second)) {
            known->second = std::move(list);
        } else if (!is_blank(list)) {
            fail_at("multiple definition of template " + quoted(name), position);
        }
    }

    std::string template_name(std::string_view where) {
        const Token& token = next_after_space();
        if (token.kind != TokenKind::quoted_text && token.kind != TokenKind::raw_text) {
            unexpected(token, where);
            return {};
        }
        std::optional<std::string> name = unquote(token.text);
        if (!name) fail("invalid quoted text");
        return name.value_or("");
    }

    Ending statements(Statements& list) {
        const Level level(*this);
        while (!at_end()) {
            if (const std::optional<Ending> ending = statement(list)) return *ending;
        }
        fail("unexpected end of the template: {{end}} is missing");
        return Ending::end_of_text;
    }

    /// Adds one statement to the list, or says what ends the list.
    std::optional<Ending> statement(Statements& list) {
        const Token& token = next_after_space();
        if (token.kind == TokenKind::text) {
            Statement text;
            text.position = token.position;
            text.text = token.text;
            list.push_back(std::move(text));
            return std::nullopt;
        }
        if (token.kind != TokenKind::left_delimiter) {
            unexpected(token, "input");
            return std::nullopt;
        }
        const Token& word = peek_after_space();
        if (word.kind != TokenKind::keyword) {
            list.push_back(action());
            return std::nullopt;
        }
        return keyword(next(), list);
    }

    std::optional<Ending> keyword(const Token& word, Statements& list) {
        if (word.text == "end") {
            expect_right_delimiter("end");
            return Ending::end;
        }
        if (word.text == "else") {
            const Token& follows = peek_after_space();
            const bool another = follows.kind == TokenKind::keyword && (follows.text == "if" || follows.text == "with");
            if (!another) expect_right_delimiter("else");
            return Ending::otherwise;
        }
        if (word.text == "if") list.push_back(control(StatementKind::condition, word.position, "if"));
        if (word.text == "with") list.push_back(control(StatementKind::with, word.position, "with"));
        if (word.text == "range") list.push_back(control(StatementKind::range, word.position, "range"));
        if (word.text == "break") list.push_back(jump(StatementKind::leave, word));
        if (word.text == "continue") list.push_back(jump(StatementKind::next, word));
        if (word.text == "template") list.push_back(call(word.position));
        if (word.text == "block") list.push_back(block(word.position));
        if (word.text == "define") fail("unexpected {{define}}: only the outermost level may have it");
        return std::nullopt;
    }

    Statement action() {
        Statement statement;
        statement.kind = StatementKind::action;
        statement.position = peek().position;
        statement.pipeline = pipeline("command", TokenKind::right_delimiter);
        return statement;
    }

    Statement jump(StatementKind kind, const Token& word) {
        const std::string shown = "{{" + std::string(word.text) + "}}";
        Statement statement;
        statement.kind = kind;
        statement.position = word.position;
        expect_right_delimiter(shown);
        if (m_ranges == 0) fail_at(shown + " outside {{range}}", word.position);
        return statement;
    }

    Statement call(std::size_t position) {
        Statement statement;
        statement.kind = StatementKind::call;
        statement.position = position;
        statement.name = template_name("template clause");
        if (peek_after_space().kind == TokenKind::right_delimiter) {
            next();
        } else {
            statement.pipeline = pipeline("template clause", TokenKind::right_delimiter);
        }
        return statement;
    }

    Statement block(std::size_t position) {
        Statement statement;
        statement.kind = StatementKind::call;
        statement.position = position;
        statement.name = template_name("block clause");
        statement.pipeline = pipeline("block clause", TokenKind::right_delimiter);
        add(statement.name, separate_list("block clause"), position);
        return statement;
    }

    Statement control(StatementKind kind, std::size_t position, std::string_view word) {
        const std::size_t variables = m_variables.size();
        Statement statement;
        statement.kind = kind;
        statement.position = position;
        statement.pipeline = pipeline(word, TokenKind::right_delimiter);
        if (kind == StatementKind::range) ++m_ranges;
        const Ending ending = statements(statement.body);
        if (kind == StatementKind::range) --m_ranges;
        if (ending == Ending::otherwise) otherwise(statement, word);
        m_variables.resize(std::min(variables, m_variables.size()));
        return statement;
    }

    void otherwise(Statement& statement, std::string_view word) {
        const Token& token = peek_after_space();
        if (token.kind == TokenKind::keyword && token.text == word && word != "range") {
            // {{else if}} shares the {{end}} of the statement it stands in.
            const Level level(*this);
            const std::size_t position = next().position;
            statement.otherwise.push_back(control(statement.kind, position, word));
        } else if (statements(statement.otherwise) == Ending::otherwise) {
            fail("expected {{end}}, found {{else}}");
        }
    }

    // Pipelines

    std::unique_ptr<Pipeline> pipeline(std::string_view where, TokenKind end) {
        const Level level(*this);
        auto result = std::make_unique<Pipeline>();
        result->position = peek_after_space().position;
        declarations(*result, where);
        while (!failed()) {
            const Token& token = peek_after_space();
            if (token.kind == end) {
                next();
                check(*result, where);
                break;
            }
            if (!starts_operand(token.kind)) {
                unexpected(token, where);
                break;
            }
            result->commands.push_back(command());
        }
        return result;
    }

    /// `$a :=`, `$a =`, in a range also `$i, $e :=`.
    void declarations(Pipeline& target, std::string_view where) {
        for (;;) {
            if (peek_after_space().kind != TokenKind::variable) return;
            const std::size_t start = m_index;
            const Token variable = next();
            const Token follows = peek_after_space();
            const bool comma = follows.kind == TokenKind::character && follows.text == ",";
            if (follows.kind != TokenKind::assign && follows.kind != TokenKind::declare && !comma) {
                m_index = start;  // an argument, not a declaration
                return;
            }
            next();
            target.variables.push_back(variable.text);
            m_variables.push_back(variable.text);
            if (!comma) {
                target.assigns = follows.kind == TokenKind::assign;
                return;
            }
            if (where != "range" || target.variables.size() >= 2)
                return fail("too many declarations in " + std::string(where));
            const TokenKind kind = peek_after_space().kind;
            if (kind != TokenKind::variable && kind != TokenKind::right_delimiter &&
                kind != TokenKind::right_parenthesis)
                return fail("range can only initialize variables");
        }
    }

    void check(const Pipeline& target, std::string_view where) {
        if (failed()) return;
        if (target.commands.empty()) return fail("missing value for " + std::string(where));
        for (std::size_t stage = 1; stage < target.commands.size(); ++stage) {
            const Expression& first = target.commands[stage].front();
            if (first.kind == ExpressionKind::boolean || first.kind == ExpressionKind::dot ||
                first.kind == ExpressionKind::nil || first.kind == ExpressionKind::number ||
                first.kind == ExpressionKind::text)
                return fail_at("non executable command in pipeline stage " + std::to_string(stage + 1), first.position);
        }
    }

    Command command() {
        Command command;
        while (!failed()) {
            if (starts_operand(peek_after_space().kind)) command.push_back(operand());
            const Token& token = peek();
            if (token.kind == TokenKind::space) continue;
            if (token.kind == TokenKind::right_delimiter || token.kind == TokenKind::right_parenthesis) break;
            next();
            if (token.kind == TokenKind::pipe) break;
            unexpected(token, "operand");
        }
        if (command.empty()) fail("empty command");
        return command;
    }

    Expression operand() {
        Expression result = term();
        if (peek().kind != TokenKind::field) return result;
        std::vector<std::string_view> names;
        while (peek().kind == TokenKind::field)
            names.push_back(next().text.substr(1));
        switch (result.kind) {
            case ExpressionKind::field:
            case ExpressionKind::variable:
                result.names.insert(result.names.end(), names.begin(), names.end());
                return result;
            case ExpressionKind::boolean:
            case ExpressionKind::text:
            case ExpressionKind::number:
            case ExpressionKind::nil:
            case ExpressionKind::dot:
                fail("unexpected . after a constant");
                return result;
            case ExpressionKind::function:
            case ExpressionKind::chain:
            case ExpressionKind::pipeline:
                break;
        }
        Expression chain;
        chain.kind = ExpressionKind::chain;
        chain.position = result.position;
        chain.names = std::move(names);
        chain.inner = std::make_unique<Expression>(std::move(result));
        return chain;
    }

    Expression term() {
        const Token& token = next();
        Expression result;
        result.position = token.position;
        switch (token.kind) {
            case TokenKind::identifier:
                function(result, token);
                break;
            case TokenKind::dot:
                result.kind = ExpressionKind::dot;
                break;
            case TokenKind::nil:
                result.kind = ExpressionKind::nil;
                break;
            case TokenKind::field:
                result.kind = ExpressionKind::field;
                result.names = {token.text.substr(1)};
                break;
            case TokenKind::variable:
                variable(result, token);
                break;
            case TokenKind::boolean:
                result.kind = ExpressionKind::boolean;
                result.truth = token.text == "true";
                break;
            case TokenKind::number:
                number(result, token, NumberForm::plain);
                break;
            case TokenKind::character_constant:
                number(result, token, NumberForm::character);
                break;
            case TokenKind::complex_constant:
                number(result, token, NumberForm::complex);
                break;
            case TokenKind::left_parenthesis:
                result.kind = ExpressionKind::pipeline;
                result.pipeline = pipeline("parenthesized pipeline", TokenKind::right_parenthesis);
                break;
            case TokenKind::quoted_text:
            case TokenKind::raw_text:
                constant_text(result, token);
                break;
            case TokenKind::end_of_text:
            case TokenKind::mistake:
            case TokenKind::text:
            case TokenKind::left_delimiter:
            case TokenKind::right_delimiter:
            case TokenKind::space:
            case TokenKind::assign:
            case TokenKind::declare:
            case TokenKind::pipe:
            case TokenKind::right_parenthesis:
            case TokenKind::character:
            case TokenKind::keyword:
                unexpected(token, "operand");
                break;
        }
        return result;
    }

    void function(Expression& result, const Token& token) {
        result.kind = ExpressionKind::function;
        result.function = find_function(token.text);
        if (!result.function) fail_at("function " + quoted(token.text) + " not defined", token.position);
    }

    void variable(Expression& result, const Token& token) {
        result.kind = ExpressionKind::variable;
        result.names = {token.text};
        if (std::find(m_variables.begin(), m_variables.end(), token.text) == m_variables.end())
            fail_at("undefined variable " + quoted(token.text), token.position);
    }

    void number(Expression& result, const Token& token, NumberForm form) {
        result.kind = ExpressionKind::number;
        Result<Number> number = parse_number(token.text, form);
        if (!number) return fail_at(number.message(), token.position);
        result.number = std::move(number).value();
    }

    void constant_text(Expression& result, const Token& token) {
        result.kind = ExpressionKind::text;
        std::optional<std::string> content = unquote(token.text);
        if (!content) return fail_at("invalid escape in " + std::string(token.text), token.position);
        result.text = std::move(*content);
    }

    ParsedTemplate& m_target;
    Tokens m_tokens;
    std::size_t m_index = 0;
    std::size_t m_depth = 0;
    std::size_t m_ranges = 0;
    std::vector<std::string_view> m_variables;
    std::optional<Problem> m_problem;
};

}  // namespace

Result<std::shared_ptr<const ParsedTemplate>> parse_template(std::string text) {
    auto parsed = std::make_shared<ParsedTemplate>();
    parsed->text = std::move(text);
    if (std::optional<Problem> problem = Parser(*parsed).run()) return std::move(*problem);
    return std::shared_ptr<const ParsedTemplate>(std::move(parsed));
}

}  // namespace tidemark::policy::message
