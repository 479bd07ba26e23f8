#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/configuration.h"
#include "mirror/cli/messages.h"
#include "mirror/notify/notifier.h"
#include "mirror/notify/send.h"
#include "mirror/service/workspace.h"

namespace tidemark::mirror::cli {
namespace {

std::string names_of(const notify::Sinks& sinks) {
    std::string names;
    for (const auto& sink : sinks)
        names += (names.empty() ? "" : ", ") + sink->settings.name;
    return names.empty() ? "the configuration has none" : "there are " + names;
}

int run_notify_test(const Call& call) {
    if (call.arguments.size() != 1)
        throw Error(ErrorKind::usage, "one name of a notification is needed; see tidemark notify test --help");
    const Configuration configuration = configuration_of(call);
    const notify::Sinks sinks = notify::make_sinks(configuration.notifications);
    const auto sink = std::find_if(sinks.begin(), sinks.end(), [&](const auto& candidate) {
        return candidate->settings.name == call.arguments.front();
    });
    if (sink == sinks.end())
        throw Error(ErrorKind::not_found, fmt::format("there is no notification of the name {}; {}",
                                                      visible(call.arguments.front()), names_of(sinks)));

    const service::Workspace workspace = service::load_workspace(configuration, service::Fetch::no);
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    notify::Notice notice = notify::sample_notice();
    notice.event.time = now;
    // No two samples are one notice.
    const auto instant = std::chrono::system_clock::now().time_since_epoch().count();
    notice.key = notify::delivery_key({.event = instant, .sink = (*sink)->settings.name, .last_error = {}});
    say_doing(call.streams, fmt::format("sending a sample to {}", (*sink)->settings.name));
    const notify::SendResult sent = notify::send(**sink, notice, workspace.secrets, now, {});
    if (!sent.delivered) {
        say_failed(call.streams, fmt::format("{} did not take it: {}", (*sink)->settings.name, visible(sent.error)));
        return 1;
    }
    say_done(call.streams, fmt::format("{} took it", (*sink)->settings.name));
    return 0;
}

Run prepare(FlagSet&) {
    return run_notify_test;
}

}  // namespace

const Command k_notify_test = {
    "notify test",
    "NAME",
    "send a sample to a notification of the configuration",
    "Sends one sample event to the entry of `notifications` with this name, whatever it filters, with its Secret and\n"
    "its template, and says what the other side answered. Ends with 1 if it was not taken. The service need not "
    "run.\n\n"
    "  tidemark notify test chat --config /etc/tidemark/tidemark.yaml",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
