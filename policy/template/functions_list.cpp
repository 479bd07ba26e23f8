// sprig's functions on lists. Lists are never changed in place.
#include <algorithm>

#include "policy/template/compare.h"
#include "policy/template/convert.h"
#include "policy/template/format.h"
#include "policy/template/functions.h"

namespace tidemark::policy::message {
namespace {

using Values = std::vector<Value>;

Problem no_list(const Value& value, std::string_view what) {
    return problem("cannot " + std::string(what) + " a value of type " + std::string(type_name(value)));
}

Result<Value> list(Call& call) {
    return call.context.list({call.arguments.begin(), call.arguments.end()});
}

Result<Value> append(Call& call) {
    if (call.value(0).kind() != Kind::list) return no_list(call.value(0), "append to");
    Values items(call.value(0).items().begin(), call.value(0).items().end());
    items.push_back(call.value(1));
    return call.context.list(items);
}

Result<Value> prepend(Call& call) {
    if (call.value(0).kind() != Kind::list) return no_list(call.value(0), "prepend to");
    Values items{call.value(1)};
    items.insert(items.end(), call.value(0).items().begin(), call.value(0).items().end());
    return call.context.list(items);
}

Result<Value> concat(Call& call) {
    Values items;
    for (const Value& value : call.arguments) {
        if (value.kind() != Kind::list) return no_list(value, "concat");
        items.insert(items.end(), value.items().begin(), value.items().end());
    }
    return call.context.list_or_nil(items);
}

Result<Value> first(Call& call) {
    const Value& value = call.value(0);
    if (value.kind() != Kind::list) return no_list(value, "find the first of");
    return value.items().empty() ? Value::nil() : value.items().front();
}

Result<Value> last(Call& call) {
    const Value& value = call.value(0);
    if (value.kind() != Kind::list) return no_list(value, "find the last of");
    return value.items().empty() ? Value::nil() : value.items().back();
}

/// A part of the list as []interface{}; nil where the list itself is empty.
Result<Value> part(Call& call, std::size_t skip_front, std::size_t skip_back) {
    const Value& value = call.value(0);
    if (value.kind() != Kind::list) return no_list(value, "take a part of");
    const std::span<const Value> items = value.items();
    if (items.empty()) return Value::list(nullptr, types::any_list);
    return call.context.list({items.begin() + static_cast<std::ptrdiff_t>(skip_front),
                              items.end() - static_cast<std::ptrdiff_t>(skip_back)});
}

Result<Value> rest(Call& call) {
    return part(call, 1, 0);
}
Result<Value> initial(Call& call) {
    return part(call, 0, 1);
}

Result<Value> reverse(Call& call) {
    if (call.value(0).kind() != Kind::list) return no_list(call.value(0), "reverse");
    const std::span<const Value> items = call.value(0).items();
    return call.context.list({items.rbegin(), items.rend()});
}

bool holds(Budget& budget, std::span<const Value> items, const Value& wanted) {
    return std::any_of(items.begin(), items.end(), [&](const Value& item) { return deep_equal(budget, wanted, item); });
}

Result<Value> uniq(Call& call) {
    if (call.value(0).kind() != Kind::list) return no_list(call.value(0), "make unique");
    Values kept;
    for (const Value& item : call.value(0).items()) {
        if (call.context.budget().exhausted()) break;
        if (!holds(call.context.budget(), kept, item)) kept.push_back(item);
    }
    return call.context.list(kept);
}

Result<Value> without(Call& call) {
    if (call.value(0).kind() != Kind::list) return no_list(call.value(0), "remove from");
    Values kept;
    for (const Value& item : call.value(0).items()) {
        if (!holds(call.context.budget(), call.from(1), item)) kept.push_back(item);
    }
    return call.context.list(kept);
}

Result<Value> has(Call& call) {
    if (call.value(1).missing()) return Value::boolean(false);
    if (call.value(1).kind() != Kind::list) return no_list(call.value(1), "look into");
    return Value::boolean(holds(call.context.budget(), call.value(1).items(), call.value(0)));
}

Result<Value> compact(Call& call) {
    if (call.value(0).kind() != Kind::list) return no_list(call.value(0), "compact");
    Values kept;
    for (const Value& item : call.value(0).items()) {
        if (!is_empty(item)) kept.push_back(item);
    }
    return call.context.list(kept);
}

Result<Value> slice(Call& call) {
    const Value& value = call.value(0);
    if (value.kind() != Kind::list) return no_list(value, "slice");
    const std::span<const Value> items = value.items();
    if (items.empty()) return Value::nil();
    const auto size = static_cast<std::int64_t>(items.size());
    const std::int64_t start = call.count() > 1 ? to_int64(call.value(1)) : 0;
    const std::int64_t end = call.count() > 2 ? to_int64(call.value(2)) : size;
    if (start < 0 || end < start || end > size) return problem("slice index out of bounds");
    return call.context.list({items.begin() + start, items.begin() + end}, value.type());
}

Result<Value> chunk(Call& call) {
    const Value& value = call.value(1);
    const std::int64_t size = call.integer(0);
    if (value.kind() != Kind::list) return no_list(value, "chunk");
    if (size <= 0) return problem("the size of a chunk must be above 0");
    Values chunks;
    std::span<const Value> items = value.items();
    while (!items.empty() && !call.context.budget().exhausted()) {
        const std::size_t count = std::min(items.size(), static_cast<std::size_t>(size));
        chunks.push_back(call.context.list({items.begin(), items.begin() + static_cast<std::ptrdiff_t>(count)}));
        items = items.subspan(count);
    }
    return call.context.list(chunks, types::any_lists);
}

constexpr Function k_functions[] = {
    {"list", "a*", list},
    {"tuple", "a*", list},
    {"append", "aa", append},
    {"mustAppend", "aa", append},
    {"push", "aa", append},
    {"mustPush", "aa", append},
    {"prepend", "aa", prepend},
    {"mustPrepend", "aa", prepend},
    {"concat", "a*", concat},
    {"first", "a", first},
    {"mustFirst", "a", first},
    {"last", "a", last},
    {"mustLast", "a", last},
    {"rest", "a", rest},
    {"mustRest", "a", rest},
    {"initial", "a", initial},
    {"mustInitial", "a", initial},
    {"reverse", "a", reverse},
    {"mustReverse", "a", reverse},
    {"uniq", "a", uniq},
    {"mustUniq", "a", uniq},
    {"without", "aa*", without},
    {"mustWithout", "aa*", without},
    {"has", "aa", has},
    {"mustHas", "aa", has},
    {"compact", "a", compact},
    {"mustCompact", "a", compact},
    {"slice", "aa*", slice},
    {"mustSlice", "aa*", slice},
    {"chunk", "ia", chunk},
    {"mustChunk", "ia", chunk},
};

}  // namespace

std::span<const Function> list_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
