#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "hooks/commands.h"
#include "hooks/judge_push.h"
#include "hooks/rules_file.h"
#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/git/repository.h"

namespace tidemark::hooks {
namespace {

using mirror::Error;
using mirror::ErrorKind;

constexpr std::size_t k_id_digits = 40;

/// A bare repository itself, or the Git folder of a work tree.
std::string git_folder_of(const std::string& folder) {
    std::filesystem::path inner = std::filesystem::path(folder) / ".git";
    std::error_code error;
    if (std::filesystem::is_regular_file(inner, error)) {  // of a linked worktree or a submodule: "gitdir: <path>"
        constexpr std::string_view k_key = "gitdir: ";
        std::string text = mirror::read_file(inner, 4096);
        text.erase(text.find_last_not_of("\r\n") + 1);
        if (!text.starts_with(k_key)) throw Error(ErrorKind::invalid, inner.string() + " names no Git folder");
        inner = std::filesystem::path(folder) / text.substr(k_key.size());
    }
    const std::string found = std::filesystem::exists(inner, error) ? inner.string() : folder;
    return find_git_folder([&](const char*) { return found; });
}

std::string id_of(const std::string& git_folder, const std::string& revision) {
    if (revision == "none") return std::string(k_id_digits, '0');
    const bool zeros = !revision.empty() && revision.find_first_not_of('0') == revision.npos;
    if (zeros && revision.size() >= k_id_digits) return revision;
    const mirror::git::Repository repository(git_folder, {{}, mirror::git::Ownership::any});
    if (const auto id = repository.find_revision(revision)) return to_string(*id);
    throw Error(ErrorKind::not_found, fmt::format("\"{}\" is no revision of {}; say \"none\" where the branch does "
                                                  "not exist",
                                                  revision, git_folder));
}

}  // namespace

int run_check(const CheckOptions& options) {
    const LoadedRules loaded = load_rules(options.rules);
    if (!loaded.problem.empty()) throw Error(ErrorKind::invalid, loaded.problem);
    const std::string git_folder = git_folder_of(options.repository);
    GuardedPush push;
    push.names = {git_folder, options.host_name};
    push.rules = find_rules(loaded.rules, push.names);
    push.rules_file = loaded.file;
    if (push.rules == nullptr) {
        fmt::print("The rules in {} do not name this repository ({}{}{}): every push passes.\n", loaded.file,
                   git_folder, options.host_name.empty() ? "" : ", ", options.host_name);
        return 0;
    }
    const bool full = options.reference.starts_with("refs/");
    push.push.updates.push_back({id_of(git_folder, options.old_revision), id_of(git_folder, options.new_revision),
                                 full ? options.reference : "refs/heads/" + options.reference});
    if (policy::guard::find_branch(*push.rules, push.push.updates.front().reference) == nullptr) {
        fmt::print("{} is not guarded by {}: every push to it passes.\n", options.reference, loaded.file);
        return 0;
    }
    push.push.pusher.name = options.pusher;
    if (!options.pusher.empty()) push.push.pusher.identities = {options.pusher};
    Overrides overrides = read_overrides(options.push_options);
    push.push.overrides = std::move(overrides.requests);
    push.notes = std::move(overrides.notes);
    push.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    VerdictLog no_log{std::string()};
    const bool refused = answer_push(push, {git_folder, {}}, loaded.rules.limits, no_log, Audience::terminal);
    if (!refused) fmt::print("The hook would accept this push.\n");
    return refused ? 1 : 0;
}

}  // namespace tidemark::hooks
