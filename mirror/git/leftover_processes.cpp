#include "mirror/git/leftover_processes.h"

#include <array>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tidemark::mirror::git {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_environment_limit = std::size_t{1} << 20;
constexpr int k_patience_ms = 5000;

std::optional<pid_t> process_of(const fs::path& entry) {
    const std::string name = entry.filename().string();
    pid_t process = 0;
    const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), process);
    if (problem != std::errc() || end != name.data() + name.size() || process == ::getpid()) return std::nullopt;
    return process;
}

/// The value of GIT_DIR in a process's environment; empty if it has none, or is not ours to look at.
std::string git_folder_of(const fs::path& entry) {
    struct stat status {};
    if (::stat(entry.c_str(), &status) != 0 || status.st_uid != ::geteuid()) return {};
    std::ifstream file(entry / "environ", std::ios::binary);
    std::string text(k_environment_limit, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    constexpr std::string_view k_name = "GIT_DIR=";
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\0'), rest.size());
        if (rest.starts_with(k_name)) return std::string(rest.substr(k_name.size(), end - k_name.size()));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return {};
}

/// By whatever way its path is written.
bool lies_in(const std::string& git_folder, const fs::path& mirrors) {
    std::error_code failed;
    return !git_folder.empty() && fs::equivalent(fs::path(git_folder).parent_path(), mirrors, failed) && !failed;
}

/// A handle, so that what is killed is the very process that was looked at. Negative: it is gone.
int kill_if_left(const fs::path& entry, pid_t process, const fs::path& mirrors) {
    const int handle = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
    if (handle < 0) return -1;
    if (lies_in(git_folder_of(entry), mirrors) && ::syscall(SYS_pidfd_send_signal, handle, SIGKILL, nullptr, 0) == 0)
        return handle;
    ::close(handle);
    return -1;
}

}  // namespace

std::size_t end_leftover_processes(const fs::path& mirrors) {
    std::vector<int> ended;
    std::error_code failed;
    for (const fs::directory_entry& entry : fs::directory_iterator("/proc", failed)) {
        const std::optional<pid_t> process = process_of(entry.path());
        if (!process || !lies_in(git_folder_of(entry.path()), mirrors)) continue;
        const int handle = kill_if_left(entry.path(), *process, mirrors);
        if (handle >= 0) ended.push_back(handle);
    }
    for (const int handle : ended) {
        pollfd gone{handle, POLLIN, 0};
        (void)::poll(&gone, 1, k_patience_ms);
        ::close(handle);
    }
    return ended.size();
}

}  // namespace tidemark::mirror::git
