#include "policy/guard/automation_rules.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "policy/guard/automation_content.h"

namespace tidemark::policy::guard {
namespace {

/// Commits that are looked at to name those that came in, and trees that content is held against.
constexpr std::size_t k_named_commits = 1000;
constexpr std::size_t k_shown_commits = 3;
constexpr std::size_t k_max_bases = 4;

std::string shortened(const std::string& id) {
    return id.substr(0, 7);
}

void add_once(std::vector<std::string>& ids, const std::string& id) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
}

class AutomationJudge {
public:
    AutomationJudge(const AutomationMove& move, RepositoryView& view, ManifestBlobs& blobs, const BranchReport& report)
        : m_move(move), m_view(view), m_blobs(blobs), m_report(report) {}

    void run() {
        if (m_move.bases.empty()) {
            if (!m_move.mains.empty()) tell_unrelated();
            return;
        }
        if (m_report.wants(RuleId::main_into_automation)) judge_arrival();
        if (m_report.wants(RuleId::automation_content)) judge_content();
    }

private:
    /// (reach(new) \ reach(old)) ∩ reach(main) is not empty exactly if one of the bases is not in old.
    void judge_arrival() {
        std::vector<std::string> arrived;
        for (const std::string& base : m_move.bases) {
            const bool was_there =
                m_move.old_tip && (base == m_move.old_tip->id || m_view.is_ancestor(base, m_move.old_tip->id));
            if (!was_there) arrived.push_back(base);
        }
        if (arrived.empty() || is_rebuild() || (!m_move.old_tip && is_line_of_own_commits())) return;
        GuardFinding finding;
        finding.rule = RuleId::main_into_automation;
        describe_arrival(arrived, finding);
        m_report.add(std::move(finding));
    }

    bool is_in_main(const std::string& id) {
        return std::any_of(m_move.mains.begin(), m_move.mains.end(),
                           [&](const std::string& main) { return id == main || m_view.is_ancestor(id, main); });
    }

    /// One commit on a commit of main that could be the service's own, whoever pushes it.
    bool is_rebuild() {
        const std::vector<std::string>& parents = m_move.new_tip.parents;
        if (parents.size() != 1 || is_in_main(m_move.new_tip.id) || !is_in_main(parents.front())) return false;
        const auto parent = m_view.find_commit(parents.front());
        return parent && find_content(parent->tree).empty();
    }

    /// A new branch may carry several such commits: one that was deleted and is pushed back. Their content is the
    /// other rule's.
    bool is_line_of_own_commits() {
        const std::vector<std::string> own = m_view.commits_beyond(m_move.new_tip.id, m_move.mains, k_named_commits);
        return !own.empty() && own.size() < k_named_commits &&
               std::all_of(own.begin(), own.end(), [this](const std::string& id) {
                   const auto commit = m_view.find_commit(id);
                   return commit && commit->parents.size() == 1;
               });
    }

    void describe_arrival(const std::vector<std::string>& arrived, GuardFinding& finding) {
        std::set<std::string> of_main;
        std::string shown;
        for (const std::string& base : arrived) {
            std::vector<std::string> hidden;
            if (m_move.old_tip) hidden.push_back(m_move.old_tip->id);
            for (const std::string& id : m_view.commits_beyond(base, hidden, k_named_commits)) {
                if (!of_main.insert(id).second || of_main.size() > k_shown_commits) continue;
                shown.append(shown.empty() ? "" : ", ").append(shortened(id));
            }
        }
        if (of_main.size() > k_shown_commits) shown += ", ...";
        const std::string count = of_main.size() >= k_named_commits ? fmt::format("{} or more commits", k_named_commits)
                                  : of_main.size() == 1             ? "1 commit"
                                                                    : fmt::format("{} commits", of_main.size());
        const std::string& main = m_report.branch.automation_of;
        const auto carrier = find_carrier(arrived, of_main);
        if (!carrier) {
            finding.subject = fmt::format("commit {}", shortened(m_move.new_tip.id));
            finding.text = fmt::format("is {} itself; this branch would hold {} of it ({})", main, count, shown);
        } else if (carrier->parents.size() > 1) {
            finding.subject = fmt::format("merge {}", shortened(carrier->id));
            finding.text = fmt::format("brings {} of {} ({})", count, main, shown);
        } else {
            finding.subject = fmt::format("commit {}", shortened(carrier->id));
            finding.text = fmt::format("stands on {} of {} that were not in this branch ({})", count, main, shown);
        }
    }

