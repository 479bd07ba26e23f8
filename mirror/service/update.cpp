#include "mirror/service/update.h"

#include <exception>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/git/damage.h"
#include "mirror/git/remote_mirror.h"
#include "mirror/service/automation.h"
#include "mirror/service/change_log.h"
#include "mirror/service/conditions.h"
#include "mirror/service/git_notes.h"
#include "mirror/service/request_notes.h"

namespace tidemark::mirror::service {
namespace {

using policy::GitRepository;
using policy::ImageUpdateAutomation;
using policy::ObjectKind;
using store::ObjectStatus;

/// What one automation fails with is that one's, whatever it is.
Error as_error(const std::exception& problem) {
    if (const auto* error = dynamic_cast<const Error*>(&problem)) return *error;
    const bool on_disk = dynamic_cast<const std::filesystem::filesystem_error*>(&problem) != nullptr;
    return Error(on_disk ? ErrorKind::storage : ErrorKind::internal, problem.what());
}

}  // namespace

class UpdateRound::Run {
public:
    Run(const UpdateStep& step, Workers& workers)
        : m_step(step),
          m_workers(workers),
          m_statuses(step.store.statuses(ObjectKind::image_update_automation)),
          m_source_statuses(step.store.statuses(ObjectKind::git_repository)),
          m_before(m_statuses),
          m_sources_before(m_source_statuses),
          m_settled(step.store.settled()),
          m_candidates(step.candidates, step.held) {}

    void begin() {
        prepare();
        std::map<std::string, std::vector<const AutomationPlan*>> remotes;
        for (const AutomationPlan& plan : m_plans)
            remotes[plan.source->mirror().string()].push_back(&plan);
        // They begin when the caller leaves the turn.
        for (auto& [remote, plans] : remotes) {
            m_workers.start(remote, [this, work = std::move(plans)] { return update(work); });
            ++m_remotes_left;
        }
        if (remotes.empty()) end();
    }

    bool ended() const noexcept { return m_remotes_left == 0; }

    void wait() {
        while (!ended())
            m_workers.wait();
    }

    UpdateSummary take() {
        if (m_lost) std::rethrow_exception(m_lost);
        return std::exchange(m_summary, {});
    }

private:
    /// All that goes to one remote, on a worker. Answers whether it answered.
    bool update(const std::vector<const AutomationPlan*>& plans) {
        std::size_t unreachable = 0;
        try {
            for (const AutomationPlan* plan : plans) {
                m_workers.going_on();
                if (m_step.stop.stop_requested() || m_lost) break;
                unreachable += update(*plan) ? 0 : 1;
            }
            if (m_step.mode == PassMode::run) {
                pack(plans);
                write_statuses();
            }
        } catch (...) {
            m_lost = std::current_exception();
        }
        if (--m_remotes_left == 0) end();
        return unreachable == 0;
    }

    void end() noexcept {
        try {
            if (m_step.mode != PassMode::run || m_lost) return;
            write_statuses();
            write_proven();
        } catch (...) {
            m_lost = std::current_exception();
        }
    }

    /// After the last push. A mirror that could not be packed works as it is.
    void pack(const std::vector<const AutomationPlan*>& plans) {
        std::set<Source*> sources;
        for (const AutomationPlan* plan : plans)
            sources.insert(plan->source);
        for (Source* source : sources) {
            if (m_step.stop.stop_requested()) return;
            try {
                source->pack();
            } catch (const std::exception& error) {
                const std::string text =
                    fmt::format("the mirror of {} was not packed: {}", source->shown_url(), error.what());
                m_step.report({Step::update, Outcome::held, "", text, {}});
            }
        }
    }

