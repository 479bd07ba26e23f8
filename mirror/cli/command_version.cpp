#include <memory>

#include <fmt/format.h>

#include "mirror/cli/command_list.h"
#include "mirror/cli/json.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/version.h"

namespace tidemark::mirror::cli {
namespace {

struct Options {
    std::string output;
};

int run_version(const Options& options, const Call& call) {
    if (options.output.empty()) {
        print(call.streams, version_line());
        return 0;
    }
    policy::yaml::Value value;
    value.set("tidemark", TIDEMARK_VERSION);
    print(call.streams, options.output == "json" ? to_json(value) : *policy::yaml::emit(value));
    return 0;
}

Run prepare(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.choice("output", options->output, {"json", "yaml"}, "print as json or yaml", 'o');
    return [options](const Call& call) { return run_version(*options, call); };
}

}  // namespace

std::string version_line() {
    return fmt::format("tidemark version {}\n", TIDEMARK_VERSION);
}

const Command k_version = {
    "version",
    "",
    "the program's version",
    "Prints the program's version.\n\n"
    "  tidemark version\n"
    "  tidemark version -o json",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
