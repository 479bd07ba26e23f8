// "Did you mean": the known word nearest to one that nobody knows.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace tidemark::policy {

/// The known word with the fewest edits (insert, delete, replace, swap of neighbours; capitals count as equal) if
/// that is near enough to be a slip; the first of equally near ones.
std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace tidemark::policy
