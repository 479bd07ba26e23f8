#include "policy/guard/glob.h"

#include <cstddef>

namespace tidemark::policy::guard {
namespace {

constexpr std::size_t k_none = std::string_view::npos;

char lowered(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_same(char one, char other, LetterCase letters) noexcept {
    return one == other || (letters == LetterCase::ignored && lowered(one) == lowered(other));
}

/// Where to go on after a mismatch: the star's pattern rest, and the text it has not swallowed yet.
struct Star {
    std::size_t rest = k_none;
    std::size_t text = 0;
};

}  // namespace

// After a mismatch the last star takes one byte more. Earlier ones never have to: within one part the shortest
// match leaves the most, and a part's end is the same for every star in it.
bool fits_glob(std::string_view text, std::string_view pattern, LetterCase letters) noexcept {
    std::size_t at = 0;
    std::size_t p = 0;
    Star within;
    Star across;
    for (;;) {
        if (p < pattern.size() && pattern[p] == '*') {
            const bool is_across = pattern.substr(p, 2) == "**";
            p += is_across ? 2 : 1;
            (is_across ? across : within) = {p, at};
            if (is_across) within = {};
            continue;
        }
        if (at == text.size() && p == pattern.size()) return true;
        if (at < text.size() && p < pattern.size() &&
            ((pattern[p] == '?' && text[at] != '/') || is_same(pattern[p], text[at], letters))) {
            ++at;
            ++p;
            continue;
        }
        if (within.rest != k_none && within.text < text.size() && text[within.text] != '/') {
            at = ++within.text;
            p = within.rest;
        } else if (across.rest != k_none && across.text < text.size()) {
            within = {};
            at = ++across.text;
            p = across.rest;
        } else {
            return false;
        }
    }
}

}  // namespace tidemark::policy::guard
