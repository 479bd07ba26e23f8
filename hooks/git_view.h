// The guard's view of a repository through libgit2: only reads, and counts what it reads against the rules' limits.
// Throws policy::guard::LimitReached at a limit, mirror::Error for what cannot be read. One thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "mirror/git/repository.h"
#include "policy/guard/judge.h"
#include "policy/guard/repository_view.h"
#include "policy/guard/rules.h"

namespace tidemark::hooks {

class GitView final : public policy::guard::RepositoryView {
public:
    /// Throws Error where libgit2 cannot open the repository (an extension it does not know, damage).
    GitView(const std::filesystem::path& git_folder, std::vector<std::filesystem::path> object_folders,
            const policy::guard::Limits& limits);

    std::optional<std::string> find_tip(const std::string& reference) override;
    std::optional<policy::guard::CommitFacts> find_commit(const std::string& id) override;
    std::vector<policy::guard::FileChange> compare_trees(const std::string& old_tree,
                                                         const std::string& new_tree) override;
    std::optional<std::string> find_blob(const std::string& id, std::size_t limit) override;
    std::vector<std::string> find_merge_bases(const std::string& one, const std::string& other) override;
    bool is_ancestor(const std::string& ancestor, const std::string& descendant) override;
    std::vector<std::string> commits_beyond(const std::string& tip, const std::vector<std::string>& hidden,
                                            std::size_t limit) override;

private:
    void charge_bytes(std::size_t bytes);
    void charge_commits(std::size_t commits);

    const mirror::git::Repository m_repository;
    policy::guard::Limits m_left;
    const policy::guard::Limits m_limits;
};

}  // namespace tidemark::hooks
