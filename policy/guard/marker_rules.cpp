#include "policy/guard/marker_rules.h"

#include <fmt/format.h>

#include "policy/guard/file_pair.h"
#include "policy/guard/moved_files.h"
#include "policy/setters/setters.h"

namespace tidemark::policy::guard {
namespace {

class MarkerJudge {
public:
    MarkerJudge(ManifestBlobs& blobs, const BranchReport& report)
        : m_blobs(blobs),
          m_report(report),
          m_losses(report.wants(RuleId::marker_removed) || report.wants(RuleId::marker_changed)),
          m_broken(report.wants(RuleId::marker_broken)) {}

    bool is_idle() const noexcept { return !m_losses && !m_broken; }

    void run(const std::vector<FileChange>& changes) {
        for (const FileChange& change : changes) {
            if (!is_manifest_name(change.path)) continue;
            const bool was = is_regular_file(change.old_mode);
            const bool is = is_regular_file(change.new_mode);
            if (was && is) {
                if (change.old_id != change.new_id) judge_pair(change);
            } else if (was) {
                m_removed.push_back({change.path, change.old_id});
            } else if (is) {
                m_added.push_back({change.path, change.new_id});
            }
        }
        if (m_broken) judge_added();
        if (!m_losses || m_removed.empty() || m_added.empty()) return;
        find_moved_losses(m_removed, m_added, m_blobs,
                          [this](const std::string& from, const std::string& to, MarkerFinding finding) {
                              finding.text += fmt::format(" (moved here from {})", from);
                              tell(to, std::move(finding));
                          });
    }

private:
    void judge_pair(const FileChange& change) {
        m_blobs.charge_file();
        // Without markers before there is nothing to lose.
        const std::optional<std::string> before = m_blobs.find(change.old_id);
        const bool had = before && may_hold_markers(*before);
        if (!had && !m_broken) return;
        const std::optional<std::string> after = m_blobs.find(change.new_id);
        if (!after) {
            if (had && m_losses) refuse_to_compare(change);
            return;
        }
        if (!had && !may_hold_markers(*after)) return;
        const MarkerRules rules = m_losses && m_broken ? MarkerRules::both
                                  : m_losses           ? MarkerRules::losses
                                                       : MarkerRules::broken;
        MarkerComparison comparison = compare_manifests(before.value_or(""), *after, rules);
        if (!comparison.complete)
            throw LimitReached(fmt::format("{} holds more marked lines than are compared", change.path));
        for (MarkerFinding& finding : comparison.findings)
            tell(change.path, std::move(finding));
    }

    [[noreturn]] static void refuse_to_compare(const FileChange& change) {
        throw LimitReached(fmt::format("{} held markers and is now larger than {} MiB, more than is read", change.path,
                                       k_max_manifest_bytes >> 20));
    }

    void judge_added() {
        for (TreeFile& file : m_added) {
            file.charged = true;
            m_blobs.charge_file();
            const std::optional<std::string> bytes = m_blobs.find(file.id);
            if (!bytes) continue;
            for (MarkerFinding& finding : check_new_manifest(*bytes))
                tell(file.path, std::move(finding));
        }
    }

    void tell(const std::string& file, MarkerFinding finding) {
        GuardFinding guard;
        guard.rule = finding.rule;
        guard.file = file;
        guard.line = finding.line;
        guard.subject = std::move(finding.subject);
        guard.text = std::move(finding.text);
        guard.was = std::move(finding.was);
        guard.is = std::move(finding.is);
        guard.setter = std::move(finding.setter);
        guard.value = std::move(finding.value);
        m_report.add(std::move(guard));
    }

    ManifestBlobs& m_blobs;
    const BranchReport& m_report;
    bool m_losses;
    bool m_broken;
    std::vector<TreeFile> m_removed;
    std::vector<TreeFile> m_added;
};

}  // namespace

void judge_markers(const std::string& old_tree, const std::string& new_tree, RepositoryView& view, ManifestBlobs& blobs,
                   const BranchReport& report) {
    MarkerJudge judge(blobs, report);
    if (judge.is_idle() || old_tree == new_tree) return;
    judge.run(view.compare_trees(old_tree, new_tree));
}

}  // namespace tidemark::policy::guard
