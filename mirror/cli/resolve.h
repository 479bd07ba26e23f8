// Finding the command that the words of a command line name. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/cli/command.h"

namespace tidemark::mirror::cli {

struct Resolved {
    const Command* command = nullptr;    // null: a group, such as "create image", or nothing at all
    std::string path;                    // the words that were understood
    std::string unknown;                 // the first word that names nothing below `path`, if any
    std::vector<std::string> arguments;  // the line without the words of `path`
};

/// Flags may stand between the words; `flags` tells which of them take a value.
Resolved resolve_command(std::span<const std::string> args, const FlagSet& flags);

/// The words that may follow `path`, in the order of the help; empty if it is a command or nothing.
std::vector<std::string_view> words_below(std::string_view path);

/// Those of `words` that `typed` may have meant: two edits away at most, or longer forms of it.
std::vector<std::string_view> near_words(std::string_view typed, const std::vector<std::string_view>& words);

}  // namespace tidemark::mirror::cli
