#include "mirror/service/automation.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/git/branch_facts.h"
#include "mirror/git/diff.h"
#include "mirror/git/worktree.h"
#include "mirror/service/digest.h"
#include "mirror/service/git_facts.h"
#include "mirror/service/reverts.h"

namespace tidemark::mirror::service {
namespace {

using git::ObjectId;
using policy::BranchAction;
using policy::ImageUpdateAutomation;

/// How often a lost lease is answered by fetching and redoing before the next run has to do it.
constexpr int k_attempts = 8;
/// Files that were left alone are named up to here; the rest is counted.
constexpr std::size_t k_remarks_shown = 10;

/// One attempt: everything from the tips to the push.
class Attempt {
public:
    Attempt(const AutomationPlan& plan, const UpdateStep& step)
        : m_plan(plan),
          m_step(step),
          m_automation(*plan.automation),
          m_key(plan.automation->metadata.key),
          m_candidates(&plan.candidates->references) {}

    /// nullopt: the lease was lost.
    std::optional<AutomationResult> run(const std::string& settled) {
        if (!settled.empty() && settled == inputs()) {
            m_result.text = m_result.status_text = "repository up-to-date";
            return m_result;
        }
        rewrite();
        decide();
        if (m_decision.action != BranchAction::fast_forward) note_values({});
        switch (m_decision.action) {
            case BranchAction::refuse:
                return refused();
            case BranchAction::nothing:
                return nothing_to_do();
            case BranchAction::create:
            case BranchAction::rebuild:
            case BranchAction::fast_forward:
            case BranchAction::remove:
                break;
        }
        propose();
        if (m_step.mode == PassMode::plan) return planned();
        return push();
    }

private:
    std::optional<ObjectId> tip_of(const std::string& branch) const {
        const git::BranchTips& tips = m_plan.source->tips();
        const auto tip = tips.find(branch);
        return tip == tips.end() ? std::nullopt : tip->second;
    }

    const UnprovenPolicies& unproven() const { return m_plan.candidates->unproven; }

    /// All that the answer depends on, as one fingerprint.
    std::string inputs() const {
        std::string text = m_automation.metadata.spec_hash;
        for (const std::string& branch : {m_plan.checkout_branch, m_plan.push_branch}) {
            const std::optional<ObjectId> tip = tip_of(branch);
            text += fmt::format("\n{} {}", branch, tip ? git::to_string(*tip) : "-");
        }
        text += "\n" + m_plan.candidates->fingerprint;
        return hex_digest(text);
    }

    /// The marked values of the checkout tip, and the tree with the candidates in place.
    void rewrite() {
        const std::optional<ObjectId> tip = tip_of(m_plan.checkout_branch);
        if (!tip)
            throw Error(ErrorKind::not_found,
                        fmt::format("{} has no branch {}", m_plan.source->shown_url(), m_plan.checkout_branch));
        git::Repository& repository = m_plan.source->repository();
        m_checkout = repository.read_commit(*tip);
        const std::filesystem::path cache = m_plan.source->mirror() / git::marker_index_name(m_automation.update_path);
        m_index.emplace(cache, m_automation.update_path);
        m_index->update(repository, m_checkout.tree);
        m_index->save();
        std::vector<std::string> kept = keep_proposed(cache);
        m_values = &m_plan.candidates->values();
        if (m_candidates == &m_proposed) {
            m_proposed_values = policy::make_setter_values(m_proposed);
            m_values = &m_proposed_values;
        }
        if (m_plan.push_branch == m_plan.checkout_branch)
            m_reverts = find_reverts(*m_index, *m_values, m_step.store.writes(m_key), repository, m_checkout.id);
        if (!unproven().empty()) {
            Kept higher = hold_higher(*m_index, unproven(), *m_candidates, m_reverts.held);
            m_result.kept.merge(higher.policies);
            std::move(higher.sentences.begin(), higher.sentences.end(), std::back_inserter(kept));
        }
        std::move(kept.begin(), kept.end(), std::back_inserter(m_reverts.sentences));
        m_rewrite = git::rewrite_tree(repository, *m_index, *m_values, m_reverts.held);
    }

