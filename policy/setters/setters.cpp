#include "policy/setters/setters.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "policy/setters/proof.h"
#include "policy/setters/scan.h"

namespace tidemark::policy {
namespace {

using namespace setters;

constexpr std::string_view k_token = "\"$imagepolicy\"";

std::string_view text_of(const FileScan& scan, const IdentityPlaces& places, std::size_t event) {
    if (event == IdentityPlaces::k_nowhere) return {};
    const EventRecord& record = scan.documents[places.document].record;
    const EventType type = record[event].type;
    // An alias counts as its anchor's name, as in Flux.
    return type == EventType::scalar || type == EventType::alias ? record.text(event) : std::string_view();
}

ObjectIdentity identity_of(const FileScan& scan, std::size_t index) {
    const IdentityPlaces& places = scan.identities[index];
    const auto text = [&](std::size_t event) { return std::string(text_of(scan, places, event)); };
    return {text(places.api_version), text(places.kind), text(places.object_namespace), text(places.name)};
}

Finding finding_for(const ScannedScalar& scalar, std::string_view file, std::string message, std::string remedy) {
    Finding finding;
    finding.severity = Severity::warning;
    finding.place = {std::string(file), scalar.marked.line, 0};
    finding.subject = scalar.marked.setter;
    finding.message = std::move(message);
    finding.remedy = std::move(remedy);
    return finding;
}

void warn_of_neighbours(const ScannedScalar& scalar, std::string_view file, Findings& findings) {
    if (scalar.aliased)
        findings.push_back(finding_for(scalar, file, "every alias of this value's anchor follows it",
                                       "mark the places one by one if they must differ"));
    if (scalar.duplicate)
        findings.push_back(finding_for(scalar, file, "its key stands twice in one mapping; readers take the last",
                                       "remove one of the two"));
}

/// One file's rewrite, from the scan to the proven bytes.
class Rewriter {
public:
    Rewriter(std::string_view bytes, std::string_view file, FileScan scan)
        : m_bytes(bytes), m_file(file), m_scan(std::move(scan)) {}

    Result<Rewrite> run(const SetterValues& values) {
        m_result.findings = std::move(m_scan.findings);
        for (const ScannedScalar& scalar : m_scan.scalars) {
            const auto value = values.values.find(scalar.marked.setter);
            if (value == values.values.end()) continue;
            m_result.setters.emplace_back(value->first);
            if (value->second != scalar.marked.value) edit(scalar, value->second);
        }
        if (m_result.changes.empty()) return std::move(m_result);
        m_result.bytes.reserve(m_bytes.size() + 64 * m_edits.size());
        for (std::size_t document = 0; document < m_scan.documents.size(); ++document) {
            if (auto problem = splice(document)) return *std::move(problem);
        }
        m_result.bytes.append(m_bytes.substr(m_written));
        return std::move(m_result);
    }

private:
    struct PlannedEdit {
        const ScannedScalar* scalar;
        std::string_view text;
        std::vector<Edit> edits;
    };

    void edit(const ScannedScalar& scalar, const std::string& text) {
        if (text.empty()) {
            m_result.findings.push_back(finding_for(scalar, m_file, "the policy has no digest; the value stays",
                                                    "set the policy's digestReflectionPolicy, or remove the marker"));
            return;
        }
        Result<std::vector<Edit>> edits = write_scalar(m_bytes, scalar.place, text);
        if (!edits) {
            m_result.findings.push_back(finding_for(scalar, m_file, edits.message() + "; the value stays",
                                                    "remove the tag, or mark another field"));
            return;
        }
        warn_of_neighbours(scalar, m_file, m_result.findings);
        record_change(scalar, text);
        m_edits.push_back({&scalar, text, *std::move(edits)});
    }

    /// A marked name that this rewrite has set already counts with its new text, as in Flux.
    void record_change(const ScannedScalar& scalar, const std::string& text) {
        ObjectIdentity object = identity_of(m_scan, scalar.identity);
        const IdentityPlaces& places = m_scan.identities[scalar.identity];
        m_new_texts[{scalar.document, scalar.event}] = &text;
        const auto renew = [&](std::size_t event, std::string& field) {
            const auto found = m_new_texts.find({places.document, event});
            if (found != m_new_texts.end()) field = *found->second;
        };
        renew(places.api_version, object.api_version);
        renew(places.kind, object.kind);
        renew(places.object_namespace, object.object_namespace);
        renew(places.name, object.name);
        m_result.changes.push_back({std::string(m_file), std::move(object), scalar.marked.setter, scalar.marked.value,
                                    text, scalar.marked.line});
    }

