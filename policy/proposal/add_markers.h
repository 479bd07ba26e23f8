// Marker comments appended to lines of a manifest, and nothing else changed: the new bytes are read again by the second
// parser, and the markers by the code that will rewrite them. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"
#include "policy/proposal/image_uses.h"

namespace tidemark::policy::proposal {

struct NewMarker {
    ImageUse use;  // one without a marker and without an obstacle
    std::string setter;
};

/// The file with ` # {"$imagepolicy": "..."}` behind each line. A Problem means that the file is left alone.
/// Precondition: all are of this file, in its order, at most one a line.
Result<std::string> add_markers(std::string_view bytes, const std::vector<NewMarker>& markers);

}  // namespace tidemark::policy::proposal
