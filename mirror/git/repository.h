// A bare mirror as objects: references, commits, blobs, trees, ancestry; and writing new objects into it.
// Reads no index and no work tree, moves no reference and opens no connection (remote.h does).
// One Repository belongs to one thread; several may be open on one folder. Throws mirror::Error, and where an object
// is missing or damaged that ought to be there DamagedRepository (damage.h).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/git/object_id.h"

struct git_repository;
struct git_odb;

namespace tidemark::mirror::git {

/// Who, and when. `offset` is the zone's distance from UTC as the commit tells it.
struct Signature {
    std::string name;
    std::string email;
    std::chrono::sys_seconds time{};
    std::chrono::minutes offset{0};
};

struct CommitInfo {
    ObjectId id;
    ObjectId tree;
    std::vector<ObjectId> parents;
    Signature author;
    Signature committer;
    std::string message;  // as stored

    /// The message's first line.
    std::string summary() const;
};

/// What is written by create_commit. The same request gives the same id.
struct CommitRequest {
    ObjectId tree;
    std::vector<ObjectId> parents;
    Signature author;
    Signature committer;
    std::string message;  // kept byte for byte; a NUL is Error{invalid}
    /// Gives the armored signature of the commit's bytes, which goes into it; empty: not signed.
    std::function<std::string(std::string_view commit)> sign{};
};

/// Commits that only one of two sides has.
struct Divergence {
    std::size_t ahead = 0;
    std::size_t behind = 0;
};

/// File modes of tree entries, as Git stores them.
constexpr std::uint32_t k_mode_tree = 0040000;
constexpr std::uint32_t k_mode_file = 0100644;
constexpr std::uint32_t k_mode_executable = 0100755;
constexpr std::uint32_t k_mode_link = 0120000;
constexpr std::uint32_t k_mode_submodule = 0160000;
constexpr bool is_file_mode(std::uint32_t mode) noexcept {
    return (mode & 0170000) == 0100000;
}

/// Largest blob that is looked at as a manifest.
constexpr std::size_t k_max_manifest_bytes = std::size_t{8} << 20;

/// Starts libgit2 (some milliseconds: it reads the system's certificates) ahead of the first Repository, for example
/// in another thread while a fetch is under way. Never needed.
void prepare_objects();

/// Less memory than a service has: for the whole process, before the first Repository.
struct MemoryLimits {
    std::size_t cache_bytes = 0;       // of objects met again
    std::size_t map_window_bytes = 0;  // of a pack, mapped at once
    std::size_t map_bytes = 0;         // of all packs together
};
void limit_memory(const MemoryLimits& limits);

enum class Ownership {
    checked,  // the folder must be ours, as git's safe.directory asks for
    any,      // git has looked at that already: inside a hook
};

struct OpenOptions {
    /// Object folders beside the repository's own, and what their info/alternates name: what a hook sees of a push.
    std::vector<std::filesystem::path> object_folders;
    Ownership ownership = Ownership::checked;
};

class Repository {
public:
    /// Opens the bare repository in `folder` itself (no search upwards). Error{not_found|permission|invalid}.
    explicit Repository(std::filesystem::path folder, const OpenOptions& options = {});
    ~Repository();
    Repository(Repository&&) noexcept;
    Repository& operator=(Repository&&) noexcept;

    const std::filesystem::path& folder() const noexcept { return m_folder; }

    /// The commit that a full reference name ("refs/heads/main") leads to, through tags; nothing if there is none.
    std::optional<ObjectId> find_commit(const std::string& reference) const;
    /// The commit that an object is, or leads to through tags; nothing if it is something else or not there.
    std::optional<ObjectId> find_commit(const ObjectId& id) const;
    /// What a person writes: "main", "HEAD~1", "v1.2", an id or its first digits. Nothing if it is not there, or means
    /// several things.
    std::optional<ObjectId> find_revision(const std::string& text) const;
    CommitInfo read_commit(const ObjectId& id) const;
    bool has_object(const ObjectId& id) const;

    /// The blob's bytes; larger than `limit` is Error{invalid} and nothing is read.
    std::string read_blob(const ObjectId& id, std::size_t limit = k_max_manifest_bytes) const;
    /// The same, or nothing if the blob is larger than `limit`.
    std::optional<std::string> find_blob(const ObjectId& id, std::size_t limit = k_max_manifest_bytes) const;
    /// A tree object as stored (tree.h reads it).
    std::string read_tree(const ObjectId& id) const;

    /// The best common ancestor; nothing for unrelated histories.
    std::optional<ObjectId> find_merge_base(const ObjectId& one, const ObjectId& other) const;
    /// All best common ancestors; none for unrelated histories.
    std::vector<ObjectId> find_merge_bases(const ObjectId& one, const ObjectId& other) const;
    /// Whether `ancestor` is `descendant` or among its ancestors.
    bool is_ancestor(const ObjectId& ancestor, const ObjectId& descendant) const;
    Divergence compare(const ObjectId& local, const ObjectId& upstream) const;
    /// Commits reachable from `tip` and not from `base`, newest first, `limit` at most.
    std::vector<ObjectId> commits_beyond(const ObjectId& base, const ObjectId& tip, std::size_t limit) const;
    /// The same for several bases, or none: then all commits of `tip`.
    std::vector<ObjectId> commits_beyond(const std::vector<ObjectId>& bases, const ObjectId& tip,
                                         std::size_t limit) const;

    /// Writers add loose objects. They are on disk for certain (power cut) only after make_durable();
    /// create_commit calls it itself for all that was written before.
    ObjectId write_blob(std::string_view bytes);
    ObjectId write_tree(std::string_view bytes);
    ObjectId create_commit(const CommitRequest& request);
    void make_durable();

    git_repository* handle() const noexcept;
    git_odb* objects() const noexcept;

private:
    struct Handles;
    ObjectId write_object(int type, std::string_view bytes);

    std::filesystem::path m_folder;
    std::unique_ptr<Handles> m_handles;
    std::vector<ObjectId> m_written;  // since the last make_durable()
};

}  // namespace tidemark::mirror::git
