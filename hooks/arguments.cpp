#include "hooks/arguments.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "hooks/help.h"
#include "hooks/rules_file.h"
#include "mirror/base/error.h"

namespace tidemark::hooks {
namespace {

using mirror::Error;
using mirror::ErrorKind;

/// Fills what `app` declares; true if help is asked for.
bool parse(CLI::App& app, std::vector<std::string> arguments) {
    bool help = false;
    app.set_help_flag();
    app.add_flag("-h,--help", help);
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
    try {
        app.parse(std::move(arguments));
    } catch (const CLI::ParseError& error) {
        if (!help) throw Error(ErrorKind::usage, error.what());
    }
    return help;
}

template <class Hook>
Command read_hook(std::vector<std::string> arguments, std::string_view help) {
    CLI::App app;
    Hook hook;
    hook.options.rules = k_default_rules;
    std::string host;
    app.add_option("--rules", hook.options.rules);
    app.add_option("--host", host);
    if (parse(app, std::move(arguments))) return Show{std::string(help)};
    if (!host.empty()) {
        hook.options.host = find_host_kind(host);
        if (!hook.options.host)
            throw Error(ErrorKind::usage, fmt::format("--host \"{}\" is unknown; there are git, gitea, forgejo, gitlab, "
                                                      "gitolite, soft-serve",
                                                      host));
    }
    return hook;
}

Command read_check(std::vector<std::string> arguments) {
    CLI::App app;
    CheckOptions options;
    options.rules = k_default_rules;
    options.repository = ".";
    app.add_option("--old", options.old_revision)->required();
    app.add_option("--new", options.new_revision)->required();
    app.add_option("--ref", options.reference)->required();
    app.add_option("--repository", options.repository);
    app.add_option("--name", options.host_name);
    app.add_option("--rules", options.rules);
    app.add_option("--pusher", options.pusher);
    app.add_option("--option", options.push_options)->allow_extra_args(false);
    if (parse(app, std::move(arguments))) return Show{std::string(help_of_check())};
    return options;
}

}  // namespace

Command read_arguments(std::vector<std::string> arguments) {
    const std::string name = arguments.empty() ? "" : arguments.front();
    if (!arguments.empty()) arguments.erase(arguments.begin());
    if (name == "pre-receive") return read_hook<PreReceive>(std::move(arguments), help_of_pre_receive());
    if (name == "post-receive") return read_hook<PostReceive>(std::move(arguments), help_of_post_receive());
    if (name == "check") return read_check(std::move(arguments));
    if (name == "version" || name == "--version") return Show{"tidemark-hook version " TIDEMARK_VERSION "\n"};
    if (name == "help" || name == "--help" || name == "-h") return Show{std::string(help_of_program())};
    throw Error(ErrorKind::usage, name.empty() ? "no command was given" : fmt::format("unknown command \"{}\"", name));
}

}  // namespace tidemark::hooks
