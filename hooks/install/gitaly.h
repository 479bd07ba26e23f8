// GitLab's storage server: what its configuration says about hooks, and a repository's own hooks, which only
// `gitaly hooks set` may change while it runs. That command takes all of them as one archive, so what is there is read
// first and sent along. One thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "hooks/install/account.h"
#include "hooks/install/hook_scripts.h"
#include "hooks/install/step.h"

namespace tidemark::hooks {

struct GitalyStorage {
    std::string name;
    std::filesystem::path path;
};

struct GitalyConfiguration {
    std::filesystem::path file;
    std::filesystem::path custom_hooks_dir;  // empty: none is set
    std::vector<GitalyStorage> storages;
    std::filesystem::path program;  // gitaly itself
};

inline constexpr std::string_view k_gitaly_config = "/var/opt/gitlab/gitaly/config.toml";

/// Throws Error{not_found|permission|invalid}.
GitalyConfiguration read_gitaly_configuration(const std::filesystem::path& file);

/// As in hook_folder.h, for <repository>/custom_hooks.
Steps steps_to_set_hooks(const GitalyConfiguration& gitaly, const std::filesystem::path& repository,
                         std::string_view hook, const HookProgram& program, const Account& account);
Steps steps_to_unset_hooks(const GitalyConfiguration& gitaly, const std::filesystem::path& repository,
                           std::string_view hook, const Account& account);

}  // namespace tidemark::hooks
