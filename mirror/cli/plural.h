// Counting in words, for messages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mirror/service/workspace.h"

namespace tidemark::mirror::cli {

/// "1 file", "2 files", "no files".
std::string plural(std::size_t count, std::string_view one, std::string_view many);

std::size_t count_objects(const policy::ObjectSet& objects) noexcept;

/// "4 objects from 1 folder: 1 repository, 1 policy, 1 automation, 1 source".
std::string describe_workspace(const service::Workspace& workspace);

}  // namespace tidemark::mirror::cli