    /// What the automation's branch proposes already stands against a first choice that is lower.
    std::vector<std::string> keep_proposed(const std::filesystem::path& cache) {
        const std::optional<ObjectId> tip = tip_of(m_plan.push_branch);
        if (unproven().empty() || m_plan.push_branch == m_plan.checkout_branch || !tip) return {};
        git::Repository& repository = m_plan.source->repository();
        git::MarkerIndex proposed(cache, m_automation.update_path);  // never saved: that is the checkout branch's
        proposed.update(repository, repository.read_commit(*tip).tree);
        m_proposed = *m_candidates;
        m_candidates = &m_proposed;
        Kept kept = keep_proposals(proposed, m_plan.push_branch, unproven(), m_proposed);
        m_result.kept.merge(kept.policies);
        return std::move(kept.sentences);
    }

    void decide() {
        git::BranchQuery query;
        query.checkout_branch = m_plan.checkout_branch;
        query.push_branch = m_plan.push_branch;
        query.checkout_tip = m_checkout.id;
        query.push_tip = tip_of(m_plan.push_branch);
        query.author_name = m_automation.author.name;
        query.author_email = m_automation.author.email;
        const auto last = m_step.store.find_push(m_key, m_plan.push_branch);
        query.pushed_by_us = [last](const std::string& commit) { return last && last->commit_id == commit; };
        policy::BranchFacts facts = git::gather_branch_facts(m_plan.source->repository(), query);
        const auto reset = m_step.store.find_branch_reset(m_key);
        if (reset && facts.push)
            facts.push->given_up = reset->branch == m_plan.push_branch && reset->tip == facts.push->tip;
        m_message = render_message();
        m_decision = policy::decide_branch(
            facts, {git::to_string(m_rewrite.tree), m_message, m_automation.author.name, m_automation.author.email});
        m_result.branch = branch_facts(m_plan, m_plan.source->repository(), facts, m_decision, m_step.now);
    }

    /// What stands on the checkout branch, with `written` pushed there.
    void note_values(const std::vector<policy::Change>& written) const {
        if (m_step.mode != PassMode::run) return;
        const std::vector<store::ValueInGit> values = values_in_git(*m_index, written);
        if (values != m_step.store.values_in_git(m_key)) m_step.store.put_values_in_git(m_key, values);
    }

    std::string render_message() const {
        policy::MessageData data;
        data.automation_namespace = m_key.object_namespace;
        data.automation_name = m_key.name;
        data.changes = m_rewrite.changes;
        data.values = m_automation.message_template_values;
        for (const policy::PolicyReference& candidate : *m_candidates)
            data.images.push_back(
                {candidate.policy_namespace + "/" + candidate.policy_name, candidate.latest.to_string()});
        if (m_rewrite.changes.empty()) return "";
        const policy::Result<std::string> message = m_plan.message.render(data);
        if (!message) throw Error(ErrorKind::invalid, "the commit message template failed: " + message.message());
        return *message;
    }

    std::string counts() const {
        const std::size_t files = m_rewrite.files.size();
        const std::size_t values = m_rewrite.changes.size();
        return fmt::format("{} file{}, {} value{}", files, files == 1 ? "" : "s", values, values == 1 ? "" : "s");
    }

    /// Files and markers that were left alone, values that people took back.
    std::vector<std::string> remarks() const {
        std::vector<std::string> lines = m_reverts.sentences;
        policy::Findings findings = m_index->findings();
        findings.insert(findings.end(), m_rewrite.findings.begin(), m_rewrite.findings.end());
        findings.insert(findings.end(), m_values->findings.begin(), m_values->findings.end());
        std::set<std::string> seen;  // the index and the rewriting may say the same
        // Places count from the update path; people look from the repository's root.
        const std::string prefix = m_index->prefix();
        for (policy::Finding& finding : findings) {
            if (!finding.place.file.empty()) finding.place.file = prefix + finding.place.file;
        }
        for (const policy::Finding& finding : findings)
            if (std::string text = to_string(finding); seen.insert(text).second) lines.push_back(std::move(text));
        if (lines.size() > k_remarks_shown) {
            const std::size_t more = lines.size() - k_remarks_shown;
            lines.resize(k_remarks_shown);
            lines.push_back(fmt::format("and {} more; tidemark check names them all", more));
        }
        return lines;
    }

