// Taking one object's document out of a file, byte for byte: the others and their comments stay as they are. Pure.
#pragma once

#include <string>

#include "policy/base/result.h"
#include "policy/objects/objects.h"
#include "policy/objects/read.h"

namespace tidemark::mirror::cli {

/// The file's text without the document that begins at `place`; empty if nothing else was in it. Refused where that
/// place is within a List, or where the rest would not read the same without it.
policy::Result<std::string> remove_document(const policy::SourceText& text, const policy::Place& place);

}  // namespace tidemark::mirror::cli
