// A repository made of text: files by path, commits by parents. Answers the guard's view as Git would.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "policy/guard/judge.h"

namespace tidemark::policy::guard {

struct TextFile {
    std::string bytes;
    std::uint32_t mode = 0100644;
    bool operator==(const TextFile&) const = default;
};

class TextRepository : public RepositoryView {
public:
    using Files = std::map<std::string, TextFile>;

    /// Ids are 40 digits; the first seven are the commit's number: "0000003".
    std::string commit(const std::vector<std::string>& parents, const Files& files);
    void set_branch(const std::string& name, const std::string& id) { m_references["refs/heads/" + name] = id; }
    const Files& files_of(const std::string& commit) const;

    std::size_t blobs_read() const noexcept { return m_blobs_read; }

    std::optional<std::string> find_tip(const std::string& reference) override;
    std::optional<CommitFacts> find_commit(const std::string& id) override;
    std::vector<FileChange> compare_trees(const std::string& old_tree, const std::string& new_tree) override;
    std::optional<std::string> find_blob(const std::string& id, std::size_t limit) override;
    std::vector<std::string> find_merge_bases(const std::string& one, const std::string& other) override;
    bool is_ancestor(const std::string& ancestor, const std::string& descendant) override;
    std::vector<std::string> commits_beyond(const std::string& tip, const std::vector<std::string>& hidden,
                                            std::size_t limit) override;

private:
    std::vector<std::string> reach(const std::string& tip) const;  // newest first
    std::string blob_id(const std::string& bytes);

    std::map<std::string, CommitFacts> m_commits;
    std::vector<Files> m_trees;
    std::map<std::string, std::string> m_blob_ids;
    std::map<std::string, std::string> m_blobs;
    std::map<std::string, std::string> m_references;
    std::size_t m_blobs_read = 0;
};

inline const std::string k_no_id(40, '0');

/// A push of one branch by nobody in particular.
Push push_of(const std::string& branch, const std::string& old_id, const std::string& new_id);

/// A repository whose one branch has every rule at its default.
RepositoryRules rules_for(const std::string& branch);
/// main and an automation branch of it, "auto", changing values below "apps".
RepositoryRules automation_rules();

/// With default limits, long after any warn_until.
Judgement judge_with(const Push& push, const RepositoryRules& rules, RepositoryView& view);

/// Each finding as "verdict rule file:line subject text", for tables; without line or file what is not known.
std::vector<std::string> told(const Judgement& judgement);
/// The same with nothing but rule, file and line.
std::vector<std::string> briefly(const Judgement& judgement);

}  // namespace tidemark::policy::guard
