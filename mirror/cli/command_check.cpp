#include <set>

#include <fmt/format.h>

#include "mirror/cli/command_list.h"
#include "mirror/cli/configuration.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/plural.h"
#include "mirror/service/check.h"

namespace tidemark::mirror::cli {
namespace {

int run_check(const Call& call) {
    const Configuration configuration = configuration_with_objects(call);
    const service::Session session = service::open_session(configuration, service::PassMode::plan);
    say_doing(call.streams, describe_workspace(*session.workspace));
    const service::CheckResult result = service::check_workspace(configuration, session);

    std::set<std::string> said;  // several automations may look at one file
    std::size_t errors = 0;
    std::size_t warnings = 0;
    for (const policy::Finding& finding : result.findings) {
        const std::string text = policy::to_string(finding);
        if (!said.insert(text).second) continue;
        const bool error = finding.severity == policy::Severity::error;
        ++(error ? errors : warnings);
        if (error) {
            say_failed(call.streams, text);
        } else {
            say_warning(call.streams, text);
        }
    }
    const std::string looked_at = fmt::format("{} in {}", plural(result.markers, "working marker", "working markers"),
                                              plural(result.files, "file", "files"));
    if (errors == 0) {
        say_done(call.streams, warnings == 0
                                   ? fmt::format("nothing to complain about: {}", looked_at)
                                   : fmt::format("{}; {}", plural(warnings, "warning", "warnings"), looked_at));
        return 0;
    }
    say_failed(call.streams, fmt::format("{}, {}; {}", plural(errors, "mistake", "mistakes"),
                                         plural(warnings, "warning", "warnings"), looked_at));
    return 1;
}

Run prepare(FlagSet&) {
    return run_check;
}

}  // namespace

const Command k_check = {
    "check",
    "",
    "find mistakes in configuration, objects, secrets, remotes and markers",
    "Reads the configuration and all objects, looks up every Secret they name, fetches the repositories, and checks\n"
    "each marker in them: misspelt ones, markers of unknown policies, files that are not YAML. Registries are not\n"
    "asked. Every finding has its place and what to do; ends with 1 if any is a mistake.\n"
    "\n"
    "  tidemark check --objects ./objects\n"
    "  tidemark check --config /etc/tidemark/tidemark.yaml",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
