// UTF-8 and the character classes that template functions ask for, with Go's treatment of bytes that are no UTF-8:
// each counts as one U+FFFD. Case mapping and categories are utf8proc's tables, which are of Go's version of Unicode.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tidemark::policy::message {

constexpr char32_t k_replacement = 0xFFFD;

struct Rune {
    char32_t code = k_replacement;
    std::size_t size = 0;  // bytes; 0 at the end of the text
    bool valid = false;    // false for a byte that is no UTF-8
};

/// The character at the start of `text`.
Rune first_rune(std::string_view text) noexcept;
void append_rune(std::string& text, char32_t code);
std::u32string to_runes(std::string_view text);
std::string from_runes(std::u32string_view runes);
std::size_t count_runes(std::string_view text) noexcept;

bool is_space(char32_t code) noexcept;  // Unicode's White_Space
bool is_letter(char32_t code) noexcept;
bool is_digit(char32_t code) noexcept;   // Nd
bool is_number(char32_t code) noexcept;  // Nd, Nl, No
bool is_punctuation(char32_t code) noexcept;
bool is_upper(char32_t code) noexcept;
bool is_lower(char32_t code) noexcept;
bool is_title(char32_t code) noexcept;
/// What %q leaves as it is: letters, marks, numbers, punctuation, symbols, the ASCII blank.
bool is_printable(char32_t code) noexcept;

char32_t to_upper(char32_t code) noexcept;
char32_t to_lower(char32_t code) noexcept;
char32_t to_title(char32_t code) noexcept;

/// Without the white space at both ends.
std::string_view trim_space(std::string_view text) noexcept;

}  // namespace tidemark::policy::message
