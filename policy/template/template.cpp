#include "policy/template/template.h"

#include "policy/template/evaluator.h"
#include "policy/template/event_data.h"
#include "policy/template/message_data.h"
#include "policy/template/parser.h"

namespace tidemark::policy {
namespace {

constexpr std::size_t k_largest_template = std::size_t{256} << 10;

}  // namespace

Result<MessageTemplate> MessageTemplate::parse(std::string_view text) {
    if (text.size() > k_largest_template)
        return Problem{"the template is larger than " + std::to_string(k_largest_template) + " bytes",
                       k_largest_template};
    auto parsed = message::parse_template(std::string(text.empty() ? k_default_message : text));
    if (!parsed) return parsed.problem();
    return MessageTemplate(std::move(parsed).value());
}

template <class MakeRoot>
Result<std::string> MessageTemplate::render_with(const MakeRoot& make_root, const RenderLimits& limits) const {
    message::Context context(limits.steps, limits.memory_bytes);
    message::Budget output(limits.steps, limits.output_bytes);
    message::Text text(output);
    const message::Value root = make_root(context);
    message::Evaluator evaluator(*m_parsed, context, text, limits.depth);
    if (std::optional<Problem> problem = evaluator.run(root)) return std::move(*problem);
    return text.take();
}

Result<std::string> MessageTemplate::render(const MessageData& data, const RenderLimits& limits) const {
    return render_with([&](message::Context& context) { return message::make_message_data(context, data); }, limits);
}

Result<std::string> MessageTemplate::render_event(const EventData& data, const RenderLimits& limits) const {
    return render_with([&](message::Context& context) { return message::make_event_data(context, data); }, limits);
}

}  // namespace tidemark::policy
