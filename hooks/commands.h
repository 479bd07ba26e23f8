// The commands of tidemark-hook. Each takes its options already read, and gives the exit code.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hooks/host.h"

namespace tidemark::hooks {

struct HookOptions {
    std::string rules;             // the file
    std::optional<HostKind> host;  // else found out
};
/// 0: the push may go on, 1: it is refused. Reads updates from standard input.
int run_pre_receive(const HookOptions& options, const Variables& variables);
/// Always 0, and silent: the push has happened.
int run_post_receive(const HookOptions& options, const Variables& variables);

struct CheckOptions {
    std::string rules;
    std::string repository;  // folder
    std::string host_name;   // "owner/name", where the rules name it so
    std::string old_revision;
    std::string new_revision;
    std::string reference;
    std::string pusher;
    std::vector<std::string> push_options;
};
/// 0: it would be accepted, 1: refused. Throws Error for what cannot be asked.
int run_check(const CheckOptions& options);

}  // namespace tidemark::hooks