    /// Checks each automation, opens its source and announces its branches, so that each remote is asked once.
    void prepare() {
        for (const auto& [key, automation] : m_step.objects.image_update_automations) {
            const bool wanted = !m_step.only || m_step.only->contains(key);
            if (automation.suspend) {
                if (wanted) m_step.report({Step::update, Outcome::skipped, key.to_string(), "suspended", {}});
                continue;
            }
            const std::optional<ObjectKey> other = claim(automation);
            if (!wanted) continue;
            try {
                AutomationPlan plan = plan_automation(automation, m_step, m_candidates);
                if (other)
                    throw Error(ErrorKind::invalid,
                                fmt::format("pushes to {}, which belongs to {}; give one of them a branch of its own",
                                            plan.push_branch, other->to_string()));
                plan.source->need(plan.checkout_branch);
                plan.source->need(plan.push_branch);
                m_plans.push_back(std::move(plan));
            } catch (const std::exception& problem) {
                m_summary.looked_at.insert(key);
                fail(key, as_error(problem), {});
            }
        }
    }

    /// An automation branch is a function of one automation's candidates. The first one named keeps it, whichever of
    /// them this pass looks at; one that is not valid claims nothing.
    std::optional<ObjectKey> claim(const ImageUpdateAutomation& automation) {
        if (first_error(automation.metadata.findings)) return std::nullopt;
        try {
            const AutomationBranches branches = find_branches(automation, m_step.objects);
            if (branches.push == branches.checkout) return std::nullopt;
            const std::string mirror = mirror_path(m_step.state, branches.repository->url).string();
            const auto [owner, is_new] = m_owners.emplace(mirror + "\n" + branches.push, automation.metadata.key);
            return is_new ? std::nullopt : std::optional(owner->second);
        } catch (const Error&) {
            return std::nullopt;  // planning says what is wrong
        }
    }

    /// False: the remote did not answer.
    bool update(const AutomationPlan& plan) {
        const ObjectKey& key = plan.automation->metadata.key;
        bool answered = true;
        try {
            try {
                bring(plan);
            } catch (const git::DamagedRepository& damage) {
                if (!plan.source->renew()) throw;
                const std::string text =
                    fmt::format("the mirror {} was damaged ({}): it was removed, and is cloned anew",
                                plan.source->mirror().string(), damage.reason());
                m_step.report({Step::update, Outcome::begun, key.to_string(), text, {}});
                bring(plan);
            }
        } catch (const git::DamagedRepository& damage) {
            const std::string remedy = "; cloned anew it is damaged again: look at the disk, and at the remote itself";
            not_brought(plan, Error(damage.kind(), damage.what() + remedy));
        } catch (const std::exception& problem) {
            const Error error = as_error(problem);
            not_brought(plan, error);
            answered = error.kind() != ErrorKind::network;
            // Whether it is this mirror's disk or the state's as well: without the state nothing can be promised.
            if (error.kind() == ErrorKind::storage && m_step.mode == PassMode::run) write_statuses();
        }
        if (!m_cut.contains(key)) m_summary.looked_at.insert(key);
        return answered;
    }

    void bring(const AutomationPlan& plan) {
        const ObjectKey& key = plan.automation->metadata.key;
        if (!git::find_tracked_tip(plan.source->mirror(), plan.checkout_branch))
            m_step.report({Step::update,
                           Outcome::begun,
                           key.to_string(),
                           "fetching " + plan.source->shown_url() + " for the first time",
                           {}});
        const git::BranchTips& tips = plan.source->tips();
        source_ready(plan, tips);
        const auto settled = m_settled.find(key);
        AutomationResult result = run_automation(plan, m_step, settled == m_settled.end() ? "" : settled->second);
        m_notes.looked(key, result);
        if (result.refused && m_step.stop.stop_requested()) {
            m_cut.insert(key);  // by us: the next look reads what the remote has
            return;
        }
        if (result.refused) {
            refuse(key, std::move(result));
        } else {
            brought(plan, std::move(result));
        }
        m_requests.look(plan, m_notes.find_branch(key));
    }

    void brought(const AutomationPlan& plan, AutomationResult result) {
        const ObjectKey& key = plan.automation->metadata.key;
        m_step.report({Step::update, result.outcome, key.to_string(), result.text, result.details});
        m_looked_well.insert(plan.candidates);
        m_step.proofs.looked(key, plan.candidates->first_choices, result.kept);
        succeeded(key, result);
        if (result.proposal) m_summary.proposals.push_back(std::move(*result.proposal));
    }

