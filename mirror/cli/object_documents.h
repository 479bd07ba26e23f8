// Objects as they are written, found again in the texts they were read from: for `export`.
#pragma once

#include <optional>
#include <vector>

#include "policy/objects/read.h"
#include "policy/yaml/emitter.h"

namespace tidemark::mirror::cli {

/// apiVersion, kind, metadata (annotations, labels, name, namespace) and spec, without the fields that are null.
/// nullopt if no text holds an object at that place.
std::optional<policy::yaml::Value> find_document(const std::vector<policy::SourceText>& texts,
                                                 const policy::Metadata& metadata, policy::ObjectKind kind);

}  // namespace tidemark::mirror::cli
