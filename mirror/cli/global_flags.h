// The flags that every command takes.
#pragma once

#include "mirror/cli/command.h"

namespace tidemark::mirror::cli {

/// What the line asks for besides a command, and where flags go that are taken without effect.
struct Asked {
    bool help = false;
    bool version = false;
    bool ignored_truth = false;
};

/// Behind the command's own flags, which hide them.
void add_global_flags(FlagSet& flags, GlobalOptions& global, Asked& asked);

}  // namespace tidemark::mirror::cli