    void not_brought(const AutomationPlan& plan, const Error& error) {
        if (m_step.stop.stop_requested()) {
            m_cut.insert(plan.automation->metadata.key);
            return;
        }
        if (!m_sources_seen.contains(plan.automation->source)) source_failed(plan, error.what());
        fail(plan.automation->metadata.key, error, {});
    }

    void refuse(const ObjectKey& key, AutomationResult result) {
        m_summary.not_ready.insert(key);
        m_step.report({Step::update, Outcome::failed, key.to_string(), result.text, result.details});
        m_failures[key] = {result.details, result.refusal};
        set_status(key, false, "GitOperationFailed", result.status_text.empty() ? result.text : result.status_text);
        if (result.proposal) m_summary.proposals.push_back(std::move(*result.proposal));
    }

    void fail(const ObjectKey& key, const Error& error, std::vector<std::string> details) {
        m_summary.not_ready.insert(key);
        m_step.report({Step::update, Outcome::failed, key.to_string(), error.what(), std::move(details)});
        const bool invalid = error.kind() == ErrorKind::invalid;
        set_status(key, false, invalid ? "InvalidConfiguration" : "GitOperationFailed", error.what());
    }

    void succeeded(const ObjectKey& key, const AutomationResult& result) {
        set_status(key, true, "Succeeded", result.status_text);
        if (!result.pushed_commit.empty()) {
            m_statuses[key].last_push = m_step.now;
            m_statuses[key].last_push_commit = result.pushed_commit;
        }
    }

    void set_status(const ObjectKey& key, bool ready, const std::string& reason, const std::string& message) {
        ObjectStatus& status = m_statuses[key];
        status.last_run = m_step.now;
        set_ready(status, ready, reason, message, m_step.now);
        m_changed.insert(key);
    }

    void source_ready(const AutomationPlan& plan, const git::BranchTips& tips) {
        see_source(plan);
        m_notes.answered(*plan.source, plan.checkout_branch, tips);
        const auto tip = tips.find(plan.checkout_branch);
        if (tip == tips.end() || !tip->second) return;
        ObjectStatus& status = m_source_statuses[plan.automation->source];
        status.revision = fmt::format("{}@sha1:{}", plan.checkout_branch, git::to_string(*tip->second));
        set_ready(status, true, "Succeeded", fmt::format("fetched revision '{}'", status.revision), m_step.now);
    }

    void see_source(const AutomationPlan& plan) {
        m_sources_seen.insert(plan.automation->source);
        m_sources_changed.insert(plan.automation->source);
    }

    void source_failed(const AutomationPlan& plan, const std::string& message) {
        see_source(plan);
        m_notes.failed(*plan.source, message);
        set_ready(m_source_statuses[plan.automation->source], false, "GitOperationFailed", message, m_step.now);
    }

    void write_statuses() {
        store::Store::Transaction transaction(m_step.store);
        for (const ObjectKey& key : std::exchange(m_changed, {}))
            put_status(ObjectKind::image_update_automation, key, m_before, m_statuses.at(key));
        for (const ObjectKey& key : std::exchange(m_sources_changed, {}))
            if (const auto status = m_source_statuses.find(key); status != m_source_statuses.end())
                put_status(ObjectKind::git_repository, key, m_sources_before, status->second);
        m_notes.write();
        m_requests.write();
        if (ended()) m_changes.add_rest();
        transaction.commit();
    }

