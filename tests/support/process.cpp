#include "tests/support/process.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tidemark::tests {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

class Descriptor {
public:
    explicit Descriptor(int value = -1) : m_value(value) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : m_value(other.m_value) { other.m_value = -1; }
    Descriptor& operator=(Descriptor&& other) noexcept {
        close();
        m_value = other.m_value;
        other.m_value = -1;
        return *this;
    }
    int get() const { return m_value; }
    void close() {
        if (m_value >= 0) ::close(m_value);
        m_value = -1;
    }

private:
    int m_value;
};

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error(what + ": " + std::generic_category().message(errno));
}

std::string joined(const std::vector<std::string>& command) {
    std::string text;
    for (const std::string& word : command)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

std::pair<Descriptor, Descriptor> make_pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail("cannot make a pipe");
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// Forks and executes; the child's descriptors 0, 1, 2 become the given ones. Comes back when the child is the other
/// program: until then its arguments and environment in /proc are ours.
pid_t spawn(const std::vector<std::string>& command, int in, int out, int err, const Environment& environment,
            const fs::path& folder) {
    const auto program = find_program(command.at(0));
    if (!program) throw std::runtime_error(command[0] + " is not installed");
    std::vector<std::string> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        if (environment.count(std::string(text.substr(0, text.find('=')))) == 0) variables.emplace_back(text);
    }
    for (const auto& [name, value] : environment)
        variables.push_back(name + "=" + value);
    std::vector<char*> arguments;
    std::vector<char*> block;
    for (const std::string& word : command)
        arguments.push_back(const_cast<char*>(word.c_str()));
    for (const std::string& variable : variables)
        block.push_back(const_cast<char*>(variable.c_str()));
    arguments.push_back(nullptr);
    block.push_back(nullptr);

    auto [started, starting] = make_pipe();
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid < 0) fail("cannot fork for " + joined(command));
    if (pid > 0) {
        starting.close();
        char nothing = 0;
        while (read(started.get(), &nothing, 1) < 0 && errno == EINTR) {
        }
        return pid;
    }
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    if (!folder.empty() && chdir(folder.c_str()) != 0) _exit(126);
    if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) _exit(126);
    execve(program->c_str(), arguments.data(), block.data());
    _exit(127);
}

int exit_code_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Reads what is there; false at the end.
bool drain(int descriptor, std::string& into) {
    char buffer[65536];
    const ssize_t count = read(descriptor, buffer, sizeof buffer);
    if (count > 0) into.append(buffer, static_cast<std::size_t>(count));
    return count > 0 || (count < 0 && errno == EINTR);
}

}  // namespace

std::optional<fs::path> find_program(std::string_view name) {
    if (name.find('/') != std::string_view::npos) return fs::path(name);
    const char* path = std::getenv("PATH");
    std::istringstream folders(std::string(path != nullptr ? path : "/usr/bin:/bin") + ":/usr/sbin:/sbin");
    for (std::string folder; std::getline(folders, folder, ':');) {
        fs::path candidate = fs::path(folder) / name;
        if (access(candidate.c_str(), X_OK) == 0 && fs::is_regular_file(candidate)) return candidate;
    }
    return std::nullopt;
}

bool skip_without(std::initializer_list<std::string_view> programs) {
    for (const std::string_view program : programs) {
        if (find_program(program)) continue;
        std::printf("SKIPPED: %.*s is not installed\n", static_cast<int>(program.size()), program.data());
        return true;
    }
    return false;
}

CommandResult run_command(const std::vector<std::string>& command, const CommandOptions& options) {
    // Input through a file: no deadlock between two full pipes.
    const Descriptor input(open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (input.get() < 0) fail("cannot make a temporary file");
    if (write(input.get(), options.input.data(), options.input.size()) < 0) fail("cannot write the input");
    lseek(input.get(), 0, SEEK_SET);
    auto [out_read, out_write] = make_pipe();
    auto [err_read, err_write] = make_pipe();
    const pid_t pid =
        spawn(command, input.get(), out_write.get(), err_write.get(), options.environment, options.folder);
    out_write.close();
    err_write.close();

    CommandResult result;
    const auto deadline = Clock::now() + options.timeout;
    pollfd fds[2] = {{out_read.get(), POLLIN, 0}, {err_read.get(), POLLIN, 0}};
    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) {
            ::kill(-pid, SIGKILL);
            waitpid(pid, nullptr, 0);
            throw std::runtime_error(joined(command) + " did not end in time\n" + result.output + result.error);
        }
        if (poll(fds, 2, static_cast<int>(left)) < 0 && errno != EINTR) fail("cannot poll");
        if (fds[0].revents != 0 && !drain(out_read.get(), result.output)) fds[0].fd = -1;
        if (fds[1].revents != 0 && !drain(err_read.get(), result.error)) fds[1].fd = -1;
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    result.exit_code = exit_code_of(status);
    return result;
}

std::string run_checked(const std::vector<std::string>& command, const CommandOptions& options) {
    CommandResult result = run_command(command, options);
    if (result.exit_code != 0) {
        throw std::runtime_error(joined(command) + " ended with " + std::to_string(result.exit_code) + "\n" +
                                 result.output + result.error);
    }
    return std::move(result.output);
}

Process::Process(const std::vector<std::string>& command, fs::path log, const Environment& environment,
                 const fs::path& folder)
    : m_log(std::move(log)) {
    const Descriptor null(open("/dev/null", O_RDONLY | O_CLOEXEC));
    const Descriptor out(open(m_log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (out.get() < 0) fail("cannot write " + m_log.string());
    m_pid = spawn(command, null.get(), out.get(), out.get(), environment, folder);
}

Process::Process(Process&& other) noexcept : m_pid(other.m_pid), m_log(std::move(other.m_log)) {
    other.m_pid = -1;
}

Process::~Process() {
    stop();
}

bool Process::running() {
    if (m_pid < 0) return false;
    if (waitpid(m_pid, nullptr, WNOHANG) == 0) return true;
    m_pid = -1;
    return false;
}

void Process::stop() noexcept {
    if (m_pid < 0) return;
    ::kill(-m_pid, SIGTERM);
    for (int i = 0; i < 1000; ++i) {
        if (!running()) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ::kill(-m_pid, SIGKILL);
    waitpid(m_pid, nullptr, 0);
    m_pid = -1;
}

void Process::kill(int signal) const noexcept {
    if (m_pid > 0) ::kill(m_pid, signal);
}

std::string Process::log() const {
    return read_text(m_log);
}

void Process::wait_for_port(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    wait_until(
        [&] {
            if (!running()) throw std::runtime_error("the server ended at once: " + log());
            const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
            return connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        },
        "port " + std::to_string(port) + " of " + m_log.string());
}

std::uint16_t free_port() {
    const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        fail("cannot find a free port");
    }
    return ntohs(address.sin_port);
}

void wait_until(const std::function<bool()>& condition, std::string_view what, std::chrono::milliseconds limit) {
    const auto deadline = Clock::now() + limit;
    while (!condition()) {
        if (Clock::now() > deadline) throw std::runtime_error("waited in vain for " + std::string(what));
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

TempFolder::TempFolder() {
    std::string name = (fs::temp_directory_path() / "tidemark-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) fail("cannot make a folder like " + name);
    m_path = name;
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
}

std::string read_text(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) fail("cannot read " + path.string());
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
}

void write_text(const fs::path& path, std::string_view text) {
    fs::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.flush()) fail("cannot write " + path.string());
}

}  // namespace tidemark::tests
