// One reading of a file by libyaml: what its documents say (for the proof of an edit) and which of their
// scalars are marked, with their places in bytes. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/finding.h"
#include "policy/base/result.h"
#include "policy/setters/documents.h"
#include "policy/setters/record.h"
#include "policy/setters/scalar_text.h"
#include "policy/setters/setters.h"

namespace tidemark::policy::setters {

/// Beyond these a file is refused; real manifests stay far below.
inline constexpr std::size_t k_max_bytes = std::size_t{16} << 20;
inline constexpr std::size_t k_max_events = 2'000'000;
inline constexpr std::size_t k_max_depth = 1000;

struct ScannedScalar {
    MarkedScalar marked;
    ScalarPlace place;
    std::size_t document = 0;
    std::size_t event = 0;  // its index in the document's record
    std::size_t identity = 0;
    bool aliased = false;    // *x elsewhere repeats it, or a collection it is in
    bool duplicate = false;  // its key, or that of a collection around it, stands twice in its mapping
};

/// Where an object's identity is written: indexes into its document's record, or k_nowhere.
struct IdentityPlaces {
    static constexpr std::size_t k_nowhere = SIZE_MAX;
    std::size_t document = 0;
    std::size_t api_version = k_nowhere;
    std::size_t kind = k_nowhere;
    std::size_t object_namespace = k_nowhere;
    std::size_t name = k_nowhere;
};

struct ScannedDocument {
    DocumentSpan span;
    EventRecord record;
};

struct FileScan {
    /// A record is filled for documents with marked scalars only.
    std::vector<ScannedDocument> documents;
    std::vector<ScannedScalar> scalars;
    std::vector<IdentityPlaces> identities;
    Findings findings;
};

Result<FileScan> scan_file(std::string_view bytes, std::string_view file);

/// One document's record by libyaml alone, for the proof.
Result<EventRecord> record_document(std::string_view document);

/// Lines from 1, counted from the start of the file to `position`.
std::size_t line_of(std::string_view bytes, std::size_t position) noexcept;

}  // namespace tidemark::policy::setters
