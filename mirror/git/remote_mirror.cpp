#include "mirror/git/remote_mirror.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/base/subprocess.h"
#include "mirror/git/remote_environment.h"
#include "mirror/git/remote_text.h"

namespace tidemark::mirror::git {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_max_small_file = std::size_t{64} << 10;
constexpr std::size_t k_max_packed_refs = std::size_t{64} << 20;
constexpr std::size_t k_many_packs = 40;
/// Of the 256 folders of loose objects one is counted, as git does: 16 there are about 4,000 in all.
constexpr std::size_t k_many_loose_in_one = 16;

/// Received objects are checked, but not for slips of old tools that many real histories hold: refusing those
/// would shut out the repository, and nothing of ours reads what they are about.
constexpr std::string_view k_settings =
    "# Written by Tidemark; changes are undone.\n"
    "[core]\n"
    "\trepositoryformatversion = 0\n"
    "\tfilemode = true\n"
    "\tbare = true\n"
    "\thooksPath = /dev/null\n"
    "[gc]\n"
    "\tauto = 0\n"
    "[maintenance]\n"
    "\tauto = false\n"
    "[protocol]\n"
    "\tversion = 2\n"
    "[fetch]\n"
    "\tfsckObjects = true\n"
    "\trecurseSubmodules = false\n"
    "\twriteCommitGraph = false\n"
    "[fetch \"fsck\"]\n"
    "\tbadDate = ignore\n"
    "\tbadDateOverflow = ignore\n"
    "\tbadEmail = ignore\n"
    "\tbadFilemode = ignore\n"
    "\tbadName = ignore\n"
    "\tbadTimezone = ignore\n"
    "\tmissingEmail = ignore\n"
    "\tmissingNameBeforeEmail = ignore\n"
    "\tmissingSpaceBeforeDate = ignore\n"
    "\tmissingSpaceBeforeEmail = ignore\n"
    "\tzeroPaddedDate = ignore\n"
    "\tzeroPaddedFilemode = ignore\n";

std::string program() {
    const std::optional<fs::path> git = find_program("git");
    if (!git) throw Error(ErrorKind::not_found, "the program git is not installed (Debian: apt install git)");
    return git->string();
}

void run_local_git(const fs::path& folder, std::vector<std::string> arguments, std::chrono::milliseconds timeout,
                   const std::stop_token& stop = {}) {
    Command command;
    command.arguments = {program()};
    std::move(arguments.begin(), arguments.end(), std::back_inserter(command.arguments));
    command.environment = make_local_git_environment(folder);
    command.timeout = timeout;
    command.stop = stop;
    const ProcessResult result = run_process(command);
    if (result.ok() || result.ending == Ending::stopped) return;
    const GitMessages messages = split_messages(result.error);
    throw Error(ErrorKind::storage,
                fmt::format("git {} in {} {}{}{}", command.arguments[1], folder.string(), describe(result, timeout),
                            messages.local.empty() ? "" : ": ", messages.local.empty() ? "" : messages.local.back()));
}

/// Whether the folder holds nothing but what a killed `git init` may have left.
bool is_unfinished_repository(const fs::path& folder) {
    constexpr std::array<std::string_view, 10> k_names = {"HEAD", "HEAD.lock", "config", "config.lock", "objects",
                                                          "refs", "branches",  "hooks",  "info",        "description"};
    std::error_code failed;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
        const std::string name = entry.path().filename().string();
        if (std::find(k_names.begin(), k_names.end(), name) == k_names.end()) return false;
    }
    return !failed;  // a file, or a folder that cannot be read
}

void create_repository(const fs::path& folder) {
    std::error_code failed;
    if (fs::exists(folder, failed) && !is_unfinished_repository(folder)) {
        throw Error(ErrorKind::invalid,
                    fmt::format("{} is to be a Git mirror, but holds something else: move it away", folder.string()));
    }
    create_folder(folder, 0750);
    for (const char* lock : {"HEAD.lock", "config.lock"})
        fs::remove(folder / lock, failed);
    run_local_git(folder, {"init", "--quiet", "--bare", "--template=", "--initial-branch=main"},
                  std::chrono::seconds(30));
}

/// git takes a folder with an empty or cut HEAD for no repository at all.
void mend_head(const fs::path& folder) {
    constexpr std::string_view k_head = "ref: refs/heads/main\n";
    if (read_file(folder / "HEAD", k_max_small_file) == k_head) return;
    AtomicFile file(folder / "HEAD", 0640);
    file.write(k_head);
    file.commit();
}

