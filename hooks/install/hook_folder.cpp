#include "hooks/install/hook_folder.h"

#include <algorithm>
#include <cerrno>
#include <optional>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hooks/install/account.h"
#include "mirror/base/error.h"
#include "mirror/base/files.h"

namespace tidemark::hooks {

namespace fs = std::filesystem;
using mirror::Error;
using mirror::ErrorKind;

namespace {

constexpr std::size_t k_hook_limit = std::size_t{16} << 20;
constexpr unsigned k_usual_mode = 0755;

[[noreturn]] void fail(std::string_view action, const fs::path& path) {
    const int number = errno;
    throw Error(number == EACCES || number == EPERM ? ErrorKind::permission : ErrorKind::storage,
                fmt::format("{} {}: {}", action, path.string(), mirror::describe_errno(number)));
}

std::optional<struct stat> find_status(const fs::path& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0) return status;
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    fail("looking at", path);
}

bool is_there(const fs::path& path) {
    return find_status(path).has_value();
}

bool is_same_file(const fs::path& one, const fs::path& other) {
    const auto first = find_status(one);
    const auto second = find_status(other);
    return first && second && first->st_dev == second->st_dev && first->st_ino == second->st_ino;
}

/// A hook's text, through links; nothing if there is none, if it leads nowhere, or if it is a large program.
std::optional<std::string> find_text(const fs::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    if (static_cast<std::size_t>(status.st_size) > k_hook_limit) return std::string();
    return mirror::read_file(path, k_hook_limit);
}

fs::path drop_in_folder(const fs::path& folder, std::string_view hook) {
    return folder / fmt::format("{}.d", hook);
}

/// The run bits that hooks beside it have; Git hosts disagree on those for others.
unsigned mode_beside(const fs::path& folder) {
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
        const auto status = find_status(entry.path());
        if (!status || !S_ISREG(status->st_mode) || (status->st_mode & 0100) == 0) continue;
        return (status->st_mode & 0777) | 0500;
    }
    return k_usual_mode;
}

/// The nearest folder that is there: who owns it owns what is made in it.
Account account_for(fs::path folder) {
    while (!is_there(folder) && folder.has_relative_path())
        folder = folder.parent_path();
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0) fail("looking at", folder);
    return owner_of(fs::canonical(folder));
}

void write_hook(const fs::path& file, const std::string& text, unsigned mode, const Account& account) {
    const ActAs acting(account);
    mirror::create_folder(file.parent_path(), k_usual_mode);
    mirror::AtomicFile draft(file, mode);
    draft.write(text);
    draft.commit();
}

/// A step that writes `file`, unless it stands there just so.
void add_write(Steps& steps, const fs::path& file, const std::string& text) {
    const auto status = find_status(file);
    const bool regular = status && S_ISREG(status->st_mode);
    if (regular && (status->st_mode & 0100) != 0 && find_text(file) == text) return;
    const unsigned mode = mode_beside(file.parent_path());
    const Account account = account_for(file.parent_path());
    steps.push_back({fmt::format("write {} (mode {:04o}, owner {})", file.string(), mode, account.name), text,
                     [=] { write_hook(file, text, mode, account); }});
}

void add_removal(Steps& steps, const fs::path& file) {
    steps.push_back({fmt::format("remove {}", file.string()), {}, [file] {
                         if (::unlink(file.c_str()) != 0 && errno != ENOENT) fail("removing", file);
                     }});
}

bool is_ours(const fs::path& file) {
    const auto text = find_text(file);
    return text && (is_hook_script(*text) || is_chain_script(*text));
}

bool has_entries(const fs::path& folder, std::string_view besides) {
    std::error_code error;
    const fs::directory_iterator entries(folder, error);
    return std::any_of(begin(entries), end(entries),
                       [besides](const fs::directory_entry& entry) { return entry.path().filename() != besides; });
}

/// The old hook gets its second name first and the chain then replaces the first one: no push meets neither.
void add_chain(Steps& steps, const fs::path& folder, std::string_view hook) {
    const fs::path file = folder / hook;
    const fs::path kept = folder / kept_name(hook);
    if (is_same_file(file, kept)) return;  // an installation was cut off here
    if (is_there(kept)) {
        throw Error(ErrorKind::conflict,
                    fmt::format("{} is there already, and {} is no hook of Tidemark's: somebody changed it after an "
                                "earlier installation; move one of the two away",
                                kept.string(), file.string()));
    }
    if (has_entries(drop_in_folder(folder, hook), k_drop_in_name)) {
        throw Error(ErrorKind::conflict,
                    fmt::format("{} holds files that {} does not run, and a chain would start to run them; move them "
                                "away first",
                                drop_in_folder(folder, hook).string(), file.string()));
    }
    steps.push_back({fmt::format("keep {} as {}", file.string(), kept.string()), {}, [file, kept] {
                         // Of a link the link itself gets the second name.
                         if (::linkat(AT_FDCWD, file.c_str(), AT_FDCWD, kept.c_str(), 0) != 0) fail("keeping", file);
                     }});
}

}  // namespace

