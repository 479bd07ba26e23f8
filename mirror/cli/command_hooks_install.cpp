#include <algorithm>
#include <chrono>
#include <memory>

#include <fmt/format.h>

#include "hooks/install/rules_file.h"
#include "hooks/install/rules_from_objects.h"
#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/hooks_options.h"
#include "mirror/cli/known_objects.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/plural.h"

namespace tidemark::mirror::cli {
namespace {

namespace fs = std::filesystem;
using hooks::Installation;
using hooks::Record;
using hooks::RulesFile;
using hooks::Steps;

constexpr std::chrono::days k_warning_time{7};

struct Options {
    std::string host;
    std::vector<std::string> repositories;
    std::string rules;
    std::string program;
    std::string custom_hooks_dir;
    std::string gitaly_config;
    bool per_repository = false;
    bool from_objects = false;
    bool enforce = false;
    bool notify = false;
    bool dry_run = false;
};

std::string absolute(const std::string& path) {
    return path.empty() ? path : fs::absolute(path).lexically_normal().string();
}

/// tidemark-hook beside this program or, installed, in the folder of the programs that people call.
std::string find_hook_program() {
    std::error_code error;
    const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    const fs::path beside = folder / "tidemark-hook";
    for (const fs::path& program : {beside, (folder / TIDEMARK_PROGRAMS_FOLDER / "tidemark-hook").lexically_normal()}) {
        if (fs::exists(program, error)) return program.string();
    }
    throw Error(ErrorKind::not_found,
                fmt::format("{} is not there; install the package tidemark-hook, or name the program with --hook",
                            beside.string()));
}

Installation read_installation(const Options& options) {
    Installation installation;
    hooks::HostWish& wish = installation.wish;
    if (!options.host.empty()) wish.host = hooks::find_host(options.host);
    for (const std::string& place : options.repositories)
        wish.repositories.push_back(absolute(place));
    wish.custom_hooks_dir = absolute(options.custom_hooks_dir);
    wish.gitaly_config = absolute(options.gitaly_config);
    wish.per_repository = options.per_repository;
    installation.program.rules = rules_path(options.rules).string();
    installation.program.program = options.program.empty() ? find_hook_program() : absolute(options.program);
    installation.notify = options.notify;
    return installation;
}

/// The rules with what the objects imply.
std::string derive_rules(const Options& options, const Installation& installation, const RulesFile& file,
                         const Call& call) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    std::optional<std::chrono::sys_seconds> warn_until;
    if (!options.enforce) warn_until = now + k_warning_time;
    const policy::ObjectSet objects = policy::read_objects(read_object_texts(call));
    std::vector<policy::guard::RepositoryNames> names = find_names(installation.wish);
    if (installation.wish.per_repository) names.clear();  // GitLab's paths are no part of any address
    const hooks::DerivedRules derived = hooks::rules_from_objects(objects, names, warn_until);
    for (const policy::Finding& finding : derived.findings)
        say_warning(call.streams, visible(to_string(finding)));
    if (derived.repositories.empty()) {
        throw Error(ErrorKind::not_found,
                    "no ImageUpdateAutomation among the objects is for these repositories; see the warnings, or name "
                    "rules with --rules FILE and without --from-objects");
    }
    return hooks::merge_rules(file, derived.repositories, options.enforce);
}

void add_file_step(Steps& steps, const fs::path& file, const std::string& text) {
    steps.push_back({fmt::format("write {} (mode 0644)", file.string()), text, [file, text] {
                         create_folder(file.parent_path(), 0755);
                         AtomicFile draft(file, 0644);
                         draft.write(text);
                         draft.commit();
                     }});
}

policy::guard::HookRules rules_of(const std::string& text, const std::string& file) {
    policy::guard::RulesReading reading = policy::guard::read_rules(text, file);
    if (policy::has_errors(reading.findings))
        throw Error(ErrorKind::internal,
                    fmt::format("derived rules cannot be read: {}", to_string(reading.findings.front())));
    return std::move(reading.rules);
}

/// Where the same wish is recorded, what is new about it goes there.
Record with_installation(Record record, const Installation& installation, bool makes_rules) {
    const auto known =
        std::find_if(record.installations.begin(), record.installations.end(),
                     [&installation](const Installation& other) { return other.wish == installation.wish; });
    if (known == record.installations.end()) {
        record.installations.push_back(installation);
    } else {
        *known = installation;
    }
    record.made_rules = record.made_rules || makes_rules;
    return record;
}

void say_sites(const hooks::Sites& sites, const Call& call) {
    for (const hooks::BadSite& bad : sites.bad)
        say_failed(call.streams, visible(fmt::format("{}: {}", bad.name, bad.reason)));
    if (sites.without_rules > 0) {
        say_doing(call.streams, fmt::format("{} passed over: no rules name {}",
                                            plural(sites.without_rules, "repository", "repositories"),
                                            sites.without_rules == 1 ? "it" : "them"));
    }
}

/// What gitolite's owner must still write, where repo-specific hooks are on.
void say_gitolite_option(const hooks::Sites& sites, const Call& call) {
    for (const hooks::Site& site : sites.sites) {
        if (site.folder.style != hooks::FolderStyle::single) continue;
        say_doing(call.streams, fmt::format("in gitolite.conf, under \"repo {}\", write: option hook.pre-receive = "
                                            "tidemark",
                                            site.names.host_name));
    }
}

int run_install(const Options& options, const Call& call) {
    if (options.enforce && !options.from_objects) {
        throw Error(ErrorKind::usage,
                    "--enforce goes with --from-objects; in a file of your own, leave out or remove warn-until");
    }
    const Installation installation = read_installation(options);
    const fs::path rules_file = installation.program.rules;
    const RulesFile file = hooks::read_rules_file(rules_file);
    if (file.text.empty() && !options.from_objects) {
        throw Error(ErrorKind::usage, fmt::format("{} is not there: derive rules with --from-objects --objects DIR, or "
                                                  "name a file with --rules FILE",
                                                  rules_file.string()));
    }
    const std::string text = options.from_objects ? derive_rules(options, installation, file, call) : file.text;
    const hooks::Sites sites =
        find_sites(installation.wish, rules_of(text, rules_file.string()), hooks::Coverage::guarded);
    say_sites(sites, call);
    if (sites.sites.empty())
        throw Error(ErrorKind::not_found, fmt::format("{} names none of these repositories", rules_file.string()));

    Steps steps;
    if (text != file.text) add_file_step(steps, rules_file, text);
    for (hooks::Step& step : steps_to_install(installation, sites.sites))
        steps.push_back(std::move(step));
    const Record old_record = hooks::read_record(rules_file);
    const Record record = with_installation(old_record, installation, file.text.empty());
    // Written after the rules whenever those are, so that later edits of the rules can be told.
    if (record.installations != old_record.installations || text != file.text) {
        steps.push_back({fmt::format("write {} (mode 0644)", hooks::record_file(rules_file).string()),
                         hooks::format_record(record), [rules_file, record] { write_record(rules_file, record); }});
    }
    if (options.dry_run) {
        print_steps(steps, call);
    } else {
        perform_steps(steps, call);
        say_gitolite_option(sites, call);
    }
    if (steps.empty()) {
        say_done(call.streams, "nothing to do: all is in place");
    } else if (!options.dry_run) {
        say_doing(call.streams, "prove it with \"tidemark hooks verify\"");
    }
    std::error_code error;
    if (!fs::exists(installation.program.program, error)) {
        say_warning(call.streams, fmt::format("{} is not on this machine; guarded repositories refuse every push "
                                              "until the Git host has it there",
                                              installation.program.program));
    }
    return sites.bad.empty() ? 0 : 1;
}

Run prepare(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.choice("host", options->host, {"gitea", "forgejo", "gitlab", "gitolite", "git"},
                 "who keeps the repositories (default: found out)");
    flags.texts("repository", options->repositories, "a bare repository, a glob, or the folder that holds them");
    flags.truth("from-objects", options->from_objects, "derive rules from the ImageUpdateAutomations in --objects");
    add_rules_flag(flags, options->rules);
    flags.truth("enforce", options->enforce, "refuse at once, without seven days of warnings");
    flags.truth("dry-run", options->dry_run, "print every file, write nothing");
    flags.truth("notify", options->notify, "also a post-receive hook, which tells a running service of pushes");
    flags.text("custom-hooks-dir", options->custom_hooks_dir, "GitLab: folder of its global hooks");
    flags.text("gitaly-config", options->gitaly_config, "GitLab: Gitaly's config.toml");
    flags.truth("per-repository", options->per_repository, "GitLab: set hooks of each --repository through gitaly");
    flags.text("hook", options->program, "tidemark-hook as the Git host sees it (default: beside tidemark)");
    return [options](const Call& call) { return run_install(*options, call); };
}

}  // namespace

const Command k_hooks_install = {
    "hooks install",
    "",
    "put the guard into a Git host's repositories",
    "Puts tidemark-hook where the Git host runs it before it takes a push. Only repositories that the file of rules\n"
    "names get a hook. Rules come from ImageUpdateAutomations (--from-objects): the branch they check out is main, "
    "the\n"
    "one they push to the automation branch, their update path its scope. They only warn for seven days. Without\n"
    "--from-objects the file of rules is taken as it is.\n\n"
    "What was there before keeps running, and \"tidemark hooks remove\" puts it back. Run as root or as the owner of\n"
    "the repositories. A second run changes nothing.\n\n"
    "  tidemark hooks install --from-objects --objects ./objects --repository /var/lib/gitea/data/gitea-repositories\n"
    "  tidemark hooks install --from-objects --objects ./objects --host gitlab\n"
    "  tidemark hooks install --rules /etc/tidemark/hook.yaml --repository '/srv/git/*.git' --dry-run",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
