// ObjectStatus as JSON text, for the state's table. What cannot be read back is as good as unknown.
#pragma once

#include <optional>
#include <string>

#include "mirror/store/status.h"

namespace tidemark::mirror::store {

std::string to_json(const ObjectStatus& status);
std::optional<ObjectStatus> status_from_json(const std::string& text);

}  // namespace tidemark::mirror::store
