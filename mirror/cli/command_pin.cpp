// `pin`, `unpin` and `accept POLICY`, `branch reset AUTOMATION`: a person's say about what is written to Git.
#include <memory>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/image_kinds.h"
#include "mirror/cli/messages.h"
#include "policy/base/duration.h"
#include "policy/base/timestamp.h"

namespace tidemark::mirror::cli {
namespace {

using service::Verb;
using Status = service::CommandAnswer::Status;

struct Options {
    std::string reason;
    std::string until;
};

std::chrono::sys_seconds read_until(const std::string& text) {
    if (const auto duration = policy::parse_duration(text)) {
        // Beyond a century a sum of times may overflow.
        if (*duration <= std::chrono::nanoseconds(0) || *duration > std::chrono::hours(24 * 366 * 100))
            throw Error(ErrorKind::usage, fmt::format("--until {}: a pin ends later than now", text));
        return std::chrono::ceil<std::chrono::seconds>(std::chrono::system_clock::now() + *duration);
    }
    const auto time = policy::parse_timestamp(text);
    if (!time)
        throw Error(
            ErrorKind::usage,
            fmt::format("--until {}: neither a duration (72h) nor a date (2026-12-31, 2026-12-31T18:00:00Z)", text));
    return *time;
}

/// Gives the command and says what came of it.
int give(const service::Command& command, const Call& call) {
    const Control::Given given = open_control(call)->give(command);
    if (given.status == Status::not_found) throw Error(ErrorKind::not_found, visible(given.message));
    if (given.status == Status::refused) throw Error(ErrorKind::refused, visible(given.message));
    say_done(call.streams, visible(given.message));
    if (given.ticket.empty()) say_doing(call.streams, "no service runs: the next tidemark run goes by it");
    return 0;
}

service::Command policy_command(Verb verb, const Options& options, const Call& call, std::size_t most_arguments) {
    if (call.arguments.empty()) throw Error(ErrorKind::usage, "the name of an image policy is required");
    if (call.arguments.size() > most_arguments)
        throw Error(ErrorKind::usage,
                    fmt::format("\"{}\" is too much: one policy{} at a time", call.arguments[most_arguments],
                                most_arguments > 1 ? " and tag" : ""));
    service::Command command = make_command(verb, k_policy_kind, "", call);
    command.object = policy_key(call.arguments.front(), call.global);
    if (call.arguments.size() > 1) command.tag = call.arguments[1];
    command.reason = options.reason;
    return command;
}

int run_pin(const Options& options, const Call& call) {
    service::Command command = policy_command(Verb::pin, options, call, 2);
    if (options.reason.empty()) throw Error(ErrorKind::usage, "say why, for those who find it: --reason \"...\"");
    if (!options.until.empty()) command.until = read_until(options.until);
    return give(command, call);
}

int run_branch_reset(const Options& options, const Call& call) {
    if (call.arguments.size() != 1)
        throw Error(ErrorKind::usage, "the name of one image update automation is required");
    service::Command command = make_command(Verb::reset_branch, k_update_kind, call.arguments.front(), call);
    command.reason = options.reason;
    return give(command, call);
}

Run prepare_pin(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.text("reason", options->reason, "why it stays; required");
    flags.text("until", options->until, "when the pin ends: a duration (72h) or a date (2026-12-31)");
    return [options](const Call& call) { return run_pin(*options, call); };
}

Run prepare_unpin(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.text("reason", options->reason, "why, for the events");
    return [options](const Call& call) { return give(policy_command(Verb::unpin, *options, call, 1), call); };
}

Run prepare_accept(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.text("reason", options->reason, "why, for the events");
    return [options](const Call& call) { return give(policy_command(Verb::accept, *options, call, 2), call); };
}

Run prepare_branch_reset(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.text("reason", options->reason, "why, for the events");
    return [options](const Call& call) { return run_branch_reset(*options, call); };
}

}  // namespace

const Command k_pin = {
    "pin",
    "POLICY [TAG]",
    "keep a policy's image at a tag",
    "The tag stays until `unpin`, or until --until: the policy goes on choosing, but nothing else is written. With a\n"
    "TAG that Git does not have it is written, which is how to roll back. Without one the tag that Git has stays.\n"
    "Who, when, why and until when stand in `get`, `plan`, the page and the events. An annotation tidemark/pin of the\n"
    "ImagePolicy goes before it.\n"
    "\n"
    "  tidemark pin flux-system/web 1.25.1 --reason \"1.25.3 loses sessions, bug 4711\"\n"
    "  tidemark pin web --reason \"release freeze\" --until 72h\n"
    "  tidemark pin shop:db 15.4 --reason \"wait for the DBA\" --until 2026-12-31",
    NamespaceCheck::dns_label,
    prepare_pin,
};

const Command k_unpin = {
    "unpin",
    "POLICY",
    "let a pinned policy move again",
    "Takes a pin out: what the policy chooses is written again.\n"
    "\n"
    "  tidemark unpin flux-system/web",
    NamespaceCheck::dns_label,
    prepare_unpin,
};

const Command k_accept = {
    "accept",
    "POLICY [TAG]",
    "take a tag that is held back",
    "A choice is held where the registry lists less than before, where it is a first one and Git has something "
    "higher,\n"
    "or where somebody took it back by hand. This takes it all the same. With TAG only that one.\n"
    "\n"
    "  tidemark accept flux-system/web 1.25.1",
    NamespaceCheck::dns_label,
    prepare_accept,
};

const Command k_branch_reset = {
    "branch reset",
    "AUTOMATION",
    "take an automation's branch back",
    "Gives up the commits that others put on the branch: it is rebuilt over them, once, and only if it is still what "
    "it\n"
    "was when an automation last looked at it.\n"
    "\n"
    "  tidemark branch reset fleet -n flux-system",
    NamespaceCheck::dns_label,
    prepare_branch_reset,
};

}  // namespace tidemark::mirror::cli
