// Patterns of the guard's rules, over repository paths, host names and branch names: `*` and `?` stay within one part
// between slashes, `**` goes across. Bytes, no classes, no escapes. Pure; any thread.
#pragma once

#include <string_view>

namespace tidemark::policy::guard {

enum class LetterCase { exact, ignored };  // of ASCII letters

/// Whether the whole text fits. Costs at most the product of both lengths.
bool fits_glob(std::string_view text, std::string_view pattern, LetterCase letters = LetterCase::exact) noexcept;

}  // namespace tidemark::policy::guard
