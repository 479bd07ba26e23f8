#include "mirror/service/pass.h"

#include <algorithm>
#include <memory>

#include "mirror/registry/scanner.h"
#include "mirror/service/conditions.h"
#include "mirror/service/forges.h"
#include "mirror/service/policies.h"
#include "mirror/service/registry_access.h"
#include "mirror/service/scan.h"
#include "mirror/service/sources.h"

namespace tidemark::mirror::service {
namespace {

template <class Value>
const Value* pointer(const std::optional<Value>& value) noexcept {
    return value ? &*value : nullptr;
}

}  // namespace

std::size_t report_findings(const policy::ObjectSet& objects, const Reporter& report) {
    std::size_t errors = 0;
    for (const policy::Finding& finding : objects.findings) {
        const bool error = finding.severity == policy::Severity::error;
        errors += error ? 1 : 0;
        report({Step::objects, error ? Outcome::failed : Outcome::held, "", to_string(finding), {}});
    }
    // The other kinds are reported by the step that works on them.
    for (const auto& [key, repository] : objects.git_repositories) {
        const policy::Finding* finding = first_error(repository.metadata.findings);
        if (!finding) continue;
        ++errors;
        report({Step::objects, Outcome::failed, key.to_string(), to_string(*finding), {}});
    }
    return errors;
}

std::set<ObjectKey> automations_after(const std::set<ObjectKey>& asked_for, const policy::Selections& selections,
                                      const PolicySummary& policies) {
    std::set<ObjectKey> wanted = asked_for;
    std::set<ObjectKey> unproven;  // first choices that some wanted automation holds against Git
    const auto any = [](const policy::SelectedPolicies& list, const std::set<ObjectKey>& of) {
        return !of.empty() && std::any_of(list.begin(), list.end(), [&](const policy::ImagePolicy* policy) {
            return of.contains(policy->metadata.key);
        });
    };
    for (const auto& [list, automations] : selections.lists()) {
        if (any(*list, policies.moved)) wanted.insert(automations.begin(), automations.end());
        if (std::none_of(automations.begin(), automations.end(), [&](const auto& key) { return wanted.contains(key); }))
            continue;
        for (const policy::ImagePolicy* policy : *list)
            if (const auto candidate = policies.candidates.find(policy->metadata.key);
                candidate != policies.candidates.end() && candidate->second.unproven)
                unproven.insert(policy->metadata.key);
    }
    for (const auto& [list, automations] : selections.lists())
        if (any(*list, unproven)) wanted.insert(automations.begin(), automations.end());
    return wanted;
}

PassSummary run_pass(const Configuration& configuration, Session& session, const PassRequest& request,
                     const Reporter& report) {
    PassSummary summary;
    store::Store& store = *session.store;
    const Workspace& workspace = *session.workspace;
    summary.warning = store.warning();
    summary.not_ready += report_findings(workspace.objects, report);

    Turn turn;
    const HasTurn mine(turn);
    Workers workers(turn);
    Sources sources(configuration.state, workspace.secrets, MirrorUse::write, request.stop, &turn);
    ask_remotes(workspace.objects, sources, pointer(request.automations));
    if (!session.scanner) {
        session.scanner = std::make_unique<registry::Scanner>();
        session.scanner->limit_hosts(host_limits(configuration));
    }
    registry::Scanner& scanner = *session.scanner;
    summary.scans = scan_repositories({workspace.objects, workspace.secrets, store, scanner, report, request.now,
                                       pointer(request.repositories), request.stop, request.live});
    if (request.stop.stop_requested()) return summary;
    const PolicySummary policies =
        decide_policies({workspace.objects, workspace.secrets, store, scanner, report, request.now, summary.scans,
                         nullptr, request.decide_anew, request.stop});
    if (request.stop.stop_requested()) return summary;
    const policy::Selections selections(workspace.objects);
    std::optional<std::set<ObjectKey>> automations;
    if (request.automations) automations = automations_after(*request.automations, selections, policies);
    Forges forges(&turn);
    forges.use(configuration.forges);
    if (forges.none() && request.mode == PassMode::run) store.remove_request_facts();
    Proofs proofs;
    summary.updates =
        update_repositories({workspace.objects, selections, sources, store, proofs, configuration.state, report,
                             request.now, request.mode, policies.candidates, policies.held, pointer(automations),
                             request.stop, request.live, forges.none() ? nullptr : &forges},
                            workers);
    if (request.mode == PassMode::run && !request.stop.stop_requested()) {
        if (const std::string behind = store.tidy_export(); !behind.empty())
            report({Step::update, Outcome::held, "", behind, {}});
    }
    summary.not_ready += summary.scans.not_ready.size() + policies.not_ready.size() + summary.updates.not_ready.size();
    return summary;
}

}  // namespace tidemark::mirror::service
