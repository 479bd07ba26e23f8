#include "mirror/base/subprocess.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mirror/base/error.h"

namespace tidemark::mirror {
namespace {

using Clock = std::chrono::steady_clock;

/// How long we read on after the program has ended but something of its group still holds its output.
constexpr auto k_linger = std::chrono::milliseconds(500);

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) noexcept : m_number(number) {}
    Descriptor(Descriptor&& other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(m_number, other.m_number);
        return *this;
    }
    ~Descriptor() { close(); }

    void close() noexcept {
        if (m_number >= 0) ::close(std::exchange(m_number, -1));
    }
    int get() const noexcept { return m_number; }
    bool is_open() const noexcept { return m_number >= 0; }

private:
    int m_number = -1;
};

[[noreturn]] void fail(const Command& command, std::string_view step, int error_number) {
    ErrorKind kind = ErrorKind::storage;
    if (error_number == ENOENT || error_number == ENOTDIR) kind = ErrorKind::not_found;
    if (error_number == EACCES || error_number == EPERM) kind = ErrorKind::permission;
    throw Error(kind,
                fmt::format("cannot run {}: {}: {}", command.arguments.front(), step, describe_errno(error_number)));
}

/// Moves a descriptor above 2, so that connecting 0, 1 and 2 in the child overwrites none that is still needed.
Descriptor above_standard(int number) {
    Descriptor descriptor(number);
    if (number > STDERR_FILENO) return descriptor;
    return Descriptor(::fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

struct Channel {
    Descriptor ours;
    Descriptor theirs;
};

Channel make_output_channel(const Command& command) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail(command, "pipe", errno);
    Channel channel{above_standard(ends[0]), above_standard(ends[1])};
    if (!channel.ours.is_open() || !channel.theirs.is_open()) fail(command, "pipe", errno);
    ::fcntl(channel.ours.get(), F_SETFL, O_NONBLOCK);
    return channel;
}

/// A socket, as send() can be told not to raise SIGPIPE when the program does not read its input.
Channel make_input_channel(const Command& command) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) fail(command, "socketpair", errno);
    Channel channel{above_standard(ends[0]), above_standard(ends[1])};
    if (!channel.ours.is_open() || !channel.theirs.is_open()) fail(command, "socketpair", errno);
    ::fcntl(channel.ours.get(), F_SETFL, O_NONBLOCK);
    return channel;
}

