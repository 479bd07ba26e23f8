// ImagePolicy: image.toolkit.fluxcd.io v1beta1 (reference, policy, filter only), v1beta2, v1.
#include <fmt/format.h>

#include "policy/objects/field_types.h"
#include "policy/objects/read_kinds.h"

namespace tidemark::policy {
namespace {

void append_part(std::string& key, char type, const std::string& text) {
    key += fmt::format("{}{}:{}", type, text.size(), text);
}

std::string cache_key(const SelectionSpec& spec) {
    std::string key;
    if (spec.filter) {
        append_part(key, 'p', spec.filter->pattern);
        append_part(key, 'e', spec.filter->extract);
    }
    if (spec.semver) append_part(key, 's', spec.semver->range);
    if (spec.alphabetical) append_part(key, 'a', spec.alphabetical->order);
    if (spec.numerical) append_part(key, 'n', spec.numerical->order);
    return key;
}

std::string read_order(yaml::Fields& choice) {
    const auto order = choice.word("order", {"asc", "desc"});
    choice.finish();
    return std::string(order.value_or("asc"));
}

void read_choice(SelectionSpec& selection, yaml::Fields& policy) {
    if (auto semver = policy.mapping("semver")) {
        if (const auto range = semver->required_text("range", "1.x"))
            selection.semver = SemverChoice{std::string(*range)};
        semver->finish();
    }
    if (auto alphabetical = policy.mapping("alphabetical"))
        selection.alphabetical = AlphabeticalChoice{read_order(*alphabetical)};
    if (auto numerical = policy.mapping("numerical")) selection.numerical = NumericalChoice{read_order(*numerical)};
    policy.finish();
    const int choices = int{policy.node().find("semver") != nullptr} + int{selection.alphabetical.has_value()} +
                        int{selection.numerical.has_value()};
    if (choices == 0 && policy.node().is_mapping())
        policy.report().error(policy.node(), "spec.policy chooses nothing",
                              "give it semver, alphabetical or numerical");
    if (choices > 1)
        policy.report().warning(policy.node(), fmt::format("spec.policy has more than one rule, {} is used",
                                                           selection.semver ? "semver" : "alphabetical"));
}

// The whole selection is compiled once; only if that fails it is asked which part is to blame, to name its place.
void check_selection(const SelectionSpec& selection, yaml::Fields& spec, CompileCache& cache) {
    if (!selection.semver && !selection.alphabetical && !selection.numerical) return;
    const std::optional<Problem>& problem = cache.find_problem(selection);
    if (!problem) return;
    SelectionSpec unfiltered = selection;
    unfiltered.filter.reset();
    const std::optional<Problem>& of_choice = cache.find_problem(unfiltered);
    if (!of_choice) {
        const yaml::Node* filter = spec.node().find("filterTags");
        const yaml::Node* pattern = filter ? filter->find("pattern") : nullptr;
        spec.report().error_in(pattern ? *pattern : spec.node(), problem->position,
                               fmt::format("spec.filterTags: {}", problem->message));
        return;
    }
    const yaml::Node* choice = spec.node().find("policy");
    const yaml::Node* semver = choice ? choice->find("semver") : nullptr;
    const yaml::Node* range = semver ? semver->find("range") : nullptr;
    if (range) {
        spec.report().error_in(*range, of_choice->position,
                               fmt::format("spec.policy.semver.range: {}", of_choice->message));
    } else {
        spec.report().error(choice ? *choice : spec.node(), fmt::format("spec.policy: {}", of_choice->message));
    }
}

void read_digest_reflection(ImagePolicy& policy, yaml::Fields& spec) {
    const auto word = spec.word("digestReflectionPolicy", {"Never", "IfNotPresent", "Always"});
    if (word == "IfNotPresent") policy.digest_reflection = DigestReflection::if_not_present;
    if (word == "Always") policy.digest_reflection = DigestReflection::always;
    policy.interval = read_interval(spec, "interval");
    const bool always = policy.digest_reflection == DigestReflection::always;
    const yaml::Node* interval = spec.find("interval");
    // The two rules of the schema (x-kubernetes-validations).
    if (interval && !always)
        spec.report().error(*interval,
                            "spec.interval is only accepted when spec.digestReflectionPolicy is set to 'Always'");
    if (!interval && always)
        spec.report().error(*spec.node().find("digestReflectionPolicy"),
                            "spec.interval must be set when spec.digestReflectionPolicy is set to 'Always'",
                            "e.g. interval: 10m");
}

}  // namespace

const std::optional<Problem>& CompileCache::find_problem(const SelectionSpec& spec) {
    const auto [entry, fresh] = m_selections.try_emplace(cache_key(spec));
    if (fresh) {
        const Result<Selection> selection = Selection::compile(spec);
        if (!selection) entry->second = selection.problem();
    }
    return entry->second;
}

const std::optional<Problem>& CompileCache::find_exclusion_problem(const std::string& pattern) {
    const auto [entry, fresh] = m_exclusions.try_emplace(pattern);
    if (fresh) {
        const Result<ExclusionList> list = ExclusionList::compile({pattern});
        if (!list) entry->second = list.problem();
    }
    return entry->second;
}

void read_spec(ImagePolicy& policy, yaml::Fields& spec, SpecContext& context) {
    if (auto reference = spec.required_mapping("imageRepositoryRef")) {
        policy.image_repository = read_reference(*reference, policy.metadata.key.object_namespace);
        reference->finish();
    }
    if (auto filter = spec.mapping("filterTags")) {
        policy.selection.filter = TagFilter{std::string(filter->text("pattern").value_or("")),
                                            std::string(filter->text("extract").value_or(""))};
        filter->finish();
    }
    if (auto choice = spec.required_mapping("policy")) read_choice(policy.selection, *choice);
    check_selection(policy.selection, spec, context.cache);
    const bool has_digests = has_field(spec, "digestReflectionPolicy", context.version, ApiVersion::v1beta2);
    if (has_field(spec, "interval", context.version, ApiVersion::v1beta2) && has_digests)
        read_digest_reflection(policy, spec);
    if (has_field(spec, "suspend", context.version, ApiVersion::v1beta2)) policy.suspend = spec.boolean("suspend");
}

}  // namespace tidemark::policy
