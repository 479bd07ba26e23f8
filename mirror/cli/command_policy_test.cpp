// `policy test`: what a policy would choose from a list of tags. The whole process is to take milliseconds for
// 100,000 tags: one buffer, views into it, no library started that is not needed.
#include <algorithm>
#include <cerrno>
#include <memory>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/json.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/tag_file.h"
#include "policy/objects/read.h"
#include "policy/selection/selection.h"

namespace tidemark::mirror::cli {
namespace {

using policy::yaml::Value;

constexpr std::size_t k_policy_file_limit = std::size_t{4} << 20;

struct Options {
    std::string tags;
    std::string file;
    std::string semver;
    std::string numerical;
    std::string alphabetical;
    std::string filter_pattern;
    std::string filter_extract;
    std::string output;
};

[[noreturn]] void refuse(const std::string& message) {
    throw Error(ErrorKind::usage, message);
}

/// The one ImagePolicy of a file, or the one that NAME names.
policy::SelectionSpec selection_of_file(const Options& options, const Call& call) {
    const auto objects = policy::read_objects({{options.file, read_file(options.file, k_policy_file_limit)}});
    const policy::ImagePolicy* chosen = nullptr;
    for (const auto& [key, candidate] : objects.image_policies) {
        if (!call.arguments.empty() && key.name != call.arguments.front()) continue;
        if (chosen)
            refuse(options.file + " holds several ImagePolicy objects: name one, as in \"policy test NAME -f FILE\"");
        chosen = &candidate;
    }
    for (const policy::Finding& finding : objects.findings)
        refuse(policy::to_string(finding));
    if (!chosen) refuse(options.file + " holds no such ImagePolicy");
    std::string mistakes;
    for (const policy::Finding& finding : chosen->metadata.findings) {
        if (finding.severity == policy::Severity::error) mistakes += "\n  " + policy::to_string(finding);
    }
    if (!mistakes.empty()) refuse("the policy has mistakes:" + mistakes);
    return chosen->selection;
}

policy::SelectionSpec selection_of_flags(const Options& options) {
    policy::SelectionSpec spec;
    if (!options.semver.empty()) spec.semver = policy::SemverChoice{options.semver};
    if (!options.numerical.empty()) spec.numerical = policy::NumericalChoice{options.numerical};
    if (!options.alphabetical.empty()) spec.alphabetical = policy::AlphabeticalChoice{options.alphabetical};
    const int choices =
        int(spec.semver.has_value()) + int(spec.numerical.has_value()) + int(spec.alphabetical.has_value());
    if (choices != 1) refuse("give one of -f FILE, --semver RANGE, --numerical ORDER, --alphabetical ORDER");
    if (!options.filter_pattern.empty())
        spec.filter = policy::TagFilter{options.filter_pattern, options.filter_extract};
    return spec;
}

Value texts_value(const std::vector<std::string>& texts) {
    return Value::Sequence(texts.begin(), texts.end());
}

struct Dropped {
    const char* key;
    const char* words;
    std::size_t count;
};

std::vector<Dropped> dropped_of(const policy::SelectionTrace& trace) {
    return {{"notMatching", "do not match the filter", trace.not_matching},
            {"sameExtract", "extract to the same as another tag", trace.same_extract},
            {"notAVersion", "are no version", trace.not_a_version},
            {"outOfRange", "are outside the range", trace.out_of_range},
            {"notANumber", "are no number", trace.numberless}};
}

Value data_of(const policy::SelectionTrace& trace, const std::string& tag, const std::string& problem) {
    Value dropped;
    for (const Dropped& reason : dropped_of(trace)) {
        if (reason.count > 0) dropped.set(reason.key, static_cast<std::int64_t>(reason.count));
    }
    Value value;
    value.set("tags", static_cast<std::int64_t>(trace.tags)).set("dropped", std::move(dropped));
    value.set("best", texts_value(trace.best)).set_text("selected", tag).set_text("error", problem);
    return value;
}

std::string text_of(const policy::SelectionTrace& trace, const std::string& tag) {
    std::string text = tag.empty() ? std::string() : fmt::format("{}\n\n", tag);
    std::size_t left = trace.tags;
    text += fmt::format("{:>8} tags\n", trace.tags);
    for (const Dropped& reason : dropped_of(trace)) {
        if (reason.count == 0) continue;
        left -= std::min(left, reason.count);
        text += fmt::format("{:>8} {}\n", reason.count, reason.words);
    }
    text +=
        fmt::format("{:>8} left{}{}\n", left, trace.best.empty() ? "" : ", best first: ", fmt::join(trace.best, "  "));
    if (!trace.not_a_number.empty())
        text += fmt::format("         no number: {}\n", fmt::join(trace.not_a_number, "  "));
    return text;
}

int run_test(const Options& options, const Call& call) {
    if (options.tags.empty()) refuse("--tags is required: a file with a tag a line, or - for standard input");
    const policy::SelectionSpec spec =
        options.file.empty() ? selection_of_flags(options) : selection_of_file(options, call);
    auto selection = policy::Selection::compile(spec);
    if (!selection) refuse(selection.message());

    const TagFile tags = read_tags(options.tags, call.streams);
    policy::SelectionTrace trace;
    const auto answer = selection->choose(tags.tags(), trace, policy::TagOrder::any);
    const auto* selected = std::get_if<policy::Selected>(&answer);
    const std::string tag = selected ? selected->tag : "";
    const std::string problem = selected ? "" : std::get<policy::NotSelected>(answer).message;
    if (options.output == "json") {
        print(call.streams, to_json(data_of(trace, tag, problem)));
    } else {
        print(call.streams, text_of(trace, tag));
    }
    if (!selected) say_failed(call.streams, problem);
    return selected ? 0 : 1;
}

Run prepare(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.text("tags", options->tags, "tags: one a line, or a registry's tags/list answer; - reads standard input");
    flags.text("file", options->file, "file with the ImagePolicy to try", 'f');
    flags.text("semver", options->semver, "range of versions");
    flags.text("numerical", options->numerical, "order of numbers: asc or desc");
    flags.text("alphabetical", options->alphabetical, "order of letters: asc or desc");
    flags.text("filter-tags", options->filter_pattern, "keep only tags that match (RE2 syntax)");
    flags.text("filter-extract", options->filter_extract, "what to compare, built of the pattern's groups");
    flags.choice("output", options->output, {"json"}, "print as json", 'o');
    return [options](const Call& call) { return run_test(*options, call); };
}

}  // namespace

const Command k_policy_test = {
    "policy test",
    "[NAME]",
    "try a policy on a list of tags",
    "Shows which tag a policy chooses from a list, the ten best, and why the others dropped out.\n"
    "Ends with 1 if nothing is chosen.\n\n"
    "  tidemark policy test --tags tags.txt --semver 1.25.x\n"
    "  tidemark policy test --tags tags.txt -f policy.yaml\n"
    "  curl -s https://registry.example/v2/acme/app/tags/list | tidemark policy test --tags - \\\n"
    "    --numerical asc --filter-tags '^main-[a-f0-9]+-(?P<ts>[0-9]+)$' --filter-extract '$ts'",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
