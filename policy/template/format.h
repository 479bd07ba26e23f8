// Go's fmt for template values: %v and its relatives, Sprint, Sprintln, Sprintf.
// Output goes into a Text, which bounds it; nesting is bounded too, because dicts may hold themselves.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "policy/template/context.h"

namespace tidemark::policy::message {

/// Sprint: a blank between two operands when neither is a text.
void print(Text& out, std::span<const Value> values);
/// Sprintln: a blank between all, a newline at the end.
void print_line(Text& out, std::span<const Value> values);
/// Sprintf, with Go's way to report mistakes in the format.
void print_format(Text& out, std::string_view format, std::span<const Value> values);

/// %v of one value.
void print_value(Text& out, const Value& value);
/// sprig's strval: a text as it is, else %v.
void append_as_text(Text& out, const Value& value);
/// The same as a view: of the value itself where it is a text, else of a new text in the context.
std::string_view as_text(Context& context, const Value& value);

/// The name %T prints.
std::string_view type_name(const Value& value) noexcept;

}  // namespace tidemark::policy::message
