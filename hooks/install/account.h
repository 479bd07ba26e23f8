// The account a Git host's hooks run as: the owner of its repositories. Files are written and programs are run as that
// account, so that what is written belongs to it, and a folder it controls never makes root write elsewhere.
// ActAs changes the whole process: one thread.
#pragma once

#include <filesystem>
#include <string>

#include <sys/types.h>

#include "mirror/base/subprocess.h"

namespace tidemark::hooks {

struct Account {
    uid_t user = 0;
    gid_t group = 0;
    std::string name;  // the number where the machine knows no name
    std::string home;
};

/// Who owns a file or folder, links not followed. Throws Error{not_found|permission}.
Account owner_of(const std::filesystem::path& path);

/// Whether this process may run programs as `account`: as root, or being it.
bool can_act_as(const Account& account) noexcept;

/// For its lifetime files are made as `account`, where this process is root; otherwise as who we are.
class ActAs {
public:
    explicit ActAs(const Account& account);
    ~ActAs();
    ActAs(const ActAs&) = delete;
    ActAs& operator=(const ActAs&) = delete;

private:
    bool m_changed = false;
};

/// Runs `command` as `account`. Its arguments[0] may be a bare name; its environment is the account's PATH, HOME, USER
/// and C.UTF-8, then what the command says. Throws as run_process, and Error{permission} if we may not.
mirror::ProcessResult run_as(const Account& account, mirror::Command command);

}  // namespace tidemark::hooks