class SpawnSettings {
public:
    SpawnSettings() {
        if (::posix_spawn_file_actions_init(&m_actions) != 0) throw std::bad_alloc();
        if (::posix_spawnattr_init(&m_attributes) != 0) {
            ::posix_spawn_file_actions_destroy(&m_actions);
            throw std::bad_alloc();
        }
        sigset_t signals;
        sigfillset(&signals);
        ::posix_spawnattr_setsigdefault(&m_attributes, &signals);
        sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&m_attributes, &signals);
        ::posix_spawnattr_setflags(&m_attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }
    ~SpawnSettings() {
        ::posix_spawnattr_destroy(&m_attributes);
        ::posix_spawn_file_actions_destroy(&m_actions);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;

    int connect(const Channel* input, const Channel& output, const Channel& error, const std::string& folder) {
        int failed = input == nullptr
                         ? ::posix_spawn_file_actions_addopen(&m_actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
                         : ::posix_spawn_file_actions_adddup2(&m_actions, input->theirs.get(), STDIN_FILENO);
        if (failed == 0) failed = ::posix_spawn_file_actions_adddup2(&m_actions, output.theirs.get(), STDOUT_FILENO);
        if (failed == 0) failed = ::posix_spawn_file_actions_adddup2(&m_actions, error.theirs.get(), STDERR_FILENO);
        if (failed == 0) failed = ::posix_spawn_file_actions_addclosefrom_np(&m_actions, STDERR_FILENO + 1);
        if (failed == 0 && !folder.empty()) {
            failed = ::posix_spawn_file_actions_addchdir_np(&m_actions, folder.c_str());
        }
        return failed;
    }
    const posix_spawn_file_actions_t* actions() const noexcept { return &m_actions; }
    const posix_spawnattr_t* attributes() const noexcept { return &m_attributes; }

private:
    posix_spawn_file_actions_t m_actions{};
    posix_spawnattr_t m_attributes{};
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (const std::string& text : texts)
        result.push_back(const_cast<char*>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

/// A started program; the destructor ends its group and reaps it whatever happened.
class Child {
public:
    explicit Child(const Command& command) {
        Channel output = make_output_channel(command);
        Channel error = make_output_channel(command);
        std::optional<Channel> input;
        if (!command.input.empty()) input = make_input_channel(command);
        SpawnSettings settings;
        int failed = settings.connect(input ? &*input : nullptr, output, error, command.folder.string());
        if (failed == 0) {
            const std::vector<char*> arguments = pointers(command.arguments);
            const std::vector<char*> environment = pointers(command.environment);
            failed = ::posix_spawn(&m_process, arguments[0], settings.actions(), settings.attributes(),
                                   arguments.data(), environment.data());
        }
        if (failed != 0) fail(command, "start", failed);
        // glibc 2.36 declares pidfd_open for C only.
        m_handle = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, m_process, 0)));
        if (!m_handle.is_open()) {
            const int cause = errno;
            end_and_reap();
            fail(command, "pidfd_open", cause);
        }
        m_output = std::move(output.ours);
        m_error = std::move(error.ours);
        if (input) m_input = std::move(input->ours);
    }
    ~Child() { end_and_reap(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// To the whole group. Safe while the leader is not reaped: its number cannot be another's.
    void signal(int number) const noexcept {
        if (m_process > 0) ::kill(-m_process, number);
    }

    siginfo_t end_and_reap() noexcept {
        siginfo_t info{};
        if (m_process <= 0) return info;
        signal(SIGKILL);
        while (::waitid(P_PID, static_cast<id_t>(m_process), &info, WEXITED) != 0 && errno == EINTR) {
        }
        m_process = -1;
        return info;
    }

    Descriptor m_handle;  // readable once the leader has ended
    Descriptor m_input;
    Descriptor m_output;
    Descriptor m_error;

private:
    pid_t m_process = -1;
};

/// Keeps the beginning and the end of a text that has no limit.
void append_limited(std::string& text, std::string_view more, std::size_t limit) {
    text.append(more);
    if (text.size() > 2 * limit + 4096) text.erase(limit / 2, text.size() - limit);
}

void finish_limited(std::string& text, std::size_t limit) {
    if (text.size() > limit) text.erase(limit / 2, text.size() - limit);
}

/// Feeds and drains one child until it has ended.
class Conversation {
public:
    Conversation(const Command& command, Child& child)
        : m_command(command), m_child(child), m_deadline(Clock::now() + command.timeout) {
        if (m_command.stop.stop_possible()) m_wake = Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    }

    void run(ProcessResult& result) {
        const std::stop_callback wake(m_command.stop, [this]() noexcept { ::eventfd_write(m_wake.get(), 1); });
        while (!m_ended || m_child.m_output.is_open() || m_child.m_error.is_open()) {
            if (!wait()) {
                if (!at_deadline(result)) return;
                continue;
            }
            if (m_child.m_input.is_open() && m_polls[0].revents != 0) feed();
            if (m_polls[1].revents != 0 && !drain(m_child.m_output, result.output))
                escalate(result, Ending::output_cut);
            if (m_polls[2].revents != 0) drain_error(result);
            if (m_polls[4].revents != 0 && !m_stopping) escalate(result, Ending::stopped);
            if (m_polls[3].revents != 0 && !m_ended) {
                m_ended = true;
                m_deadline = std::min(m_deadline, Clock::now() + k_linger);
            }
        }
    }

private:
    /// False once the deadline has passed.
    bool wait() {
        m_polls = {pollfd{m_child.m_input.get(), POLLOUT, 0}, pollfd{m_child.m_output.get(), POLLIN, 0},
                   pollfd{m_child.m_error.get(), POLLIN, 0}, pollfd{m_ended ? -1 : m_child.m_handle.get(), POLLIN, 0},
                   pollfd{m_stopping || m_ended ? -1 : m_wake.get(), POLLIN, 0}};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_deadline - Clock::now()).count();
        if (left <= 0) return false;
        const int ready = ::poll(m_polls.data(), m_polls.size(), static_cast<int>(std::min<long>(left, 3'600'000)));
        if (ready < 0) {
            for (pollfd& entry : m_polls)
                entry.revents = 0;
        }
        return ready != 0 || Clock::now() < m_deadline;
    }

    /// TERM at the first deadline, KILL at the second. False: nothing more to wait for.
    bool at_deadline(ProcessResult& result) {
        if (m_ended) return false;  // only helpers are left; the caller's clean-up ends them
        if (m_stopping) {
            m_child.signal(SIGKILL);
            m_ended = true;
            m_deadline = Clock::now() + k_linger;
            return true;
        }
        escalate(result, Ending::timed_out);
        return true;
    }

    void escalate(ProcessResult& result, Ending ending) {
        if (m_stopping) return;
        m_stopping = true;
        result.ending = ending;
        m_child.signal(SIGTERM);
        m_deadline = Clock::now() + m_command.grace;
    }

    void feed() {
        const ssize_t sent =
            ::send(m_child.m_input.get(), m_command.input.data() + m_fed, m_command.input.size() - m_fed, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (sent > 0) m_fed += static_cast<std::size_t>(sent);
        // A program that does not want its input is no failure; its exit code says what it thinks.
        if (sent < 0 || m_fed == m_command.input.size()) m_child.m_input.close();
    }

    /// Reads what is there; closes the descriptor at its end. The bytes are in m_buffer.
    std::string_view read(Descriptor& from) {
        const ssize_t count = ::read(from.get(), m_buffer.data(), m_buffer.size());
        if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) from.close();
        return {m_buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
    }

    /// False once there was more than the limit.
    bool drain(Descriptor& from, std::string& into) {
        const std::string_view bytes = read(from);
        if (m_stopping) return true;
        const std::size_t room = m_command.output_limit - std::min(into.size(), m_command.output_limit);
        into.append(bytes.substr(0, room));
        return bytes.size() <= room;
    }

    void drain_error(ProcessResult& result) {
        append_limited(result.error, read(m_child.m_error), m_command.error_limit);
    }

    const Command& m_command;
    Child& m_child;
    Clock::time_point m_deadline;
    Descriptor m_wake;
    std::array<pollfd, 5> m_polls{};
    std::array<char, 65536> m_buffer;
    std::size_t m_fed = 0;
    bool m_ended = false;     // the leader has
    bool m_stopping = false;  // TERM was sent
};

}  // namespace

ProcessResult run_process(const Command& command) {
    ProcessResult result;
    Child child(command);
    Conversation(command, child).run(result);
    const siginfo_t info = child.end_and_reap();
    if (result.ending == Ending::exited && info.si_code != CLD_EXITED) result.ending = Ending::signalled;
    result.status = info.si_status;
    finish_limited(result.error, command.error_limit);
    return result;
}

std::string describe(const ProcessResult& result, std::chrono::milliseconds timeout) {
    switch (result.ending) {
        case Ending::exited:
            return fmt::format("ended with code {}", result.status);
        case Ending::signalled: {
            const char* name = ::sigdescr_np(result.status);
            return fmt::format("was killed by signal {} ({})", result.status, name == nullptr ? "unknown" : name);
        }
        case Ending::timed_out:
            return fmt::format("did not end within {} s and was stopped",
                               static_cast<double>(timeout.count()) / 1000.0);
        case Ending::stopped:
            return "was stopped on request";
        case Ending::output_cut:
            return "wrote more than is read and was stopped";
    }
    return {};
}

std::optional<std::filesystem::path> find_program(std::string_view name) {
    const char* path = std::getenv("PATH");
    std::string_view folders = path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
    while (!folders.empty()) {
        const std::size_t end = std::min(folders.find(':'), folders.size());
        const std::filesystem::path candidate = std::filesystem::path(folders.substr(0, end)) / name;
        std::error_code ignored;
        if (candidate.is_absolute() && ::access(candidate.c_str(), X_OK) == 0 &&
            std::filesystem::is_regular_file(candidate, ignored)) {
            return candidate;
        }
        folders.remove_prefix(std::min(end + 1, folders.size()));
    }
    return std::nullopt;
}

}  // namespace tidemark::mirror
