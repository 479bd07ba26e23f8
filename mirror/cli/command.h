// A command: its words, its help and how it runs. One file a command; commands.cpp lists them all.
// Parsing is split from running: `prepare` declares the flags and hands back what runs once they are filled.
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/cli/flags.h"
#include "mirror/cli/streams.h"

namespace tidemark::mirror::cli {

/// Flags that every command takes.
struct GlobalOptions {
    std::string name_space;            // -n as given, else FLUX_SYSTEM_NAMESPACE, else "flux-system"
    std::vector<std::string> objects;  // --objects, each a file or a folder
    std::string secrets;               // --secrets
    std::string state;                 // --state
    std::string config;                // --config
    std::chrono::nanoseconds timeout{std::chrono::minutes(5)};
    bool no_color = false;
};

struct Call {
    std::vector<std::string> arguments;  // what are no flags
    const GlobalOptions& global;
    const Streams& streams;
    const Environment& environment;
};

/// Returns the exit code. Throws Error, which run() prints.
using Run = std::function<int(const Call& call)>;

/// Whether -n must be a DNS label. `create` takes it as it stands, as `flux create` does.
enum class NamespaceCheck { none, dns_label };

struct Command {
    std::string_view path;       // "create image repository"
    std::string_view arguments;  // of the usage line: "NAME"
    std::string_view summary;    // one line, no dot
    std::string_view help;       // what it does, and examples
    NamespaceCheck namespace_check = NamespaceCheck::dns_label;
    /// Declares the command's flags. What they fill lives in the returned function.
    Run (*prepare)(FlagSet& flags) = nullptr;
};

/// The program's commands, in the order of the help: commands.cpp has all, front.cpp those that start at once.
std::span<const Command> commands() noexcept;

}  // namespace tidemark::mirror::cli
