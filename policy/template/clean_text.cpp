#include "policy/template/clean_text.h"

#include "policy/template/unicode.h"

namespace tidemark::policy {
namespace {

constexpr std::string_view k_cut = "...";

bool is_control(char32_t code) noexcept {
    // With those that turn the direction of text, which make it look like another one.
    return (code < 0x20 && code != '\n') || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

std::string clean_text(std::string_view text, std::size_t limit) {
    namespace message = policy::message;
    std::string cleaned;
    std::size_t cut = 0;  // how much stays if there is too much
    while (!text.empty()) {
        const message::Rune rune = message::first_rune(text);
        text.remove_prefix(rune.size);
        message::append_rune(cleaned, is_control(rune.code) ? U' ' : rune.code);
        if (cleaned.size() > limit) return cleaned.substr(0, cut).append(k_cut);
        if (cleaned.size() + k_cut.size() <= limit) cut = cleaned.size();
    }
    return cleaned;
}

}  // namespace tidemark::policy
