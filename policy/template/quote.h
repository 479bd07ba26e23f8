// Go's quoted texts: reading the constants of a template, writing %q.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tidemark::policy::message {

/// The content of "..." with Go's escapes or of `...` as it stands (without carriage returns), quotes included
/// in the argument. Nothing where it is malformed.
std::optional<std::string> unquote(std::string_view quoted);

/// The character of a constant such as 'a', '\n', '\u00fc'.
std::optional<char32_t> unquote_rune(std::string_view quoted);

/// Go's strconv.Quote; with ascii_only QuoteToASCII.
std::string quoted(std::string_view text, bool ascii_only = false);
/// Go's strconv.QuoteRune.
std::string quoted_rune(char32_t rune, bool ascii_only = false);
/// Whether `...` can hold the text.
bool can_backquote(std::string_view text) noexcept;

}  // namespace tidemark::policy::message
