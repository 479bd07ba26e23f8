#include "mirror/cli/remove_document.h"

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "policy/yaml/document.h"
#include "policy/yaml/places.h"

namespace tidemark::mirror::cli {
namespace {

using policy::Problem;
using policy::yaml::Document;

/// A line that ends one document and begins the next; nothing else may begin a line so, not even in a block of text
/// (YAML 1.1, section 9.1).
bool is_separator(std::string_view line) noexcept {
    return line.starts_with("---") &&
           (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r' || line[3] == '\n');
}

/// Where each line begins, and the end of the text.
std::vector<std::size_t> line_starts(std::string_view text) {
    std::vector<std::size_t> starts = {0};
    for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n', end + 1))
        starts.push_back(end + 1);
    if (starts.back() != text.size()) starts.push_back(text.size());
    return starts;
}

/// How its documents read, one text each: the values with their keys, without places and comments.
std::optional<std::vector<std::string>> documents_of(std::string_view text) {
    std::vector<std::string> documents;
    policy::yaml::DocumentReader reader(text);
    while (const auto answer = reader.next()) {
        const auto* document = std::get_if<Document>(&*answer);
        if (!document) return std::nullopt;
        if (document->root().is_scalar() && policy::yaml::is_null(document->root())) continue;
        std::string content;
        const auto add = [&content](const auto& self, const policy::yaml::Node& node) -> void {
            content += fmt::format("{}{}:{}", static_cast<int>(node.kind), node.value.size(), node.value + node.tag);
            content += '(';
            for (const policy::yaml::Node* child : node.children)
                self(self, *child);
            content += ')';
        };
        add(add, document->root());
        documents.push_back(std::move(content));
    }
    return documents;
}

/// Which of the documents that say something begins at that place.
std::optional<std::size_t> find_document_at(const policy::SourceText& text, const policy::Place& place) {
    const policy::yaml::Places places(text.file, text.bytes);
    policy::yaml::DocumentReader reader(text.bytes);
    std::size_t number = 0;
    while (const auto answer = reader.next()) {
        const auto* document = std::get_if<Document>(&*answer);
        if (!document) return std::nullopt;
        const policy::yaml::Node& root = document->root();
        if (root.is_scalar() && policy::yaml::is_null(root)) continue;
        const policy::Place here = places.place(root);
        if (here.line == place.line && here.column == place.column && !root.find("items")) return number;
        ++number;
    }
    return std::nullopt;
}

}  // namespace

policy::Result<std::string> remove_document(const policy::SourceText& text, const policy::Place& place) {
    const auto number = find_document_at(text, place);
    if (!number)
        return Problem{
            fmt::format("it is no document of its own in {}:{}; take it out there by hand", text.file, place.line), {}};
    const std::string_view bytes = text.bytes;
    const std::vector<std::size_t> starts = line_starts(bytes);
    const auto line_at = [&](std::size_t line) { return bytes.substr(starts[line], starts[line + 1] - starts[line]); };
    const std::size_t lines = starts.size() - 1;
    std::size_t first = std::min<std::size_t>(place.line, lines) - 1;
    while (first > 0 && !is_separator(line_at(first)))
        --first;
    std::size_t end = std::min<std::size_t>(place.line, lines);
    while (end < lines && !is_separator(line_at(end)))
        ++end;
    std::string rest(bytes.substr(0, starts[first]));
    rest += bytes.substr(starts[end]);

    auto before = documents_of(bytes);
    const auto after = documents_of(rest);
    if (before && *number < before->size()) before->erase(before->begin() + static_cast<std::ptrdiff_t>(*number));
    if (!before || !after || *before != *after)
        return Problem{fmt::format("{} would not read the same without it; take it out there by hand", text.file), {}};
    if (after->empty() && rest.find_first_not_of("- \t\r\n") == rest.npos) return std::string();
    return rest;
}

}  // namespace tidemark::mirror::cli
