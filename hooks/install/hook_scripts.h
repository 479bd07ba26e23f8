// The texts of the hook files. Each is a small copied script that execs one absolute program: Git lets pushes through
// without a word where a hook is a dangling link, but refuses them where the program that a script names is gone.
// Pure.
#pragma once

#include <string>
#include <string_view>

namespace tidemark::hooks {

/// What a hook script starts.
struct HookProgram {
    std::string program;  // absolute path of tidemark-hook, as the Git host sees it
    std::string rules;    // absolute path of the file of rules
    bool operator==(const HookProgram&) const = default;
};

inline constexpr std::string_view k_pre_receive = "pre-receive";
inline constexpr std::string_view k_post_receive = "post-receive";
/// The name of our file in a folder of hooks; behind what admins number lower, before Gitea's own.
inline constexpr std::string_view k_drop_in_name = "50-tidemark";

/// `hook` is "pre-receive" or "post-receive".
std::string hook_script(std::string_view hook, const HookProgram& program);

/// hooks/<hook> where another hook was there before: runs that one, kept as <hook>.before-tidemark, then <hook>.d/*;
/// each reads all that Git sent, the first that refuses ends it.
std::string chain_script(std::string_view hook);

/// "pre-receive.before-tidemark".
std::string kept_name(std::string_view hook);

/// Whether a file's text is one of the above, of this or another version.
bool is_hook_script(std::string_view text) noexcept;
bool is_chain_script(std::string_view text) noexcept;

/// Whether a hook that is not ours runs what lies in <hook>.d, as those of soft-serve and Gitea do.
bool runs_drop_ins(std::string_view text, std::string_view hook);

}  // namespace tidemark::hooks
