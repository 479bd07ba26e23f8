// What the commands of `tidemark hooks` have in common: their flags, the record they work from, and how steps are
// shown.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "hooks/install/record.h"
#include "hooks/install/sites.h"
#include "hooks/install/step.h"
#include "mirror/cli/command.h"

namespace tidemark::mirror::cli {

/// --rules, for every command of the group.
void add_rules_flag(FlagSet& flags, std::string& rules);
std::filesystem::path rules_path(const std::string& rules);

/// One recorded installation with its sites, and which of those were asked for.
struct RecordedSites {
    hooks::Installation installation;
    hooks::Sites all;
    std::vector<hooks::Site> chosen;
};

/// All that the record beside `rules` has; of the sites those at `repositories` (paths, globs, folders, GitLab's names)
/// are chosen, all if there are none. Throws Error{not_found} if nothing is recorded or chosen, or if only guarded
/// repositories count and the file of rules is gone.
std::vector<RecordedSites> read_recorded_sites(const std::filesystem::path& rules,
                                               const std::vector<std::string>& repositories,
                                               hooks::Coverage coverage = hooks::Coverage::guarded);

/// Every step with the content of its file, on the output stream.
void print_steps(const hooks::Steps& steps, const Call& call);
/// Performs them, a line each. Throws what a step throws.
void perform_steps(const hooks::Steps& steps, const Call& call);

}  // namespace tidemark::mirror::cli
