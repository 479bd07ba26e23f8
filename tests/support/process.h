// Programs for tests: run one to its end, or start a server and stop it by its own process id. A started program
// leads its own process group and dies with the test. Failures throw std::runtime_error with the program's output.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace tidemark::tests {

using Environment = std::map<std::string, std::string>;

/// Where `name` is on PATH or in /usr/sbin; nullopt: not installed. A test that needs it says SKIPPED then.
std::optional<std::filesystem::path> find_program(std::string_view name);

/// Prints "SKIPPED: reason" and returns true if any of the programs is missing.
bool skip_without(std::initializer_list<std::string_view> programs);

struct CommandResult {
    int exit_code = -1;  // 128 + signal if it was killed
    std::string output;
    std::string error;
};

struct CommandOptions {
    std::string input{};
    Environment environment{};  // added to the test's own
    std::filesystem::path folder{};
    std::chrono::seconds timeout{60};
};

/// Runs a program to its end; a timeout kills its group and throws.
CommandResult run_command(const std::vector<std::string>& command, const CommandOptions& options = {});

/// As run_command, but any exit code other than 0 throws; gives the output.
std::string run_checked(const std::vector<std::string>& command, const CommandOptions& options = {});

/// A program that runs until stop() or the destructor: SIGTERM to its group, SIGKILL after five seconds.
class Process {
public:
    /// Output and errors go to `log`.
    Process(const std::vector<std::string>& command, std::filesystem::path log, const Environment& environment = {},
            const std::filesystem::path& folder = {});
    ~Process();
    Process(Process&& other) noexcept;
    Process& operator=(Process&&) = delete;

    pid_t pid() const noexcept { return m_pid; }
    bool running();
    void stop() noexcept;
    void kill(int signal) const noexcept;
    /// What it has written so far.
    std::string log() const;
    /// Waits until the port takes connections; throws with the log if the program ends first, or in vain as wait_until
    /// does.
    void wait_for_port(std::uint16_t port);

private:
    pid_t m_pid = -1;
    std::filesystem::path m_log;
};

/// A port on 127.0.0.1 that nobody listens on just now.
std::uint16_t free_port();

/// Calls `condition` every few milliseconds until it is true; throws "waited in vain for <what>" after `limit`, which
/// is for what never comes: a busy machine takes its time.
void wait_until(const std::function<bool()>& condition, std::string_view what,
                std::chrono::milliseconds limit = std::chrono::minutes(1));

/// A folder of its own below the system's temporary folder, removed with everything in it.
class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    const std::filesystem::path& path() const noexcept { return m_path; }
    std::filesystem::path operator/(std::string_view name) const { return m_path / name; }

private:
    std::filesystem::path m_path;
};

std::string read_text(const std::filesystem::path& path);
/// Creates the parents too.
void write_text(const std::filesystem::path& path, std::string_view text);

}  // namespace tidemark::tests
