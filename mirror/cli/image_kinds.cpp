#include "mirror/cli/image_kinds.h"

#include <algorithm>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/cli/names.h"
#include "policy/objects/names.h"

namespace tidemark::mirror::cli {

void throw_not_found(const ImageKind& kind, const std::string& name) {
    throw Error(ErrorKind::not_found, fmt::format("{}.image.toolkit.fluxcd.io \"{}\" not found", kind.resource, name));
}

service::Command make_command(service::Verb verb, const ImageKind& kind, const std::string& name, const Call& call) {
    service::Command command;
    command.verb = verb;
    command.kind = kind.kind;
    command.object = {call.global.name_space, name};
    command.who = local_user(call.environment);
    return command;
}

policy::ObjectKey policy_key(const std::string& text, const GlobalOptions& global) {
    policy::ObjectKey key{global.name_space, text};
    if (const std::size_t split = text.find_first_of("/:"); split != std::string::npos)
        key = {text.substr(0, split), text.substr(split + 1)};
    if (policy::find_namespace_problem(key.object_namespace) || policy::find_name_problem(key.name))
        throw Error(ErrorKind::usage,
                    fmt::format("\"{}\" names no policy: write NAMESPACE/NAME, or NAME with -n", text));
    return key;
}

std::chrono::steady_clock::time_point deadline_of(const Call& call) {
    constexpr std::chrono::nanoseconds k_longest = std::chrono::hours(24);
    return std::chrono::steady_clock::now() + std::min(call.global.timeout, k_longest);
}

}  // namespace tidemark::mirror::cli
