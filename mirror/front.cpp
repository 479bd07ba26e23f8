// The program `tidemark`: does the commands that need neither Git, registry nor state at once, and becomes
// `tidemark-engine` for all others. That one loads shared libraries, which takes longer than `policy test` may.
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include <unistd.h>

#include "mirror/base/core_dumps.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/process_environment.h"
#include "mirror/cli/run.h"

namespace tidemark::mirror::cli {

std::span<const Command> commands() noexcept {
    static const Command k_commands[] = {
        k_create_image_repository,
        k_create_image_policy,
        k_create_image_update,
        k_create_source_git,
        k_create_secret_git,
        k_create_secret_registry,
        k_set,
        k_policy_test,
        k_version,
    };
    return k_commands;
}

}  // namespace tidemark::mirror::cli

namespace {

/// The folder this program lies in, links resolved; empty if that cannot be found out.
std::string own_folder() {
    std::array<char, 4096> path;
    const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
    if (size <= 0 || static_cast<std::size_t>(size) == path.size()) return {};
    const std::string program(path.data(), static_cast<std::size_t>(size));
    return program.substr(0, program.rfind('/') + 1);
}

/// Comes back only if the engine cannot be started. It lies beside this program where both were just built, and in a
/// folder for programs that people do not call where both were installed.
int become_engine(char** argv) {
    const std::string folder = own_folder();
    const std::string beside = folder + "tidemark-engine";
    ::execv(beside.c_str(), argv);
    if (errno == ENOENT) ::execv((folder + TIDEMARK_ENGINE_FOLDER "/tidemark-engine").c_str(), argv);
    std::fprintf(stderr, "✗ starting tidemark-engine: %s; it belongs beside %stidemark, or in %s%s\n",
                 std::strerror(errno), folder.c_str(), folder.c_str(), TIDEMARK_ENGINE_FOLDER);
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    tidemark::mirror::forbid_core_dumps();
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    if (!tidemark::mirror::cli::knows_command(arguments)) return become_engine(argv);
    return tidemark::mirror::cli::run(arguments, {stdin, stdout, stderr}, tidemark::mirror::cli::process_environment());
}
