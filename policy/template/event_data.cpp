#include "policy/template/event_data.h"

namespace tidemark::policy::message {
namespace {

constexpr Field k_fields[] = {{.name = "Severity"}, {.name = "Kind"},    {.name = "Namespace"}, {.name = "Name"},
                              {.name = "Reason"},   {.name = "Message"}, {.name = "Who"},       {.name = "Time"},
                              {.name = "Details"},  {.name = "Facts"},   {.name = "Count"}};
const Type k_event{.kind = Kind::structure, .name = "tidemark.Event", .go_kind = "struct", .fields = k_fields};

}  // namespace

Value make_event_data(Context& context, const EventData& data) {
    const auto view = [](const std::string& text) { return Context::view(text); };
    Map* facts = context.make_map();
    for (const auto& [key, value] : data.facts)
        context.set(*facts, view(key), view(value));
    return context.structure(
        {view(data.severity), view(data.kind), view(data.object_namespace), view(data.name), view(data.reason),
         view(data.message), view(data.who), view(data.time), context.texts({data.details.begin(), data.details.end()}),
         Value::map(facts, types::text_map), Value::integer(data.count, types::int64)},
        k_event);
}

}  // namespace tidemark::policy::message
