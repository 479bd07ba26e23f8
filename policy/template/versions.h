// Semantic versions as values: what `semver` gives, with the fields and methods of Masterminds' Version.
#pragma once

#include "policy/template/value.h"

namespace tidemark::policy::message::types {

extern const Type version;

}  // namespace tidemark::policy::message::types
