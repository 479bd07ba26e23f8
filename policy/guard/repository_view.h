// What the guard's decision needs to see of the repository that is pushed to, the pushed objects included. The hook
// looks through libgit2 and charges each call to its deadline and limits; tests look at repositories made of text.
// Ids are text in the repository's own length. Implementations throw what stops them (a limit, a damaged object);
// the decision lets that pass, and the hook answers it by its rule "on-error". One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::policy::guard {

/// One file, link or submodule that two trees do not have in common at a path; an absent side has mode 0, no id.
struct FileChange {
    std::string path;  // raw bytes, not necessarily UTF-8
    std::uint32_t old_mode = 0;
    std::uint32_t new_mode = 0;
    std::string old_id;
    std::string new_id;
};

struct CommitFacts {
    std::string id;
    std::string tree;
    std::vector<std::string> parents;
    std::string summary;  // raw bytes
};

class RepositoryView {
public:
    RepositoryView() = default;
    RepositoryView(const RepositoryView&) = delete;
    RepositoryView& operator=(const RepositoryView&) = delete;
    virtual ~RepositoryView() = default;

    /// Where a full reference name leads before the push; nothing if there is none.
    virtual std::optional<std::string> find_tip(const std::string& reference) = 0;
    /// The commit that an id names, through tags; nothing if it is no commit.
    virtual std::optional<CommitFacts> find_commit(const std::string& id) = 0;
    /// Files that differ; an empty id stands for the empty tree. Equal subtrees are not entered.
    virtual std::vector<FileChange> compare_trees(const std::string& old_tree, const std::string& new_tree) = 0;
    /// A blob's bytes, nothing if it is larger than `limit`.
    virtual std::optional<std::string> find_blob(const std::string& id, std::size_t limit) = 0;
    /// All best common ancestors; none for unrelated histories.
    virtual std::vector<std::string> find_merge_bases(const std::string& one, const std::string& other) = 0;
    virtual bool is_ancestor(const std::string& ancestor, const std::string& descendant) = 0;
    /// Commits reachable from `tip` and from none of `hidden`, newest first, `limit` at most.
    virtual std::vector<std::string> commits_beyond(const std::string& tip, const std::vector<std::string>& hidden,
                                                    std::size_t limit) = 0;
};

}  // namespace tidemark::policy::guard
