// `suspend` and `resume image repository|policy|update`.
#include <algorithm>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/image_kinds.h"
#include "mirror/cli/messages.h"

namespace tidemark::mirror::cli {
namespace {

using Status = service::CommandAnswer::Status;

struct Options {
    bool all = false;
    bool wait = false;
    bool wait_given = false;
    std::string reason;
};

/// Each name once, in the order given; with --all those of the namespace.
std::vector<std::string> names_of(const ImageKind& kind, const Options& options, Control& control, const Call& call) {
    if (options.all) return control.names(kind.kind, call.global.name_space);
    std::vector<std::string> names;
    for (const std::string& name : call.arguments)
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    return names;
}

void check_arguments(const ImageKind& kind, const Options& options, const Call& call) {
    if (call.arguments.empty() && !options.all)
        throw Error(ErrorKind::usage, fmt::format("{} name is required", kind.human));
}

/// What the answer says beyond that it was done: where the object's own file stands.
void say_note(const Call& call, const std::string& message) {
    const std::size_t note = message.find("; ");
    if (note != std::string::npos) say_warning(call.streams, visible(message.substr(note + 2)));
}

service::Command command_for(service::Verb verb, const ImageKind& kind, const std::string& name, const Options& options,
                             const Call& call) {
    service::Command command = make_command(verb, kind, name, call);
    command.reason = options.reason;
    return command;
}

int run_suspend(const ImageKind& kind, const Options& options, const Call& call) {
    check_arguments(kind, options, call);
    const auto control = open_control(call);
    const std::vector<std::string> names = names_of(kind, options, *control, call);
    if (names.empty()) throw Error(ErrorKind::not_found, "no objects found");
    for (const std::string& name : names) {
        const Control::Given given = control->give(command_for(service::Verb::suspend, kind, name, options, call));
        if (given.status == Status::not_found) {
            say_failed(call.streams,
                       fmt::format("{} {} not found in {} namespace", kind.name(), name, call.global.name_space));
            continue;
        }
        if (given.status == Status::refused) throw Error(ErrorKind::refused, given.message);
        say_doing(call.streams,
                  fmt::format("suspending {} {} in {} namespace", kind.human, name, call.global.name_space));
        say_done(call.streams, fmt::format("{} suspended", kind.human));
    }
    return 0;
}

struct Resumed {
    service::Command command;
    Control::Given given;
};

/// Waits for all of them; the results come by name.
int wait_for(const ImageKind& kind, std::vector<Resumed> resumed, Control& control, const Call& call) {
    const auto deadline = deadline_of(call);
    for (std::size_t i = 0; i < resumed.size(); ++i)
        say_waiting(call.streams, fmt::format("waiting for {} reconciliation", kind.name()));
    std::sort(resumed.begin(), resumed.end(),
              [](const Resumed& a, const Resumed& b) { return a.command.object.name < b.command.object.name; });
    std::size_t failed = 0;
    for (const Resumed& one : resumed) {
        const Control::Worked worked = control.wait(one.given, one.command, deadline);
        const std::string& name = one.command.object.name;
        if (worked.end == Control::End::ready) {
            say_done(call.streams, fmt::format("{} {} reconciliation completed", kind.name(), name));
            say_done(call.streams, visible(worked.result));
            continue;
        }
        const std::string why = worked.end == Control::End::not_ready ? visible(worked.message)
                                : worked.end == Control::End::unknown ? "status can't be determined"
                                                                      : "context deadline exceeded";
        say_failed(call.streams, fmt::format("{} {} reconciliation failed: {}", kind.name(), name, why));
        ++failed;
    }
    if (failed > 0)
        throw Error(ErrorKind::refused, fmt::format("reconciliation failed for {} {}(s)", failed, kind.name()));
    return 0;
}

int run_resume(const ImageKind& kind, const Options& options, const Call& call) {
    check_arguments(kind, options, call);
    const auto control = open_control(call);
    const std::vector<std::string> names = names_of(kind, options, *control, call);
    if (names.empty()) {
        say_failed(call.streams,
                   fmt::format("no {} objects found in {} namespace", kind.name(), call.global.name_space));
        return 0;
    }
    std::vector<Resumed> resumed;
    for (const std::string& name : names) {
        service::Command command = command_for(service::Verb::resume, kind, name, options, call);
        Control::Given given = control->give(command);
        if (given.status == Status::not_found) {
            say_failed(call.streams, fmt::format("{} object '{}' not found in {} namespace", kind.name(), name,
                                                 call.global.name_space));
            continue;
        }
        if (given.status == Status::refused) throw Error(ErrorKind::refused, given.message);
        say_doing(call.streams,
                  fmt::format("resuming {} {} in {} namespace", kind.human, name, call.global.name_space));
        say_done(call.streams, fmt::format("{} resumed", kind.human));
        say_note(call, given.message);
        resumed.push_back({std::move(command), std::move(given)});
    }
    const bool waits = options.wait || (!options.wait_given && names.size() == 1 && !options.all);
    return waits ? wait_for(kind, std::move(resumed), *control, call) : 0;
}

std::shared_ptr<Options> add_flags(FlagSet& flags, std::string_view all, std::string_view reason) {
    auto options = std::make_shared<Options>();
    flags.truth("all", options->all, all);
    flags.text("reason", options->reason, reason);
    return options;
}

/// --wait=false is something else than no --wait: of one object the end is waited for by itself.
void add_wait_flag(FlagSet& flags, const std::shared_ptr<Options>& options) {
    FlagSet own;
    own.truth("wait", options->wait, "wait until the objects are worked on; so is it for one name");
    Flag flag = own.flags().front();
    flag.take = [options, take = flag.take](const std::string& value) {
        options->wait_given = true;
        return take(value);
    };
    flags.add(std::move(flag));
}

constexpr const char* k_suspend_help =
    "From now on the object is not worked on, also if its file says nothing of it: a repository is not scanned, a\n"
    "policy keeps its choice, an automation pushes nothing. It counts until `resume`, or until the object's own\n"
    "spec.suspend is edited. Who, when and why stand in the events.\n"
    "\n"
    "  tidemark suspend image update fleet --reason \"release freeze\"\n"
    "  tidemark suspend image policy web api -n shop\n"
    "  tidemark suspend image repository --all";

constexpr const char* k_resume_help =
    "The object is worked on again, also if its file says spec.suspend: true, until that is edited. For one name the\n"
    "end of its first run is waited for.\n"
    "\n"
    "  tidemark resume image update fleet\n"
    "  tidemark resume image policy web api --wait -n shop\n"
    "  tidemark resume image repository --all";

template <const ImageKind& Kind>
Run prepare_suspend(FlagSet& flags) {
    const auto options = add_flags(flags, "suspend all of the namespace", "why, for the events");
    return [options](const Call& call) { return run_suspend(Kind, *options, call); };
}

template <const ImageKind& Kind>
Run prepare_resume(FlagSet& flags) {
    const auto options = add_flags(flags, "resume all of the namespace", "why, for the events");
    add_wait_flag(flags, options);
    return [options](const Call& call) { return run_resume(Kind, *options, call); };
}

}  // namespace

const Command k_suspend_image_repository = {
    "suspend image repository",        "NAME...", "stop scanning", k_suspend_help, NamespaceCheck::dns_label,
    prepare_suspend<k_repository_kind>};
const Command k_suspend_image_policy = {"suspend image policy",     "NAME...",
                                        "keep the choice as it is", k_suspend_help,
                                        NamespaceCheck::dns_label,  prepare_suspend<k_policy_kind>};
const Command k_suspend_image_update = {"suspend image update",    "NAME...",
                                        "stop writing to Git",     k_suspend_help,
                                        NamespaceCheck::dns_label, prepare_suspend<k_update_kind>};
const Command k_resume_image_repository = {
    "resume image repository",        "NAME...", "scan again", k_resume_help, NamespaceCheck::dns_label,
    prepare_resume<k_repository_kind>};
const Command k_resume_image_policy = {
    "resume image policy",        "NAME...", "choose again", k_resume_help, NamespaceCheck::dns_label,
    prepare_resume<k_policy_kind>};
const Command k_resume_image_update = {"resume image update",     "NAME...",
                                       "write to Git again",      k_resume_help,
                                       NamespaceCheck::dns_label, prepare_resume<k_update_kind>};

}  // namespace tidemark::mirror::cli
