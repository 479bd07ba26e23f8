// `reconcile image repository|policy|update`: works on one object and what depends on it, and waits for the end.
#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/image_kinds.h"
#include "mirror/cli/messages.h"

namespace tidemark::mirror::cli {
namespace {

using Status = service::CommandAnswer::Status;

int run_reconcile(const ImageKind& kind, const Call& call) {
    if (call.arguments.empty()) throw Error(ErrorKind::usage, fmt::format("{} name is required", kind.name()));
    const std::string& name = call.arguments.front();
    const auto deadline = deadline_of(call);
    const service::Command command = make_command(service::Verb::reconcile, kind, name, call);
    const auto control = open_control(call);
    const Control::Given given = control->give(command);
    if (given.status == Status::not_found) throw_not_found(kind, name);
    if (given.status == Status::refused) throw Error(ErrorKind::refused, given.message);
    say_doing(call.streams, fmt::format("annotating {} {} in {} namespace", kind.name(), name, call.global.name_space));
    say_done(call.streams, fmt::format("{} annotated", kind.name()));
    say_waiting(call.streams, fmt::format("waiting for {} reconciliation", kind.name()));
    const Control::Worked worked = control->wait(given, command, deadline);
    switch (worked.end) {
        case Control::End::ready:
            say_done(call.streams, visible(worked.result));
            return 0;
        case Control::End::not_ready:
            throw Error(ErrorKind::refused, visible(worked.message));
        case Control::End::unknown:
            throw Error(ErrorKind::refused, "status can't be determined");
        case Control::End::not_reached:
            break;
    }
    throw Error(ErrorKind::network, "context deadline exceeded");
}

constexpr const char* k_help =
    "Works on one object now, whatever its interval says, and on what depends on it: a repository is scanned, its\n"
    "policies choose, their automations look at Git. Waits until that is over. The running service does it; without\n"
    "one it is done here. Ends with 1 and the reason when the object is not ready then.\n"
    "\n"
    "  tidemark reconcile image repository web\n"
    "  tidemark reconcile image update fleet -n apps";

template <const ImageKind& Kind>
Run prepare(FlagSet&) {
    return [](const Call& call) { return run_reconcile(Kind, call); };
}

}  // namespace

const Command k_reconcile_image_repository = {"reconcile image repository",     "NAME",
                                              "scan now, and go on from there", k_help,
                                              NamespaceCheck::dns_label,        prepare<k_repository_kind>};
const Command k_reconcile_image_policy = {
    "reconcile image policy", "NAME", "scan and choose now", k_help, NamespaceCheck::dns_label, prepare<k_policy_kind>};
const Command k_reconcile_image_update = {
    "reconcile image update", "NAME", "look at Git now, and push what differs", k_help, NamespaceCheck::dns_label,
    prepare<k_update_kind>};

}  // namespace tidemark::mirror::cli