/// The id at the beginning of a line.
std::optional<ObjectId> leading_id(std::string_view line) {
    return find_object_id(line.substr(0, 40));
}

std::optional<ObjectId> find_packed(const fs::path& folder, std::string_view reference) {
    const fs::path file = folder / "packed-refs";
    std::error_code failed;
    if (!fs::exists(file, failed)) return std::nullopt;
    const std::string text = read_file(file, k_max_packed_refs);
    const std::string needle = fmt::format(" {}\n", reference);
    const std::size_t found = text.find(needle);
    if (found == std::string::npos || found < 40) return std::nullopt;
    return leading_id(std::string_view(text).substr(found - 40));
}

/// Where a mirror goes for the time that its removal takes.
fs::path discarded(const fs::path& folder) {
    return folder.string() + ".damaged";
}

bool is_leftover(const fs::path& path) {
    const std::string name = path.filename().string();
    return name.ends_with(".lock") || name.starts_with("tmp_pack_") || name.starts_with("tmp_idx_") ||
           name.starts_with("tmp_rev_") || name.starts_with("tmp_obj") || name.starts_with("tmp_objdir-") ||
           name.starts_with("incoming-") || name.starts_with(".tmp-");
}

std::size_t remove_leftovers(const fs::path& folder, int depth) {
    std::size_t removed = 0;
    std::error_code failed;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
        std::error_code ignored;
        if (is_leftover(entry.path())) {
            if (fs::remove_all(entry.path(), ignored) > 0 && !ignored) ++removed;
        } else if (depth > 0 && entry.is_directory(ignored) && !entry.is_symlink(ignored)) {
            removed += remove_leftovers(entry.path(), depth - 1);
        }
    }
    return removed;
}

std::size_t count_files(const fs::path& folder, std::string_view ending) {
    std::error_code failed;
    std::size_t count = 0;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
        if (entry.path().string().ends_with(ending)) ++count;
    }
    return count;
}

}  // namespace

void ensure_bare(const fs::path& folder) {
    std::error_code failed;
    const bool exists = fs::exists(folder / "HEAD", failed) && fs::is_directory(folder / "objects", failed) &&
                        fs::is_directory(folder / "refs", failed);
    if (!exists) create_repository(folder);
    mend_head(folder);
    const fs::path settings = folder / "config";
    if (exists && fs::exists(settings, failed) && fs::file_size(settings, failed) == k_settings.size() &&
        read_file(settings, k_max_small_file) == k_settings) {
        return;
    }
    AtomicFile file(settings, 0640);
    file.write(k_settings);
    file.commit();
}

std::optional<ObjectId> find_tracked_tip(const fs::path& folder, std::string_view branch) {
    if (!is_branch_name(branch)) return std::nullopt;
    const std::string reference = fmt::format("refs/remotes/origin/{}", branch);
    std::error_code failed;
    const fs::path file = folder / reference;
    if (fs::is_regular_file(file, failed)) return leading_id(read_file(file, k_max_small_file));
    return find_packed(folder, reference);
}

void discard_mirror(const fs::path& folder) {
    std::error_code failed;
    fs::remove_all(discarded(folder), failed);
    if (!failed) fs::rename(folder, discarded(folder), failed);
    if (!failed) fs::remove_all(discarded(folder), failed);
    if (failed)
        throw Error(ErrorKind::storage, fmt::format("removing the damaged mirror {}: {}; remove it by hand",
                                                    folder.string(), failed.message()));
}

std::size_t sweep_leftovers(const fs::path& folder) {
    std::error_code ignored;
    return (fs::remove_all(discarded(folder), ignored) > 0 && !ignored ? 1 : 0) + remove_leftovers(folder, 0) +
           remove_leftovers(folder / "objects", 1) + remove_leftovers(folder / "refs", 32);
}

bool compact(const fs::path& folder, std::chrono::milliseconds timeout, const std::stop_token& stop) {
    const fs::path objects = folder / "objects";
    if (count_files(objects / "pack", ".pack") <= k_many_packs &&
        count_files(objects / "17", "") <= k_many_loose_in_one) {
        return false;
    }
    run_local_git(folder, {"gc", "--quiet", "--prune=1.hour.ago"}, timeout, stop);
    return !stop.stop_requested();
}

}  // namespace tidemark::mirror::git
