// The table of commands, in the order of the help.
#include <vector>

#include "mirror/cli/command_list.h"

namespace tidemark::mirror::cli {

std::span<const Command> commands() noexcept {
    static const Command k_commands[] = {
        k_create_image_repository,
        k_create_image_policy, k_create_image_update,    k_create_source_git,
        k_create_secret_git,       k_create_secret_registry, k_version,
    };
    return k_commands;
}

}  // namespace tidemark::mirror::cli
