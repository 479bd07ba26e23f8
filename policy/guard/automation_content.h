// What an automation branch changes beside marked values: tree against tree. One thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "policy/guard/manifest_blobs.h"
#include "policy/guard/update_scope.h"

namespace tidemark::policy::guard {

struct ContentFinding {
    std::string file;
    std::size_t line = 0;
    std::string text;
};

/// Files of which more than marked scalars inside the scope changed; none: the automation could have done it.
/// Throws LimitReached, and what the view throws.
std::vector<ContentFinding> find_foreign_content(const std::vector<FileChange>& changes, UpdateScope& scope,
                                                 ManifestBlobs& blobs);

}  // namespace tidemark::policy::guard
