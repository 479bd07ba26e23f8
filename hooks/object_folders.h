// Where the objects of a push lie while the hook runs: Git keeps them in a folder of their own ("quarantine") until the
// hooks have agreed, and names that folder and the ones it builds on in the environment. Pure.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "hooks/host.h"

namespace tidemark::hooks {

/// GIT_QUARANTINE_PATH, or where a host does not pass that on GIT_OBJECT_DIRECTORY, then every folder of
/// GIT_ALTERNATE_OBJECT_DIRECTORIES. Relative ones count from the current folder. None for a push that only deletes.
std::vector<std::filesystem::path> pushed_object_folders(const Variables& variables);

/// A list parted by ':', in which Git quotes paths with a ':' as in C ("a\072b"); entries that begin with '#' are
/// comments.
std::vector<std::filesystem::path> split_object_folders(std::string_view list);

}  // namespace tidemark::hooks
