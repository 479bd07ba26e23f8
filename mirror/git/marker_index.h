// Which files of a tree hold markers, and with which values: kept beside the mirror, brought to a new tree by
// the tree difference, so that a bump reads only the files it changes. The cache file is a cache: missing,
// damaged or of another version it is rebuilt. One MarkerIndex belongs to one thread; loading needs no libgit2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/git/object_id.h"
#include "mirror/git/repository.h"
#include "policy/base/finding.h"

namespace tidemark::mirror::git {

struct MarkedValue {
    std::string setter;
    std::string value;
    std::uint32_t line = 0;
    bool operator==(const MarkedValue&) const = default;
};

struct MarkedFile {
    std::string path;  // of the bytes, from the tree's root
    /// The path by which it is found below the update path: `path`, or that of a link to it.
    std::string seen_as;
    ObjectId blob;
    std::uint32_t mode = k_mode_file;
    /// Empty if no marker works (then there are findings).
    std::vector<MarkedValue> values;
    /// What is wrong in it: not readable as YAML, misspelt markers. `place.file` is relative to the update path.
    policy::Findings findings;
    bool operator==(const MarkedFile& other) const {
        return path == other.path && seen_as == other.seen_as && blob == other.blob && mode == other.mode &&
               values == other.values;
    }
};

/// What an update did, for logs and measurements.
struct IndexUpdate {
    bool rebuilt = false;           // from nothing instead of by difference
    std::size_t files_changed = 0;  // manifests that the two trees do not have in common
    std::size_t blobs_read = 0;
};

/// How many threads a first reading may use, each with a repository of its own.
struct IndexOptions {
    unsigned threads = 2;
};

class MarkerIndex {
public:
    /// Reads `cache_file`; without a usable one the index is empty. `update_path` is spec.update.path as written.
    /// Never throws for the file's content.
    MarkerIndex(std::filesystem::path cache_file, std::string update_path);
    ~MarkerIndex();
    MarkerIndex(MarkerIndex&&) noexcept;
    MarkerIndex& operator=(MarkerIndex&&) noexcept;

    /// The tree that files() tells of; zero before the first update.
    const ObjectId& tree() const noexcept;
    /// Where the update path led in that tree, without links: a folder ("" is the root) or a file.
    const std::string& resolved_path() const noexcept;
    /// Sorted by path_less of seen_as.
    const std::vector<MarkedFile>& files() const noexcept;
    /// All files' findings, and those about the tree itself (unsafe names, files over the size limit).
    policy::Findings findings() const;
    /// A path of the tree as it is told to people and templates: relative to the update path (to its folder, if
    /// it is a file).
    std::string relative(std::string_view path) const;
    /// What relative() cuts off, with its '/': "apps/" or "".
    std::string prefix() const;

    /// Brings the index to `tree` (a tree's id, not a commit's). Error{not_found} if the update path is missing
    /// there; then the index stays as it was.
    IndexUpdate update(const Repository& repository, const ObjectId& tree, const IndexOptions& options = {});

    /// Writes the cache file if update() changed something since.
    void save();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// A file name for the index of an update path below the mirror's folder: "markers-<hash>.index".
std::string marker_index_name(std::string_view update_path);

}  // namespace tidemark::mirror::git
