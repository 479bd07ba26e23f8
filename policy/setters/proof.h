// The proof of an edit: the new bytes are read by yaml-cpp, which shares no code with libyaml, and must say what
// libyaml read before, the edited scalars apart. Where yaml-cpp reads the old document differently already, its
// own two readings are compared; where it cannot read it at all, libyaml's two.
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/setters/record.h"

namespace tidemark::policy::setters {

struct ProvenEdit {
    std::size_t event = 0;  // of the scalar in the old record
    std::string_view text;  // what it must say now
};

/// `edits` in document order. Answers why the edit is not proven, or nothing.
std::optional<std::string> prove_edit(std::string_view old_document, const EventRecord& old_record,
                                      std::string_view new_document, const std::vector<ProvenEdit>& edits);

}  // namespace tidemark::policy::setters
