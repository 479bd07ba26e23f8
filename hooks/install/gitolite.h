// gitolite: where its site-local hooks lie, and the command that links them into every repository. One thread.
#pragma once

#include <filesystem>

#include "hooks/install/account.h"
#include "hooks/install/hook_folder.h"

namespace tidemark::hooks {

struct Gitolite {
    /// Where our hook goes: LOCAL_CODE/hooks/repo-specific if the rc enables those, else LOCAL_CODE/hooks/common, or
    /// the same in gitolite's own folder where the rc names no LOCAL_CODE.
    HookFolder folder;
    std::filesystem::path repositories;  // canonical; empty if gitolite does not say
};

/// Asks `gitolite query-rc`. Throws Error{not_found|permission|refused}.
Gitolite read_gitolite(const Account& account);

/// `gitolite setup --hooks-only`: links what lies in hooks/common into every repository. Links into `folder` that lead
/// nowhere any more, which it leaves, are removed: Git would pass over them, but they were not there before.
void link_gitolite_hooks(const Account& account, const std::filesystem::path& folder,
                         const std::filesystem::path& repositories);

}  // namespace tidemark::hooks
