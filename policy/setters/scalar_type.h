// What a plain scalar without a tag is to the readers that Flux and Kubernetes use (YAML 1.1 as go-yaml has it).
// conformance/README.md "Not a string, for the quoting"; the cases new-form-* are its table. Pure; any thread.
#pragma once

#include <string_view>

namespace tidemark::policy::setters {

enum class PlainType { text, null, boolean, integer, floating, date };

PlainType plain_type(std::string_view text) noexcept;

}  // namespace tidemark::policy::setters
