// The files of a folder that may hold markers, in the order of the walk, and the folder that an update path means.
// Throws Error{not_found|storage|permission|invalid}; stateless.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tidemark::mirror::manifests {

struct ListedFile {
    std::uint32_t folder = 0;  // index into FolderList::folders
    bool link = false;
    std::string name;
};

struct FolderList {
    std::string root;                  // the checkout, resolved
    std::string start;                 // what the walk began at, resolved, below root
    std::vector<std::string> folders;  // relative to start, "" is start itself
    std::vector<ListedFile> files;
    std::vector<std::string> unreadable;  // folders that could not be listed, "path: reason"

    std::string path_of(const ListedFile& file) const;  // relative to start
    std::string full_path_of(const ListedFile& file) const;
};

/// `update_path` within `root`: ".." and links are resolved as if `root` were "/". Answers an absolute path, which
/// need not exist.
std::string resolve_inside(const std::string& root, const std::string& update_path);

FolderList list_folder(const std::string& folder, const std::string& update_path);

}  // namespace tidemark::mirror::manifests
