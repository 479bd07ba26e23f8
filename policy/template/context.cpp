#include "policy/template/context.h"

#include <algorithm>
#include <memory>

#include <re2/re2.h>

#include "policy/selection/go_pattern.h"

namespace tidemark::policy::message {
namespace {

/// What a map entry takes beside key and value.
constexpr std::size_t k_entry_bytes = 2 * sizeof(Value) + 48;

}  // namespace

bool Budget::spend_steps(std::uint64_t count) noexcept {
    if (count > m_steps && !m_reason) m_reason = "the template takes too many steps";
    if (m_reason) return false;
    m_steps -= count;
    return true;
}

bool Budget::spend_bytes(std::size_t count) noexcept {
    if (count > m_bytes && !m_reason) m_reason = "the template's values or output grow too large";
    if (m_reason) return false;
    m_bytes -= count;
    return true;
}

Problem Budget::problem() const {
    return {m_reason ? m_reason : "", std::nullopt};
}

Context::Context(std::uint64_t steps, std::size_t bytes) : m_budget(steps, bytes) {}
Context::~Context() = default;

Value Context::keep(std::string content) {
    m_texts.push_back(std::move(content));
    return Value::text(m_texts.back());
}

Value Context::text(std::string content) {
    m_budget.spend_bytes(content.size() + sizeof(std::string));
    return keep(std::move(content));
}

Value Context::list(const std::vector<Value>& items, const Type& type) {
    if (!m_budget.spend_bytes(sizeof(List) + items.size() * sizeof(Value))) return Value::list(nullptr, type);
    auto* storage = static_cast<Value*>(m_memory.allocate(std::max<std::size_t>(items.size(), 1) * sizeof(Value)));
    std::uninitialized_copy(items.begin(), items.end(), storage);
    auto* list = static_cast<List*>(m_memory.allocate(sizeof(List)));
    return Value::list(std::construct_at(list, List{storage, items.size()}), type);
}

Value Context::list_or_nil(const std::vector<Value>& items, const Type& type) {
    return items.empty() ? Value::list(nullptr, type) : list(items, type);
}

Value Context::texts(const std::vector<std::string_view>& items) {
    std::vector<Value> values;
    values.reserve(items.size());
    for (const std::string_view item : items)
        values.push_back(Value::text(item));
    return list(values, types::text_list);
}

Value Context::structure(std::initializer_list<Value> fields, const Type& type) {
    m_budget.spend_bytes(fields.size() * sizeof(Value));
    auto* storage = static_cast<Value*>(m_memory.allocate(fields.size() * sizeof(Value)));
    std::uninitialized_copy(fields.begin(), fields.end(), storage);
    return Value::structure(storage, type);
}

Value Context::complex(std::complex<double> number) {
    auto* storage = static_cast<std::complex<double>*>(m_memory.allocate(sizeof number));
    return Value::complex(std::construct_at(storage, number));
}

Map* Context::make_map() {
    m_budget.spend_bytes(sizeof(Map));
    // Never destroyed: its nodes lie in m_memory as well and hold nothing that needs it.
    return std::construct_at(static_cast<Map*>(m_memory.allocate(sizeof(Map))), &m_memory);
}

void Context::set(Map& map, const Value& key, const Value& value) {
    if (m_budget.spend_bytes(k_entry_bytes)) map.entries.insert_or_assign(key, value);
}

Result<const Context::Pattern*> Context::pattern(std::string_view expression) {
    if (const auto known = m_patterns.find(expression); known != m_patterns.end()) return &known->second;
    // Compiling costs far more than its text tells: up to the memory limit below, whatever the repetition counts.
    constexpr std::int64_t k_pattern_memory = 1 << 20;
    constexpr std::uint64_t k_pattern_steps = 20'000;
    if (!m_budget.spend_steps(k_pattern_steps + expression.size()) || !m_budget.spend_bytes(expression.size()))
        return m_budget.problem();
    Result<GoPattern> translated = translate_pattern(expression);
    if (!translated) return translated.problem();
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(k_pattern_memory);
    auto compiled = std::make_unique<re2::RE2>(translated->text, options);
    if (!compiled->ok()) return Problem{"error parsing regexp: " + compiled->error(), std::nullopt};
    Pattern pattern{std::move(compiled), std::move(translated->group_names)};
    return &m_patterns.emplace(std::string(expression), std::move(pattern)).first->second;
}

}  // namespace tidemark::policy::message
