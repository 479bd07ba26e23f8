// The program `tidemark`: hands the process's arguments, streams and environment to the command line.
#include <cstdio>
#include <string>
#include <vector>

#include "mirror/cli/run.h"

extern "C" char** environ;

namespace {

using tidemark::mirror::cli::Environment;

Environment read_environment() {
    Environment environment;
    for (char** entry = environ; entry && *entry; ++entry) {
        const std::string_view text = *entry;
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos) continue;
        environment.variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return environment;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    return tidemark::mirror::cli::run(arguments, {stdin, stdout, stderr}, read_environment());
}