    AutomationResult refused() {
        m_result.refused = true;
        m_result.refusal = "BranchRefused";
        m_result.outcome = Outcome::failed;
        m_result.text = m_decision.reason;
        constexpr std::size_t k_commits_shown = 5;
        for (std::size_t i = 0; i < std::min(m_decision.foreign.size(), k_commits_shown); ++i) {
            const policy::ExtraCommit& commit = m_decision.foreign[i];
            m_result.details.push_back(
                fmt::format("{} {} ({})", commit.id.substr(0, 8), commit.summary, commit.author));
        }
        if (!m_decision.remedy.empty()) {
            m_result.details.push_back(m_decision.remedy);
            m_result.details.push_back(fmt::format("or have them built over: tidemark branch reset {} -n {}",
                                                   m_key.name, m_key.object_namespace));
        }
        return m_result;
    }

    AutomationResult nothing_to_do() {
        m_result.outcome = m_reverts.sentences.empty() ? Outcome::same : Outcome::held;
        m_result.text = m_result.status_text = "repository up-to-date";
        m_result.details = remarks();
        if (m_step.mode == PassMode::run) {
            project_worktree();
            // A run that was refused or cut off there, behind its push to the branch.
            const auto last = m_step.store.find_push(m_key, m_plan.push_branch);
            const std::optional<ObjectId> tip = tip_of(m_plan.push_branch);
            if (m_plan.also && last && tip && last->commit_id == git::to_string(*tip)) push_also(*tip);
            if (m_result.refused) return m_result;
            // What is held or broken is said at every run, so it is looked at again.
            if (m_result.details.empty()) m_step.store.put_settled(m_key, inputs());
        }
        return m_result;
    }

    void propose() {
        Proposal proposal;
        proposal.automation = m_key;
        proposal.action = m_decision.action;
        proposal.checkout_branch = m_plan.checkout_branch;
        proposal.checkout_tip = git::to_short_string(m_checkout.id);
        proposal.push_branch = m_plan.push_branch;
        proposal.message = m_message;
        proposal.changes = m_rewrite.changes;
        proposal.path_prefix = m_index->prefix();
        proposal.held = m_plan.candidates->held;
        proposal.held.insert(proposal.held.end(), m_reverts.sentences.begin(), m_reverts.sentences.end());
        proposal.url = m_plan.source->shown_url();
        proposal.mirror = m_plan.source->mirror();
        proposal.checkout_id = git::to_string(m_checkout.id);
        if (const std::optional<ObjectId> tip = tip_of(m_plan.push_branch)) proposal.push_id = git::to_string(*tip);
        proposal.tree = git::to_string(m_rewrite.tree);
        if (m_step.mode == PassMode::plan)
            proposal.diff = git::unified_diff(m_plan.source->repository(), m_checkout.tree, m_rewrite.tree);
        m_result.proposal = std::move(proposal);
    }

    AutomationResult planned() {
        m_result.outcome = Outcome::done;
        m_result.text = m_decision.action == BranchAction::remove
                            ? fmt::format("would delete {}: nothing is left to propose", m_plan.push_branch)
                            : fmt::format("{}, would push to {}{}", counts(), m_plan.push_branch,
                                          m_plan.also ? " and " + m_plan.also->name : "");
        m_result.details = remarks();
        return m_result;
    }

    ObjectId commit() {
        git::CommitRequest request;
        request.tree = m_rewrite.tree;
        request.parents = {m_checkout.id};
        // When: a function of the tip and the candidates, so that the same input gives the same commit.
        const std::chrono::sys_seconds time = std::max(m_checkout.committer.time, m_plan.candidates->newest_first_seen);
        request.author = {m_automation.author.name, m_automation.author.email, time, std::chrono::minutes(0)};
        request.committer = request.author;
        request.message = m_message;
        std::optional<git::Signer> signer;
        if (m_plan.signing) {
            signer.emplace(*m_plan.signing, git::find_private_root());
            request.sign = [&](std::string_view bytes) { return signer->sign(bytes, time); };
        }
        return m_plan.source->repository().create_commit(request);
    }

