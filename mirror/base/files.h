// Files: reading with a cap, walking folders without following links out, and writing whole or not at all.
// All functions throw Error{storage|permission|not_found|invalid}.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace tidemark::mirror {

/// The file's bytes. A file larger than `limit` is Error{invalid}: nothing is read in part.
std::string read_file(const std::filesystem::path& path, std::size_t limit);

/// What holds after commit() when the power fails: the new content, or (for caches, which are checked when read)
/// only that nobody sees half a file while the system runs.
enum class Durability { synced, whole_only };

/// A new content for a file that appears whole or not at all: a temporary file beside it, synced and renamed
/// over it by commit(). Without commit() the destructor removes the draft and the old file stays.
class AtomicFile {
public:
    /// `mode` is the permission bits of the new file, e.g. 0600.
    AtomicFile(std::filesystem::path target, unsigned mode);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(std::string_view bytes);
    void commit(Durability durability = Durability::synced);

private:
    std::filesystem::path m_target;
    std::filesystem::path m_draft;
    int m_descriptor = -1;
};

/// Calls `visit` for each regular file below `folder`, names sorted by bytes within each folder, depth first.
/// Links to files are followed, links to folders are not; more than `limit` files is Error{invalid}.
/// `path` is relative to `folder`, with '/'. Folders that `enter` (if given) answers false for are passed over.
void walk_files(const std::filesystem::path& folder, std::size_t limit,
                const std::function<void(const std::string& path)>& visit,
                const std::function<bool(const std::string& path)>& enter = {});

/// Creates the folder and its parents, the last one with `mode`.
void create_folder(const std::filesystem::path& folder, unsigned mode);

}  // namespace tidemark::mirror
