// Go's regular expressions in the words of Debian 12's RE2: the same language but for what its parser takes.
// Rules: conformance/README.md "Patterns"; conformance/filter.json. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"

namespace tidemark::policy {

struct GoPattern {
    /// The same pattern for RE2. Its groups have no names: RE2 refuses a name given twice, which Go takes.
    std::string text;
    /// Names by group number; empty for the whole match (number 0) and for groups without a name.
    std::vector<std::string> group_names;
};

/// Refuses what Go refuses and RE2 would take; everything else that is wrong is left for RE2 to refuse.
Result<GoPattern> translate_pattern(std::string_view pattern);

}  // namespace tidemark::policy
