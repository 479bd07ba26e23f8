// JSON as Go's encoding/json reads and writes it, for toJson, fromJson and their relatives.
#pragma once

#include <optional>
#include <string_view>

#include "policy/template/context.h"

namespace tidemark::policy::message {

struct JsonStyle {
    bool indent = false;      // two blanks a level
    bool escape_html = true;  // <, > and & as \u003c, ...
};

/// Nothing, and nothing useful in `out`, for what has no JSON form: maps whose keys are no texts, NaN, infinity.
bool append_json(Text& out, const Value& value, JsonStyle style);

/// Objects become dicts, all numbers floats. Nothing for what is no JSON.
std::optional<Value> parse_json(Context& context, std::string_view text);

}  // namespace tidemark::policy::message
