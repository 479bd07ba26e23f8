#include "mirror/service/pass.h"

#include "mirror/registry/scanner.h"
#include "mirror/service/conditions.h"
#include "mirror/service/policies.h"
#include "mirror/service/scan.h"
#include "mirror/service/sources.h"

namespace tidemark::mirror::service {
namespace {

/// Files and objects that belong to no kind's list: reported first, so that nothing that was skipped goes unsaid.
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

}  // namespace

PassSummary run_pass(const Configuration& configuration, Session& session, PassMode mode, std::chrono::sys_seconds now,
                     const Reporter& report) {
    PassSummary summary;
    store::Store& store = session.store;
    const Workspace& workspace = session.workspace;
    summary.warning = store.warning();
    summary.not_ready += report_findings(workspace.objects, report);

    Sources sources(configuration.state, workspace.secrets, MirrorUse::write);
    ask_remotes(workspace.objects, sources);
    registry::Scanner scanner;
    const ScanSummary scans = scan_repositories({workspace.objects, workspace.secrets, store, scanner, report, now});
    const PolicySummary policies =
        decide_policies({workspace.objects, workspace.secrets, store, scanner, report, now, scans});
    summary.updates = update_repositories(
        {workspace.objects, sources, store, configuration.state, report, now, mode, policies.candidates});
    if (mode == PassMode::run) {
        for (const std::string& failure : sources.pack())
            report({Step::update, Outcome::held, "", failure, {}});
    }
    summary.not_ready += scans.not_ready.size() + policies.not_ready.size() + summary.updates.not_ready.size();
    return summary;
}

}  // namespace tidemark::mirror::service
