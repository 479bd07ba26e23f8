// `set`: the marked values of a plain folder, without Git, registry or state.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/image_arguments.h"
#include "mirror/cli/json.h"
#include "mirror/cli/messages.h"
#include "mirror/manifests/folder_list.h"
#include "mirror/manifests/set_folder.h"

namespace tidemark::mirror::cli {
namespace {

namespace fs = std::filesystem;
using manifests::SetReport;
using policy::yaml::Value;

struct Options {
    std::vector<std::string> images;
    std::string image_file;
    std::string update_path;
    std::string output;
    bool dry_run = false;
};

policy::SetterValues values_of(const Options& options) {
    std::vector<policy::PolicyReference> references;
    if (!options.image_file.empty()) references = read_image_file(options.image_file);
    for (const std::string& image : options.images)
        references.push_back(parse_image_argument(image));
    if (references.empty())
        throw Error(ErrorKind::usage,
                    "nothing to set: give --image NAMESPACE/POLICY=NAME:TAG (repeatable), or --images FILE");
    return policy::make_setter_values(references);
}

/// What the report's paths count from, seen from the folder: "apps/", or empty.
std::string prefix_of(const std::string& folder, const std::string& update_path) {
    if (update_path.empty()) return {};
    fs::path start = manifests::resolve_inside(folder, update_path);
    if (fs::is_regular_file(start)) start = start.parent_path();
    const std::string prefix = fs::relative(start, fs::canonical(folder)).string();
    return prefix == "." ? std::string() : prefix + '/';
}

void add_prefix(SetReport& report, const std::string& prefix) {
    if (prefix.empty()) return;
    for (policy::Change& change : report.changes)
        change.file.insert(0, prefix);
    for (policy::Finding& finding : report.findings) {
        if (!finding.place.file.empty()) finding.place.file.insert(0, prefix);
    }
    for (std::string& file : report.problem_files)
        file.insert(0, prefix);
}

std::string text_of(const SetReport& report) {
    std::string text;
    for (const policy::Change& change : report.changes) {
        text += fmt::format("{}:{}  {} → {}  {}\n", visible(change.file), change.line, visible(change.old_value),
                            visible(change.new_value), visible(change.setter));
    }
    return text;
}

Value data_of(const policy::Change& change) {
    Value object;
    object.set_text("apiVersion", change.object.api_version).set_text("kind", change.object.kind);
    object.set_text("namespace", change.object.object_namespace).set_text("name", change.object.name);
    Value value;
    value.set("file", change.file).set("line", static_cast<std::int64_t>(change.line));
    value.set("setter", change.setter).set("old", change.old_value).set("new", change.new_value);
    value.set("object", std::move(object));
    return value;
}

Value data_of(const policy::Finding& finding) {
    Value value;
    value.set("severity", finding.severity == policy::Severity::error ? "error" : "warning");
    value.set_text("file", finding.place.file).set("line", static_cast<std::int64_t>(finding.place.line));
    value.set_text("subject", finding.subject).set("message", finding.message).set_text("remedy", finding.remedy);
    return value;
}

Value data_of(const SetReport& report, const Options& options) {
    Value::Sequence changes;
    for (const policy::Change& change : report.changes)
        changes.push_back(data_of(change));
    Value::Sequence findings;
    for (const policy::Finding& finding : report.findings)
        findings.push_back(data_of(finding));
    Value value;
    value.set("changes", std::move(changes)).set("findings", std::move(findings)).set("dryRun", options.dry_run);
    value.set("filesSeen", static_cast<std::int64_t>(report.files_seen));
    value.set("filesWithMarkers", static_cast<std::int64_t>(report.files_read.size() + report.problem_files.size()));
    value.set("filesWritten", static_cast<std::int64_t>(options.dry_run ? 0 : report.files_written));
    return value;
}

/// Policies that were given and that no marker names: most likely misspelt, there or here.
void find_unused(const policy::SetterValues& values, SetReport& report) {
    for (const auto& [setter, text] : values.values) {
        if (std::count(setter.begin(), setter.end(), ':') != 1) continue;  // a part of the one before
        const auto part = report.setters.lower_bound(setter + ':');
        if (report.setters.contains(setter)) continue;
        if (part != report.setters.end() && part->starts_with(setter + ':')) continue;
        policy::Finding& finding = report.findings.emplace_back();
        finding.severity = policy::Severity::warning;
        finding.subject = "ImagePolicy " + std::string(setter).replace(setter.find(':'), 1, "/");
        finding.message = "no marker in the files that were read names it";
        finding.remedy =
            fmt::format("a marker of it is # {{\"$imagepolicy\": \"{}\"}} at the end of the value's line", setter);
    }
}

std::string counted(std::size_t count, std::string_view word) {
    return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

void say_summary(const SetReport& report, const Options& options, const Streams& streams) {
    const std::size_t marked = report.files_read.size() + report.problem_files.size();
    const std::string seen = fmt::format("{} with markers, {} looked at", counted(marked, "file"), report.files_seen);
    if (report.changes.empty()) {
        say_done(streams, fmt::format("nothing to set: {}", seen));
    } else {
        say_done(streams,
                 fmt::format("{} {} in {}; {}", options.dry_run ? "would set" : "set",
                             counted(report.changes.size(), "value"), counted(report.files_written, "file"), seen));
    }
    if (!report.problem_files.empty())
        say_failed(streams, fmt::format("{} not set: see above", counted(report.problem_files.size(), "file")));
}

int run_set(const Options& options, const Call& call) {
    if (call.arguments.size() != 1)
        throw Error(ErrorKind::usage,
                    "one folder is needed, as in \"tidemark set . --image flux-system/web=nginx:1.27\"");
    const policy::SetterValues values = values_of(options);
    const std::string& folder = call.arguments.front();
    SetReport report = manifests::set_folder(folder, options.update_path, values, {options.dry_run, 0});
    add_prefix(report, prefix_of(folder, options.update_path));
    find_unused(values, report);
    report.findings.insert(report.findings.begin(), values.findings.begin(), values.findings.end());

    for (const policy::Finding& finding : report.findings) {
        const std::string text = visible(policy::to_string(finding));
        if (finding.severity == policy::Severity::error) {
            say_failed(call.streams, text);
        } else {
            say_warning(call.streams, text);
        }
    }
    print(call.streams, options.output == "json" ? to_json(data_of(report, options)) : text_of(report));
    say_summary(report, options, call.streams);
    return report.problem_files.empty() && !policy::has_errors(report.findings) ? 0 : 1;
}

Run prepare(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.texts("image", options->images, "what a policy chose: NAMESPACE/POLICY=NAME:TAG[@DIGEST]");
    flags.text("images", options->image_file, "JSON list of such choices; --image goes before it");
    flags.text("update-path", options->update_path, "only below this folder (or in this file) of DIR");
    flags.truth("dry-run", options->dry_run, "show the changes, write nothing");
    flags.choice("output", options->output, {"json"}, "print the changes and findings as json", 'o');
    return [options](const Call& call) { return run_set(*options, call); };
}

}  // namespace

const Command k_set = {
    "set",
    "DIR",
    "rewrite the marked values of a folder, without Git or registry",
    "Sets every value in DIR that carries a marker of a policy you name, and touches no other byte:\n\n"
    "  image: nginx:1.25.1 # {\"$imagepolicy\": \"flux-system:web\"}          the whole image\n"
    "  newTag: 1.25.1      # {\"$imagepolicy\": \"flux-system:web:tag\"}      also :name and :digest\n\n"
    "Files that end in .yaml or .yml and those named Kustomization are looked at. Each edit is proven by a second\n"
    "YAML parser before it is written; a file that cannot be read or proven is left alone and reported.\n"
    "Every change is one line, FILE:LINE  OLD → NEW  MARKER. Ends with 1 if a file with a marker could not be set.\n\n"
    "  tidemark set . --image flux-system/web=nginx:1.25.3\n"
    "  tidemark set fleet --update-path apps --image flux-system/web=nginx:1.25.3 --dry-run\n"
    "  tidemark set fleet --images choices.json -o json\n\n"
    "choices.json: [{\"namespace\": \"flux-system\", \"name\": \"web\",\n"
    "                \"latest\": {\"name\": \"nginx\", \"tag\": \"1.25.3\", \"digest\": \"\"}}]",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
