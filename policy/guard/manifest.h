// One manifest as the guard reads it: its marked scalars, exactly those of policy/setters, and, only where something
// was lost, every other field of its documents. One thread; the bytes must outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"
#include "policy/setters/scan.h"

namespace tidemark::policy::guard {

/// One document's events with what is needed to walk them without reading on to find each node's end.
struct ManifestDocument {
    setters::DocumentSpan span;
    const setters::EventRecord* record = nullptr;
    std::vector<std::uint32_t> ends;                    // one behind the last event of the node that begins there
    std::vector<const setters::ScannedScalar*> marked;  // in the order of their events
};

/// The value of a mapping's first key of that name, or nothing.
std::optional<std::size_t> find_value(const ManifestDocument& document, std::size_t mapping, std::string_view key);
/// The same, if it is a scalar; else "".
std::string_view find_text(const ManifestDocument& document, std::size_t mapping, std::string_view key);

class Manifest {
public:
    /// A Problem: no YAML, or larger than the setters read.
    static Result<Manifest> read(std::string_view bytes);

    Manifest(Manifest&&) noexcept = default;
    Manifest& operator=(Manifest&&) noexcept = default;

    std::string_view bytes() const noexcept { return m_bytes; }
    /// Markers that cannot work, with places in `bytes`.
    const Findings& loose_markers() const noexcept { return m_scan.findings; }
    std::size_t marked_count() const noexcept { return m_scan.scalars.size(); }

    std::vector<ManifestDocument> marked_documents() const;
    /// Those without a marker too; `unmarked` keeps their events and must outlive the answer.
    std::vector<ManifestDocument> all_documents(std::vector<setters::EventRecord>& unmarked) const;

private:
    explicit Manifest(std::string_view bytes) : m_bytes(bytes) {}
    std::string_view m_bytes;
    setters::FileScan m_scan;
};

/// The lines, from 1, of a document's events; `events` is sorted.
std::vector<std::size_t> find_lines(std::string_view bytes, setters::DocumentSpan span,
                                    const std::vector<std::size_t>& events);

}  // namespace tidemark::policy::guard
