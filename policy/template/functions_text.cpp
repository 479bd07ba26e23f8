// sprig's functions on texts: cutting, trimming, searching, joining.
#include <algorithm>

#include "policy/template/format.h"
#include "policy/template/functions.h"
#include "policy/template/quote.h"
#include "policy/template/text_tools.h"
#include "policy/template/unicode.h"

namespace tidemark::policy::message {
namespace {

template <char32_t (*Map)(char32_t) noexcept>
Result<Value> map_runes(Call& call) {
    std::string text;
    std::string_view rest = call.text(0);
    text.reserve(rest.size());
    while (!rest.empty()) {
        const Rune rune = first_rune(rest);
        append_rune(text, Map(rune.code));
        rest.remove_prefix(rune.size);
    }
    return call.context.text(std::move(text));
}

Result<Value> trim(Call& call) {
    return Context::view(trim_space(call.text(0)));
}

/// A cutset is a set of characters, not a prefix.
Result<Value> trim_all(Call& call) {
    const std::u32string cutset = to_runes(call.text(0));
    std::u32string_view rest;
    const std::u32string runes = to_runes(call.text(1));
    rest = runes;
    const auto cut = [&](char32_t rune) { return cutset.find(rune) != std::u32string::npos; };
    while (!rest.empty() && cut(rest.front()))
        rest.remove_prefix(1);
    while (!rest.empty() && cut(rest.back()))
        rest.remove_suffix(1);
    return call.context.text(from_runes(rest));
}

Result<Value> trim_prefix(Call& call) {
    std::string_view text = call.text(1);
    if (text.starts_with(call.text(0))) text.remove_prefix(call.text(0).size());
    return Context::view(text);
}

Result<Value> trim_suffix(Call& call) {
    std::string_view text = call.text(1);
    if (text.ends_with(call.text(0))) text.remove_suffix(call.text(0).size());
    return Context::view(text);
}

Result<Value> contains(Call& call) {
    return Value::boolean(call.text(1).find(call.text(0)) != std::string_view::npos);
}
Result<Value> has_prefix(Call& call) {
    return Value::boolean(call.text(1).starts_with(call.text(0)));
}
Result<Value> has_suffix(Call& call) {
    return Value::boolean(call.text(1).ends_with(call.text(0)));
}

Result<Value> substr(Call& call) {
    const std::string_view text = call.text(2);
    const std::int64_t start = call.integer(0);
    const std::int64_t end = call.integer(1);
    const auto size = static_cast<std::int64_t>(text.size());
    const std::int64_t first = std::max<std::int64_t>(start, 0);
    const std::int64_t last = start >= 0 && (end < 0 || end > size) ? size : end;
    if (last < first || last > size) return problem("substr: the bounds lie outside of the text");
    return Context::view(text.substr(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first)));
}

Result<Value> trunc(Call& call) {
    const std::string_view text = call.text(1);
    const std::int64_t count = call.integer(0);
    const auto size = static_cast<std::int64_t>(text.size());
    if (count < 0 && size + count > 0) return Context::view(text.substr(static_cast<std::size_t>(size + count)));
    if (count >= 0 && size > count) return Context::view(text.substr(0, static_cast<std::size_t>(count)));
    return call.value(1);
}

Result<Value> repeat(Call& call) {
    if (call.integer(0) < 0) return problem("negative repeat count");
    Text text(call.context.budget());
    if (call.text(1).empty()) return Context::view("");
    for (std::int64_t round = 0; round < call.integer(0) && !text.full(); ++round)
        text.append(call.text(1));
    return call.context.text(text);
}

Result<Value> replace(Call& call) {
    Text text(call.context.budget());
    append_replaced(text, call.text(2), call.text(0), call.text(1));
    return call.context.text(text);
}

/// `start` before the first line, pad before every line.
Result<Value> indented(Call& call, std::string_view start) {
    if (call.integer(0) < 0) return problem("negative repeat count");
    Text text(call.context.budget());
    text.append(start);
    const auto pad = static_cast<std::size_t>(call.integer(0));
    text.append(pad, ' ');
    for (const char byte : call.text(1)) {
        if (text.full()) break;
        text.append(byte);
        if (byte == '\n') text.append(pad, ' ');
    }
    return call.context.text(text);
}

Result<Value> indent(Call& call) {
    return indented(call, "");
}
Result<Value> nindent(Call& call) {
    return indented(call, "\n");
}

Result<Value> cat(Call& call) {
    Text text(call.context.budget());
    bool first = true;
    for (const Value& value : call.arguments) {
        if (value.missing()) continue;
        if (!first) text.append(' ');
        first = false;
        print_value(text, value);
    }
    return call.context.text(text);
}

Result<Value> quote(Call& call) {
    Text text(call.context.budget());
    bool first = true;
    for (const Value& value : call.arguments) {
        if (value.missing()) continue;
        if (!first) text.append(' ');
        first = false;
        text.append(quoted(as_text(call.context, value)));
    }
    return call.context.text(text);
}

Result<Value> squote(Call& call) {
    Text text(call.context.budget());
    bool first = true;
    for (const Value& value : call.arguments) {
        if (value.missing()) continue;
        if (!first) text.append(' ');
        first = false;
        text.append('\'');
        print_value(text, value);
        text.append('\'');
    }
    return call.context.text(text);
}

Result<Value> split_list(Call& call) {
    return call.context.texts(split_text(call.text(1), call.text(0), -1));
}

/// The parts as a map: _0, _1, ...
Value numbered(Context& context, const std::vector<std::string_view>& parts) {
    Map* map = context.make_map();
    for (std::size_t index = 0; index < parts.size() && !context.budget().exhausted(); ++index)
        context.set(*map, context.text("_" + std::to_string(index)), Context::view(parts[index]));
    return Value::map(map, types::text_map);
}

Result<Value> split(Call& call) {
    return numbered(call.context, split_text(call.text(1), call.text(0), -1));
}
Result<Value> splitn(Call& call) {
    return numbered(call.context, split_text(call.text(2), call.text(0), call.integer(1)));
}

Result<Value> plural(Call& call) {
    return call.value(call.integer(2) == 1 ? 0 : 1);
}

Result<Value> hello(Call&) {
    return Value::text("Hello!");
}

/// The template's author wants no commit.
Result<Value> fail(Call& call) {
    return problem(std::string(call.text(0)));
}

constexpr Function k_functions[] = {
    {"hello", "", hello},
    {"fail", "s", fail},
    {"upper", "s", map_runes<to_upper>},
    {"lower", "s", map_runes<to_lower>},
    {"trim", "s", trim},
    {"trimAll", "ss", trim_all},
    {"trimall", "ss", trim_all},
    {"trimPrefix", "ss", trim_prefix},
    {"trimSuffix", "ss", trim_suffix},
    {"contains", "ss", contains},
    {"hasPrefix", "ss", has_prefix},
    {"hasSuffix", "ss", has_suffix},
    {"substr", "iis", substr},
    {"trunc", "is", trunc},
    {"repeat", "is", repeat},
    {"replace", "sss", replace},
    {"indent", "is", indent},
    {"nindent", "is", nindent},
    {"cat", "a*", cat},
    {"quote", "a*", quote},
    {"squote", "a*", squote},
    {"splitList", "ss", split_list},
    {"split", "ss", split},
    {"splitn", "sis", splitn},
    {"plural", "ssi", plural},
};

}  // namespace

std::span<const Function> text_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
