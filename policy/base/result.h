// Result<T>: a value, or a Problem that says why there is none. Pure decisions return
// it instead of throwing: bad input is an ordinary answer here (see style in CONTRIBUTING.md).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace tidemark::policy {

/// Why an input was refused. `message` reads as one sentence without a final dot; `position`
/// is the byte offset within the input where it went wrong, where the parser knows it.
struct Problem {
    std::string message;
    std::optional<std::size_t> position;
};

template <class T>
class Result {
public:
    Result(T value) : m_content(std::in_place_index<0>, std::move(value)) {}
    Result(Problem problem) : m_content(std::in_place_index<1>, std::move(problem)) {}

    bool ok() const noexcept { return m_content.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    /// Precondition: ok().
    const T& value() const& { return std::get<0>(m_content); }
    T& value() & { return std::get<0>(m_content); }
    T&& value() && { return std::get<0>(std::move(m_content)); }
    const T& operator*() const& { return value(); }
    T& operator*() & { return value(); }
    const T* operator->() const { return &value(); }
    T* operator->() { return &value(); }

    /// Precondition: !ok().
    const Problem& problem() const { return std::get<1>(m_content); }
    const std::string& message() const { return problem().message; }

private:
    std::variant<T, Problem> m_content;
};

}  // namespace tidemark::policy
