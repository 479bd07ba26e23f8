#include <memory>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/create.h"
#include "mirror/cli/extract.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/names.h"
#include "policy/base/duration.h"
#include "policy/selection/selection.h"

namespace tidemark::mirror::cli {
namespace {

using policy::yaml::Value;

struct Options {
    CreateOptions create;
    std::string image_ref;
    std::string semver;
    std::string alphabetical;
    std::string numerical;
    std::string filter_pattern;
    std::string filter_extract;
    std::string reflect_digest;
    std::chrono::nanoseconds interval{};
};

[[noreturn]] void refuse(const std::string& message) {
    throw Error(ErrorKind::usage, message);
}

void check_order(const char* flag, const std::string& order) {
    if (!order.empty() && order != "asc" && order != "desc")
        refuse(fmt::format(R"({} must be one of ["asc", "desc"])", flag));
}

void check_choice(const Options& options) {
    const int choices =
        (options.semver.empty() ? 0 : 1) + (options.alphabetical.empty() ? 0 : 1) + (options.numerical.empty() ? 0 : 1);
    if (choices == 0) refuse("a policy must be provided with either --select-semver or --select-alpha");
    // `flux` lets a semver range stand beside the others and then writes an empty policy, which is never ready.
    if (choices > 1) refuse("only one of --select-semver, --select-alpha or --select-numeric can be specified");
    check_order("--select-alpha", options.alphabetical);
    check_order("--select-numeric", options.numerical);
}

void check_filter(const Options& options) {
    if (options.filter_pattern.empty()) {
        if (!options.filter_extract.empty())
            refuse("cannot specify --filter-extract without specifying --filter-regex");
        return;
    }
    policy::SelectionSpec spec;
    spec.filter = policy::TagFilter{options.filter_pattern, ""};
    spec.alphabetical = policy::AlphabeticalChoice{"asc"};
    if (!policy::Selection::compile(spec)) refuse("--filter-regex is an invalid regex pattern");
    const auto used = groups_of_extract(options.filter_extract);
    if (!used) refuse("--filter-extract is malformed");
    for (const std::string& group : *used) {
        if (!has_group(options.filter_pattern, group)) {
            refuse(fmt::format("capture group ${} used in --filter-extract not found in --filter-regex", group));
        }
    }
}

void check_digest(const Options& options) {
    const std::string& reflect = options.reflect_digest;
    if (!reflect.empty() && reflect != "Never" && reflect != "IfNotPresent" && reflect != "Always") {
        refuse("invalid value for --reflect-digest, must be one of 'Never', 'IfNotPresent', 'Always'");
    }
    if (options.interval != std::chrono::nanoseconds::zero() && reflect != "Always") {
        refuse(
            "the --interval flag can only be used with the 'Always' digest reflection policy, use "
            "--reflect-digest=Always");
    }
}

// `flux` does not look at the range, and the object then never becomes ready; so do we, but say so at once.
void warn_of_bad_range(const Options& options, const Streams& streams) {
    if (options.semver.empty()) return;
    policy::SelectionSpec spec;
    spec.semver = policy::SemverChoice{options.semver};
    if (const auto compiled = policy::Selection::compile(spec); !compiled) say_warning(streams, compiled.message());
}

Value spec_of(const Options& options) {
    Value policy;
    if (!options.semver.empty()) policy.set("semver", Value().set("range", options.semver));
    if (!options.alphabetical.empty()) policy.set("alphabetical", Value().set("order", options.alphabetical));
    if (!options.numerical.empty()) policy.set("numerical", Value().set("order", options.numerical));
    Value spec;
    spec.set("imageRepositoryRef", name_reference(options.image_ref)).set("policy", std::move(policy));
    if (!options.filter_pattern.empty()) {
        spec.set("filterTags", Value().set("pattern", options.filter_pattern).set("extract", options.filter_extract));
    }
    spec.set_text("digestReflectionPolicy", options.reflect_digest);
    if (options.interval != std::chrono::nanoseconds::zero()) {
        spec.set("interval", policy::format_duration(options.interval));
    }
    return spec;
}

int run_create(const Options& options, const Call& call) {
    const std::string& name = object_name(call.arguments);
    if (options.image_ref.empty()) refuse("the name of an ImageRepository in the namespace is required (--image-ref)");
    const policy::Labels labels = parse_labels(options.create.labels);
    check_choice(options);
    check_filter(options);
    check_digest(options);
    warn_of_bad_range(options, call.streams);
    auto object = make_object("image.toolkit.fluxcd.io/v1", "ImagePolicy", name, call.global.name_space, labels);
    object.set("spec", spec_of(options));
    return deliver(object, options.create, call);
}

Run prepare(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.text("image-ref", options->image_ref, "ImageRepository to choose from, in the same namespace");
    flags.text("select-semver", options->semver, "highest version in a range, e.g. \">=1.0.0\" or \"1.25.x\"");
    flags.text("select-alpha", options->alphabetical, "last tag in the order of letters: asc or desc");
    flags.text("select-numeric", options->numerical, "last tag in the order of numbers: asc or desc");
    flags.text("filter-regex", options->filter_pattern, "keep only tags that match (RE2 syntax)");
    flags.text("filter-extract", options->filter_extract, "what to compare, built of the pattern's groups: \"$ts\"");
    flags.text("reflect-digest", options->reflect_digest, "Never, IfNotPresent or Always: whether digests are written");
    // The digest's own interval hides the inherited one.
    flags.duration("interval", options->interval,
                   "how often the digest is looked up; only with --reflect-digest=Always");
    add_create_flags(flags, options->create);
    return [options](const Call& call) { return run_create(*options, call); };
}

}  // namespace

const Command k_create_image_policy = {
    "create image policy",
    "NAME",
    "an ImagePolicy: which tag is chosen",
    "Makes an ImagePolicy: the rule that chooses one of a repository's tags.\n\n"
    "  # The highest 1.25 version\n"
    "  tidemark create image policy nginx --image-ref=nginx --select-semver=1.25.x --export\n\n"
    "  # The latest build of main, tagged main-COMMIT-TIME\n"
    "  tidemark create image policy app --image-ref=app --select-numeric=asc \\\n"
    "    --filter-regex='^main-[a-f0-9]+-(?P<ts>[0-9]+)' --filter-extract='$ts' --export\n\n"
    "Try a policy on a list of tags with \"tidemark policy test\".",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
