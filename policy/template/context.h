// What one rendering owns and may use up: memory for its values, steps, bytes. Templates come from people's
// objects and are hostile: whatever grows or loops asks the Budget first. Running out is sticky; the evaluator
// looks after each call and stops. One Context serves one rendering on one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <map>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"
#include "policy/template/value.h"

namespace re2 {
class RE2;
}

namespace tidemark::policy::message {

class Budget {
public:
    Budget(std::uint64_t steps, std::size_t bytes) : m_steps(steps), m_bytes(bytes) {}

    /// False, and for good, once the sum asked for is over what there was.
    bool spend_steps(std::uint64_t count) noexcept;
    bool spend_bytes(std::size_t count) noexcept;
    /// For what no counting can tell, e.g. a dict that holds itself. `reason` is a literal.
    void stop(const char* reason) noexcept {
        if (!m_reason) m_reason = reason;
    }
    bool exhausted() const noexcept { return m_reason != nullptr; }
    /// Why nothing goes any more.
    Problem problem() const;

private:
    std::uint64_t m_steps;
    std::size_t m_bytes;
    const char* m_reason = nullptr;
};

/// A text that stops growing when the budget is used up.
class Text {
public:
    explicit Text(Budget& budget) : m_budget(&budget) {}

    void append(std::string_view part) {
        if (m_budget->spend_bytes(part.size())) m_text += part;
    }
    void append(char byte) { append(std::string_view(&byte, 1)); }
    void append(std::size_t count, char byte) {
        if (m_budget->spend_bytes(count)) m_text.append(count, byte);
    }
    bool full() const noexcept { return m_budget->exhausted(); }
    Budget& budget() const noexcept { return *m_budget; }
    std::size_t size() const noexcept { return m_text.size(); }
    std::string_view view() const noexcept { return m_text; }
    std::string take() { return std::move(m_text); }

private:
    Budget* m_budget;
    std::string m_text;
};

class Context {
public:
    Context(std::uint64_t steps, std::size_t bytes);
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    Budget& budget() noexcept { return m_budget; }

    /// Values made here live as long as the Context.
    Value text(std::string content);
    Value text(Text& content) { return keep(content.take()); }
    /// `content` outlives the Context already, e.g. a part of another value's text.
    static Value view(std::string_view content) noexcept { return Value::text(content); }
    Value list(const std::vector<Value>& items, const Type& type = types::any_list);
    /// As list, but no items make a nil slice, as an unset Go slice is.
    Value list_or_nil(const std::vector<Value>& items, const Type& type = types::any_list);
    Value texts(const std::vector<std::string_view>& items);
    Value structure(std::initializer_list<Value> fields, const Type& type);
    Value complex(std::complex<double> number);
    Map* make_map();
    /// Adds or replaces; the key must be one of this Context's values.
    void set(Map& map, const Value& key, const Value& value);
    /// Keeps an object of our own for as long as the Context lives.
    template <class T>
    Value native(T object, const Type& type) {
        const auto kept = std::make_shared<const T>(std::move(object));
        m_natives.push_back(kept);
        m_budget.spend_bytes(sizeof(T) + 64);
        return Value::native(kept.get(), type);
    }

    /// A regular expression in Go's syntax, kept for the next use in this rendering.
    struct Pattern {
        std::unique_ptr<re2::RE2> expression;
        std::vector<std::string> group_names;  // by number; empty for groups without a name
    };
    Result<const Pattern*> pattern(std::string_view expression);

private:
    Value keep(std::string content);

    Budget m_budget;
    std::pmr::monotonic_buffer_resource m_memory;
    std::deque<std::string> m_texts;
    std::vector<std::shared_ptr<const void>> m_natives;
    std::map<std::string, Pattern, std::less<>> m_patterns;
};

}  // namespace tidemark::policy::message
