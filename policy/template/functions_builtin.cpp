// Go's own functions that are not comparisons: printing, escaping, index, len, call.
#include <fmt/format.h>

#include "policy/template/format.h"
#include "policy/template/functions.h"
#include "policy/template/text_tools.h"
#include "policy/template/unicode.h"

namespace tidemark::policy::message {
namespace {

Result<Value> print_function(Call& call) {
    Text text(call.context.budget());
    print(text, call.arguments);
    return call.context.text(text);
}

Result<Value> print_line_function(Call& call) {
    Text text(call.context.budget());
    print_line(text, call.arguments);
    return call.context.text(text);
}

Result<Value> print_format_function(Call& call) {
    Text text(call.context.budget());
    print_format(text, call.text(0), call.from(1));
    return call.context.text(text);
}

/// The one text given, or all operands as print shows them.
std::string_view joined_operands(Call& call) {
    if (call.count() == 1 && call.value(0).missing()) return "<no value>";
    if (call.count() == 1) return as_text(call.context, call.value(0));
    Text text(call.context.budget());
    print(text, call.arguments);
    return call.context.text(text).as_text();
}

Result<Value> html(Call& call) {
    Text text(call.context.budget());
    for (const char byte : joined_operands(call)) {
        switch (byte) {
            case '\0':
                text.append("\xEF\xBF\xBD");
                break;
            case '"':
                text.append("&#34;");
                break;
            case '\'':
                text.append("&#39;");
                break;
            case '&':
                text.append("&amp;");
                break;
            case '<':
                text.append("&lt;");
                break;
            case '>':
                text.append("&gt;");
                break;
            default:
                text.append(byte);
                break;
        }
    }
    return call.context.text(text);
}

Result<Value> js(Call& call) {
    Text text(call.context.budget());
    std::string_view rest = joined_operands(call);
    while (!rest.empty() && !text.full()) {
        const Rune rune = first_rune(rest);
        const std::string_view bytes = rest.substr(0, rune.size);
        rest.remove_prefix(rune.size);
        constexpr std::string_view k_with_backslash = "\\'\"";
        constexpr std::string_view k_as_code = "<>&=";
        const char byte = bytes.front();
        if (rune.code >= 0x80
                ? is_printable(rune.code)
                : (rune.code >= ' ' && rune.code != 0x7F && k_with_backslash.find(byte) == std::string_view::npos &&
                   k_as_code.find(byte) == std::string_view::npos)) {
            text.append(bytes);
        } else if (rune.code < 0x80 && k_with_backslash.find(byte) != std::string_view::npos) {
            text.append('\\');
            text.append(byte);
        } else {
            text.append(fmt::format("\\u{:04X}", static_cast<unsigned>(rune.code)));
        }
    }
    return call.context.text(text);
}

Result<Value> url_query(Call& call) {
    Text text(call.context.budget());
    append_percent_encoded(text, joined_operands(call), "-_.~", true);
    return call.context.text(text);
}

Result<Value> len(Call& call) {
    const Value& value = call.value(0);
    if (value.kind() != Kind::text && value.kind() != Kind::list && value.kind() != Kind::map)
        return problem("len of type " + std::string(type_name(value)));
    return Value::integer(static_cast<std::int64_t>(value.size()), types::integer);
}

Result<Value> index_position(const Value& item, const Value& index) {
    if (index.kind() != Kind::integer && index.kind() != Kind::natural)
        return problem("cannot index slice/array with type " + std::string(type_name(index)));
    const bool negative = index.kind() == Kind::integer && index.as_integer() < 0;
    if (negative || index.as_natural() >= item.size())
        return problem("index out of range: " +
                       (negative ? std::to_string(index.as_integer()) : std::to_string(index.as_natural())));
    const std::size_t place = static_cast<std::size_t>(index.as_natural());
    if (item.kind() == Kind::list) return item.items()[place];
    return Value::natural(static_cast<unsigned char>(item.as_text()[place]), types::uint8);
}

Result<Value> index_key(const Value& item, const Value& index) {
    const Type& key = *item.type().key;
    if (index.missing()) return problem("value is nil; should be of type " + std::string(key.name));
    if (!index.is(key))
        return problem("value has type " + std::string(index.type().name) + "; should be " + std::string(key.name));
    const Value* found = item.as_map() ? item.as_map()->find(index) : nullptr;
    return found ? *found : zero_of(*item.type().element);
}

Result<Value> index(Call& call) {
    Value item = call.value(0);
    if (item.missing()) return problem("index of untyped nil");
    for (const Value& index : call.from(1)) {
        if (item.missing()) return problem("index of nil pointer");
        if (item.kind() != Kind::map && item.kind() != Kind::list && item.kind() != Kind::text)
            return problem("can't index item of type " + std::string(item.type().name));
        Result<Value> next = item.kind() == Kind::map ? index_key(item, index) : index_position(item, index);
        if (!next) return next;
        item = next.value();
    }
    return item;
}

/// Data holds no functions, so there is never anything to call.
Result<Value> call_function(Call& call) {
    return problem("a value of type " + std::string(type_name(call.value(0))) + " is no function");
}

constexpr Function k_functions[] = {
    {"print", "a*", print_function},
    {"println", "a*", print_line_function},
    {"printf", "sa*", print_format_function},
    {"html", "a*", html},
    {"js", "a*", js},
    {"urlquery", "a*", url_query},
    {"len", "w", len},
    {"index", "ww*", index},
    {"call", "ww*", call_function},
};

}  // namespace

std::span<const Function> builtin_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
