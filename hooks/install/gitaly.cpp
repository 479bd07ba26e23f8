#include "hooks/install/gitaly.h"

#include <cstdlib>

#include <fmt/format.h>
#include <sys/stat.h>
#include <toml++/toml.h>
#include <unistd.h>

#include "hooks/install/hook_folder.h"
#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/base/temporary_folder.h"

namespace tidemark::hooks {

namespace fs = std::filesystem;
using mirror::Error;
using mirror::ErrorKind;

namespace {

constexpr std::size_t k_configuration_limit = 1 << 20;
constexpr std::size_t k_archive_limit = std::size_t{64} << 20;
constexpr const char* k_packaged_program = "/opt/gitlab/embedded/bin/gitaly";

fs::path find_gitaly(const std::string& folder) {
    std::error_code error;
    if (!folder.empty() && fs::exists(fs::path(folder) / "gitaly", error)) return fs::path(folder) / "gitaly";
    if (fs::exists(k_packaged_program, error)) return k_packaged_program;
    return mirror::find_program("gitaly").value_or("gitaly");
}

const GitalyStorage& storage_of(const GitalyConfiguration& gitaly, const fs::path& repository) {
    for (const GitalyStorage& storage : gitaly.storages) {
        std::error_code error;
        const std::string root = fs::weakly_canonical(storage.path, error).string() + "/";
        if (repository.string().starts_with(root)) return storage;
    }
    throw Error(ErrorKind::usage,
                fmt::format("{} lies in no storage that {} names", repository.string(), gitaly.file.string()));
}

mirror::ProcessResult checked(const std::string& what, const mirror::ProcessResult& result,
                              const mirror::Command& command) {
    if (result.ok()) return result;
    const std::string reason = describe(result, command.timeout);
    throw Error(ErrorKind::refused, fmt::format("{}: {}: {}", what, reason, result.error.substr(0, 2000)));
}

std::string archive_of(const fs::path& folder) {
    mirror::Command command;
    command.arguments = {"/bin/tar", "--numeric-owner", "-cf", "-", "custom_hooks"};
    command.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"};
    command.folder = folder;
    command.output_limit = k_archive_limit;
    return checked("packing the repository's hooks", mirror::run_process(command), command).output;
}

void set_hooks(const GitalyConfiguration& gitaly, const fs::path& repository, const std::string& archive,
               const Account& account) {
    const GitalyStorage& storage = storage_of(gitaly, repository);
    mirror::Command command;
    command.arguments = {gitaly.program.string(),
                         "hooks",
                         "set",
                         "--storage",
                         storage.name,
                         "--repository",
                         fs::relative(repository, storage.path).string(),
                         "--config",
                         gitaly.file.string()};
    command.input = archive;
    checked(fmt::format("gitaly hooks set for {}", repository.string()), run_as(account, command), command);
}

void copy_hooks(const fs::path& from, const fs::path& to) {
    std::error_code error;
    if (!fs::exists(from, error)) return;
    fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
}

}  // namespace

GitalyConfiguration read_gitaly_configuration(const fs::path& file) {
    const std::string text = mirror::read_file(file, k_configuration_limit);
    GitalyConfiguration gitaly;
    gitaly.file = file;
    try {
        const toml::table table = toml::parse(text, file.string());
        gitaly.custom_hooks_dir = table["hooks"]["custom_hooks_dir"].value_or(std::string());
        gitaly.program = find_gitaly(table["bin_dir"].value_or(std::string()));
        if (const toml::array* storages = table["storage"].as_array()) {
            for (const toml::node& node : *storages) {
                const toml::table* storage = node.as_table();
                if (storage == nullptr) continue;
                gitaly.storages.push_back(
                    {(*storage)["name"].value_or(std::string()), (*storage)["path"].value_or(std::string())});
            }
        }
    } catch (const toml::parse_error& error) {
        throw Error(ErrorKind::invalid, fmt::format("{}:{}: {}", file.string(), error.source().begin.line,
                                                    std::string(error.description())));
    }
    return gitaly;
}

Steps steps_to_set_hooks(const GitalyConfiguration& gitaly, const fs::path& repository, std::string_view hook,
                         const HookProgram& program, const Account& account) {
    const HookFolder own{repository / "custom_hooks", FolderStyle::drop_ins};
    Steps steps;
    for (const Step& step : steps_to_install(own, hook, program)) {
        const std::string name(hook);
        const auto perform = [=] {
            const mirror::TemporaryFolder scratch("hooks");
            const HookFolder copy{scratch.path() / "custom_hooks", FolderStyle::drop_ins};
            copy_hooks(own.path, copy.path);
            for (const Step& inner : steps_to_install(copy, name, program))
                inner.perform();
            set_hooks(gitaly, repository, archive_of(scratch.path()), account);
        };
        steps.push_back(
            {fmt::format("set by gitaly, with the hooks that are there: {}", step.what), step.content, perform});
    }
    return steps;
}

Steps steps_to_unset_hooks(const GitalyConfiguration& gitaly, const fs::path& repository, std::string_view hook,
                           const Account& account) {
    const HookFolder own{repository / "custom_hooks", FolderStyle::drop_ins};
    Steps steps;
    for (const Step& step : steps_to_remove(own, hook)) {
        const std::string name(hook);
        const auto perform = [=] {
            const mirror::TemporaryFolder scratch("hooks");
            const fs::path copy = scratch.path() / "custom_hooks";
            copy_hooks(own.path, copy);
            for (const Step& inner : steps_to_remove({copy, FolderStyle::drop_ins}, name))
                inner.perform();
            const fs::path drop_ins = copy / fmt::format("{}.d", name);
            if (fs::is_empty(drop_ins)) fs::remove(drop_ins);
            // An empty archive makes gitaly drop the folder: then there was none before.
            const bool empty = fs::is_empty(copy);
            set_hooks(gitaly, repository, empty ? std::string() : archive_of(scratch.path()), account);
        };
        steps.push_back({fmt::format("unset by gitaly, with the other hooks kept: {}", step.what), {}, perform});
    }
    return steps;
}

}  // namespace tidemark::hooks
