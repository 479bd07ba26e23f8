// The program `tidemark-engine`: every command. `tidemark` starts it for those that it does not do itself.
#include <cstdio>
#include <string>
#include <vector>

#include "mirror/base/core_dumps.h"
#include "mirror/cli/process_environment.h"
#include "mirror/cli/run.h"

int main(int argc, char** argv) {
    tidemark::mirror::forbid_core_dumps();
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    return tidemark::mirror::cli::run(arguments, {stdin, stdout, stderr}, tidemark::mirror::cli::process_environment());
}
