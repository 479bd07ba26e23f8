// Markers lost on the way from a file that went to a file that came: Git does not record renames, so a marked field is
// looked for by its object in all files that came. Objects without a name count only in files that are alike.
// One thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "policy/guard/file_pair.h"
#include "policy/guard/manifest_blobs.h"

namespace tidemark::policy::guard {

struct TreeFile {
    std::string path;
    std::string id;
    bool charged = false;  // it was read before
};

using TakeMoved = std::function<void(const std::string& from, const std::string& to, MarkerFinding finding)>;

/// Throws LimitReached, and what the view throws.
void find_moved_losses(const std::vector<TreeFile>& removed, const std::vector<TreeFile>& added, ManifestBlobs& blobs,
                       const TakeMoved& take);

}  // namespace tidemark::policy::guard
