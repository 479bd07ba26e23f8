// The names in Go's `\p{...}`: case, blanks, `-` and `_` do not count, long names and a few more classes are
// taken; RE2 wants its own exact names. Used by go_pattern.cpp only.
// Limits: RE2 here knows Unicode 15, so newer scripts are unknown; classes of unassigned characters cannot
// stand inside brackets (a registry's tag cannot hold such a character).
#pragma once

#include <string>
#include <string_view>

#include "policy/base/result.h"

namespace tidemark::policy {

enum class ClassPlace { alone, in_brackets };

/// RE2's text for the class `name` ("Greek", "lowercase letter", "Any"), or for all but it.
Result<std::string> unicode_class(std::string_view name, bool negated, ClassPlace place);

}  // namespace tidemark::policy