    git::PushOptions push_options() const {
        git::PushOptions options;
        for (const auto& [key, value] : m_automation.push_options)
            options.server_options.push_back(value.empty() ? key : key + "=" + value);
        return options;
    }

    /// The second push of spec.git.push.refspec, unless it was made before. What is refused stays to be pushed.
    void push_also(const ObjectId& commit) {
        const std::string id = git::to_string(commit);
        if (const auto last = m_step.store.find_push(m_key, m_plan.also->name); last && last->commit_id == id) return;
        const git::PushResult pushed =
            m_plan.source->push_reference(commit, m_plan.also->name, m_plan.also->mode, push_options());
        const git::PushedBranch& branch = pushed.branches.front();
        count(branch);
        // Gerrit's answer to a commit that it has: an earlier run was cut off behind its push.
        if (!branch.ok() && branch.message.find("no new changes") == std::string::npos) {
            const std::string text = m_result.text;
            push_refused(pushed, branch, m_plan.also->name);
            m_result.text = fmt::format("{}, but {}", text, m_result.text);
            return;
        }
        m_step.store.put_push(m_key, m_plan.also->name, {id, m_step.now});
        m_result.outcome = Outcome::done;
        m_result.text += (m_result.pushed_commit.empty() ? ", pushed to " : " and ") + m_plan.also->name;
    }

    std::optional<AutomationResult> push() {
        git::PushUpdate update;
        update.branch = m_plan.push_branch;
        update.mode =
            m_decision.action == BranchAction::fast_forward ? git::PushMode::fast_forward : git::PushMode::replace;
        if (!m_decision.lease.empty()) update.expected = git::read_object_id(m_decision.lease, "the push branch's tip");
        if (m_decision.action != BranchAction::remove) update.commit = commit();
        const git::PushResult pushed = m_plan.source->push(update, push_options());
        const git::PushedBranch& branch = pushed.branches.front();
        count(branch);
        if (branch.refusal == git::Refusal::lease_lost) return std::nullopt;
        if (!branch.ok()) {
            if (m_decision.action == BranchAction::fast_forward) note_values({});
            return push_refused(pushed, branch, m_plan.push_branch);
        }
        m_result.remote_words = pushed.server_lines;
        pushed_well(update);
        return m_result;
    }

    void count(const git::PushedBranch& branch) const {
        if (m_step.live) m_step.live->count_push(branch.ok() ? "ok" : std::string(to_string(branch.refusal)));
    }

    AutomationResult push_refused(const git::PushResult& pushed, const git::PushedBranch& branch,
                                  const std::string& target) {
        m_result.refused = true;
        m_result.refusal = "PushRefused";
        m_result.remote_words = pushed.server_lines;
        if (pushed.server_lines.empty()) m_result.remote_words->push_back(branch.message);
        m_result.outcome = Outcome::failed;
        if (branch.refusal == git::Refusal::hook && !pushed.server_lines.empty()) {
            m_result.text = fmt::format("push to {} refused by the server's hook:", target);
        } else {
            m_result.text =
                fmt::format("push to {} refused ({}): {}", target, to_string(branch.refusal), branch.message);
        }
        m_result.status_text = fmt::format("{} {}", m_result.text, fmt::join(pushed.server_lines, "; "));
        for (const std::string& line : pushed.server_lines)
            m_result.details.push_back("remote: " + line);
        // A connection that broke may have done its work before.
        m_result.details.push_back(branch.refusal == git::Refusal::network
                                       ? "looked at again at the next run, and pushed if it did not arrive"
                                       : "nothing was changed there; tried again at the next run");
        return m_result;
    }

    /// The push stands, whatever happens here: a disk that is full now must not make it look undone.
    void pushed_well(const git::PushUpdate& update) {
        try {
            write_down(update);
        } catch (const Error& error) {
            const std::string done =
                update.commit ? fmt::format("pushed {} to {}", git::to_short_string(*update.commit), m_plan.push_branch)
                              : fmt::format("deleted {}", m_plan.push_branch);
            throw Error(error.kind(),
                        fmt::format("{}, but what follows a push failed: {}; mend that and run again: nothing is "
                                    "pushed twice",
                                    done, error.what()));
        }
    }

