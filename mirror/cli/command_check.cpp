#include <optional>
#include <set>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/base/temporary_folder.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/configuration.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/plural.h"
#include "mirror/service/check.h"

namespace tidemark::mirror::cli {
namespace {

/// Beside a running service, which has the state for itself, the repositories are cloned for this one look.
service::Session open_beside(Configuration& configuration, std::optional<TemporaryFolder>& own, const Call& call) {
    try {
        return service::open_session(configuration, service::PassMode::plan);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::conflict) throw;
    }
    say_doing(call.streams, "the state is in use: looking at clones of my own");
    own.emplace("check");
    configuration.state = own->path();
    return service::open_session(configuration, service::PassMode::plan);
}

int run_check(const Call& call) {
    Configuration configuration = configuration_with_objects(call);
    std::optional<TemporaryFolder> own;
    const service::Session session = open_beside(configuration, own, call);
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
    "each marker in them: misspelt ones, markers of unknown policies, files that are not YAML. Forges are asked for\n"
    "the open requests that the page would show. Registries are not asked, and nobody is notified (\"tidemark notify\n"
    "test\" does that). Every finding has its place and what to do; ends with 1 if any is a mistake. Works beside a\n"
    "running service, too, on clones of its own.\n"
    "\n"
    "  tidemark check --objects ./objects\n"
    "  tidemark check --config /etc/tidemark/tidemark.yaml",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
