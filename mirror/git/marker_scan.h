// Reading many blobs for their markers, by several threads. Internal.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "mirror/git/marker_index.h"
#include "mirror/git/repository.h"

namespace tidemark::mirror::git {

/// What a blob holds. Findings have no file name yet: one blob may stand at several paths.
struct BlobMarkers {
    bool marked = false;  // holds the marker's text
    std::vector<MarkedValue> values;
    policy::Findings findings;
};

/// One blob's markers. A blob over k_max_manifest_bytes counts as marked, with a finding.
BlobMarkers scan_blob(const Repository& repository, const ObjectId& blob);

/// The blobs that are marked; all others of `blobs` (which are distinct) hold none.
std::unordered_map<ObjectId, BlobMarkers> scan_blobs(const Repository& repository, const std::vector<ObjectId>& blobs,
                                                     unsigned threads);

}  // namespace tidemark::mirror::git
