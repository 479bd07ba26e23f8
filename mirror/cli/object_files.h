// Reading the objects in the files and folders that the settings name.
#pragma once

#include "mirror/cli/settings.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror::cli {

/// Every object in the files and folders of `settings`; folders are walked, .yaml, .yml and .json files read.
/// Git sources are not looked at: they need the mirror.
policy::ObjectSet read_object_files(const Settings& settings);

}  // namespace tidemark::mirror::cli
