// Scripts that complete command lines in a shell, made of the table of commands and their flags.
#pragma once

#include <string>

namespace tidemark::mirror::cli {

enum class Shell { bash, zsh, fish };

/// To be sourced, or saved where the shell looks for completions.
std::string completion_script(Shell shell);

}  // namespace tidemark::mirror::cli
