#include "mirror/git/branch_facts.h"

#include <utility>

#include <fmt/format.h>

#include "mirror/git/tree.h"
#include "policy/setters/setters.h"

namespace tidemark::mirror::git {
namespace {

bool has_author(const CommitInfo& commit, const BranchQuery& query) {
    return commit.author.name == query.author_name && commit.author.email == query.author_email;
}

/// Files that one commit changes, `max` at most; nothing if it adds, removes, or turns one into something else.
std::optional<std::vector<TreeDifference>> plain_edits(const Repository& repository, const CommitInfo& commit,
                                                       std::size_t max) {
    std::vector<TreeDifference> edits;
    bool plain = true;
    const ObjectId before = repository.read_commit(commit.parents.front()).tree;
    compare_trees(
        repository, before, commit.tree, "",
        [&](TreeDifference&& edit) {
            plain = plain && edit.old_mode == edit.new_mode && is_file_mode(edit.new_mode) && edits.size() < max;
            if (plain) edits.push_back(std::move(edit));
        },
        [&](const std::string&, bool) { plain = false; });
    if (!plain) return std::nullopt;
    return edits;
}

}  // namespace

bool changes_only_marked_scalars(const Repository& repository, const CommitInfo& commit, std::size_t max_files) {
    if (commit.parents.size() != 1) return false;
    const auto edits = plain_edits(repository, commit, max_files);
    if (!edits) return false;
    for (const TreeDifference& edit : *edits) {
        const auto before = repository.find_blob(edit.old_id);
        const auto after = repository.find_blob(edit.new_id);
        if (!before || !after || !policy::only_marked_scalars_differ(*before, *after)) return false;
    }
    return true;
}

policy::BranchFacts gather_branch_facts(const Repository& repository, const BranchQuery& query) {
    policy::BranchFacts facts;
    facts.checkout_branch = query.checkout_branch;
    facts.push_branch = query.push_branch;
    facts.checkout_tip = to_string(query.checkout_tip);
    facts.checkout_tree = to_string(repository.read_commit(query.checkout_tip).tree);
    if (!query.push_tip || facts.same_branch()) return facts;

    const auto recorded = [&](const std::string& id) { return query.pushed_by_us && query.pushed_by_us(id); };
    const CommitInfo tip = repository.read_commit(*query.push_tip);
    policy::PushBranch push;
    push.tip = to_string(tip.id);
    push.tree = to_string(tip.tree);
    for (const ObjectId& parent : tip.parents)
        push.parents.push_back(to_string(parent));
    push.message = tip.message;
    push.author_name = tip.author.name;
    push.author_email = tip.author.email;
    push.tip_is_ours = recorded(push.tip) || has_author(tip, query);

    auto extra = repository.commits_beyond(query.checkout_tip, tip.id, query.max_commits + 1);
    push.extra_cut = extra.size() > query.max_commits;
    if (push.extra_cut) extra.pop_back();
    for (const ObjectId& id : extra) {
        const CommitInfo commit = repository.read_commit(id);
        policy::ExtraCommit entry;
        entry.id = to_string(id);
        entry.summary = commit.summary();
        entry.author = fmt::format("{} <{}>", commit.author.name, commit.author.email);
        entry.single_parent = commit.parents.size() == 1;
        entry.pushed_by_us = recorded(entry.id);
        entry.has_our_author = has_author(commit, query);
        // The comparison is the only dear part: it is left out where it can change nothing.
        if (!entry.pushed_by_us && entry.single_parent && entry.has_our_author)
            entry.only_marked_scalars = changes_only_marked_scalars(repository, commit, query.max_files);
        push.extra.push_back(std::move(entry));
    }
    facts.push = std::move(push);
    return facts;
}

}  // namespace tidemark::mirror::git
