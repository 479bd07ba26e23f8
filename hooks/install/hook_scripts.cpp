#include "hooks/install/hook_scripts.h"

#include <fmt/format.h>

namespace tidemark::hooks {
namespace {

constexpr std::string_view k_hook_mark = "#!/bin/sh\n# Tidemark's guard: a hook.";
constexpr std::string_view k_chain_mark = "#!/bin/sh\n# Tidemark's guard: a chain.";

std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char character : text) {
        if (character == '\'') {
            out += "'\\''";
        } else {
            out += character;
        }
    }
    return out + "'";
}

}  // namespace

std::string hook_script(std::string_view hook, const HookProgram& program) {
    return fmt::format(
        "{} \"tidemark hooks remove\" takes it out.\n"
        "# Copied, never linked: without the program pushes are refused, while a dangling link would let them pass.\n"
        "exec {} {} --rules {}\n",
        k_hook_mark, quoted(program.program), hook, quoted(program.rules));
}

std::string chain_script(std::string_view hook) {
    // What was pushed is kept in a variable: each hook must read all of it. The dot keeps the last line's end.
    return fmt::format(
        R"({0} "tidemark hooks remove" puts back the hook that was here before.
# Runs that one, kept as {1}, then {2}.d/* by name. Each reads all that Git sent; the first that refuses ends it.
folder=$(dirname "$0")
pushed=$(cat && echo .) || exit 1
guard=
for hook in "$folder/{1}" "$folder"/{2}.d/*; do
    case $hook in *~) continue ;; esac
    [ -f "$hook" ] && [ -x "$hook" ] || continue
    printf %s "${{pushed%.}}" | "$hook" "$@" || exit $?
    [ "$hook" != "$folder/{2}.d/{3}" ] || guard=ran
done
[ -n "$guard" ] || {{ echo "tidemark: refused: $folder/{2}.d/{3} is gone or cannot be run" >&2; exit 1; }}
)",
        k_chain_mark, kept_name(hook), hook, k_drop_in_name);
}

std::string kept_name(std::string_view hook) {
    return fmt::format("{}.before-tidemark", hook);
}

bool is_hook_script(std::string_view text) noexcept {
    return text.starts_with(k_hook_mark);
}

bool is_chain_script(std::string_view text) noexcept {
    return text.starts_with(k_chain_mark);
}

bool runs_drop_ins(std::string_view text, std::string_view hook) {
    // By name, or by a variable that holds it.
    return text.find(fmt::format("{}.d", hook)) != std::string_view::npos ||
           text.find(".d/*") != std::string_view::npos || text.find(".d\"/*") != std::string_view::npos;
}

}  // namespace tidemark::hooks
