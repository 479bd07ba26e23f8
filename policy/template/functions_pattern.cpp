// sprig's functions on regular expressions: RE2 with Go's ways to find all, replace and split.
#include <re2/re2.h>

#include "policy/selection/expansion.h"
#include "policy/template/functions.h"
#include "policy/template/unicode.h"

namespace tidemark::policy::message {
namespace {

using Groups = std::vector<std::string_view>;

/// Searches one text from place to place.
class Searcher {
public:
    Searcher(Context& context, const re2::RE2& expression, std::string_view text, std::size_t groups)
        : m_context(context), m_expression(expression), m_text(text), m_found(std::max<std::size_t>(groups, 1)) {}

    /// The first match at or after `position`; its groups are in groups().
    bool find(std::size_t position) {
        constexpr std::size_t k_bytes_a_step = 64;
        if (!m_context.budget().spend_steps(1 + (m_text.size() - position) / k_bytes_a_step)) return false;
        const re2::StringPiece text(m_text.data(), m_text.size());
        const auto count = static_cast<int>(m_found.size());
        if (!m_expression.Match(text, position, m_text.size(), re2::RE2::UNANCHORED, m_found.data(), count))
            return false;
        m_groups.clear();
        for (const re2::StringPiece& group : m_found)
            m_groups.emplace_back(group.data(), group.size());
        return true;
    }
    const Groups& groups() const noexcept { return m_groups; }
    std::size_t begin() const noexcept { return static_cast<std::size_t>(m_groups[0].data() - m_text.data()); }
    std::size_t end() const noexcept { return begin() + m_groups[0].size(); }

private:
    Context& m_context;
    const re2::RE2& m_expression;
    std::string_view m_text;
    std::vector<re2::StringPiece> m_found;
    Groups m_groups;
};

/// Go's FindAll: no empty match right after another match. `count` below 0 is all.
std::vector<std::string_view> find_all(Context& context, const re2::RE2& expression, std::string_view text,
                                       std::int64_t count) {
    std::vector<std::string_view> matches;
    Searcher searcher(context, expression, text, 1);
    std::size_t position = 0;
    std::size_t previous_end = std::string_view::npos;
    while ((count < 0 || static_cast<std::int64_t>(matches.size()) < count) && position <= text.size() &&
           searcher.find(position)) {
        bool accepted = true;
        if (searcher.end() == position) {
            accepted = searcher.begin() != previous_end;
            position += std::max<std::size_t>(first_rune(text.substr(position)).size, 1);
        } else {
            position = searcher.end();
        }
        previous_end = searcher.end();
        if (accepted) matches.push_back(searcher.groups()[0]);
    }
    return matches;
}

/// Go's ReplaceAll; `add` writes what stands for one match.
template <class Add>
void replace_all(Text& out, Searcher& searcher, std::string_view text, Add add) {
    std::size_t last_end = 0;
    std::size_t position = 0;
    while (position <= text.size() && !out.full() && searcher.find(position)) {
        out.append(text.substr(last_end, searcher.begin() - last_end));
        if (searcher.end() > last_end || searcher.begin() == 0) add(searcher.groups());
        last_end = searcher.end();
        const std::size_t step = std::max<std::size_t>(first_rune(text.substr(position)).size, 1);
        position = std::max(position + step, searcher.end());
    }
    out.append(text.substr(last_end));
}

Result<Value> match(Call& call, bool must) {
    const Result<const Context::Pattern*> pattern = call.context.pattern(call.text(0));
    if (!pattern) return must ? Result<Value>(pattern.problem()) : Value::boolean(false);
    Searcher searcher(call.context, *pattern.value()->expression, call.text(1), 1);
    return Value::boolean(searcher.find(0));
}

Result<Value> regex_match(Call& call) {
    return match(call, false);
}
Result<Value> must_regex_match(Call& call) {
    return match(call, true);
}

Result<Value> regex_find(Call& call) {
    const Result<const Context::Pattern*> pattern = call.context.pattern(call.text(0));
    if (!pattern) return pattern.problem();
    Searcher searcher(call.context, *pattern.value()->expression, call.text(1), 1);
    return Context::view(searcher.find(0) ? searcher.groups()[0] : std::string_view());
}

Result<Value> regex_find_all(Call& call) {
    const Result<const Context::Pattern*> pattern = call.context.pattern(call.text(0));
    if (!pattern) return pattern.problem();
    const auto matches = find_all(call.context, *pattern.value()->expression, call.text(1), call.integer(2));
    if (matches.empty()) return Value::list(nullptr, types::text_list);
    return call.context.texts(matches);
}

Result<Value> regex_replace_all(Call& call) {
    const Result<const Context::Pattern*> pattern = call.context.pattern(call.text(0));
    if (!pattern) return pattern.problem();
    const Expansion expansion = Expansion::parse(call.text(2), pattern.value()->group_names);
    Searcher searcher(call.context, *pattern.value()->expression, call.text(1),
                      std::min(expansion.groups_needed(), pattern.value()->group_names.size()));
    Text text(call.context.budget());
    std::string one;
    replace_all(text, searcher, call.text(1), [&](const Groups& groups) {
        one.clear();
        expansion.append(groups, one);
        text.append(one);
    });
    return call.context.text(text);
}

Result<Value> regex_replace_all_literal(Call& call) {
    const Result<const Context::Pattern*> pattern = call.context.pattern(call.text(0));
    if (!pattern) return pattern.problem();
    Searcher searcher(call.context, *pattern.value()->expression, call.text(1), 1);
    Text text(call.context.budget());
    replace_all(text, searcher, call.text(1), [&](const Groups&) { text.append(call.text(2)); });
    return call.context.text(text);
}

Result<Value> regex_split(Call& call) {
    const Result<const Context::Pattern*> pattern = call.context.pattern(call.text(0));
    if (!pattern) return pattern.problem();
    const std::string_view text = call.text(1);
    const std::int64_t count = call.integer(2);
    if (count == 0) return Value::list(nullptr, types::text_list);
    if (!call.text(0).empty() && text.empty()) return call.context.texts({""});
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    std::size_t end = 0;
    for (const std::string_view found : find_all(call.context, *pattern.value()->expression, text, count)) {
        if (count > 0 && static_cast<std::int64_t>(parts.size()) == count - 1) break;
        end = static_cast<std::size_t>(found.data() - text.data());
        if (end + found.size() != 0) parts.push_back(text.substr(begin, end - begin));
        begin = end + found.size();
    }
    if (end != text.size()) parts.push_back(text.substr(begin));
    return call.context.texts(parts);
}

Result<Value> regex_quote_meta(Call& call) {
    constexpr std::string_view k_special = "\\.+*?()|[]{}^$";
    Text text(call.context.budget());
    for (const char byte : call.text(0)) {
        if (k_special.find(byte) != std::string_view::npos) text.append('\\');
        text.append(byte);
    }
    return call.context.text(text);
}

constexpr Function k_functions[] = {
    {"regexMatch", "ss", regex_match},
    {"mustRegexMatch", "ss", must_regex_match},
    {"regexFind", "ss", regex_find},
    {"mustRegexFind", "ss", regex_find},
    {"regexFindAll", "ssi", regex_find_all},
    {"mustRegexFindAll", "ssi", regex_find_all},
    {"regexReplaceAll", "sss", regex_replace_all},
    {"mustRegexReplaceAll", "sss", regex_replace_all},
    {"regexReplaceAllLiteral", "sss", regex_replace_all_literal},
    {"mustRegexReplaceAllLiteral", "sss", regex_replace_all_literal},
    {"regexSplit", "ssi", regex_split},
    {"mustRegexSplit", "ssi", regex_split},
    {"regexQuoteMeta", "s", regex_quote_meta},
};

}  // namespace

std::span<const Function> pattern_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
