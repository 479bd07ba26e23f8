#include "policy/setters/scan.h"

#include <algorithm>

#include <fmt/format.h>

#include "policy/setters/document_reader.h"

namespace tidemark::policy::setters {
namespace {

constexpr std::size_t k_nowhere = IdentityPlaces::k_nowhere;

/// The value of a mapping's first key of that name.
std::size_t find_value(const EventRecord& record, std::size_t mapping, std::string_view key) {
    if (record.size() <= mapping || record[mapping].type != EventType::mapping_start) return k_nowhere;
    for (std::size_t at = mapping + 1; at < record.size() && record[at].type != EventType::mapping_end;) {
        const std::size_t value = record.end_of_node(at);
        if (record[at].type == EventType::scalar && record.text(at) == key) return value;
        at = record.end_of_node(value);
    }
    return k_nowhere;
}

IdentityPlaces find_identity(const EventRecord& record, std::size_t mapping, std::size_t document) {
    IdentityPlaces places;
    places.document = document;
    places.api_version = find_value(record, mapping, "apiVersion");
    places.kind = find_value(record, mapping, "kind");
    const std::size_t metadata = find_value(record, mapping, "metadata");
    if (metadata == k_nowhere) return places;
    places.object_namespace = find_value(record, metadata, "namespace");
    places.name = find_value(record, metadata, "name");
    return places;
}

/// The items of a `List` or `ResourceList`, or k_nowhere.
std::size_t find_items(const EventRecord& record) {
    const std::size_t kind = find_value(record, 0, "kind");
    if (kind == k_nowhere || record[kind].type != EventType::scalar) return k_nowhere;
    if (record.text(kind) != "List" && record.text(kind) != "ResourceList") return k_nowhere;
    const std::size_t items = find_value(record, 0, "items");
    return items != k_nowhere && record[items].type == EventType::sequence_start ? items : k_nowhere;
}

Finding finding_at(std::string_view bytes, std::string_view file, std::size_t position, std::string message) {
    Finding finding;
    finding.severity = Severity::warning;
    const std::size_t line_start = position == 0 ? 0 : bytes.rfind('\n', position - 1) + 1;
    finding.place = {std::string(file), line_of(bytes, position), position - line_start + 1};
    finding.message = std::move(message);
    return finding;
}

class FileReader {
public:
    FileReader(std::string_view bytes, std::string_view file) : m_bytes(bytes), m_file(file) {}

    std::optional<Problem> read(const std::vector<DocumentSpan>& spans) {
        for (const DocumentSpan& span : spans) {
            DocumentReader reader(m_bytes, span, true);
            if (auto problem = reader.read()) return problem;
            for (const auto& loose : reader.loose_markers())
                m_scan.findings.push_back(finding_at(m_bytes, m_file, loose.position, loose.problem));
            if (!reader.scalars().empty()) take(reader, span, spans.size() == 1);
        }
        return std::nullopt;
    }

    FileScan take_scan() { return std::move(m_scan); }

private:
    void take(DocumentReader& reader, DocumentSpan span, bool alone) {
        const std::size_t document = m_scan.documents.size();
        m_scan.documents.push_back({span, std::move(reader.record())});
        const EventRecord& record = m_scan.documents.back().record;
        const std::size_t first = m_scan.scalars.size();
        const std::size_t items = alone ? find_items(record) : k_nowhere;
        for (ScannedScalar& scalar : reader.scalars()) {
            scalar.document = document;
            scalar.marked.line = line_of_next(scalar.marked.begin);
            m_scan.scalars.push_back(std::move(scalar));
        }
        if (items != k_nowhere) {
            name_list_items(first, document, items);
        } else {
            name_scalars(first, document);
        }
    }

    void name_scalars(std::size_t first, std::size_t document) {
        m_scan.identities.push_back(find_identity(m_scan.documents[document].record, 0, document));
        for (std::size_t i = first; i < m_scan.scalars.size(); ++i)
            m_scan.scalars[i].identity = m_scan.identities.size() - 1;
    }

    /// A list alone in its file holds one object an item; Flux reads nothing else of it.
    void name_list_items(std::size_t first, std::size_t document, std::size_t items) {
        const EventRecord& record = m_scan.documents[document].record;
        const IdentityPlaces list = find_identity(record, 0, document);
        std::vector<ScannedScalar> kept;
        std::size_t item = items + 1;
        std::size_t item_end = record.end_of_node(item);
        std::size_t named = k_nowhere;
        const std::size_t items_end = record.end_of_node(items) - 1;
        for (std::size_t i = first; i < m_scan.scalars.size(); ++i) {
            ScannedScalar& scalar = m_scan.scalars[i];
            if (scalar.event < items || scalar.event >= items_end) {
                m_scan.findings.push_back(finding_at(m_bytes, m_file, scalar.marked.begin,
                                                     "the marker marks nothing: it is outside the list's items"));
                continue;
            }
            while (scalar.event >= item_end) {
                item = item_end;
                item_end = record.end_of_node(item);
            }
            if (named != item) {
                const bool object = record[item].type == EventType::mapping_start;
                m_scan.identities.push_back(object ? find_identity(record, item, document) : list);
                named = item;
            }
            scalar.identity = m_scan.identities.size() - 1;
            kept.push_back(std::move(scalar));
        }
        m_scan.scalars.erase(m_scan.scalars.begin() + static_cast<std::ptrdiff_t>(first), m_scan.scalars.end());
        std::move(kept.begin(), kept.end(), std::back_inserter(m_scan.scalars));
    }

    /// Scalars come in order, so that the whole file is counted once.
    std::size_t line_of_next(std::size_t position) {
        const auto at = [this](std::size_t offset) { return m_bytes.begin() + static_cast<std::ptrdiff_t>(offset); };
        m_line += static_cast<std::size_t>(std::count(at(m_counted), at(position), '\n'));
        m_counted = position;
        return m_line;
    }

    std::string_view m_bytes;
    std::string_view m_file;
    FileScan m_scan;
    std::size_t m_line = 1;
    std::size_t m_counted = 0;
};

}  // namespace

Result<FileScan> scan_file(std::string_view bytes, std::string_view file) {
    if (bytes.size() > k_max_bytes)
        return Problem{
            fmt::format("{} bytes long; manifests with markers are read up to {}", bytes.size(), k_max_bytes), {}};
    const Result<std::vector<DocumentSpan>> spans = split_documents(bytes);
    if (!spans) return spans.problem();
    FileReader reader(bytes, file);
    if (auto problem = reader.read(*spans)) return *std::move(problem);
    return reader.take_scan();
}

Result<EventRecord> record_document(std::string_view document) {
    DocumentReader reader(document, {0, document.size()}, false);
    if (auto problem = reader.read()) return *std::move(problem);
    return std::move(reader.record());
}

std::size_t line_of(std::string_view bytes, std::size_t position) noexcept {
    const std::string_view before = bytes.substr(0, position);
    return static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
}

}  // namespace tidemark::policy::setters
