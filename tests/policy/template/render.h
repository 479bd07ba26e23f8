// Rendering in one step, for tables of templates and messages.
#pragma once

#include <string>
#include <string_view>

#include "policy/template/template.h"

namespace tidemark::policy::test {

struct Row {
    std::string_view text;
    std::string_view message;
};

/// The message, or "error: " and why there is none.
inline std::string rendered(std::string_view text, const MessageData& data = {}, const RenderLimits& limits = {}) {
    const auto parsed = MessageTemplate::parse(text);
    const auto result = parsed ? parsed->render(data, limits) : Result<std::string>(parsed.problem());
    return result ? result.value() : "error: " + result.message();
}

inline bool fails(std::string_view text, const MessageData& data = {}) {
    return rendered(text, data).starts_with("error: ");
}

}  // namespace tidemark::policy::test
