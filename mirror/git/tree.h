// Trees: reading their entries, resolving a path (links within the tree included), the difference of two
// trees, and a tree with some blobs replaced. A tree is untrusted: names that could leave a folder are refused.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/git/repository.h"

namespace tidemark::mirror::git {

struct TreeEntry {
    std::uint32_t mode = 0;
    std::string_view name;  // bytes of the tree, not necessarily UTF-8
    ObjectId id;
    std::size_t id_offset = 0;  // where the id's 20 bytes stand in the tree's bytes
};

/// Entries of a tree object's bytes, one by one. Throws Error{invalid} where they are damaged.
class TreeEntries {
public:
    explicit TreeEntries(std::string_view bytes) noexcept : m_bytes(bytes) {}
    std::optional<TreeEntry> next();

private:
    std::string_view m_bytes;
    std::size_t m_position = 0;
};

/// Whether a tree entry's name is a plain file name: not empty, ".", "..", ".git" (in any case), no '/', no NUL.
bool is_safe_name(std::string_view name) noexcept;

/// Folders deeper than this are not entered.
constexpr std::size_t k_max_tree_depth = 100;
/// More folders than this in one comparison are an error: a few small trees that name each other many times can
/// stand for billions of folders.
constexpr std::size_t k_max_trees = 300'000;

/// Byte order of paths, names sorted within each folder: as if '/' came before every other byte.
bool path_less(std::string_view left, std::string_view right) noexcept;

/// Where a path leads in a tree: links are followed, ".." and absolute targets stay within the tree.
struct ResolvedPath {
    std::string path;  // without links, no leading or trailing '/'; empty is the root
    std::uint32_t mode = k_mode_tree;
    ObjectId id;
};
/// Nothing if a part is missing, a link dangles or loops, or the path is too deep.
std::optional<ResolvedPath> find_path(const Repository& repository, const ObjectId& tree, std::string_view path);

/// One file (blob, link or submodule) that two trees do not have in common at a path; absent sides have mode 0.
struct TreeDifference {
    std::string path;
    std::uint32_t old_mode = 0;
    ObjectId old_id{};
    std::uint32_t new_mode = 0;
    ObjectId new_id{};
};
/// Told of entries with unsafe names, and of what lies below the depth limit: these are not entered. `present` says
/// whether the new tree has them.
using RefusedVisitor = std::function<void(const std::string& path, bool present)>;

/// Calls `visit` for each difference; only subtrees whose ids differ are read. Absent trees are nullopt.
void compare_trees(const Repository& repository, const std::optional<ObjectId>& before,
                   const std::optional<ObjectId>& after, const std::string& prefix,
                   const std::function<void(TreeDifference&&)>& visit, const RefusedVisitor& refused);

/// One blob to put in another's place.
struct BlobReplacement {
    std::string path;
    ObjectId blob;
};
/// Writes the trees above the replaced blobs and returns the new root. All other bytes of those trees stay:
/// modes, order, odd entries. A path that is no file of `tree` is Error{invalid}.
ObjectId replace_blobs(Repository& repository, const ObjectId& tree, std::vector<BlobReplacement> replacements);

}  // namespace tidemark::mirror::git
