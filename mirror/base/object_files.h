// The YAML files of object folders, as texts for policy/objects. What cannot be read is a finding; the rest goes on.
#pragma once

#include <filesystem>
#include <vector>

#include "policy/base/finding.h"
#include "policy/objects/read.h"

namespace tidemark::mirror {

struct ObjectFiles {
    std::vector<policy::SourceText> texts;  // in order of folder and path; `file` is folder/path
    policy::Findings findings;
};

/// Reads `*.yaml`, `*.yml` and `*.json` below each folder (or the file itself), without folders whose name begins
/// with a dot. At most 200,000 files, 16 MiB each, 1 GiB together. Throws Error for a folder that is not there.
ObjectFiles read_object_files(const std::vector<std::filesystem::path>& folders);

}  // namespace tidemark::mirror
