#include "mirror/cli/run.h"

#include <exception>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/cli/command.h"
#include "mirror/cli/global_flags.h"
#include "mirror/cli/help.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/names.h"
#include "mirror/cli/resolve.h"
#include "mirror/cli/version.h"

namespace tidemark::mirror::cli {
namespace {

constexpr std::string_view k_default_namespace = "flux-system";

[[noreturn]] void refuse_unknown_word(const Resolved& resolved) {
    const std::string program = resolved.path.empty() ? "tidemark" : "tidemark " + resolved.path;
    std::string text = fmt::format("unknown command \"{}\" for \"{}\"", resolved.unknown, program);
    const auto near = near_words(resolved.unknown, words_below(resolved.path));
    if (!near.empty()) text += "\n\nDid you mean this?\n";
    for (const std::string_view word : near)
        text += fmt::format("\t{}\n", word);
    throw Error(ErrorKind::usage, text);
}

void settle_namespace(GlobalOptions& global, NamespaceCheck check, bool given, const Streams& streams,
                      const Environment& environment) {
    const std::string_view from_environment = environment.get("FLUX_SYSTEM_NAMESPACE");
    const bool usable = is_dns_label(from_environment);
    if (!from_environment.empty() && !usable) {
        say_warning(streams, fmt::format("ignoring invalid FLUX_SYSTEM_NAMESPACE: \"{}\"", from_environment));
    }
    if (!given) global.name_space = usable ? from_environment : k_default_namespace;
    if (check == NamespaceCheck::dns_label && !is_dns_label(global.name_space)) {
        throw Error(ErrorKind::usage, fmt::format("namespace must be a valid DNS label: \"{}\"", global.name_space));
    }
}

int run_group(const Resolved& resolved, const FlagSet& flags, const Asked& asked, const Streams& streams) {
    // At the top an unknown word is what is wrong, whatever flags come with it; below, flags are looked at first.
    if (resolved.path.empty() && !resolved.unknown.empty()) refuse_unknown_word(resolved);
    parse_flags(flags, resolved.arguments);
    if (asked.version) {
        print(streams, version_line());
        return 0;
    }
    if (!resolved.unknown.empty() && !asked.help) refuse_unknown_word(resolved);
    print(streams, help_of_group(resolved.path, flags));
    return 0;
}

int dispatch(std::span<const std::string> args, const Streams& streams, const Environment& environment) {
    // A namespace holds no NUL: whatever is given, the empty text too, replaces the mark.
    const std::string not_given(1, '\0');
    GlobalOptions global;
    global.name_space = not_given;
    Asked asked;
    FlagSet global_flags;
    add_global_flags(global_flags, global, asked);
    const Resolved resolved = resolve_command(args, global_flags);
    if (!resolved.command) return run_group(resolved, global_flags, asked, streams);

    FlagSet flags;
    const Run run = resolved.command->prepare(flags);
    add_global_flags(flags, global, asked);
    std::vector<std::string> arguments = parse_flags(flags, resolved.arguments);
    if (asked.help) {
        print(streams, help_of_command(*resolved.command, flags));
        return 0;
    }
    const bool given = global.name_space != not_given;
    settle_namespace(global, resolved.command->namespace_check, given, streams, environment);
    return run({std::move(arguments), global, streams, environment});
}

}  // namespace

bool knows_command(std::span<const std::string> args) {
    GlobalOptions global;
    Asked asked;
    FlagSet flags;
    add_global_flags(flags, global, asked);
    return resolve_command(args, flags).command != nullptr;
}

int run(std::span<const std::string> args, const Streams& streams, const Environment& environment) noexcept {
    try {
        const int code = dispatch(args, streams, environment);
        std::fflush(streams.err);
        return code;
    } catch (const std::exception& error) {
        std::fprintf(streams.err, "✗ %s\n", error.what());
    } catch (...) {
        std::fputs("✗ internal error of an unknown kind\n", streams.err);
    }
    std::fflush(streams.err);
    return 1;
}

}  // namespace tidemark::mirror::cli
