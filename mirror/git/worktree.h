// A folder with the marked files as of the proposed tree, for people to look at. Tidemark never reads it back.
// It is brought from the last state to the new one by difference: an unchanged run touches nothing, a changed
// file is renamed into place. A damaged or missing record, or an interrupted run, makes it anew.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/git/marker_index.h"
#include "mirror/git/repository.h"
#include "mirror/git/rewrite.h"
#include "policy/base/finding.h"

namespace tidemark::mirror::git {

struct WorktreeFile {
    std::string path;
    ObjectId blob;
    std::uint32_t mode = k_mode_file;
};

struct WorktreeUpdate {
    std::size_t written = 0;
    std::size_t removed = 0;
    bool rebuilt = false;
    policy::Findings findings;  // paths that no folder may hold
};

/// The marked files of `index` with those of `rewrite` in place of the old ones.
std::vector<WorktreeFile> worktree_files(const MarkerIndex& index, const TreeRewrite& rewrite);

/// Whether the folder is known to stand at that tree for that update path: needs no repository, reads a few bytes.
bool is_worktree_at(const std::filesystem::path& folder, const ObjectId& tree, std::string_view update_path);

/// Makes `folder` hold exactly `files` of `tree`. The record is "<folder>.record"; "<folder>.new" and
/// "<folder>.old" are used while it is made anew.
WorktreeUpdate update_worktree(const Repository& repository, const std::filesystem::path& folder, const ObjectId& tree,
                               std::string_view update_path, std::vector<WorktreeFile> files);

}  // namespace tidemark::mirror::git
