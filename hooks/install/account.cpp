#include "hooks/install/account.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mirror/base/error.h"

namespace tidemark::hooks {

using mirror::Error;
using mirror::ErrorKind;

namespace {

constexpr const char* k_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

struct Entry {
    std::string name;
    std::string home;
};

Entry find_entry(uid_t user) {
    std::array<char, 16384> buffer;
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) return {};
    return {found->pw_name, found->pw_dir};
}

std::string program_path(const std::string& name) {
    if (!name.empty() && name.front() == '/') return name;
    const auto path = mirror::find_program(name);
    if (!path) throw Error(ErrorKind::not_found, fmt::format("{} is not installed; it is needed here", name));
    return path->string();
}

}  // namespace

Account owner_of(const std::filesystem::path& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
        throw Error(errno == EACCES ? ErrorKind::permission : ErrorKind::not_found,
                    fmt::format("looking at {}: {}", path.string(), mirror::describe_errno(errno)));
    }
    Account account{status.st_uid, status.st_gid, {}, {}};
    const Entry entry = find_entry(status.st_uid);
    account.name = entry.name.empty() ? std::to_string(status.st_uid) : entry.name;
    account.home = entry.home.empty() ? "/" : entry.home;
    // Being that account already, its own HOME counts: Git's configuration is looked for there.
    const char* home = std::getenv("HOME");
    if (status.st_uid == ::geteuid() && home != nullptr && *home == '/') account.home = home;
    return account;
}

bool can_act_as(const Account& account) noexcept {
    return ::geteuid() == 0 || ::geteuid() == account.user;
}

ActAs::ActAs(const Account& account) {
    if (::geteuid() != 0 || (account.user == 0 && account.group == ::getegid())) return;
    if (::setegid(account.group) != 0 || ::seteuid(account.user) != 0) {
        const int error_number = errno;
        (void)::setegid(::getgid());
        throw Error(ErrorKind::permission,
                    fmt::format("working as {}: {}", account.name, mirror::describe_errno(error_number)));
    }
    m_changed = true;
}

ActAs::~ActAs() {
    if (!m_changed) return;
    // Going on with half of another account's rights would be worse than ending here.
    if (::seteuid(::getuid()) != 0 || ::setegid(::getgid()) != 0) std::abort();
}

mirror::ProcessResult run_as(const Account& account, mirror::Command command) {
    if (!can_act_as(account)) {
        throw Error(ErrorKind::permission,
                    fmt::format("this needs the rights of {}: run it as root or as {}", account.name, account.name));
    }
    command.arguments.at(0) = program_path(command.arguments.at(0));
    if (::geteuid() == 0 && account.user != 0) {
        const bool known = !find_entry(account.user).name.empty();
        const std::vector<std::string> change = {program_path("setpriv"), fmt::format("--reuid={}", account.user),
                                                 fmt::format("--regid={}", account.group),
                                                 known ? "--init-groups" : "--clear-groups", "--"};
        command.arguments.insert(command.arguments.begin(), change.begin(), change.end());
    }
    const std::vector<std::string> base = {fmt::format("PATH={}", k_path), fmt::format("HOME={}", account.home),
                                           fmt::format("USER={}", account.name),
                                           fmt::format("LOGNAME={}", account.name), "LC_ALL=C.UTF-8"};
    command.environment.insert(command.environment.begin(), base.begin(), base.end());
    return mirror::run_process(command);
}

}  // namespace tidemark::hooks
