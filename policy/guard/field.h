// One field of one object before and after a push, with every place where it stands: which of them lost their marker,
// which have another one now. Counts, so that an object written twice never raises a false alarm.
// Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::policy::guard {

/// The field as it stands somewhere in a file.
struct Occurrence {
    std::string setter;  // empty: it has no marker
    std::string value;
    /// Numbers of the list items without a name on its way, and of an object without one; empty if there are none.
    std::string place;
    std::size_t file = 0;      // which of several files, as the caller numbers them
    std::size_t document = 0;  // where its document begins, in bytes
    std::size_t event = 0;     // its number within the document
    std::size_t line = 0;      // from 1; 0 is not known yet
};

struct Field {
    std::vector<Occurrence> before;
    std::vector<Occurrence> after;
};

/// Indexes into Field::before and Field::after: what was marked, and what stands there now.
struct FieldLoss {
    std::size_t before = 0;
    std::size_t after = 0;
    bool removed = false;  // else the marker names another setter now
};

std::vector<FieldLoss> find_losses(const Field& field);

/// Each setter stands there as often as before.
bool has_all_markers(const Field& field);

/// What stays of a value when only the version changes: "r.example:5000/app" of "r.example:5000/app:1@sha256:…";
/// other texts stay as they are.
std::string_view without_version(std::string_view value) noexcept;

}  // namespace tidemark::policy::guard
