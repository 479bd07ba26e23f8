#include "policy/guard/judge.h"

#include <algorithm>

#include "policy/guard/automation_rules.h"
#include "policy/guard/manifest_blobs.h"
#include "policy/guard/marker_rules.h"
#include "policy/guard/verdicts.h"

namespace tidemark::policy::guard {
namespace {

/// Ids are 40 or 64 digits long, so no constant of either length will do.
bool is_no_object(std::string_view id) noexcept {
    return std::all_of(id.begin(), id.end(), [](char c) { return c == '0'; });
}

class PushJudge {
public:
    PushJudge(const Push& push, const RepositoryRules& rules, RepositoryView& view, std::chrono::sys_seconds now,
              const Limits& limits)
        : m_push(push), m_rules(rules), m_view(view), m_blobs(view, limits), m_verdicts(push, rules, now) {}

    Judgement run() {
        for (const RefUpdate& update : m_push.updates) {
            const BranchRules* branch = find_branch(m_rules, update.reference);
            // A deletion is the documented repair of an automation branch, and takes no marker from a file.
            if (!branch || update.deletes()) continue;
            judge_update(update, {*branch, update.reference, m_verdicts});
        }
        return m_verdicts.finish();
    }

private:
    void judge_update(const RefUpdate& update, const BranchReport& report) {
        const auto new_tip = m_view.find_commit(update.new_id);
        if (!new_tip) return;
        const auto old_tip = update.creates() ? std::nullopt : m_view.find_commit(update.old_id);
        const std::string main = "refs/heads/" + report.branch.automation_of;
        // A pattern of automation branches may fit main too.
        if (report.branch.automation_of.empty() || update.reference == main) {
            // A created branch has nothing that a marker could have been taken from.
            if (old_tip) judge_markers(old_tip->tree, new_tip->tree, m_view, m_blobs, report);
            return;
        }
        judge_pusher(m_push.pusher, report);
        const AutomationMove move = find_move(old_tip, *new_tip, find_mains(main), m_view);
        if (move.rewinds) return;
        judge_automation(move, m_view, m_blobs, report);
        if (const auto tree = find_tree_before(move)) judge_markers(*tree, new_tip->tree, m_view, m_blobs, report);
    }

    /// What the same push makes of main comes first: the automation branch may stand on either.
    std::vector<std::string> find_mains(const std::string& reference) {
        std::vector<std::string> mains;
        const auto add = [&](const std::string& id) {
            const auto commit = m_view.find_commit(id);
            if (commit && std::find(mains.begin(), mains.end(), commit->id) == mains.end()) mains.push_back(commit->id);
        };
        for (const RefUpdate& update : m_push.updates)
            if (update.reference == reference && !update.deletes()) add(update.new_id);
        if (const auto tip = m_view.find_tip(reference)) add(*tip);
        return mains;
    }

    /// A branch that got longer is held against what it was. One that was made anew, or got main's commits, does not
    /// answer for what main did to its markers: it is held against the commit of main that it stands on.
    std::optional<std::string> find_tree_before(const AutomationMove& move) {
        if (move.bases.empty()) return move.old_tip ? std::optional(move.old_tip->tree) : std::nullopt;
        const std::string& base = move.bases.front();
        if (move.advances && (base == move.old_tip->id || m_view.is_ancestor(base, move.old_tip->id)))
            return move.old_tip->tree;
        const auto commit = m_view.find_commit(base);
        return commit ? std::optional(commit->tree) : std::nullopt;
    }

    const Push& m_push;
    const RepositoryRules& m_rules;
    RepositoryView& m_view;
    ManifestBlobs m_blobs;
    Verdicts m_verdicts;
};

}  // namespace

bool RefUpdate::creates() const noexcept {
    return is_no_object(old_id);
}

bool RefUpdate::deletes() const noexcept {
    return is_no_object(new_id);
}

std::string_view to_string(Verdict verdict) noexcept {
    switch (verdict) {
        case Verdict::allowed:
            return "allowed";
        case Verdict::warned:
            return "warned";
        case Verdict::refused:
            return "refused";
    }
    return "";
}

Judgement judge(const Push& push, const RepositoryRules& rules, RepositoryView& view, std::chrono::sys_seconds now,
                const Limits& limits) {
    return PushJudge(push, rules, view, now, limits).run();
}

}  // namespace tidemark::policy::guard