    /// Appends everything up to the end of a document that has edits, and proves it.
    std::optional<Problem> splice(std::size_t document) {
        const ScannedDocument& scanned = m_scan.documents[document];
        std::vector<ProvenEdit> proven;
        std::size_t line = 0;
        for (; m_next != m_edits.size() && m_edits[m_next].scalar->document == document; ++m_next) {
            const PlannedEdit& planned = m_edits[m_next];
            if (proven.empty()) {
                m_result.bytes.append(m_bytes.substr(m_written, scanned.span.begin - m_written));
                m_written = scanned.span.begin;
                m_document_start = m_result.bytes.size();
                line = planned.scalar->marked.line;
            }
            for (const Edit& edit : planned.edits) {
                m_result.bytes.append(m_bytes.substr(m_written, edit.begin - m_written)).append(edit.text);
                m_written = edit.end;
            }
            proven.push_back({planned.scalar->event, planned.text});
        }
        if (proven.empty()) return std::nullopt;
        m_result.bytes.append(m_bytes.substr(m_written, scanned.span.end - m_written));
        m_written = scanned.span.end;
        const std::string_view old_document = m_bytes.substr(scanned.span.begin, scanned.span.end - scanned.span.begin);
        const std::string_view new_document = std::string_view(m_result.bytes).substr(m_document_start);
        const auto failure = prove_edit(old_document, scanned.record, new_document, proven);
        if (!failure) return std::nullopt;
        return Problem{fmt::format("the edit could not be proven, so the file was left alone (first marked value on "
                                   "line {}): {}",
                                   line, *failure),
                       m_scan.documents[document].span.begin};
    }

    std::string_view m_bytes;
    std::string_view m_file;
    FileScan m_scan;
    Rewrite m_result;
    std::vector<PlannedEdit> m_edits;
    std::map<std::pair<std::size_t, std::size_t>, const std::string*> m_new_texts;
    std::size_t m_next = 0;
    std::size_t m_written = 0;         // bytes of the old file that are in the new one
    std::size_t m_document_start = 0;  // of the document being spliced, in the new bytes
};

/// A file's text with every marked scalar taken out: what no automation may touch. Of a block scalar what
/// follows its header, and the blank lines below its text, are left in.
std::string without_marked_texts(std::string_view bytes, const FileScan& scan) {
    std::string rest;
    std::size_t at = 0;
    for (const ScannedScalar& scalar : scan.scalars) {
        const ScalarPlace& place = scalar.place;
        rest.append(bytes.substr(at, place.begin - at)) += '\0';
        at = place.end;
        if (place.style != yaml::ScalarStyle::literal && place.style != yaml::ScalarStyle::folded) continue;
        const BlockParts parts = find_block_parts(bytes, place);
        rest.append(bytes.substr(parts.header_end, parts.content - parts.header_end));
        at = parts.last == 0 ? parts.content : parts.last;
    }
    return rest.append(bytes.substr(at));
}

}  // namespace

bool is_manifest_name(std::string_view path) noexcept {
    const std::string_view name = path.substr(path.rfind('/') + 1);
    const auto ends_with = [name](std::string_view ending) {
        return name.size() >= ending.size() && name.substr(name.size() - ending.size()) == ending;
    };
    return ends_with(".yaml") || ends_with(".yml") || name == "Kustomization";
}

/// "$" is rare in manifests, a quote is not: the search runs at the speed of memchr.
bool may_hold_markers(std::string_view bytes) noexcept {
    for (std::size_t at = bytes.find('$'); at != std::string_view::npos; at = bytes.find('$', at + 1)) {
        if (at > 0 && bytes.substr(at - 1, k_token.size()) == k_token) return true;
    }
    return false;
}

Result<MarkerScan> find_markers(std::string_view bytes, std::string_view file) {
    Result<FileScan> scan = scan_file(bytes, file);
    if (!scan) return scan.problem();
    MarkerScan result;
    result.findings = std::move(scan->findings);
    for (ScannedScalar& scalar : scan->scalars) {
        warn_of_neighbours(scalar, file, result.findings);
        scalar.marked.object = identity_of(*scan, scalar.identity);
        result.scalars.push_back(std::move(scalar.marked));
    }
    return result;
}

Result<Rewrite> rewrite_markers(std::string_view bytes, std::string_view file, const SetterValues& values) {
    Result<FileScan> scan = scan_file(bytes, file);
    if (!scan) return scan.problem();
    return Rewriter(bytes, file, std::move(scan).value()).run(values);
}

bool only_marked_scalars_differ(std::string_view before, std::string_view after) {
    if (before == after) return true;
    const Result<FileScan> old_scan = scan_file(before, "");
    const Result<FileScan> new_scan = scan_file(after, "");
    if (!old_scan || !new_scan || old_scan->scalars.size() != new_scan->scalars.size()) return false;
    for (std::size_t i = 0; i < old_scan->scalars.size(); ++i) {
        const MarkedScalar& one = old_scan->scalars[i].marked;
        const MarkedScalar& other = new_scan->scalars[i].marked;
        if (one.setter != other.setter || one.path != other.path) return false;
    }
    return without_marked_texts(before, *old_scan) == without_marked_texts(after, *new_scan);
}

}  // namespace tidemark::policy
