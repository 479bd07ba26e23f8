#include <memory>

#include <fmt/format.h>

#include "mirror/cli/command_list.h"
#include "mirror/cli/configuration.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/pass_report.h"
#include "mirror/cli/plural.h"
#include "mirror/service/pass.h"

namespace tidemark::mirror::cli {
namespace {

int run_run(const Call& call) {
    const Configuration configuration = configuration_with_objects(call);
    service::Session session = service::open_session(configuration, service::PassMode::run);
    say_doing(call.streams, describe_workspace(*session.workspace));

    PassReport report(call.streams, count_objects(session.workspace->objects));
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const service::PassSummary summary =
        service::run_pass(configuration, session, {.mode = service::PassMode::run, .now = now},
                          [&](const service::ReportLine& line) { report.take(line); });
    report.finish();
    if (!summary.warning.empty()) say_warning(call.streams, summary.warning);
    if (summary.not_ready == 0) return 0;
    say_failed(call.streams, fmt::format("{} not ready", plural(summary.not_ready, "object is", "objects are")));
    return 1;
}

Run prepare(FlagSet&) {
    return run_run;
}

}  // namespace

const Command k_run = {
    "run",
    "",
    "one pass: scan, choose, rewrite, commit, push",
    "Does one pass over all objects and ends: scans each registry repository, lets each policy choose, sets the\n"
    "marked values, commits, pushes, and reads back what the remote then has. For cron and CI.\n"
    "\n"
    "Every pass scans, whatever the intervals of the objects say, except a registry that asked to be left alone.\n"
    "A scan that fails or is cut short changes nothing: the last choice of its policies stands.\n"
    "Ends with 1 when any object is not ready after it, and says which and why. With more than 30 objects those that\n"
    "did not change are only counted.\n"
    "\n"
    "  tidemark run --objects ./objects\n"
    "  tidemark run --objects ./objects --secrets ./secrets --state /var/lib/tidemark\n"
    "  tidemark run --config /etc/tidemark/tidemark.yaml",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