    /// First choices that Git was held against, for the last time now.
    void write_proven() {
        std::map<ObjectKey, policy::LatestReference> first_choices;
        for (const std::shared_ptr<const Candidates>& candidates : m_looked_well)
            for (const policy::ImagePolicy* policy : candidates->unproven)
                first_choices.emplace(policy->metadata.key, m_step.candidates.at(policy->metadata.key).latest);
        if (first_choices.empty()) return;
        store::Store::Transaction transaction(m_step.store);
        for (const ObjectKey& key : m_step.proofs.proven(m_step.selections, first_choices)) {
            std::optional<store::Decision> decision = m_step.store.find_decision(key);
            // Another choice may have been made meanwhile, which Git was not held against.
            if (!decision || !decision->unproven || decision->latest != first_choices.at(key)) continue;
            decision->unproven = false;
            m_step.store.put_decision(key, *decision);
        }
        transaction.commit();
    }

    void put_status(ObjectKind kind, const ObjectKey& key, std::map<ObjectKey, ObjectStatus>& all_before,
                    const ObjectStatus& status) {
        const auto before = all_before.find(key);
        m_step.store.put_status(kind, key, status);
        StatusChange change{kind, key, before == all_before.end() ? nullptr : &before->second, status};
        if (const auto failure = m_failures.find(key);
            failure != m_failures.end() && kind == ObjectKind::image_update_automation) {
            change.details = failure->second.details;
            change.failure = failure->second.reason;
        }
        m_changes.add(change);
        all_before[key] = status;
    }

    /// For the event, where an automation was refused.
    struct Failure {
        std::vector<std::string> details;
        std::string_view reason;
    };

    const UpdateStep m_step;
    Workers& m_workers;
    std::size_t m_remotes_left = 0;
    std::exception_ptr m_lost;
    std::map<ObjectKey, ObjectStatus> m_statuses;
    std::map<ObjectKey, ObjectStatus> m_source_statuses;
    std::map<ObjectKey, ObjectStatus> m_before;  // as the state has them
    std::map<ObjectKey, ObjectStatus> m_sources_before;
    std::map<ObjectKey, Failure> m_failures;
    ChangeLog m_changes{m_step.store, m_step.now};
    GitNotes m_notes{m_step.store, m_step.now};
    RequestNotes m_requests{m_step};
    std::map<ObjectKey, std::string> m_settled;
    std::map<std::string, ObjectKey> m_owners;  // of automation branches: mirror and branch to automation
    std::vector<AutomationPlan> m_plans;
    std::set<ObjectKey> m_changed;
    std::set<ObjectKey> m_cut;  // by a stop request
    std::set<ObjectKey> m_sources_seen;
    std::set<ObjectKey> m_sources_changed;
    CandidateLists m_candidates;
    std::set<std::shared_ptr<const Candidates>> m_looked_well;  // of automations that were brought into Git
    UpdateSummary m_summary;                                    // since take()
};

void ask_remotes(const policy::ObjectSet& objects, Sources& sources, const std::set<ObjectKey>* only) {
    constexpr std::size_t k_asked_at_once = 8;  // each is a process and a thread
    std::set<Source*> asked;
    for (const auto& [key, automation] : objects.image_update_automations) {
        if (automation.suspend || first_error(automation.metadata.findings)) continue;
        if (only && !only->contains(key)) continue;
        try {
            const AutomationBranches branches = find_branches(automation, objects);
            Source& source = sources.open(*branches.repository);
            if (asked.size() == k_asked_at_once && !asked.contains(&source)) continue;
            source.need(branches.checkout);
            source.need(branches.push);
            asked.insert(&source);
        } catch (const std::exception&) {
            continue;
        }
    }
    for (Source* source : asked)
        source->ask();
}

UpdateRound::UpdateRound(const UpdateStep& step, Workers& workers) : m_run(std::make_unique<Run>(step, workers)) {
    try {
        m_run->begin();
    } catch (...) {
        m_run->wait();
        throw;
    }
}

UpdateRound::~UpdateRound() {
    m_run->wait();
}

bool UpdateRound::ended() const noexcept {
    return m_run->ended();
}

UpdateSummary UpdateRound::take() {
    return m_run->take();
}

UpdateSummary update_repositories(const UpdateStep& step, Workers& workers) {
    UpdateRound round(step, workers);
    while (!round.ended())
        workers.wait();
    return round.take();
}

}  // namespace tidemark::mirror::service
