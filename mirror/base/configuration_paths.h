// Paths in the configuration file, for the readers of its parts.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "policy/yaml/fields.h"

namespace tidemark::mirror {

/// The path under `key`; a relative one counts from the folder of `file`. Missing or (reported) no path: nullopt.
std::optional<std::filesystem::path> read_path(policy::yaml::Fields& fields, std::string_view key,
                                               const std::filesystem::path& file);

}  // namespace tidemark::mirror
