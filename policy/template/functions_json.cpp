// sprig's toJson, toPrettyJson, toRawJson, fromJson and their must variants.
#include "policy/template/functions.h"
#include "policy/template/json.h"

namespace tidemark::policy::message {
namespace {

constexpr JsonStyle k_plain{};
constexpr JsonStyle k_pretty{.indent = true};
constexpr JsonStyle k_raw{.escape_html = false};

/// Without `must` what cannot be encoded is the empty text.
Result<Value> encoded(Call& call, JsonStyle style, bool must) {
    Text text(call.context.budget());
    if (append_json(text, call.value(0), style)) return call.context.text(text);
    if (must) return problem("a value of this type cannot be encoded as JSON");
    return Context::view("");
}

Result<Value> to_json(Call& call) {
    return encoded(call, k_plain, false);
}
Result<Value> to_pretty_json(Call& call) {
    return encoded(call, k_pretty, false);
}
Result<Value> must_to_json(Call& call) {
    return encoded(call, k_plain, true);
}
Result<Value> must_to_pretty_json(Call& call) {
    return encoded(call, k_pretty, true);
}
/// sprig's toRawJson fails, too, where it cannot encode.
Result<Value> to_raw_json(Call& call) {
    return encoded(call, k_raw, true);
}

Result<Value> from_json(Call& call) {
    return parse_json(call.context, call.text(0)).value_or(Value::nil());
}

Result<Value> must_from_json(Call& call) {
    const std::optional<Value> value = parse_json(call.context, call.text(0));
    if (!value) return problem("the text is no JSON");
    return *value;
}

constexpr Function k_functions[] = {
    {"toJson", "a", to_json},
    {"mustToJson", "a", must_to_json},
    {"toPrettyJson", "a", to_pretty_json},
    {"mustToPrettyJson", "a", must_to_pretty_json},
    {"toRawJson", "a", to_raw_json},
    {"mustToRawJson", "a", to_raw_json},
    {"fromJson", "s", from_json},
    {"mustFromJson", "s", must_from_json},
};

}  // namespace

std::span<const Function> json_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
