#include <memory>

#include "mirror/cli/command_list.h"
#include "mirror/cli/hooks_options.h"
#include "mirror/cli/json.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/table.h"

namespace tidemark::mirror::cli {
namespace {

using policy::yaml::Value;

struct Options {
    std::string rules;
    std::string output;
};

struct Line {
    std::string repository;
    std::string host;
    std::string file;
    std::string state;
};

std::vector<Line> lines_of(const RecordedSites& recorded) {
    std::vector<Line> lines;
    const hooks::Installation& installation = recorded.installation;
    for (const hooks::Site& site : recorded.chosen) {
        for (const std::string_view hook : {hooks::k_pre_receive, hooks::k_post_receive}) {
            if (hook == hooks::k_post_receive && !installation.notify) continue;
            const std::string fault = find_fault(site.folder, hook, installation.program);
            lines.push_back({site.name, std::string(to_string(site.host)), hook_file(site.folder, hook).string(),
                             fault.empty() ? "in place" : fault});
        }
    }
    for (const hooks::BadSite& bad : recorded.all.bad)
        lines.push_back({bad.name, std::string(to_string(bad.host)), "", bad.reason});
    return lines;
}

int run_list(const Options& options, const Call& call) {
    std::vector<Row> rows;
    Value::Sequence list;
    for (const RecordedSites& recorded : read_recorded_sites(rules_path(options.rules), {})) {
        for (const Line& line : lines_of(recorded)) {
            rows.push_back({visible(line.repository), line.host, visible(line.file), visible(line.state)});
            Value value;
            value.set("repository", line.repository).set("host", line.host).set_text("file", line.file);
            value.set("state", line.state);
            list.push_back(std::move(value));
        }
    }
    print(call.streams, options.output == "json" ? to_json(Value(std::move(list)))
                                                 : format_table({"REPOSITORY", "HOST", "FILE", "STATE"}, rows));
    return 0;
}

Run prepare(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    add_rules_flag(flags, options->rules);
    flags.choice("output", options->output, {"json"}, "print the list as json", 'o');
    return [options](const Call& call) { return run_list(*options, call); };
}

}  // namespace

const Command k_hooks_list = {
    "hooks list",
    "",
    "show where the guard is installed",
    "Shows each repository that \"tidemark hooks install\" put a hook into, the file, and whether it is as it was\n"
    "written. Nothing is run or pushed: \"tidemark hooks verify\" proves that the hook works.\n\n"
    "  tidemark hooks list\n"
    "  tidemark hooks list -o json",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
