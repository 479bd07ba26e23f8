// Parses Go's template language. Unknown functions and undeclared variables are found here, before anything runs.
#pragma once

#include <memory>
#include <string>

#include "policy/base/result.h"
#include "policy/template/syntax.h"

namespace tidemark::policy::message {

/// Actions and parentheses within one another; Go takes more, people do not write it.
inline constexpr std::size_t k_deepest_nesting = 200;

/// On failure: what is wrong, and at which byte.
Result<std::shared_ptr<const ParsedTemplate>> parse_template(std::string text);

}  // namespace tidemark::policy::message
