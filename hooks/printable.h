// Bytes from a repository or a client as text that is safe to show: one line, valid UTF-8, and nothing that moves a
// terminal's cursor, changes its colours or turns the direction of writing. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tidemark::hooks {

/// Control characters, marks of direction and bytes that are no UTF-8 become "\x1b", "\u202e" and the like. What lies
/// beyond `limit` bytes of the result is left out, with "..." in its place.
std::string printable(std::string_view bytes, std::size_t limit = 300);

}  // namespace tidemark::hooks
