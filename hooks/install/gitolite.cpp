#include "hooks/install/gitolite.h"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "hooks/install/repositories.h"
#include "mirror/base/error.h"

namespace tidemark::hooks {

namespace fs = std::filesystem;
using mirror::Error;
using mirror::ErrorKind;

namespace {

/// What the rc says of a variable; empty if it says nothing.
std::string query(const Account& account, const std::string& variable) {
    mirror::Command command;
    command.arguments = {"gitolite", "query-rc", variable};
    command.folder = "/";
    const mirror::ProcessResult result = run_as(account, command);
    if (result.ending != mirror::Ending::exited) {
        throw Error(ErrorKind::refused, fmt::format("gitolite query-rc {}: {}", variable,
                                                    describe(result, command.timeout)));
    }
    if (result.status != 0) return {};
    // One value a line where it is a list.
    std::string answer = result.output;
    while (answer.ends_with('\n'))
        answer.pop_back();
    return answer;
}

/// Whether a list of the rc has `word`.
bool lists(const Account& account, const std::string& variable, const std::string& word) {
    return query(account, variable).find(word) != std::string::npos;
}

void remove_dead_links(const fs::path& hooks, const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> dead;
    for (const fs::directory_entry& entry : fs::directory_iterator(hooks, error)) {
        if (entry.is_symlink(error) && fs::read_symlink(entry.path(), error).parent_path() == folder &&
            !fs::exists(entry.path(), error)) {
            dead.push_back(entry.path());
        }
    }
    for (const fs::path& link : dead)
        fs::remove(link);
}

}  // namespace

Gitolite read_gitolite(const Account& account) {
    const std::string admin = query(account, "GL_ADMIN_BASE");
    if (admin.empty()) {
        throw Error(ErrorKind::not_found,
                    fmt::format("gitolite does not know its own folder as {}: is it set up for that account?",
                                account.name));
    }
    const std::string local = query(account, "LOCAL_CODE");
    const fs::path base = fs::path(local.empty() ? admin : local) / "hooks";
    Gitolite gitolite;
    gitolite.folder = {base / "common", FolderStyle::git};
    if (!local.empty() && lists(account, "POST_COMPILE", "repo-specific-hooks"))
        gitolite.folder = {base / "repo-specific", FolderStyle::single};
    std::error_code error;
    gitolite.repositories = fs::canonical(query(account, "GL_REPO_BASE"), error);
    return gitolite;
}

void link_gitolite_hooks(const Account& account, const fs::path& folder, const fs::path& repositories) {
    mirror::Command command;
    command.arguments = {"gitolite", "setup", "--hooks-only"};
    command.folder = "/";
    const mirror::ProcessResult result = run_as(account, command);
    if (!result.ok()) {
        throw Error(ErrorKind::refused, fmt::format("gitolite setup --hooks-only: {}: {}",
                                                    describe(result, command.timeout), result.error.substr(0, 2000)));
    }
    for (const fs::path& repository : find_repositories(repositories.string()))
        remove_dead_links(repository / "hooks", folder);
}

}  // namespace tidemark::hooks
