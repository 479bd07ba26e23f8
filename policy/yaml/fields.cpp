#include "policy/yaml/fields.h"

#include <algorithm>
#include <span>
#include <unordered_set>

#include <fmt/format.h>

#include "policy/base/nearest.h"

namespace tidemark::policy::yaml {
namespace {

constexpr std::size_t k_findings_limit = 50;
constexpr std::size_t k_shown_length = 80;

// Text out of a hostile file, short enough for a message and without control characters.
std::string shown(std::string_view text) {
    std::string result;
    for (const char c : text.substr(0, k_shown_length))
        result += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    if (text.size() > k_shown_length) result += "...";
    return result;
}

}  // namespace

void Report::add(Severity severity, Place place, std::string message, std::string remedy) {
    if (m_findings.size() > k_findings_limit) return;
    if (m_findings.size() == k_findings_limit) {
        message = "more findings of this object are not listed";
        remedy.clear();
    }
    m_findings.push_back({severity, std::move(place), m_subject, std::move(message), std::move(remedy)});
}

void Report::error(const Node& node, std::string message, std::string remedy) {
    add(Severity::error, m_places.place(node), std::move(message), std::move(remedy));
}

void Report::warning(const Node& node, std::string message, std::string remedy) {
    add(Severity::warning, m_places.place(node), std::move(message), std::move(remedy));
}

void Report::error_in(const Node& scalar, std::optional<std::size_t> position, std::string message,
                      std::string remedy) {
    add(Severity::error, m_places.place(scalar, position), std::move(message), std::move(remedy));
}

std::string_view describe_type(const Node& node) noexcept {
    if (node.is_mapping()) return "a mapping";
    if (node.is_sequence()) return "a list";
    switch (scalar_type(node)) {
        case ScalarType::null:
            return "empty";
        case ScalarType::boolean:
            return "yes or no";
        case ScalarType::number:
            return "a number";
        case ScalarType::text:
            break;
    }
    return "text";
}

std::optional<std::string_view> read_text(const Node& node, std::string_view what, Report& report) {
    if (node.is_scalar()) {
        const ScalarType type = scalar_type(node);
        if (type == ScalarType::text) return node.value;
        if (type == ScalarType::number || type == ScalarType::boolean) {
            report.error(
                node,
                fmt::format("{} must be text, but {} is {} in YAML", what, shown(node.value), describe_type(node)),
                fmt::format("put it in quotes: \"{}\"", shown(node.value)));
            return std::nullopt;
        }
    }
    report.error(node, fmt::format("{} must be text, is {}", what, describe_type(node)));
    return std::nullopt;
}

Fields::Fields(const Node& node, std::string_view name, Report& report, const Fields* parent)
    : m_node(&node), m_name(name), m_report(&report), m_parent(parent) {
    if (!node.is_mapping()) report.error(node, fmt::format("{} must be a mapping, is {}", path(), describe_type(node)));
}

std::string Fields::path(std::string_view key) const {
    std::string result = m_parent ? m_parent->path(m_name) : std::string(m_name);
    if (!key.empty()) {
        if (!result.empty()) result += '.';
        result += key;
    }
    return result.empty() ? "the document" : result;
}

const Node* Fields::find_any(std::string_view key) {
    const auto end = m_known.begin() + static_cast<std::ptrdiff_t>(m_known_count);
    if (end != m_known.end() && std::find(m_known.begin(), end, key) == end) m_known[m_known_count++] = key;
    return m_node->find(key);
}

const Node* Fields::find(std::string_view key) {
    const Node* value = find_any(key);
    return value && !is_null(*value) ? value : nullptr;
}

void Fields::report_missing(std::string_view key, std::string_view example) {
    m_report->error(*m_node, fmt::format("{} is missing", path(key)),
                    example.empty() ? "" : fmt::format("e.g. {}: {}", key, example));
}

const Node* Fields::require(std::string_view key, std::string_view example) {
    const Node* value = find(key);
    if (!value && m_node->is_mapping()) report_missing(key, example);
    return value;
}

std::optional<std::string_view> Fields::text_of(const Node& value, std::string_view key) {
    if (value.is_scalar() && scalar_type(value) == ScalarType::text) return value.value;
    return read_text(value, path(key), *m_report);
}

std::optional<std::string_view> Fields::text(std::string_view key) {
    const Node* value = find(key);
    return value ? text_of(*value, key) : std::nullopt;
}

std::optional<std::string_view> Fields::required_text(std::string_view key, std::string_view example) {
    const Node* node = require(key, example);
    const std::optional<std::string_view> value = node ? text_of(*node, key) : std::nullopt;
    if (!value || !value->empty()) return value;
    m_report->error(*node, fmt::format("{} is empty", path(key)),
                    example.empty() ? "" : fmt::format("e.g. {}: {}", key, example));
    return std::nullopt;
}

bool Fields::boolean(std::string_view key, bool otherwise) {
    const Node* value = find(key);
    if (!value) return otherwise;
    if (value->is_scalar() && scalar_type(*value) == ScalarType::boolean) return boolean_value(*value);
    m_report->error(*value, fmt::format("{} must be true or false, is {}", path(key), describe_type(*value)));
    return otherwise;
}

std::optional<std::string_view> Fields::word(std::string_view key, std::initializer_list<std::string_view> words) {
    const std::optional<std::string_view> value = text(key);
    if (!value || std::find(words.begin(), words.end(), *value) != words.end()) return value;
    std::string choices;
    for (const std::string_view word : words)
        choices += fmt::format("{}{}", choices.empty() ? "" : ", ", word);
    m_report->error(*m_node->find(key), fmt::format("{}: \"{}\" is none of {}", path(key), shown(*value), choices));
    return std::nullopt;
}

std::optional<Fields> Fields::mapping(std::string_view key) {
    const Node* value = find(key);
    if (!value) return std::nullopt;
    return Fields(*value, key, *m_report, this);
}

std::optional<Fields> Fields::required_mapping(std::string_view key) {
    const Node* value = require(key);
    if (!value) return std::nullopt;
    return Fields(*value, key, *m_report, this);
}

const std::vector<const Node*>& Fields::list(std::string_view key) {
    static const std::vector<const Node*> k_none;
    const Node* value = find(key);
    if (!value) return k_none;
    if (value->is_sequence()) return value->children;
    m_report->error(*value, fmt::format("{} must be a list, is {}", path(key), describe_type(*value)));
    return k_none;
}

void Fields::ignore(std::string_view key) {
    find_any(key);
}

void Fields::refuse(std::string_view key, std::string_view why, std::string_view remedy) {
    m_refusals.push_back({key, why, remedy});
}

void Fields::report_unknown(const Node& key) {
    for (const Refusal& refusal : m_refusals) {
        if (refusal.key != key.value) continue;
        m_report->error(key, fmt::format("{} {}", path(key.value), refusal.why), std::string(refusal.remedy));
        return;
    }
    const std::span<const std::string_view> known(m_known.data(), m_known_count);
    std::string remedy;
    if (const auto near = nearest(key.value, known)) {
        remedy = fmt::format("did you mean {}?", *near);
    } else {
        for (const std::string_view name : known)
            remedy += fmt::format("{}{}", remedy.empty() ? "known here: " : ", ", name);
    }
    m_report->error(key, fmt::format("unknown field {}", path(shown(key.value))), std::move(remedy));
}

void Fields::finish() {
    if (!m_node->is_mapping()) return;
    const std::vector<const Node*>& children = m_node->children;
    const auto known_end = m_known.begin() + static_cast<std::ptrdiff_t>(m_known_count);
    std::unordered_set<std::string_view> seen;
    for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
        const Node& key = *children[i];
        if (!key.is_scalar()) {
            m_report->error(key, fmt::format("a key of {} is {}, it must be text", path(), describe_type(key)));
            continue;
        }
        if (std::find(m_known.begin(), known_end, key.value) == known_end) report_unknown(key);
        bool repeated = false;
        if (children.size() <= 64) {
            for (std::size_t j = 0; j < i && !repeated; j += 2)
                repeated = children[j]->is_scalar() && children[j]->value == key.value;
        } else {
            repeated = !seen.insert(key.value).second;
        }
        if (repeated) m_report->error(key, fmt::format("{} is given twice", path(shown(key.value))));
    }
}

}  // namespace tidemark::policy::yaml
