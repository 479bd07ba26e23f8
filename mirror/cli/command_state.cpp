// "state backup", "state restore" and "state verify".
#include <chrono>
#include <filesystem>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/configuration.h"
#include "mirror/cli/messages.h"
#include "mirror/store/backup.h"

namespace tidemark::mirror::cli {
namespace {

std::string only_argument(const Call& call, const std::string& what) {
    if (call.arguments.size() != 1) throw Error(ErrorKind::usage, fmt::format("name {}, and nothing else", what));
    return call.arguments.front();
}

int run_backup(const Call& call) {
    std::filesystem::path target = only_argument(call, "the file to write, or a folder for it");
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (std::filesystem::is_directory(target)) target /= fmt::format("tidemark-state-{:%Y%m%dT%H%M%SZ}.db", now);
    store::back_up(configuration_of(call).state, target);
    say_done(call.streams, fmt::format("wrote {}", visible(target.string())));
    return 0;
}

int run_restore(const Call& call) {
    const std::string backup = only_argument(call, "the backup to put in place");
    const Configuration configuration = configuration_of(call);
    const store::Restored restored = store::restore(configuration.state, backup);
    for (const std::filesystem::path& kept : restored.kept)
        say_done(call.streams, fmt::format("kept what was there as {}", visible(kept.string())));
    say_done(call.streams,
             fmt::format("the state in {} is now that of {}", configuration.state.string(), visible(backup)));
    return 0;
}

int run_verify(const Call& call) {
    if (!call.arguments.empty()) throw Error(ErrorKind::usage, "this command takes no arguments");
    int code = 0;
    for (const store::Verdict& verdict : store::verify(configuration_of(call).state)) {
        const std::string text = fmt::format("{}: {}", verdict.file.string(), visible(verdict.text));
        if (verdict.whole) {
            say_done(call.streams, text);
        } else {
            say_failed(call.streams, text);
            code = 1;
        }
    }
    return code;
}

template <int (*run)(const Call& call)>
Run prepare(FlagSet&) {
    return run;
}

}  // namespace

const Command k_state_backup = {
    "state backup",
    "FILE|FOLDER",
    "copy the state while the service runs",
    "Writes the state as it is at one moment (decisions, pins, events, tags with their first-seen times) to one file,\n"
    "whole or not at all, beside a running service. In a folder the file is named by the time.\n"
    "Mirrors and worktrees are not in it: they are fetched again.\n\n"
    "  tidemark state backup /var/backups\n"
    "  tidemark state backup tidemark.db --state /var/lib/tidemark",
    NamespaceCheck::none,
    prepare<run_backup>,
};

const Command k_state_restore = {
    "state restore",
    "FILE",
    "put a backup in the place of the state",
    "Looks through a file of \"tidemark state backup\" and puts it in the place of the state. One that is damaged or "
    "of\n"
    "a newer version is refused and nothing is changed. What was there is kept beside it under another name.\n"
    "Stop the service first: while it runs this command says who has the state, and ends.\n\n"
    "  systemctl stop tidemark\n"
    "  tidemark state restore /var/backups/tidemark-state-20261121T080000Z.db\n"
    "  systemctl start tidemark",
    NamespaceCheck::none,
    prepare<run_restore>,
};

const Command k_state_verify = {
    "state verify",
    "",
    "look whether the state is whole",
    "Reads the state file and its export (export.jsonl) to the end, beside a running service too, and says of each\n"
    "whether it is whole. Ends with 1 if one is not, and says what to do.\n\n"
    "  tidemark state verify --state /var/lib/tidemark",
    NamespaceCheck::none,
    prepare<run_verify>,
};

}  // namespace tidemark::mirror::cli
