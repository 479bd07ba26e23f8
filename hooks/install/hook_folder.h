// Hook files of one folder of hooks: what is to be written, what stands there, and how it becomes again what it was.
// Every file is written whole or not at all, and no moment is without a hook: the old one is linked to its second name
// before the chain takes its first. One thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "hooks/install/hook_scripts.h"
#include "hooks/install/step.h"

namespace tidemark::hooks {

/// How the programs in a folder are run.
enum class FolderStyle {
    git,       // Git runs <folder>/<hook>; drop-ins only where that file runs them
    drop_ins,  // the host runs <folder>/<hook>.d/*: Gitea, Forgejo, Gitaly
    single,    // something else runs <folder>/<name>: gitolite's repo-specific hooks
};

struct HookFolder {
    std::filesystem::path path;
    FolderStyle style = FolderStyle::git;
    auto operator<=>(const HookFolder&) const = default;
};

/// What is missing for `hook` to run there; empty: nothing to do. Throws Error{conflict} for what a person must decide.
Steps steps_to_install(const HookFolder& folder, std::string_view hook, const HookProgram& program);
/// What makes the folder as it was before.
Steps steps_to_remove(const HookFolder& folder, std::string_view hook);

/// Our file of that hook, as it stands or where it would be written.
std::filesystem::path hook_file(const HookFolder& folder, std::string_view hook);

/// Why our files there would not be run as `program` with its rules, one sentence; empty: all is in place.
std::string find_fault(const HookFolder& folder, std::string_view hook, const HookProgram& program);

}  // namespace tidemark::hooks
