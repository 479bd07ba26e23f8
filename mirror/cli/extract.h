// The names in a --filter-extract template and the groups of a pattern, for the checks of `create image policy`.
// Rules: Go's Regexp.Expand. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::mirror::cli {

/// The group names that `$name` and `${name}` use, numbers left out; nothing if a `$` is followed by no name.
std::optional<std::vector<std::string>> groups_of_extract(std::string_view extract);

/// Whether `pattern` (one that compiles) has a group of that name.
bool has_group(std::string_view pattern, std::string_view name);

}  // namespace tidemark::mirror::cli
