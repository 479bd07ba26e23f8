// The command line of tidemark-hook. An argument nobody knows is an error: an installed script that says something else
// than it means must not let pushes through.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "hooks/commands.h"

namespace tidemark::hooks {

struct PreReceive {
    HookOptions options;
};
struct PostReceive {
    HookOptions options;
};
/// Text for standard output, and nothing else to do: help, version.
struct Show {
    std::string text;
};
using Command = std::variant<PreReceive, PostReceive, CheckOptions, Show>;

/// Without the program's name. Throws Error{usage}.
Command read_arguments(std::vector<std::string> arguments);

}  // namespace tidemark::hooks
