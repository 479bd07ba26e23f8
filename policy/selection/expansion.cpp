#include "policy/selection/expansion.h"

#include <algorithm>
#include <optional>

#include <re2/re2.h>

namespace tidemark::policy {
namespace {

constexpr std::size_t k_max_number_digits = 9;  // as Go; longer ones are names

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// What a `$` starts: a reference and how many bytes it takes, the `$` included.
struct Reference {
    std::string_view name;
    std::size_t length = 0;
};

/// The longest run of letters and digits of any script and `_`.
std::string_view take_name(std::string_view text) {
    static const re2::RE2 name(R"([\pL\p{Nd}_]+)");
    re2::StringPiece found;
    if (!name.Match(text, 0, text.size(), re2::RE2::ANCHOR_START, &found, 1)) return {};
    return text.substr(0, found.size());
}

/// Precondition: `text` begins with `$`.
std::optional<Reference> take_reference(std::string_view text) {
    const bool braced = text.substr(1).starts_with('{');
    const std::size_t begin = braced ? 2 : 1;
    const std::string_view name = take_name(text.substr(begin));
    if (name.empty()) return std::nullopt;
    std::size_t length = begin + name.size();
    if (braced) {
        if (!text.substr(length).starts_with('}')) return std::nullopt;
        ++length;
    }
    return Reference{name, length};
}

std::optional<std::size_t> number_of(std::string_view name) noexcept {
    if (name.size() > k_max_number_digits || (name.size() > 1 && name.front() == '0')) return std::nullopt;
    std::size_t number = 0;
    for (char c : name) {
        if (!is_digit(c)) return std::nullopt;
        number = number * 10 + static_cast<std::size_t>(c - '0');
    }
    return number;
}

/// Groups a reference may stand for, in the order in which they are tried.
std::vector<std::size_t> resolve(std::string_view name, const std::vector<std::string>& group_names) {
    std::vector<std::size_t> groups;
    if (const auto number = number_of(name)) {
        if (*number < group_names.size()) groups.push_back(*number);
        return groups;
    }
    for (std::size_t i = 1; i < group_names.size(); ++i) {
        if (group_names[i] == name) groups.push_back(i);
    }
    return groups;
}

/// Calls `literal` and `reference` for the pieces of a template, front to back.
template <class Literal, class OnReference>
void walk(std::string_view text, Literal&& literal, OnReference&& reference) {
    while (!text.empty()) {
        const std::size_t dollar = text.find('$');
        if (dollar != 0) literal(text.substr(0, dollar));
        if (dollar == std::string_view::npos) return;
        text.remove_prefix(dollar);
        if (text.starts_with("$$")) {
            literal("$");
            text.remove_prefix(2);
        } else if (const auto found = take_reference(text)) {
            reference(found->name);
            text.remove_prefix(found->length);
        } else {
            literal("$");
            text.remove_prefix(1);
        }
    }
}

std::string_view first_that_took_part(const std::vector<std::size_t>& numbers,
                                      std::span<const std::string_view> groups) noexcept {
    for (std::size_t number : numbers) {
        if (number < groups.size() && groups[number].data() != nullptr) return groups[number];
    }
    return {};
}

}  // namespace

Expansion Expansion::parse(std::string_view text, const std::vector<std::string>& group_names) {
    Expansion expansion;
    walk(
        text, [&](std::string_view literal) { expansion.add_literal(literal); },
        [&](std::string_view name) {
            Piece piece{{}, resolve(name, group_names), true};
            for (std::size_t group : piece.groups) {
                expansion.m_groups_needed = std::max(expansion.m_groups_needed, group + 1);
            }
            expansion.m_pieces.push_back(std::move(piece));
        });
    return expansion;
}

void Expansion::add_literal(std::string_view text) {
    if (m_pieces.empty() || m_pieces.back().is_reference) m_pieces.emplace_back();
    m_pieces.back().literal += text;
}

std::string_view Expansion::single(std::span<const std::string_view> groups) const {
    return first_that_took_part(m_pieces.front().groups, groups);
}

void Expansion::append(std::span<const std::string_view> groups, std::string& text) const {
    for (const Piece& piece : m_pieces) {
        text += piece.is_reference ? first_that_took_part(piece.groups, groups) : std::string_view(piece.literal);
    }
}

std::vector<std::string> references_in(std::string_view text) {
    std::vector<std::string> names;
    walk(
        text, [](std::string_view) {}, [&](std::string_view name) { names.emplace_back(name); });
    return names;
}

}  // namespace tidemark::policy
