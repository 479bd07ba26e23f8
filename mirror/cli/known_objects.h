// The objects and what the state knows about them, for the commands that show both.
#pragma once

#include "mirror/cli/command.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror::cli {

struct KnownObjects {
    policy::ObjectSet objects;
    StatusLookup status;
};

/// Objects of folders as they stand, those of Git sources as of the last fetch, and the state of the last pass, which
/// is read beside a running one. What keeps files from being read is said as warnings. Throws Error.
KnownObjects read_known_objects(const Call& call);

/// The texts that the objects stand in. Throws Error.
std::vector<policy::SourceText> read_object_texts(const Call& call);

}  // namespace tidemark::mirror::cli
