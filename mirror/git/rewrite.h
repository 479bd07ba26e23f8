// A tree with every marked value set as the policies chose: new blobs and only the trees above them are
// written, never an index or a work tree. Costs what it changes: the MarkerIndex says which files differ.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "mirror/git/marker_index.h"
#include "mirror/git/repository.h"
#include "policy/base/finding.h"
#include "policy/setters/setters.h"

namespace tidemark::mirror::git {

struct RewrittenFile {
    std::string path;  // from the tree's root
    ObjectId before;
    ObjectId after;
    std::uint32_t mode = k_mode_file;
};

struct TreeRewrite {
    ObjectId tree;  // the index's tree if nothing had to change
    /// Sorted by file, then in document order; `file` is relative to the update path.
    std::vector<policy::Change> changes;
    std::vector<RewrittenFile> files;
    /// Files that were left alone and why, markers that cannot work (of the files that were read now;
    /// MarkerIndex::findings has those of all files).
    policy::Findings findings;
};

/// Setters that are not written in a file (by MarkedFile::path), whatever the values say.
using HeldSetters = std::map<std::string, std::set<std::string>>;

/// `index` must stand at the base tree (update() first).
TreeRewrite rewrite_tree(Repository& repository, const MarkerIndex& index, const policy::SetterValues& values,
                         const HeldSetters& held = {});

/// Markers whose setter no policy offers: unknown policy, unknown part, or another namespace's.
policy::Findings find_unknown_setters(const MarkerIndex& index, const policy::SetterValues& values);

}  // namespace tidemark::mirror::git
