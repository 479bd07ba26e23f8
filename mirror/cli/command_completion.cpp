#include "mirror/cli/command_list.h"
#include "mirror/cli/completion.h"
#include "mirror/cli/messages.h"

namespace tidemark::mirror::cli {
namespace {

template <Shell Which>
Run prepare(FlagSet&) {
    return [](const Call& call) {
        print(call.streams, completion_script(Which));
        return 0;
    };
}

constexpr const char* k_help =
    "Prints a script that completes commands and flags.\n\n"
    "  source <(tidemark completion bash)                  in ~/.bashrc\n"
    "  source <(tidemark completion zsh)                   in ~/.zshrc, behind compinit\n"
    "  tidemark completion fish | source                   in ~/.config/fish/config.fish";

}  // namespace

const Command k_completion_bash = {"completion bash",   "", "the script for bash", k_help, NamespaceCheck::none,
                                   prepare<Shell::bash>};

const Command k_completion_zsh = {"completion zsh",   "", "the script for zsh", k_help, NamespaceCheck::none,
                                  prepare<Shell::zsh>};

const Command k_completion_fish = {"completion fish",   "", "the script for fish", k_help, NamespaceCheck::none,
                                   prepare<Shell::fish>};

}  // namespace tidemark::mirror::cli
