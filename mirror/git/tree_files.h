// The texts of a Git source: files of a tree below a folder, for objects that are kept in Git.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/git/repository.h"
#include "policy/base/finding.h"
#include "policy/objects/read.h"

namespace tidemark::mirror::git {

struct TreeFilesLimits {
    std::size_t files = 100'000;
    std::size_t file_bytes = std::size_t{8} << 20;
    std::size_t total_bytes = std::size_t{256} << 20;
};

struct TreeFiles {
    std::vector<policy::SourceText> texts;  // sorted by path_less; `file` is the path from the tree's root
    policy::Findings findings;              // files over the size limit, unsafe names: left out
};

/// Files below `folder` (links resolved within the tree; a file is taken alone) whose path `wanted` accepts.
/// Links among the files are not followed. Error{not_found} if the folder is missing, Error{invalid} beyond
/// the limits on files and total bytes.
TreeFiles read_tree_files(const Repository& repository, const ObjectId& tree, std::string_view folder,
                          const std::function<bool(std::string_view path)>& wanted, const TreeFilesLimits& limits = {});

/// Names that may hold objects: ".yaml", ".yml", ".json".
bool is_object_file_name(std::string_view path) noexcept;

}  // namespace tidemark::mirror::git
