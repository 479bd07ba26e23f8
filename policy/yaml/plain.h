// What a plain (unquoted) scalar means to a YAML 1.1 reader: text, or something else.
// Rules: conformance/README.md "YAML" and, for setters, "Not a string, for the quoting". Pure and stateless.
#pragma once

#include <string_view>

namespace tidemark::policy::yaml {

/// Whether a reader takes `text` as a string when it stands without quotes. It does not for nulls, booleans
/// (`y`, `No`, ...), numbers with `_` in them or not, `.inf`, `.nan`, dates and timestamps. Base 60 (`1:30`)
/// is a string here: see is_base_60.
bool is_plain_string(std::string_view text) noexcept;

/// Base 60 numbers of YAML 1.1, which some readers still know: `1:30`, `1:30.5`.
bool is_base_60(std::string_view text) noexcept;

}  // namespace tidemark::policy::yaml
