// The functions a template may call: Go's built-in ones and sprig's hermetic map as Flux allows it, apart from those
// that make keys, passwords or ciphertext or depend on clock or chance (tests/conformance/differences.md).
// Arguments arrive checked against the signature, as Go's reflection does it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"
#include "policy/template/context.h"
#include "policy/template/value.h"

namespace tidemark::policy::message {

struct Call {
    Context& context;
    std::span<const Value> arguments;

    std::size_t count() const noexcept { return arguments.size(); }
    const Value& value(std::size_t index) const { return arguments[index]; }
    std::string_view text(std::size_t index) const { return arguments[index].as_text(); }
    std::int64_t integer(std::size_t index) const { return arguments[index].as_integer(); }
    std::span<const Value> from(std::size_t index) const { return arguments.subspan(index); }
};

using Implementation = Result<Value> (*)(Call& call);

/// One letter a parameter: a any, s string, i int, u uint32, f float64, b bool, m map[string]interface{}, t time,
/// v *semver.Version, w any of them but checked by the function itself (Go's reflect.Value).
/// A final '*' makes the last one variadic.
struct Function {
    std::string_view name;
    std::string_view parameters;
    Implementation run = nullptr;
};

/// nullptr for a name that is not in the map.
const Function* find_function(std::string_view name) noexcept;

/// `and` and `or` stop early, so the evaluator handles them itself.
bool is_and(const Function& function) noexcept;
bool is_or(const Function& function) noexcept;

inline Problem problem(std::string message) {
    return {std::move(message), std::nullopt};
}

// The tables, one a subject: functions_<subject>.cpp.
std::span<const Function> builtin_functions() noexcept;
std::span<const Function> comparison_functions() noexcept;
std::span<const Function> text_functions() noexcept;
std::span<const Function> wording_functions() noexcept;
std::span<const Function> conversion_functions() noexcept;
std::span<const Function> list_functions() noexcept;
std::span<const Function> dict_functions() noexcept;
std::span<const Function> default_functions() noexcept;
std::span<const Function> integer_functions() noexcept;
std::span<const Function> decimal_functions() noexcept;
std::span<const Function> pattern_functions() noexcept;
std::span<const Function> encoding_functions() noexcept;
std::span<const Function> hash_functions() noexcept;
std::span<const Function> path_functions() noexcept;
std::span<const Function> address_functions() noexcept;
std::span<const Function> version_functions() noexcept;
std::span<const Function> date_functions() noexcept;
std::span<const Function> json_functions() noexcept;

}  // namespace tidemark::policy::message
