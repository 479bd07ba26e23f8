#include "mirror/cli/resolve.h"

#include <algorithm>
#include <numeric>

namespace tidemark::mirror::cli {
namespace {

std::string join_path(std::string_view path, std::string_view word) {
    return path.empty() ? std::string(word) : std::string(path) + ' ' + std::string(word);
}

/// `flux get` knows both forms of these words; everything else knows one.
std::string_view canonical_word(std::string_view path, std::string_view word) noexcept {
    if (path != "get") return word;
    if (word == "image") return "images";
    if (word == "source") return "sources";
    return word;
}

const Command* find_command(std::string_view path) noexcept {
    for (const Command& command : commands()) {
        if (command.path == path) return &command;
    }
    return nullptr;
}

bool is_group(std::string_view path) noexcept {
    return std::any_of(commands().begin(), commands().end(), [path](const Command& command) {
        return command.path.size() > path.size() && command.path.starts_with(path) && command.path[path.size()] == ' ';
    });
}

/// Whether the argument behind `flag` is its value. Unknown flags are taken to have one.
bool takes_next(std::string_view flag, const FlagSet& flags) noexcept {
    std::string_view name = flag;
    if (flag.starts_with("--")) {
        if (flag.find('=') != std::string_view::npos) return false;
        name.remove_prefix(2);
    } else {
        if (flag.size() != 2) return false;
        name.remove_prefix(1);
    }
    const Flag* known = flags.find(name);
    return !known || !known->type.empty();
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

Resolved resolve_command(std::span<const std::string> args, const FlagSet& flags) {
    Resolved resolved;
    bool words_end = false;
    for (std::size_t i = 0; i < args.size(); ++i) {
        const std::string& argument = args[i];
        if (words_end || argument == "--") {
            words_end = true;
            resolved.arguments.push_back(argument);
        } else if (argument.size() > 1 && argument.front() == '-') {
            resolved.arguments.push_back(argument);
            if (takes_next(argument, flags) && i + 1 < args.size()) resolved.arguments.push_back(args[++i]);
        } else {
            std::string path = join_path(resolved.path, canonical_word(resolved.path, argument));
            const Command* command = find_command(path);
            if (!command && !is_group(path)) {
                if (resolved.unknown.empty()) resolved.unknown = argument;
                words_end = true;
                resolved.arguments.push_back(argument);
                continue;
            }
            resolved.path = std::move(path);
            resolved.command = command;
            words_end = command != nullptr && !is_group(resolved.path);
        }
    }
    if (resolved.command) resolved.unknown.clear();
    return resolved;
}

std::vector<std::string_view> words_below(std::string_view path) {
    std::vector<std::string_view> words;
    for (const Command& command : commands()) {
        std::string_view rest = command.path;
        if (!path.empty()) {
            if (rest.size() <= path.size() || !rest.starts_with(path) || rest[path.size()] != ' ') continue;
            rest.remove_prefix(path.size() + 1);
        }
        const std::string_view word = rest.substr(0, rest.find(' '));
        if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
    }
    return words;
}

std::vector<std::string_view> near_words(std::string_view typed, const std::vector<std::string_view>& words) {
    std::vector<std::string_view> near;
    for (const std::string_view word : words) {
        if (word.starts_with(typed) || edit_distance(typed, word) <= 2) near.push_back(word);
    }
    std::sort(near.begin(), near.end());
    return near;
}

}  // namespace tidemark::mirror::cli
