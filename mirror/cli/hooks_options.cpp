#include "mirror/cli/hooks_options.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "hooks/install/rules_file.h"
#include "mirror/base/error.h"
#include "mirror/cli/messages.h"

namespace tidemark::mirror::cli {

namespace fs = std::filesystem;
using hooks::Site;

namespace {

class Choice {
public:
    explicit Choice(const std::vector<std::string>& places) : m_all(places.empty()) {
        for (const std::string& place : places) {
            m_names.insert(place);
            try {
                for (const fs::path& path : hooks::find_repositories(place))
                    m_names.insert(path.string());
            } catch (const Error& error) {
                if (error.kind() != ErrorKind::not_found) throw;  // then it is a name of GitLab's
            }
        }
    }
    bool has(const std::string& name) const { return m_all || m_names.count(name) != 0; }

private:
    bool m_all;
    std::set<std::string> m_names;
};

}  // namespace

void add_rules_flag(FlagSet& flags, std::string& rules) {
    flags.text("rules", rules, fmt::format("file of rules (default: {})", hooks::k_rules_file));
}

fs::path rules_path(const std::string& rules) {
    return fs::absolute(rules.empty() ? fs::path(hooks::k_rules_file) : fs::path(rules)).lexically_normal();
}

std::vector<RecordedSites> read_recorded_sites(const fs::path& rules, const std::vector<std::string>& repositories,
                                               hooks::Coverage coverage) {
    const hooks::Record record = hooks::read_record(rules);
    if (record.installations.empty()) {
        throw Error(ErrorKind::not_found, fmt::format("nothing was installed with {} as rules; see \"tidemark hooks "
                                                      "install --help\"",
                                                      rules.string()));
    }
    const hooks::RulesFile file = hooks::read_rules_file(rules);
    if (file.text.empty() && coverage == hooks::Coverage::guarded) {
        throw Error(ErrorKind::not_found,
                    fmt::format("{} is gone: hooks that read it refuse what they cannot judge; put it back, or take "
                                "the hooks out with \"tidemark hooks remove\"",
                                rules.string()));
    }
    const Choice choice(repositories);
    std::vector<RecordedSites> recorded;
    bool any = false;
    for (const hooks::Installation& installation : record.installations) {
        RecordedSites sites{installation, find_sites(installation.wish, file.rules, coverage), {}};
        for (const Site& site : sites.all.sites) {
            if (choice.has(site.name)) sites.chosen.push_back(site);
        }
        std::erase_if(sites.all.bad, [&choice](const hooks::BadSite& bad) { return !choice.has(bad.name); });
        any = any || !sites.chosen.empty() || !sites.all.bad.empty();
        recorded.push_back(std::move(sites));
    }
    if (!any && !repositories.empty()) {
        throw Error(ErrorKind::not_found, fmt::format("nothing was installed in {}; \"tidemark hooks list\" shows "
                                                      "where hooks are",
                                                      repositories.front()));
    }
    return recorded;
}

void print_steps(const hooks::Steps& steps, const Call& call) {
    for (const hooks::Step& step : steps)
        print(call.streams, fmt::format("# {}\n{}{}", step.what, step.content, step.content.empty() ? "" : "\n"));
}

void perform_steps(const hooks::Steps& steps, const Call& call) {
    for (const hooks::Step& step : steps) {
        step.perform();
        say_done(call.streams, step.what);
    }
}

}  // namespace tidemark::mirror::cli
