// What MarkerIndex keeps, as it is in memory and as bytes: the two cache files beside the mirror. Internal.
// Bytes that are damaged, cut or of another version read as "nothing".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/git/marker_index.h"

namespace tidemark::mirror::git {

/// A link with a manifest's name; where it leads is found again at each update.
struct MarkedLink {
    std::string path;
    ObjectId blob;
};

struct MarkerState {
    std::string update_path;  // as written
    ObjectId tree;
    std::string root_path;  // where the update path leads
    ObjectId root;          // the tree or blob there
    std::uint32_t root_mode = k_mode_tree;
    std::vector<MarkedFile> files;
    std::vector<MarkedLink> links;
    policy::Findings tree_findings;
};

std::string encode_state(const MarkerState& state);
std::optional<MarkerState> decode_state(std::string_view bytes);

/// Ids, sorted.
std::string encode_ids(const std::vector<ObjectId>& ids);
std::optional<std::vector<ObjectId>> decode_ids(std::string_view bytes);

}  // namespace tidemark::mirror::git
