#include "mirror/cli/guard_preview.h"

#include <algorithm>

#include <fmt/format.h>

#include "hooks/git_view.h"
#include "hooks/install/rules_from_objects.h"
#include "mirror/cli/plural.h"
#include "policy/guard/judge.h"

namespace tidemark::mirror::cli {
namespace {

using namespace policy::guard;

const std::string k_planned_commit(40, 'f');

/// The mirror as the remote would be: its tracked branches, and above the checkout branch a commit that is not there.
class PlannedView final : public RepositoryView {
public:
    PlannedView(const service::Proposal& proposal, const Limits& limits)
        : m_mirror(proposal.mirror, {}, limits),
          m_commit{k_planned_commit, proposal.tree, {proposal.checkout_id}, proposal.message} {}

    std::optional<std::string> find_tip(const std::string& reference) override {
        constexpr std::string_view k_branches = "refs/heads/";
        if (!reference.starts_with(k_branches)) return std::nullopt;
        return m_mirror.find_tip("refs/remotes/origin/" + reference.substr(k_branches.size()));
    }
    std::optional<CommitFacts> find_commit(const std::string& id) override {
        return id == m_commit.id ? m_commit : m_mirror.find_commit(id);
    }
    std::vector<FileChange> compare_trees(const std::string& old_tree, const std::string& new_tree) override {
        return m_mirror.compare_trees(old_tree, new_tree);
    }
    std::optional<std::string> find_blob(const std::string& id, std::size_t limit) override {
        return m_mirror.find_blob(id, limit);
    }
    /// Nothing stands on the commit yet: what it has in common with others, its parent has.
    std::vector<std::string> find_merge_bases(const std::string& one, const std::string& other) override {
        if (one == other) return {one};
        return m_mirror.find_merge_bases(below(one), below(other));
    }
    bool is_ancestor(const std::string& ancestor, const std::string& descendant) override {
        if (ancestor == descendant) return true;
        return ancestor != m_commit.id && m_mirror.is_ancestor(ancestor, below(descendant));
    }
    std::vector<std::string> commits_beyond(const std::string& tip, const std::vector<std::string>& hidden,
                                            std::size_t limit) override {
        if (std::find(hidden.begin(), hidden.end(), tip) != hidden.end() || limit == 0) return {};
        std::vector<std::string> commits;
        if (tip == m_commit.id) commits.push_back(tip);
        for (std::string& id : m_mirror.commits_beyond(below(tip), hidden, limit - commits.size()))
            commits.push_back(std::move(id));
        return commits;
    }

private:
    const std::string& below(const std::string& id) const { return id == m_commit.id ? m_commit.parents.front() : id; }

    hooks::GitView m_mirror;
    const CommitFacts m_commit;
};

/// Rules name a repository as its host does, by the address's path, or by where that path ends on this machine.
const RepositoryRules* find_rules(const HookRules& rules, const std::string& url) {
    const std::string name = hooks::repository_of_url(url);
    constexpr std::string_view k_file = "file://";
    const std::string path = url.starts_with(k_file) ? url.substr(k_file.size()) : "/" + name + ".git";
    if (const RepositoryRules* found = find_repository(rules, {path, name})) return found;
    for (const RepositoryRules& repository : rules.repositories)
        for (const std::string& pattern : repository.repositories)
            if (pattern.ends_with("/" + name + ".git")) return &repository;
    return nullptr;
}

std::string describe(const GuardFinding& finding) {
    std::string text = finding.file;
    if (finding.line != 0) text += fmt::format(":{}", finding.line);
    for (const std::string& part : {finding.subject, finding.text})
        if (!part.empty()) text += (text.empty() ? "" : " ") + part;
    return fmt::format("{} (rule {})", text, to_string(finding.rule));
}

}  // namespace

std::optional<GuardPreview> preview_guard(const service::Proposal& proposal, const HookRules& rules,
                                          std::chrono::sys_seconds now) {
    const std::string reference = "refs/heads/" + proposal.push_branch;
    const RepositoryRules* repository = find_rules(rules, proposal.url);
    if (!repository || !find_branch(*repository, reference)) return std::nullopt;
    if (proposal.action == policy::BranchAction::remove)
        return GuardPreview{"accepted", {"The hook on this repository would accept it."}};
    const std::string none(40, '0');
    const Push push{{{proposal.push_id.empty() ? none : proposal.push_id, k_planned_commit, reference}}, {}, {}};
    GuardPreview preview;
    try {
        PlannedView view(proposal, rules.limits);
        const Judgement judgement = judge(push, *repository, view, now, rules.limits);
        const std::size_t count = judgement.findings.size() + judgement.findings_left_out;
        preview.verdict = judgement.refused ? "refused" : count > 0 ? "warned" : "accepted";
        preview.lines.push_back(judgement.refused ? "The hook on this repository would refuse it:"
                                : count > 0       ? "The hook on this repository would accept it with warnings:"
                                                  : "The hook on this repository would accept it.");
        constexpr std::size_t k_shown = 10;
        for (std::size_t i = 0; i < std::min(judgement.findings.size(), k_shown); ++i)
            preview.lines.push_back("  " + describe(judgement.findings[i]));
        if (count > k_shown)
            preview.lines.push_back("  and " + plural(count - k_shown, "more finding", "more findings"));
    } catch (const LimitReached& limit) {
        const bool refuses = repository->on_error == OnError::refuse;
        preview.verdict = refuses ? "refused" : "accepted";
        preview.lines = {fmt::format("The hook on this repository would {} it without judging: {}",
                                     refuses ? "refuse" : "accept", limit.what())};
    }
    return preview;
}

}  // namespace tidemark::mirror::cli
