// Numbers as Go's strconv.ParseFloat(text, 64) reads them.
// Rules: conformance/README.md "Numbers and letters"; conformance/numerical-policy.json. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

namespace tidemark::policy {

/// Decimal and hexadecimal floats with `_` between digits, infinities, NaN; too small is 0, too large is none.
std::optional<double> parse_number(std::string_view text);

}  // namespace tidemark::policy