fs::path hook_file(const HookFolder& folder, std::string_view hook) {
    const fs::path drop_in = drop_in_folder(folder.path, hook) / k_drop_in_name;
    switch (folder.style) {
        case FolderStyle::drop_ins:
            return drop_in;
        case FolderStyle::single:
            return folder.path / (hook == k_pre_receive ? "tidemark" : "tidemark-post");
        case FolderStyle::git:
            break;
    }
    const fs::path file = folder.path / hook;
    const auto text = find_text(file);
    const bool alone = (!is_there(file) && !is_there(drop_in)) || (text && is_hook_script(*text));
    return alone ? file : drop_in;
}

Steps steps_to_install(const HookFolder& folder, std::string_view hook, const HookProgram& program) {
    Steps steps;
    const fs::path target = hook_file(folder, hook);
    const std::string script = hook_script(hook, program);
    if (const auto status = find_status(target); status && !S_ISLNK(status->st_mode) && !is_ours(target)) {
        throw Error(ErrorKind::conflict,
                    fmt::format("{} is there and was not written by Tidemark; move it away first", target.string()));
    }
    const fs::path file = folder.path / hook;
    if (folder.style != FolderStyle::git || target == file) {
        add_write(steps, target, script);
        return steps;
    }
    const auto text = find_text(file);
    if (text && !is_chain_script(*text) && runs_drop_ins(*text, hook)) {
        add_write(steps, target, script);
        return steps;
    }
    if (!text || !is_chain_script(*text)) {
        if (is_there(file)) add_chain(steps, folder.path, hook);
    }
    // The guard before the chain: a chain refuses everything while its guard is missing.
    add_write(steps, target, script);
    add_write(steps, file, chain_script(hook));
    return steps;
}

Steps steps_to_remove(const HookFolder& folder, std::string_view hook) {
    Steps steps;
    const fs::path target = hook_file(folder, hook);
    const fs::path file = folder.path / hook;
    const auto text = find_text(file);
    if (folder.style == FolderStyle::git && text && is_chain_script(*text)) {
        const fs::path kept = folder.path / kept_name(hook);
        if (is_there(kept)) {
            steps.push_back({fmt::format("put {} back as {}", kept.string(), file.string()), {}, [file, kept] {
                                 if (::rename(kept.c_str(), file.c_str()) != 0) fail("putting back", kept);
                             }});
        } else {
            add_removal(steps, file);
        }
        if (is_there(target)) add_removal(steps, target);
        const fs::path drop_ins = target.parent_path();
        if (is_there(drop_ins) && !has_entries(drop_ins, k_drop_in_name)) {
            steps.push_back({fmt::format("remove {}", drop_ins.string()), {}, [drop_ins] {
                                 if (::rmdir(drop_ins.c_str()) != 0 && errno != ENOTEMPTY) fail("removing", drop_ins);
                             }});
        }
        return steps;
    }
    if (is_there(target) && is_ours(target)) add_removal(steps, target);
    return steps;
}

std::string find_fault(const HookFolder& folder, std::string_view hook, const HookProgram& program) {
    const fs::path target = hook_file(folder, hook);
    const auto status = find_status(target);
    const std::string name = target.string();
    if (!status) return fmt::format("{} is missing", name);
    if (S_ISLNK(status->st_mode)) {
        return fmt::format("{} is a link; without what it leads to, pushes would go through", name);
    }
    if (!S_ISREG(status->st_mode)) return fmt::format("{} is no file", name);
    if ((status->st_mode & 0111) == 0) return fmt::format("{} lost its run bit", name);
    if (find_text(target) != hook_script(hook, program)) {
        return fmt::format("{} was changed; it does not start {} with {}", name, program.program, program.rules);
    }
    const fs::path file = folder.path / hook;
    if (folder.style != FolderStyle::git || target == file) return {};
    const auto text = find_text(file);
    if (!text) return fmt::format("{}, which runs {}, is missing", file.string(), name);
    if (::access(file.c_str(), X_OK) != 0) return fmt::format("{} lost its run bit", file.string());
    if (!runs_drop_ins(*text, hook)) return fmt::format("{} does not run {}", file.string(), name);
    return {};
}

}  // namespace tidemark::hooks
