#include <algorithm>
#include <ctime>
#include <filesystem>
#include <memory>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "hooks/install/verify.h"
#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/hooks_options.h"
#include "mirror/cli/json.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/table.h"

namespace tidemark::mirror::cli {
namespace {

using hooks::SiteReport;
using hooks::Standing;
using policy::yaml::Value;

struct Options {
    std::vector<std::string> repositories;
    std::string rules;
    std::string output;
    std::string report;
    bool repair = false;
};

struct Line {
    std::string repository;
    std::string_view host;
    SiteReport report;
};

/// What cannot be mended is said and stays for the report to show.
void repair(const RecordedSites& recorded, const Call& call) {
    for (const hooks::Site& site : recorded.chosen) {
        try {
            perform_steps(steps_to_install(recorded.installation, {site}), call);
        } catch (const Error& error) {
            say_failed(call.streams, visible(fmt::format("{}: {}", site.name, error.what())));
        }
    }
}

std::vector<Line> verify(const RecordedSites& recorded) {
    std::vector<Line> lines;
    for (const hooks::Site& site : recorded.chosen)
        lines.push_back({site.name, to_string(site.host), verify_site(recorded.installation, site)});
    for (const hooks::BadSite& bad : recorded.all.bad)
        lines.push_back({bad.name, to_string(bad.host), {Standing::not_armed, std::nullopt, bad.reason}});
    return lines;
}

Value data_of(const Line& line) {
    Value value;
    value.set("repository", line.repository).set("host", line.host);
    value.set("state", to_string(line.report.standing));
    if (line.report.until)
        value.set("warnUntil",
                  fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(line.report.until->time_since_epoch().count())));
    value.set_text("reason", line.report.reason);
    return value;
}

void print_lines(const std::vector<Line>& lines, const Options& options, const Call& call) {
    if (options.output == "json") {
        Value::Sequence list;
        for (const Line& line : lines)
            list.push_back(data_of(line));
        print(call.streams, to_json(Value(std::move(list))));
        return;
    }
    std::vector<Row> rows;
    for (const Line& line : lines)
        rows.push_back({visible(line.repository), std::string(line.host), visible(describe(line.report))});
    print(call.streams, format_table({"REPOSITORY", "HOST", "HOOK"}, rows));
}

/// For the service's status page, which may not look into the repositories itself: whole or as it was before.
void write_report(const std::filesystem::path& file, const std::vector<Line>& lines) {
    Value::Sequence hooks;
    for (const Line& line : lines) {
        Value& hook = hooks.emplace_back();
        hook.set("repository", line.repository).set("host", line.host);
        hook.set("armed", line.report.standing != Standing::not_armed).set("why", describe(line.report));
    }
    Value report;
    report.set("time", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))));
    report.set("hooks", std::move(hooks));
    if (file.has_parent_path()) create_folder(file.parent_path(), 0755);
    AtomicFile draft(file, 0644);
    draft.write(to_json(report));
    draft.commit();
}

int run_verify(const Options& options, const Call& call) {
    std::vector<Line> lines;
    for (const RecordedSites& recorded : read_recorded_sites(rules_path(options.rules), options.repositories)) {
        if (options.repair) repair(recorded, call);
        for (Line& line : verify(recorded))
            lines.push_back(std::move(line));
    }
    if (!options.report.empty()) write_report(options.report, lines);
    print_lines(lines, options, call);
    const bool armed = std::all_of(lines.begin(), lines.end(),
                                   [](const Line& line) { return line.report.standing != Standing::not_armed; });
    return armed && !lines.empty() ? 0 : 1;
}

Run prepare(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.texts("repository", options->repositories, "only this one, this glob, or what lies below this folder");
    add_rules_flag(flags, options->rules);
    flags.truth("repair", options->repair, "put back what is missing or was changed, then verify");
    flags.text("report", options->report, "write the states to this file too, as the service's page reads them");
    flags.choice("output", options->output, {"json"}, "print the states as json", 'o');
    return [options](const Call& call) { return run_verify(*options, call); };
}

}  // namespace

const Command k_hooks_verify = {
    "hooks verify",
    "",
    "prove that the guard runs in every repository it was installed in",
    "Looks at every file of every installation, at the program and the rules as the repositories' owner sees them, "
    "and\n"
    "pushes a throw-away reference that the hook must answer and refuse. Each repository is armed, armed but only\n"
    "warning, or not armed, and why. Ends with 0 if all are armed (only warning counts as armed), else with 1.\n"
    "Run as root or as the owner of the repositories.\n\n"
    "On GitLab the push goes to a throw-away repository that runs the same files as Gitaly does; whether the running\n"
    "Gitaly has read its configuration since it was changed cannot be seen from here.\n\n"
    "  tidemark hooks verify\n"
    "--report writes {time, hooks: [{repository, host, armed, why}]}, whole or not at all: what the page shows, as "
    "the\n"
    "service itself may not look into the repositories.\n\n"
    "  tidemark hooks verify --repair --report /var/lib/tidemark-hooks/report.json   # what the daily timer does\n"
    "  tidemark hooks verify -o json",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