    void write_down(const git::PushUpdate& update) {
        store::Store::Transaction transaction(m_step.store);
        m_step.store.remove_branch_reset(m_key);
        m_result.outcome = Outcome::done;
        m_result.status_text = "repository up-to-date";
        m_result.details = remarks();
        if (!update.commit) {
            m_result.text = fmt::format("deleted {}: nothing is left to propose", m_plan.push_branch);
        } else {
            m_result.pushed_commit = git::to_string(*update.commit);
            if (m_step.live) m_step.live->count_commit();
            m_result.text =
                fmt::format("{}, pushed {} to {}", counts(), git::to_short_string(*update.commit), m_plan.push_branch);
            m_step.store.put_push(m_key, m_plan.push_branch, {m_result.pushed_commit, m_step.now});
            if (m_plan.push_branch == m_plan.checkout_branch)
                for (const policy::Change& change : m_rewrite.changes)
                    m_step.store.put_write(m_key,
                                           {change.file, change.setter, change.new_value, m_result.pushed_commit});
        }
        note_push();
        if (m_result.details.empty() && !m_plan.also) m_step.store.put_settled(m_key, inputs());
        transaction.commit();
        if (m_plan.also && update.commit) push_also(*update.commit);
        project_worktree();
    }

    /// What the push changed of what is remembered, and that it happened.
    void note_push() {
        const bool to_checkout = m_decision.action == BranchAction::fast_forward;
        const std::string& commit = m_result.pushed_commit;
        store::BranchFacts& branch = *m_result.branch;
        branch.push_tip = commit;
        if (to_checkout) branch.checkout_tip = commit;
        branch.ahead = commit.empty() || to_checkout ? 0 : 1;
        branch.behind = branch.foreign = 0;
        const std::vector<WrittenChoice> choices = written_choices(m_rewrite.changes, *m_candidates);
        if (to_checkout) note_values(m_rewrite.changes);
        if (!commit.empty())
            for (const WrittenChoice& choice : choices)
                m_step.store.add_written(choice.policy, choice.latest, m_step.now, commit);
        m_step.store.add_event(push_event(m_plan, choices, m_result.text, commit, m_step.now));
    }

    void project_worktree() {
        const std::filesystem::path folder = m_step.state / "worktrees" / m_key.object_namespace / m_key.name;
        if (git::is_worktree_at(folder, m_rewrite.tree, m_automation.update_path)) return;
        git::update_worktree(m_plan.source->repository(), folder, m_rewrite.tree, m_automation.update_path,
                             git::worktree_files(*m_index, m_rewrite));
    }

    const AutomationPlan& m_plan;
    const UpdateStep& m_step;
    const ImageUpdateAutomation& m_automation;
    const ObjectKey& m_key;

    const std::vector<policy::PolicyReference>* m_candidates;  // the plan's, or what stands in their place
    std::vector<policy::PolicyReference> m_proposed;           // that
    git::CommitInfo m_checkout;
    std::optional<git::MarkerIndex> m_index;
    const policy::SetterValues* m_values = nullptr;  // of m_candidates
    policy::SetterValues m_proposed_values;          // of m_proposed
    Reverts m_reverts;
    git::TreeRewrite m_rewrite;
    std::string m_message;
    policy::BranchDecision m_decision;
    AutomationResult m_result;
};

}  // namespace

AutomationResult run_automation(const AutomationPlan& plan, const UpdateStep& step, const std::string& settled) {
    for (int attempt = 1;; ++attempt) {
        std::optional<AutomationResult> result = Attempt(plan, step).run(settled);
        if (result) return std::move(*result);
        if (attempt == k_attempts)
            throw Error(ErrorKind::conflict,
                        fmt::format("{} moved {} times while pushing to it; tried again at the next run",
                                    plan.push_branch, attempt));
        plan.source->forget();
    }
}

}  // namespace tidemark::mirror::service
