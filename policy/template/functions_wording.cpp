// sprig's functions on words and letters: title, snakecase, wrap, abbrev, ...
#include <algorithm>

#include "policy/template/functions.h"
#include "policy/template/unicode.h"
#include "policy/template/words.h"

namespace tidemark::policy::message {
namespace {

/// Go's strings.Title: what follows a separator is the start of a word.
bool is_separator(char32_t rune) noexcept {
    if (rune < 0x80) {
        const bool plain =
            (rune >= '0' && rune <= '9') || (rune >= 'a' && rune <= 'z') || (rune >= 'A' && rune <= 'Z') || rune == '_';
        return !plain;
    }
    return !is_letter(rune) && !is_digit(rune) && is_space(rune);
}

Result<Value> title(Call& call) {
    std::u32string runes = to_runes(call.text(0));
    char32_t previous = ' ';
    for (char32_t& rune : runes) {
        const char32_t original = rune;
        if (is_separator(previous)) rune = to_title(rune);
        previous = original;
    }
    return call.context.text(from_runes(runes));
}

Result<Value> untitle(Call& call) {
    std::u32string runes = to_runes(call.text(0));
    bool start = true;
    for (char32_t& rune : runes) {
        if (is_space(rune)) {
            start = true;
        } else if (start) {
            rune = to_lower(rune);
            start = false;
        }
    }
    return call.context.text(from_runes(runes));
}

Result<Value> swapcase(Call& call) {
    std::u32string runes = to_runes(call.text(0));
    bool after_space = true;
    for (char32_t& rune : runes) {
        if (is_upper(rune) || is_title(rune)) {
            rune = to_lower(rune);
            after_space = false;
        } else if (is_lower(rune)) {
            rune = after_space ? to_title(rune) : to_upper(rune);
            after_space = false;
        } else {
            after_space = is_space(rune);
        }
    }
    return call.context.text(from_runes(runes));
}

Result<Value> nospace(Call& call) {
    std::u32string runes = to_runes(call.text(0));
    std::erase_if(runes, is_space);
    return call.context.text(from_runes(runes));
}

Result<Value> initials(Call& call) {
    std::u32string result;
    bool start = true;
    for (const char32_t rune : to_runes(call.text(0))) {
        if (start && !is_space(rune)) result += rune;
        start = is_space(rune);
    }
    return call.context.text(from_runes(result));
}

Result<Value> snakecase(Call& call) {
    return call.context.text(joined_words(call.text(0), '_'));
}
Result<Value> kebabcase(Call& call) {
    return call.context.text(joined_words(call.text(0), '-'));
}
Result<Value> camelcase(Call& call) {
    return call.context.text(pascal_case(call.text(0)));
}

/// Lines of at most `length` bytes, broken at blanks; longer words are cut only with `cut_words`.
void append_wrapped(Text& out, std::string_view text, std::int64_t length, std::string_view line_end, bool cut_words) {
    const auto width = static_cast<std::size_t>(std::clamp<std::int64_t>(length, 1, 1LL << 40));
    if (line_end.empty()) line_end = "\n";
    while (text.size() > width && !out.full()) {
        if (text.front() == ' ') {
            text.remove_prefix(1);
            continue;
        }
        std::size_t space = text.substr(0, width + 1).rfind(' ');
        const bool fits = space != std::string_view::npos;
        if (!fits && !cut_words) space = text.find(' ', width);
        if (!fits && cut_words) {
            out.append(text.substr(0, width));
            text.remove_prefix(width);
        } else if (space == std::string_view::npos) {
            break;
        } else {
            out.append(text.substr(0, space));
            text.remove_prefix(space + 1);
        }
        out.append(line_end);
    }
    out.append(text);
}

Result<Value> wrap(Call& call) {
    Text text(call.context.budget());
    append_wrapped(text, call.text(1), call.integer(0), "", false);
    return call.context.text(text);
}

Result<Value> wrap_with(Call& call) {
    Text text(call.context.budget());
    append_wrapped(text, call.text(2), call.integer(0), call.text(1), true);
    return call.context.text(text);
}

constexpr std::string_view k_ellipsis = "...";

/// At most `width` bytes of the text from `offset` on, with dots where something is left out.
std::string abbreviated(std::string_view text, std::int64_t offset, std::int64_t width) {
    const auto size = static_cast<std::int64_t>(text.size());
    if (width < 4) return {};
    if (size <= width) return std::string(text);
    const std::int64_t kept = width - static_cast<std::int64_t>(k_ellipsis.size());
    offset = std::min(offset, size);
    if (size - offset < kept) offset = size - kept;
    if (offset <= 4) return std::string(text.substr(0, static_cast<std::size_t>(kept))).append(k_ellipsis);
    if (width < 7) return {};
    if (offset + kept < size)
        return std::string(k_ellipsis).append(abbreviated(text.substr(static_cast<std::size_t>(offset)), 0, kept));
    return std::string(k_ellipsis).append(text.substr(static_cast<std::size_t>(size - kept)));
}

Result<Value> abbrev(Call& call) {
    if (call.integer(0) < 4) return call.value(1);
    return call.context.text(abbreviated(call.text(1), 0, call.integer(0)));
}

Result<Value> abbrevboth(Call& call) {
    const std::int64_t left = call.integer(0);
    const std::int64_t right = call.integer(1);
    if (right < 4 || (left > 0 && right < 7)) return call.value(2);
    return call.context.text(abbreviated(call.text(2), left, right));
}

constexpr Function k_functions[] = {
    {"title", "s", title},          {"untitle", "s", untitle},     {"swapcase", "s", swapcase},
    {"nospace", "s", nospace},      {"initials", "s", initials},   {"snakecase", "s", snakecase},
    {"kebabcase", "s", kebabcase},  {"camelcase", "s", camelcase}, {"wrap", "is", wrap},
    {"wrapWith", "iss", wrap_with}, {"abbrev", "is", abbrev},      {"abbrevboth", "iis", abbrevboth},
};

}  // namespace

std::span<const Function> wording_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