    /// The first commit above those of main.
    std::optional<CommitFacts> find_carrier(const std::vector<std::string>& arrived,
                                            const std::set<std::string>& of_main) {
        std::vector<std::string> hidden = arrived;
        if (m_move.old_tip) hidden.push_back(m_move.old_tip->id);
        std::vector<std::string> own = m_view.commits_beyond(m_move.new_tip.id, hidden, k_named_commits);
        std::reverse(own.begin(), own.end());
        for (const std::string& id : own) {
            auto commit = m_view.find_commit(id);
            if (!commit) continue;
            const bool carries = std::any_of(commit->parents.begin(), commit->parents.end(),
                                             [&](const std::string& parent) { return of_main.count(parent) > 0; });
            if (carries) return commit;
        }
        return std::nullopt;
    }

    /// Held against the commit of main that the branch stands on; of several the one that explains most.
    void judge_content() {
        std::vector<ContentFinding> fewest;
        std::size_t looked = 0;
        for (const std::string& base : m_move.bases) {
            const auto commit = m_view.find_commit(base);
            if (!commit || looked++ == k_max_bases) continue;
            const std::vector<ContentFinding>& findings = find_content(commit->tree);
            if (findings.empty()) return;
            if (fewest.empty() || findings.size() < fewest.size()) fewest = findings;
        }
        for (ContentFinding& content : fewest) {
            GuardFinding finding;
            finding.rule = RuleId::automation_content;
            finding.file = std::move(content.file);
            finding.line = content.line;
            finding.text = std::move(content.text);
            m_report.add(std::move(finding));
        }
    }

    /// A branch that only got longer answers for what this push changed, not for what stood there before.
    const std::vector<ContentFinding>& find_content(const std::string& base_tree) {
        const auto known = m_content.find(base_tree);
        if (known != m_content.end()) return known->second;
        std::vector<FileChange> changes = m_view.compare_trees(base_tree, m_move.new_tip.tree);
        if (m_move.advances) {
            std::set<std::string> pushed;
            for (FileChange& change : m_view.compare_trees(m_move.old_tip->tree, m_move.new_tip.tree))
                pushed.insert(std::move(change.path));
            changes.erase(std::remove_if(changes.begin(), changes.end(),
                                         [&](const FileChange& change) { return pushed.count(change.path) == 0; }),
                          changes.end());
        }
        UpdateScope scope(m_report.branch.paths, base_tree, m_view);
        return m_content[base_tree] = find_foreign_content(changes, scope, m_blobs);
    }

    void tell_unrelated() {
        GuardFinding finding;
        finding.rule = RuleId::automation_content;
        finding.subject = fmt::format("commit {}", shortened(m_move.new_tip.id));
        finding.text = fmt::format("has no history in common with {}", m_report.branch.automation_of);
        m_report.add(std::move(finding));
    }

    const AutomationMove& m_move;
    RepositoryView& m_view;
    ManifestBlobs& m_blobs;
    const BranchReport& m_report;
    std::map<std::string, std::vector<ContentFinding>> m_content;  // by the tree it was held against
};

}  // namespace

AutomationMove find_move(const std::optional<CommitFacts>& old_tip, const CommitFacts& new_tip,
                         const std::vector<std::string>& mains, RepositoryView& view) {
    AutomationMove move;
    move.old_tip = old_tip;
    move.new_tip = new_tip;
    move.mains = mains;
    for (const std::string& main : mains) {
        for (const std::string& base : view.find_merge_bases(new_tip.id, main))
            add_once(move.bases, base);
    }
    if (!old_tip) return move;
    move.rewinds = old_tip->id == new_tip.id || view.is_ancestor(new_tip.id, old_tip->id);
    move.advances = !move.rewinds && view.is_ancestor(old_tip->id, new_tip.id);
    return move;
}

void judge_automation(const AutomationMove& move, RepositoryView& view, ManifestBlobs& blobs,
                      const BranchReport& report) {
    AutomationJudge(move, view, blobs, report).run();
}

void judge_pusher(const Pusher& pusher, const BranchReport& report) {
    const std::vector<std::string>& pushers = report.branch.pushers;
    if (!report.wants(RuleId::automation_pusher) || is_named(pusher, pushers)) return;
    std::string named;
    for (const std::string& one : pushers)
        named.append(named.empty() ? "" : ", ").append(one);
    GuardFinding finding;
    finding.rule = RuleId::automation_pusher;
    finding.subject = !pusher.name.empty()        ? pusher.name
                      : pusher.identities.empty() ? "a pusher whom the host does not name"
                                                  : pusher.identities.front();
    finding.text = fmt::format("is not among those who may write this branch ({})", named);
    report.add(std::move(finding));
}

}  // namespace tidemark::policy::guard
