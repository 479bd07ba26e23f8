// Update paths of the rules against paths of a tree. Raw bytes on both sides. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::policy::guard {

/// "./apps/" as "apps", "." and "./" as ""; nothing for what is absolute or leads out of the tree.
std::optional<std::string> normalise_tree_path(std::string_view path);

/// Whether a file lies in one of the paths (a folder or the file itself), or no path is given.
bool lies_within(std::string_view file, const std::vector<std::string>& paths);

}  // namespace tidemark::policy::guard
