#include "policy/proposal/add_markers.h"

#include <map>
#include <optional>

#include <fmt/format.h>

#include "policy/setters/documents.h"
#include "policy/setters/proof.h"
#include "policy/setters/scan.h"
#include "policy/setters/setters.h"

namespace tidemark::policy::proposal {
namespace {

std::string_view part_of(std::string_view bytes, const setters::DocumentSpan& span) noexcept {
    return bytes.substr(span.begin, span.end - span.begin);
}

std::string append_comments(std::string_view bytes, const std::vector<NewMarker>& markers) {
    std::string result;
    std::size_t done = 0;
    for (const NewMarker& marker : markers) {
        const std::string_view before = bytes.substr(done, marker.use.line_end - done);
        result += before;
        if (!before.ends_with(' ') && !before.ends_with('\t')) result += ' ';
        result += fmt::format("# {{\"$imagepolicy\": \"{}\"}}", marker.setter);
        done = marker.use.line_end;
    }
    return result.append(bytes.substr(done));
}

/// Both say the same, document by document, comments apart.
std::optional<std::string> find_difference(std::string_view before, std::string_view after) {
    const auto old_spans = setters::split_documents(before);
    const auto new_spans = setters::split_documents(after);
    if (!old_spans || !new_spans) return "its documents cannot be told apart";
    if (old_spans->size() != new_spans->size()) return "it would have other documents";
    for (std::size_t i = 0; i < old_spans->size(); ++i) {
        const std::string_view old_document = part_of(before, (*old_spans)[i]);
        const std::string_view new_document = part_of(after, (*new_spans)[i]);
        if (old_document == new_document) continue;
        const auto record = setters::record_document(old_document);
        if (!record) return record.message();
        if (auto why = setters::prove_edit(old_document, *record, new_document, {})) return why;
    }
    return std::nullopt;
}

/// The new markers are there, each on its value, and no other marker came or went.
std::optional<std::string> find_wrong_marker(std::string_view before, std::string_view after,
                                             const std::vector<NewMarker>& markers) {
    const auto old_scan = find_markers(before, "");
    const auto new_scan = find_markers(after, "");
    if (!old_scan || !new_scan) return "its markers cannot be read";
    if (new_scan->scalars.size() != old_scan->scalars.size() + markers.size())
        return "not exactly the values on those lines would be marked";
    if (new_scan->findings.size() != old_scan->findings.size()) return "a marker would not work";
    std::map<std::size_t, const MarkedScalar*> by_line;
    for (const MarkedScalar& scalar : new_scan->scalars)
        by_line.emplace(scalar.line, &scalar);
    for (const NewMarker& marker : markers) {
        const auto scalar = by_line.find(marker.use.line);
        if (scalar == by_line.end() || scalar->second->setter != marker.setter ||
            scalar->second->value != marker.use.value)
            return fmt::format("a marker on line {} would not mark {}", marker.use.line, marker.use.value);
    }
    return std::nullopt;
}

}  // namespace

Result<std::string> add_markers(std::string_view bytes, const std::vector<NewMarker>& markers) {
    std::string after = append_comments(bytes, markers);
    if (auto why = find_difference(bytes, after)) return Problem{std::move(*why), std::nullopt};
    if (auto why = find_wrong_marker(bytes, after, markers)) return Problem{std::move(*why), std::nullopt};
    return after;
}

}  // namespace tidemark::policy::proposal
