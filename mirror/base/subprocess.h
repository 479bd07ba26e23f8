// Runs a program to its end: own session (so no terminal, own process group), only the given environment, no
// shell, no inherited descriptor, output through pipes with caps. At the deadline, at a stop request or when
// the program leaves helpers behind, the whole group is ended: TERM, then KILL. The child is always reaped.
// Any number of threads may run programs at once. A program that moves helpers to a session of their own
// (daemons) is out of reach.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::mirror {

struct Command {
    /// [0] is the program's absolute path (find_program). Everybody on the machine can read these: no secrets.
    std::vector<std::string> arguments;
    /// "NAME=value", complete: nothing of our own environment is added.
    std::vector<std::string> environment;
    /// Where it runs; empty is our own folder.
    std::filesystem::path folder;
    /// What it reads on its standard input.
    std::string_view input;
    std::chrono::milliseconds timeout = std::chrono::seconds(60);
    /// How long the group may take to go after TERM, before KILL.
    std::chrono::milliseconds grace = std::chrono::milliseconds(500);
    /// More standard output than this ends the program (`output_cut`).
    std::size_t output_limit = std::size_t{16} << 20;
    /// Of a longer standard error the beginning and the end are kept.
    std::size_t error_limit = std::size_t{256} << 10;
    std::stop_token stop;
};

enum class Ending {
    exited,      // by itself; `status` is its exit code
    signalled,   // by a signal that was not ours; `status` is its number
    timed_out,   // ended by us at the deadline
    stopped,     // ended by us on request
    output_cut,  // ended by us: more output than allowed
};

struct ProcessResult {
    Ending ending = Ending::exited;
    int status = 0;
    std::string output;
    std::string error;

    bool ok() const noexcept { return ending == Ending::exited && status == 0; }
};

/// Error{not_found|permission} if the program cannot be started, Error{storage} if the system is out of
/// processes, descriptors or memory. All that happens later is in the result.
ProcessResult run_process(const Command& command);

/// "ended with code 3", "was killed by signal 11 (Segmentation fault)", "did not end within 60 s and was stopped".
std::string describe(const ProcessResult& result, std::chrono::milliseconds timeout);

/// The absolute path of a program in $PATH (or the usual folders without one).
std::optional<std::filesystem::path> find_program(std::string_view name);

}  // namespace tidemark::mirror
