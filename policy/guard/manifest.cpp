#include "policy/guard/manifest.h"

#include <algorithm>

#include "policy/setters/setters.h"

namespace tidemark::policy::guard {
namespace {

using setters::EventRecord;
using setters::EventType;

std::vector<std::uint32_t> find_ends(const EventRecord& record) {
    std::vector<std::uint32_t> ends(record.size());
    std::vector<std::uint32_t> open;
    for (std::uint32_t i = 0; i < record.size(); ++i) {
        ends[i] = i + 1;
        const EventType type = record[i].type;
        if (type == EventType::mapping_start || type == EventType::sequence_start) {
            open.push_back(i);
        } else if (type == EventType::mapping_end || type == EventType::sequence_end) {
            ends[open.back()] = i + 1;
            open.pop_back();
        }
    }
    return ends;
}

ManifestDocument document_of(setters::DocumentSpan span, const EventRecord& record) {
    ManifestDocument document;
    document.span = span;
    document.record = &record;
    document.ends = find_ends(record);
    return document;
}

}  // namespace

std::optional<std::size_t> find_value(const ManifestDocument& document, std::size_t mapping, std::string_view key) {
    const EventRecord& record = *document.record;
    if (mapping >= record.size() || record[mapping].type != EventType::mapping_start) return std::nullopt;
    for (std::size_t at = mapping + 1; record[at].type != EventType::mapping_end;) {
        const std::size_t value = document.ends[at];
        if (record[at].type == EventType::scalar && record.text(at) == key) return value;
        at = document.ends[value];
    }
    return std::nullopt;
}

std::string_view find_text(const ManifestDocument& document, std::size_t mapping, std::string_view key) {
    const auto value = find_value(document, mapping, key);
    return value && (*document.record)[*value].type == EventType::scalar ? document.record->text(*value)
                                                                         : std::string_view();
}

/// Without the text that screens files nothing is marked, whatever else is read as a marker then.
Result<Manifest> Manifest::read(std::string_view bytes) {
    Manifest manifest(bytes);
    Result<setters::FileScan> scan = setters::scan_file(bytes, "");
    if (!scan) return scan.problem();
    manifest.m_scan = std::move(scan).value();
    if (may_hold_markers(bytes)) return manifest;
    manifest.m_scan.documents.clear();
    manifest.m_scan.scalars.clear();
    manifest.m_scan.findings.clear();
    return manifest;
}

std::vector<ManifestDocument> Manifest::marked_documents() const {
    std::vector<ManifestDocument> documents;
    for (const setters::ScannedDocument& scanned : m_scan.documents)
        documents.push_back(document_of(scanned.span, scanned.record));
    for (const setters::ScannedScalar& scalar : m_scan.scalars)
        documents[scalar.document].marked.push_back(&scalar);
    return documents;
}

std::vector<ManifestDocument> Manifest::all_documents(std::vector<EventRecord>& unmarked) const {
    std::vector<ManifestDocument> marked = marked_documents();
    std::vector<ManifestDocument> documents;
    const Result<std::vector<setters::DocumentSpan>> spans = setters::split_documents(m_bytes);
    if (!spans) return marked;
    unmarked.clear();
    unmarked.reserve(spans->size());  // the answer points into it
    auto next = marked.begin();
    for (const setters::DocumentSpan& span : *spans) {
        if (next != marked.end() && next->span.begin == span.begin) {
            documents.push_back(std::move(*next++));
            continue;
        }
        Result<EventRecord> record = setters::record_document(m_bytes.substr(span.begin, span.end - span.begin));
        if (!record || record->size() == 0) continue;
        unmarked.push_back(std::move(record).value());
        documents.push_back(document_of(span, unmarked.back()));
    }
    return documents;
}

std::vector<std::size_t> find_lines(std::string_view bytes, setters::DocumentSpan span,
                                    const std::vector<std::size_t>& events) {
    std::vector<std::size_t> lines;
    const std::size_t first = setters::line_of(bytes, span.begin);
    yaml::EventStream stream(bytes.substr(span.begin, span.end - span.begin));
    yaml::EventView event;
    for (std::size_t number = 0; lines.size() < events.size() && stream.next(event);) {
        if (event.kind == yaml::EventKind::stream_start || event.kind == yaml::EventKind::document_start) continue;
        if (number++ == events[lines.size()]) lines.push_back(first + event.start.line);
    }
    lines.resize(events.size(), first);
    return lines;
}

}  // namespace tidemark::policy::guard
