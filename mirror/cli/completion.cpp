#include "mirror/cli/completion.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "mirror/cli/global_flags.h"
#include "mirror/cli/resolve.h"

namespace tidemark::mirror::cli {
namespace {

/// A place in the tree of commands: what may follow the words of `path`.
struct Place {
    std::string path;
    std::vector<std::string_view> words;
    FlagSet flags;
};

const Command* command_at(std::string_view path) noexcept {
    const auto found = std::find_if(commands().begin(), commands().end(),
                                    [path](const Command& command) { return command.path == path; });
    return found == commands().end() ? nullptr : &*found;
}

// Only names and descriptions of the flags are used: what they fill may go.
FlagSet flags_at(std::string_view path) {
    FlagSet flags;
    if (const Command* command = command_at(path)) command->prepare(flags);
    GlobalOptions global;
    Asked asked;
    add_global_flags(flags, global, asked);
    return flags;
}

void add_places(std::vector<Place>& places, const std::string& path) {
    const auto words = words_below(path);
    places.push_back({path, words, flags_at(path)});
    for (const std::string_view word : words)
        add_places(places, path.empty() ? std::string(word) : fmt::format("{} {}", path, word));
}

std::vector<Place> all_places() {
    std::vector<Place> places;
    add_places(places, "");
    return places;
}

std::string_view summary_of(const std::string& path) noexcept {
    const Command* command = command_at(path);
    return command ? command->summary : std::string_view();
}

/// In single quotes, which bash, zsh and fish read alike but for the quote itself.
std::string quoted(std::string_view text, Shell shell) {
    std::string result = "'";
    for (const char c : text) {
        if (c == '\'') {
            result += shell == Shell::fish ? "\\'" : "'\\''";
        } else if (c == '\\' && shell == Shell::fish) {
            result += "\\\\";
        } else {
            result += c;
        }
    }
    return result + '\'';
}

std::string flag_names(const FlagSet& flags) {
    std::string names;
    for (const Flag& flag : flags.flags()) {
        if (!flag.hidden) names += fmt::format("{}--{}", names.empty() ? "" : " ", flag.name);
    }
    return names;
}

/// Both shells walk the words typed so far: what names no place (a flag, its value, an object) is passed over.
constexpr std::string_view k_walk = R"(    for word in "${typed[@]}"; do
        if [[ $at == get ]]; then
            case $word in
                image) word=images ;;
                source) word=sources ;;
            esac
        fi
        next=${at:+$at }$word
        case $next in
            PLACES) at=$next ;;
        esac
    done
    case $at in
)";

std::string walk_of(const std::vector<Place>& places, Shell shell) {
    std::string patterns;
    for (const Place& place : places) {
        if (!place.path.empty())
            patterns += fmt::format("{}{}", patterns.empty() ? "" : "|", quoted(place.path, shell));
    }
    std::string walk(k_walk);
    walk.replace(walk.find("PLACES"), 6, patterns);
    for (const Place& place : places) {
        walk += fmt::format("        {})\n            words={}\n            flags={}\n            ;;\n",
                            quoted(place.path, shell), quoted(fmt::format("{}", fmt::join(place.words, " ")), shell),
                            quoted(flag_names(place.flags), shell));
    }
    return walk + "    esac\n";
}

std::string bash_script() {
    return "# bash completion for tidemark: source <(tidemark completion bash)\n"
           "_tidemark() {\n"
           "    local current=${COMP_WORDS[COMP_CWORD]} at='' next word words='' flags=''\n"
           "    local typed=(\"${COMP_WORDS[@]:1:COMP_CWORD-1}\")\n" +
           walk_of(all_places(), Shell::bash) +
           "    COMPREPLY=()\n"
           "    if [[ $current == -* ]]; then\n"
           "        COMPREPLY=($(compgen -W \"$flags\" -- \"$current\"))\n"
           "    elif [[ -n $words ]]; then\n"
           "        COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
           "    fi\n"
           "}\n"
           "complete -o default -F _tidemark tidemark\n";
}

std::string zsh_script() {
    return "#compdef tidemark\n"
           "# zsh completion for tidemark: source <(tidemark completion zsh), or save it as _tidemark in your fpath\n"
           "_tidemark() {\n"
           "    local current=${words[CURRENT]} at='' next word flags=''\n"
           "    local -a typed\n"
           "    typed=(\"${(@)words[2,CURRENT-1]}\")\n"
           "    local words=''\n" +
           walk_of(all_places(), Shell::zsh) +
           "    if [[ $current == -* ]]; then\n"
           "        compadd -- ${=flags}\n"
           "    elif [[ -n $words ]]; then\n"
           "        compadd -- ${=words}\n"
           "    else\n"
           "        _files\n"
           "    fi\n"
           "}\n"
           "if [[ ${funcstack[1]} == _tidemark ]]; then\n"
           "    _tidemark \"$@\"\n"
           "elif (( $+functions[compdef] )); then\n"
           "    compdef _tidemark tidemark\n"
           "fi\n";
}

constexpr std::string_view k_fish_head = R"(# fish completion for tidemark: tidemark completion fish | source
function __tidemark_place
    set -l at ''
    for word in (commandline -opc)[2..-1]
        if test "$at" = get
            test "$word" = image; and set word images
            test "$word" = source; and set word sources
        end
        set -l next (string trim -- "$at $word")
        contains -- "$next" $__tidemark_places; and set at $next
    end
    test "$at" = "$argv[1]"
end
)";

std::string fish_script() {
    const std::vector<Place> places = all_places();
    std::string script(k_fish_head);
    script += "set -g __tidemark_places";
    for (const Place& place : places)
        script += ' ' + quoted(place.path, Shell::fish);
    script += '\n';
    for (const Place& place : places) {
        const std::string here =
            quoted(fmt::format("__tidemark_place {}", quoted(place.path, Shell::fish)), Shell::fish);
        const std::string prefix = place.path.empty() ? std::string() : place.path + ' ';
        for (const std::string_view word : place.words) {
            script += fmt::format("complete -c tidemark -f -n {} -a {} -d {}\n", here, quoted(word, Shell::fish),
                                  quoted(summary_of(prefix + std::string(word)), Shell::fish));
        }
        if (!place.words.empty()) continue;
        for (const Flag& flag : place.flags.flags()) {
            if (flag.hidden) continue;
            script += fmt::format("complete -c tidemark -n {} -l {}", here, flag.name);
            if (flag.shorthand != '\0') script += fmt::format(" -s {}", flag.shorthand);
            script += fmt::format("{} -d {}\n", flag.type.empty() ? "" : " -r", quoted(flag.description, Shell::fish));
        }
    }
    return script;
}

}  // namespace

std::string completion_script(Shell shell) {
    switch (shell) {
        case Shell::bash:
            return bash_script();
        case Shell::zsh:
            return zsh_script();
        case Shell::fish:
            break;
    }
    return fish_script();
}

}  // namespace tidemark::mirror::cli
