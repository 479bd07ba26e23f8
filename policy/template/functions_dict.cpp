// sprig's functions on dicts (map[string]interface{}). set, unset and merge change the dict they are given.
#include "policy/template/compare.h"
#include "policy/template/format.h"
#include "policy/template/functions.h"

namespace tidemark::policy::message {
namespace {

constexpr int k_deepest = 200;

Result<Value> dict(Call& call) {
    Map* map = call.context.make_map();
    for (std::size_t index = 0; index < call.count(); index += 2) {
        const Value key = Context::view(as_text(call.context, call.value(index)));
        call.context.set(*map, key, index + 1 < call.count() ? call.value(index + 1) : Context::view(""));
    }
    return Value::map(map, types::dict);
}

Result<Value> get(Call& call) {
    const Map* map = call.value(0).as_map();
    const Value* found = map ? map->find(call.value(1)) : nullptr;
    return found ? *found : Context::view("");
}

Result<Value> set(Call& call) {
    Map* map = call.value(0).as_map();
    if (!map) return problem("assignment to entry in nil map");
    call.context.set(*map, call.value(1), call.value(2));
    return call.value(0);
}

Result<Value> unset(Call& call) {
    if (Map* map = call.value(0).as_map()) map->entries.erase(call.value(1));
    return call.value(0);
}

Result<Value> has_key(Call& call) {
    const Map* map = call.value(0).as_map();
    return Value::boolean(map && map->find(call.value(1)));
}

Result<Value> pluck(Call& call) {
    std::vector<Value> found;
    for (const Value& value : call.from(1)) {
        const Value* item = value.as_map() ? value.as_map()->find(call.value(0)) : nullptr;
        if (item) found.push_back(*item);
    }
    return call.context.list(found);
}

/// In key order, where Go's is chance.
Result<Value> keys(Call& call) {
    std::vector<Value> keys;
    for (const Value& value : call.arguments) {
        if (!value.as_map()) continue;
        for (const auto& [key, item] : value.as_map()->entries)
            keys.push_back(key);
    }
    return call.context.list(keys, types::text_list);
}

Result<Value> values(Call& call) {
    std::vector<Value> values;
    if (call.value(0).as_map()) {
        for (const auto& [key, item] : call.value(0).as_map()->entries)
            values.push_back(item);
    }
    return call.context.list(values);
}

Result<Value> pick(Call& call) {
    Map* map = call.context.make_map();
    for (const Value& key : call.from(1)) {
        const Value* item = call.value(0).as_map() ? call.value(0).as_map()->find(key) : nullptr;
        if (item) call.context.set(*map, key, *item);
    }
    return Value::map(map, types::dict);
}

Result<Value> omit(Call& call) {
    Map* map = call.context.make_map();
    if (call.value(0).as_map()) {
        for (const auto& [key, item] : call.value(0).as_map()->entries)
            call.context.set(*map, key, item);
    }
    for (const Value& key : call.from(1))
        map->entries.erase(key);
    return Value::map(map, types::dict);
}

/// Puts what `source` has into `target`: nested dicts are merged, other values only replace empty ones unless
/// `overwrite` is set.
void merge_into(Context& context, Map& target, const Map& source, bool overwrite, int depth) {
    if (depth > k_deepest) return context.budget().stop("dicts are nested too deeply to be merged");
    // A copy: source may be target.
    const std::vector<std::pair<Value, Value>> entries(source.entries.begin(), source.entries.end());
    if (!context.budget().spend_steps(entries.size() + 1)) return;
    for (const auto& [key, item] : entries) {
        const Value* present = target.find(key);
        const bool both_dicts = present && present->is(types::dict) && item.is(types::dict);
        if (both_dicts && present->as_map() && item.as_map() && present->size() > 0) {
            merge_into(context, *present->as_map(), *item.as_map(), overwrite, depth + 1);
        } else if (item.kind() == Kind::nil ? overwrite : (overwrite || !present || is_empty(*present))) {
            context.set(target, key, item);
        }
    }
}

Result<Value> merged(Call& call, bool overwrite) {
    Map* target = call.value(0).as_map() ? call.value(0).as_map() : call.context.make_map();
    for (const Value& source : call.from(1)) {
        if (source.as_map()) merge_into(call.context, *target, *source.as_map(), overwrite, 0);
    }
    return Value::map(target, types::dict);
}

Result<Value> merge(Call& call) {
    return merged(call, false);
}
Result<Value> merge_overwrite(Call& call) {
    return merged(call, true);
}

Value copied(Context& context, const Value& value, int depth) {
    if (depth > k_deepest) context.budget().stop("values are nested too deeply to be copied");
    if (!context.budget().spend_steps(1) || value.is_nil()) return value;
    if (value.kind() == Kind::map) {
        Map* map = context.make_map();
        for (const auto& [key, item] : value.as_map()->entries)
            context.set(*map, key, copied(context, item, depth + 1));
        return Value::map(map, value.type());
    }
    if (value.kind() == Kind::list) {
        std::vector<Value> items;
        items.reserve(value.size());
        for (const Value& item : value.items())
            items.push_back(copied(context, item, depth + 1));
        return context.list(items, value.type());
    }
    return value;
}

Result<Value> deep_copy(Call& call) {
    if (call.value(0).missing()) return problem("nil cannot be copied");
    return copied(call.context, call.value(0), 0);
}

/// dig KEY... DEFAULT DICT
Result<Value> dig(Call& call) {
    if (call.count() < 3) return problem("dig needs at least three arguments");
    const Value& fallback = call.value(call.count() - 2);
    Value current = call.value(call.count() - 1);
    for (std::size_t index = 0; index + 2 < call.count(); ++index) {
        if (!current.is(types::dict))
            return problem("dig: a value of type " + std::string(type_name(current)) + " is no dict");
        if (call.value(index).kind() != Kind::text) return problem("dig: a key is no text");
        const Value* found = current.as_map() ? current.as_map()->find(call.value(index)) : nullptr;
        if (!found) return fallback;
        current = *found;
    }
    return current;
}

constexpr Function k_functions[] = {
    {"dict", "a*", dict},
    {"get", "ms", get},
    {"set", "msa", set},
    {"unset", "ms", unset},
    {"hasKey", "ms", has_key},
    {"pluck", "sm*", pluck},
    {"keys", "m*", keys},
    {"values", "m", values},
    {"pick", "ms*", pick},
    {"omit", "ms*", omit},
    {"merge", "mm*", merge},
    {"mustMerge", "mm*", merge},
    {"mergeOverwrite", "mm*", merge_overwrite},
    {"mustMergeOverwrite", "mm*", merge_overwrite},
    {"deepCopy", "a", deep_copy},
    {"mustDeepCopy", "a", deep_copy},
    {"dig", "a*", dig},
};

}  // namespace

std::span<const Function> dict_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
