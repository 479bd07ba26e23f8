// Text helpers that several function tables share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/template/context.h"

namespace tidemark::policy::message {

/// strings.SplitN: count < 0 is all, 0 is none; an empty separator splits after each character.
/// The parts refer to `text`.
std::vector<std::string_view> split_text(std::string_view text, std::string_view separator, std::int64_t count);

/// strings.ReplaceAll.
void append_replaced(Text& out, std::string_view text, std::string_view old_part, std::string_view new_part);

/// %XX for every byte but letters, digits and those of `kept`; with `plus` a blank becomes '+'.
void append_percent_encoded(Text& out, std::string_view text, std::string_view kept, bool plus);

}  // namespace tidemark::policy::message
