// The program `tidemark-hook`. Runs inside a Git host, for every push: whatever goes wrong before a push is known to
// touch a guarded branch is an error of ours or of the installation, and refuses it (an exit code other than 0).
#include <csignal>
#include <cstdio>
#include <exception>
#include <variant>

#include "hooks/arguments.h"
#include "hooks/printable.h"
#include "mirror/base/error.h"

namespace {

using namespace tidemark::hooks;

int run(const Command& command) {
    if (const auto* hook = std::get_if<PreReceive>(&command)) return run_pre_receive(hook->options, read_variable);
    if (const auto* hook = std::get_if<PostReceive>(&command)) return run_post_receive(hook->options, read_variable);
    if (const auto* check = std::get_if<CheckOptions>(&command)) return run_check(*check);
    std::fputs(std::get<Show>(command).text.c_str(), stdout);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    // A client that has gone must not decide: the verdict is the exit code.
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return run(read_arguments(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc)));
    } catch (const tidemark::mirror::Error& error) {
        const bool usage = error.kind() == tidemark::mirror::ErrorKind::usage;
        std::fprintf(stderr, "tidemark: %s.%s\n", printable(error.what(), 1000).c_str(),
                     usage ? " `tidemark-hook --help` says what there is." : "");
    } catch (const std::exception& error) {
        std::fprintf(stderr, "tidemark: internal error: %s.\n", printable(error.what(), 1000).c_str());
    }
    return 2;
}
