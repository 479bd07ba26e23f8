#include <algorithm>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/hooks_options.h"
#include "mirror/cli/messages.h"

namespace tidemark::mirror::cli {
namespace {

namespace fs = std::filesystem;
using hooks::Record;
using hooks::Site;

struct Options {
    std::vector<std::string> repositories;
    std::string rules;
    bool dry_run = false;
};

std::vector<Site> kept_sites(const RecordedSites& recorded) {
    std::vector<Site> kept;
    for (const Site& site : recorded.all.sites) {
        const bool chosen = std::any_of(recorded.chosen.begin(), recorded.chosen.end(),
                                        [&site](const Site& other) { return other.name == site.name; });
        if (!chosen) kept.push_back(site);
    }
    return kept;
}

/// One folder of hooks for several repositories cannot lose the hook for one of them.
void refuse_shared(const std::vector<Site>& chosen, const std::vector<Site>& kept) {
    for (const Site& site : chosen) {
        for (const Site& other : kept) {
            if (site.folder != other.folder) continue;
            throw Error(ErrorKind::conflict,
                        fmt::format("{} shares its hook in {} with {}; take it out of the file of rules instead, or "
                                    "remove both",
                                    site.name, site.folder.path.string(), other.name));
        }
    }
}

int run_remove(const Options& options, const Call& call) {
    const fs::path rules = rules_path(options.rules);
    Record record = hooks::read_record(rules);
    hooks::Steps steps;
    std::vector<hooks::Installation> left;
    bool uses_option = false;  // of gitolite's own configuration, which its administrators push
    for (const RecordedSites& recorded : read_recorded_sites(rules, options.repositories, hooks::Coverage::all)) {
        const std::vector<Site> kept = kept_sites(recorded);
        refuse_shared(recorded.chosen, kept);
        for (hooks::Step& step : steps_to_remove(recorded.chosen))
            steps.push_back(std::move(step));
        for (const hooks::BadSite& bad : recorded.all.bad)
            say_failed(call.streams, visible(fmt::format("{}: {}", bad.name, bad.reason)));
        uses_option = uses_option || std::any_of(recorded.chosen.begin(), recorded.chosen.end(), [](const Site& site) {
                          return site.folder.style == hooks::FolderStyle::single;
                      });
        if (kept.empty()) continue;
        hooks::Installation rest = recorded.installation;
        if (!recorded.chosen.empty()) {
            rest.wish.repositories.clear();
            for (const Site& site : kept)
                rest.wish.repositories.push_back(site.name);
        }
        left.push_back(std::move(rest));
    }
    if (options.dry_run) {
        print_steps(steps, call);
        return 0;
    }
    perform_steps(steps, call);
    if (uses_option) say_doing(call.streams, "take \"option hook.pre-receive = tidemark\" out of gitolite.conf");
    record.installations = std::move(left);
    write_record(rules, record);
    if (record.installations.empty() && record.made_rules && fs::remove(rules)) {
        say_done(call.streams, fmt::format("remove {}", rules.string()));
        return 0;
    }
    say_doing(call.streams, fmt::format("{} stays as it is", rules.string()));
    return 0;
}

Run prepare(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.texts("repository", options->repositories, "only this one, this glob, or what lies below this folder");
    add_rules_flag(flags, options->rules);
    flags.truth("dry-run", options->dry_run, "show what would be done, do nothing");
    return [options](const Call& call) { return run_remove(*options, call); };
}

}  // namespace

const Command k_hooks_remove = {
    "hooks remove",
    "",
    "take the guard out again",
    "Removes the hooks that \"tidemark hooks install\" wrote and puts back what was there before. The file of rules "
    "goes\n"
    "with the last hook if install made it and nobody edited it since.\n\n"
    "  tidemark hooks remove --repository /srv/git/fleet.git\n"
    "  tidemark hooks remove",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
