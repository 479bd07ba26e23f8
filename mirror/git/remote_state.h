// What remote.cpp and remote_push.cpp share: one remote's environment and the running of git in it.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/base/subprocess.h"
#include "mirror/git/access.h"
#include "mirror/git/remote.h"
#include "mirror/git/remote_environment.h"
#include "mirror/git/remote_text.h"

namespace tidemark::mirror::git {

struct RemoteState {
    RemoteState(std::filesystem::path mirror_folder, RemoteAccess remote_access,
                const std::filesystem::path& private_folder);

    /// Runs git with the remote's environment; whatever it killed leaves no lock behind. Throws DamagedRepository where
    /// git fails because of the mirror's own files.
    ProcessResult run(std::vector<std::string> arguments);
    /// Why `result` is a failure, secrets removed.
    FailureCause cause_of(const ProcessResult& result, const GitMessages& messages) const;
    /// git's standard error as lines, secrets removed.
    GitMessages messages_of(const ProcessResult& result) const;
    /// Throws Error: "cannot <doing> <url>: <cause>; the server said: ...".
    [[noreturn]] void fail(std::string_view doing, const ProcessResult& result) const;

    std::filesystem::path mirror;
    RemoteAccess access;
    Redactor redactor;
    PrivateFolder folder;
    std::string git;
    std::vector<std::string> environment;
    std::stop_token stop;
};

/// "refs/heads/<branch>"; Error{invalid} if it is no branch's name.
std::string branch_reference(std::string_view branch);

/// The first lines, for a message: "; the server said: a / b", or nothing.
std::string quote_server(const std::vector<std::string>& lines);

}  // namespace tidemark::mirror::git
