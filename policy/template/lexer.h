// Takes a template's text apart into tokens: text, and what stands between {{ and }}.
// Rules: Go's text/template/parse (trim marks, comments, constants). A mistake becomes the last token; the parser
// reports it when it gets there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::policy::message {

enum class TokenKind : std::uint8_t {
    end_of_text,
    mistake,
    text,
    left_delimiter,
    right_delimiter,
    space,
    assign,   // =
    declare,  // :=
    pipe,
    left_parenthesis,
    right_parenthesis,
    character,  // any other sign, such as a comma
    boolean,
    character_constant,
    complex_constant,
    number,
    quoted_text,
    raw_text,
    dot,
    field,       // .name
    identifier,  // a function's name
    variable,    // $name
    nil,
    keyword,
};

struct Token {
    TokenKind kind = TokenKind::end_of_text;
    std::string_view text;
    std::size_t position = 0;  // byte offset in the template
};

struct Tokens {
    std::vector<Token> list;  // ends with end_of_text or mistake
    std::string mistake;      // what is wrong, where the last token is one
};

/// The tokens refer to `text`.
Tokens split_into_tokens(std::string_view text);

/// Whether an operand of a pipeline may begin with such a token.
bool starts_operand(TokenKind kind) noexcept;

}  // namespace tidemark::policy::message
