#include "mirror/cli/help.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "mirror/cli/resolve.h"

namespace tidemark::mirror::cli {
namespace {

constexpr std::string_view k_introduction =
    "Keeps image tags in Git manifests current, on the Git host itself, with no cluster involved.\n\n"
    "  tidemark init ./fleet                  the objects and markers that manifests need\n"
    "  tidemark create image repository web --image=ghcr.io/acme/web --export > objects/web.yaml\n"
    "  tidemark plan --objects objects        what a pass would write\n"
    "  tidemark run --objects objects         one pass: scan, choose, rewrite, commit, push\n"
    "  tidemark get images all                what is current, and what is not and why\n";

std::string flag_column(const Flag& flag) {
    std::string text = flag.shorthand == '\0' ? "    " : fmt::format("-{}, ", flag.shorthand);
    text += "--" + flag.name;
    if (!flag.type.empty()) text += ' ' + flag.type;
    return text;
}

void append_flags(std::string& help, std::string_view title, const FlagSet& flags, bool global) {
    std::size_t width = 0;
    for (const Flag& flag : flags.flags()) {
        if (flag.global == global && !flag.hidden) width = std::max(width, flag_column(flag).size());
    }
    if (width == 0) return;
    fmt::format_to(std::back_inserter(help), "\n{}:\n", title);
    for (const Flag& flag : flags.flags()) {
        if (flag.global != global || flag.hidden) continue;
        fmt::format_to(std::back_inserter(help), "  {:<{}}   {}\n", flag_column(flag), width, flag.description);
    }
}

std::string_view summary_of(std::string_view path) noexcept {
    for (const Command& command : commands()) {
        if (command.path == path) return command.summary;
    }
    return {};
}

}  // namespace

std::string help_of_group(std::string_view path, const FlagSet& flags) {
    std::string help;
    if (path.empty()) {
        help = k_introduction;
    } else {
        help = fmt::format("What can follow \"tidemark {}\".\n", path);
    }
    const std::string prefix = path.empty() ? std::string() : std::string(path) + ' ';
    fmt::format_to(std::back_inserter(help), "\nUsage:\n  tidemark {}COMMAND\n\nCommands:\n", prefix);
    std::size_t width = 0;
    for (const std::string_view word : words_below(path))
        width = std::max(width, word.size());
    for (const std::string_view word : words_below(path)) {
        std::string_view summary = summary_of(prefix + std::string(word));
        const std::string below = fmt::format("{}", fmt::join(words_below(prefix + std::string(word)), ", "));
        fmt::format_to(std::back_inserter(help), "  {:<{}}   {}\n", word, width, summary.empty() ? below : summary);
    }
    append_flags(help, "Flags", flags, false);
    append_flags(help, "Flags of every command", flags, true);
    help += "\n\"tidemark COMMAND --help\" says more, with examples.\n";
    return help;
}

std::string help_of_command(const Command& command, const FlagSet& flags) {
    std::string help = fmt::format("{}\n\nUsage:\n  tidemark {}", command.help, command.path);
    if (!command.arguments.empty()) fmt::format_to(std::back_inserter(help), " {}", command.arguments);
    help += " [flags]\n";
    append_flags(help, "Flags", flags, false);
    append_flags(help, "Flags of every command", flags, true);
    return help;
}

}  // namespace tidemark::mirror::cli
