#include <chrono>
#include <cstring>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "hooks/commands.h"
#include "hooks/outcome.h"
#include "hooks/rules_file.h"
#include "hooks/updates.h"

namespace tidemark::hooks {
namespace {

// The pusher waits for us: in all, whatever the service does.
constexpr std::chrono::milliseconds k_patience{100};
// The service looks at the whole repository anyway; the names are there for its log.
constexpr std::size_t k_max_told = 100;

class Socket {
public:
    explicit Socket(int descriptor) noexcept : m_descriptor(descriptor) {}
    ~Socket() {
        if (m_descriptor >= 0) ::close(m_descriptor);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    int descriptor() const noexcept { return m_descriptor; }

private:
    int m_descriptor;
};

/// Connecting to a Unix socket that does not wait either succeeds at once or fails; only writing may have to wait.
void send_line(const std::string& path, std::string_view line) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    const Socket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (socket.descriptor() < 0) return;
    if (::connect(socket.descriptor(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
    const auto end = std::chrono::steady_clock::now() + k_patience;
    while (!line.empty()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        pollfd ready{socket.descriptor(), POLLOUT, 0};
        if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) != 1) return;
        const ssize_t sent = ::send(socket.descriptor(), line.data(), line.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        line.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void tell_service(const HookOptions& options, const Variables& variables) {
    const LoadedRules loaded = load_rules(options.rules);
    if (!loaded.problem.empty() || loaded.rules.socket.empty()) return;
    GuardedPush push;
    push.host = options.host ? *options.host : detect_host_kind(variables);
    push.names = {find_git_folder(variables), host_name_of(push.host, variables)};
    push.rules = find_rules(loaded.rules, push.names);
    if (push.rules == nullptr) return;
    read_updates(STDIN_FILENO, [&](policy::guard::RefUpdate&& update) {
        const bool branch = short_name(update.reference) != update.reference;
        if (branch && push.push.updates.size() < k_max_told) push.push.updates.push_back(std::move(update));
    });
    if (!push.push.updates.empty()) send_line(loaded.rules.socket, push_event(push) + "\n");
}

}  // namespace

int run_post_receive(const HookOptions& options, const Variables& variables) {
    try {
        tell_service(options, variables);
    } catch (const std::exception&) {
        // The service looks again at its next interval; the pusher can do nothing about it.
    }
    return 0;
}

}  // namespace tidemark::hooks
