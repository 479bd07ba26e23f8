#include "policy/guard/marker_lines.h"

#include <algorithm>
#include <optional>

#include "policy/setters/marker.h"
#include "policy/setters/setters.h"

namespace tidemark::policy::guard {
namespace {

std::string_view trimmed(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(" \t\r");
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

struct Line {
    std::string_view content;  // without comment and blanks around
    std::optional<std::string> setter;
};

Line read_line(std::string_view text) {
    Line line;
    line.content = trimmed(text);
    for (std::size_t hash = text.find('#'); hash != std::string_view::npos; hash = text.find('#', hash + 1)) {
        if (hash > 0 && text[hash - 1] != ' ' && text[hash - 1] != '\t') continue;
        line.content = trimmed(text.substr(0, hash));
        if (!may_hold_markers(text.substr(hash))) return line;
        setters::Marker marker = setters::parse_marker(trimmed(text.substr(hash)));
        if (marker.kind == setters::MarkerKind::marker) line.setter = std::move(marker.setter);
        return line;
    }
    return line;
}

struct Entry {
    std::string_view key;
    std::string_view value;
};

/// "key: value", "- key: value" or "- value", as far as a line tells.
Entry read_entry(std::string_view content) noexcept {
    while (content.substr(0, 2) == "- ")
        content = trimmed(content.substr(2));
    Entry entry;
    const std::size_t colon = content.find(": ");
    if (colon != std::string_view::npos) {
        entry.key = content.substr(0, colon);
        content = trimmed(content.substr(colon + 2));
    }
    if (content.size() > 1 && (content[0] == '"' || content[0] == '\'') && content.back() == content[0])
        content = content.substr(1, content.size() - 2);
    entry.value = content;
    return entry;
}

/// A bare version says nothing about what it is the version of.
void name_entry(const Entry& entry, std::string& name) {
    const bool image = entry.value.find_first_of(":/@") != std::string_view::npos;
    name.assign(entry.key).append(1, '\n');
    if (image) name += without_version(entry.value);
}

}  // namespace

MarkerLines::MarkerLines(std::string_view before, std::string_view after) {
    read(before, Side::before, true);
    if (m_fields.empty()) return;
    read(before, Side::before, false);
    read(after, Side::after, true);
    read(after, Side::after, false);
}

void MarkerLines::read(std::string_view bytes, Side side, bool marked) {
    std::optional<std::string> above;  // a marker on a line of its own is the next line's
    std::size_t number = 0;
    std::string name;
    while (!bytes.empty() && !is_full()) {
        const std::size_t end = std::min(bytes.find('\n'), bytes.size());
        Line line = read_line(bytes.substr(0, end));
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
        ++number;
        if (line.content.empty()) {
            if (line.setter) above = std::move(line.setter);
            continue;
        }
        if (!line.setter) line.setter = std::move(above);
        above.reset();
        if (line.setter.has_value() != marked) continue;
        const Entry entry = read_entry(line.content);
        name_entry(entry, name);
        auto field = m_fields.find(name);
        if (field == m_fields.end()) {
            if (!marked || side == Side::after) continue;
            field = m_fields.emplace(name, Field()).first;
        }
        ++m_occurrences;
        Occurrence one;
        one.setter = line.setter.value_or("");
        one.value = entry.value;
        one.line = number;
        (side == Side::before ? field->second.before : field->second.after).push_back(std::move(one));
    }
}

void MarkerLines::for_each_loss(const FieldTree::TakeLoss& take) const {
    for (const auto& [name, field] : m_fields) {
        for (const FieldLoss& loss : find_losses(field))
            take(field, loss, name.substr(0, name.find('\n')));
    }
}

}  // namespace tidemark::policy::guard
