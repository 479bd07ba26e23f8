// The objects and what the state knows about them, for the commands that show both.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mirror/cli/command.h"
#include "mirror/service/known_object.h"

namespace tidemark::mirror::cli {

/// As service::find_known_objects: of a kind, of one namespace or all, of one name or all.
using KnownObjects = std::function<std::vector<service::KnownObject>(
    policy::ObjectKind kind, const std::optional<std::string>& name_space, const std::string& name)>;

/// What the running service knows. Where none runs, or --objects names other places: objects of folders as they stand,
/// those of Git sources as of the last fetch, and the state of the last pass, which is read beside a running one. What
/// keeps files from being read is said as warnings. Throws Error, also later.
KnownObjects read_known_objects(const Call& call);

/// The texts that the objects stand in. Throws Error.
std::vector<policy::SourceText> read_object_texts(const Call& call);

}  // namespace tidemark::mirror::cli
