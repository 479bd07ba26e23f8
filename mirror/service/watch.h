// Whether the files that objects and Secret manifests are read from changed: asked for, not told, so that it works on
// every file system and for folders that come and go.
#pragma once

#include <string>

#include "mirror/base/configuration.h"

namespace tidemark::mirror::service {

/// Names, sizes, inodes and times of all files below the configuration's folders, as one digest. Never throws for what
/// it finds there: a folder that cannot be read is part of the answer.
std::string fingerprint_files(const Configuration& configuration);

}  // namespace tidemark::mirror::service
