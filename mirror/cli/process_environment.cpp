#include "mirror/cli/process_environment.h"

extern "C" char** environ;

namespace tidemark::mirror::cli {

Environment process_environment() {
    Environment environment;
    for (char** entry = environ; entry && *entry; ++entry) {
        const std::string_view text = *entry;
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos) continue;
        environment.variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return environment;
}

}  // namespace tidemark::mirror::cli
