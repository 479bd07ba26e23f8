// The command line as a function: in-process for main, tests and the conformance runner.
#pragma once

#include <span>
#include <string>

#include "mirror/cli/streams.h"

namespace tidemark::mirror::cli {

/// Runs the command that `args` (without the program's name) ask for: 0 done, 1 failed or wrong usage, with
/// `✗ <why>` on the error stream. Throws nothing, never exits.
int run(std::span<const std::string> args, const Streams& streams, const Environment& environment) noexcept;

/// Whether the words of the line name a command of this program (commands()), whatever its flags say.
bool knows_command(std::span<const std::string> args);

}  // namespace tidemark::mirror::cli
