// Images as people and scripts name them for `set`: on the command line and in a file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "policy/setters/setters.h"

namespace tidemark::mirror::cli {

/// `NAMESPACE/POLICY=NAME:TAG[@DIGEST]`; `NAMESPACE:POLICY`, as markers have it, is taken too. Throws Error{usage}.
policy::PolicyReference parse_image_argument(const std::string& text);

/// The JSON list of `{"namespace": …, "name": …, "latest": {"name": …, "tag": …, "digest": …}}`; a digest may be
/// missing. At most 64 MiB. Throws Error.
std::vector<policy::PolicyReference> read_image_file(const std::filesystem::path& path);

}  // namespace tidemark::mirror::cli
