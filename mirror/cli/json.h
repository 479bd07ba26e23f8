// Values as JSON text, for `-o json`.
#pragma once

#include <string>

#include "policy/yaml/emitter.h"

namespace tidemark::mirror::cli {

enum class JsonLayout { compact, indented };

/// Members in the order of bytes; indented by two blanks and ending in a newline, or on one line without one.
/// Bytes that are no UTF-8 are passed through as they are.
std::string to_json(const policy::yaml::Value& value, JsonLayout layout = JsonLayout::indented);

}  // namespace tidemark::mirror::cli
