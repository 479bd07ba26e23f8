// The help texts: of the program, of a group of commands, of a command.
#pragma once

#include <string>
#include <string_view>

#include "mirror/cli/command.h"

namespace tidemark::mirror::cli {

std::string help_of_group(std::string_view path, const FlagSet& flags);
std::string help_of_command(const Command& command, const FlagSet& flags);

}  // namespace tidemark::mirror::cli
