#include <array>

#include <fmt/format.h>

#include "policy/base/nearest.h"
#include "policy/objects/field_types.h"
#include "policy/objects/names.h"
#include "policy/objects/read_kinds.h"

namespace tidemark::policy {
namespace {

constexpr std::string_view k_annotation_prefix = "tidemark/";
constexpr std::string_view k_default_namespace = "default";

// What an API server writes into metadata; `kubectl get -o yaml` shows it.
constexpr std::array<std::string_view, 12> k_server_fields = {
    "generateName", "selfLink",          "uid",
    "generation",   "resourceVersion",   "creationTimestamp",
    "finalizers",   "deletionTimestamp", "deletionGracePeriodSeconds",
    "clusterName",  "ownerReferences",   "managedFields"};

// Tidemark's settings of an object. One that nobody reads has no effect, which must be said.
void check_annotations(yaml::Fields& metadata, std::string_view kind, const Labels& annotations) {
    for (auto it = annotations.lower_bound(std::string(k_annotation_prefix)); it != annotations.end(); ++it) {
        if (it->first.compare(0, k_annotation_prefix.size(), k_annotation_prefix) != 0) break;
        if (is_known_annotation(kind, it->first)) continue;
        metadata.report().warning(
            *metadata.node().find("annotations"),
            fmt::format("annotation {} is not known to this version for {}, it has no effect", it->first, kind));
    }
}

}  // namespace

bool has_field(yaml::Fields& fields, std::string_view key, ApiVersion have, ApiVersion since) {
    if (have >= since) return true;
    fields.refuse(key, "is not in this apiVersion",
                  since == ApiVersion::v1 ? "write apiVersion .../v1" : "write apiVersion .../v1beta2 or .../v1");
    return false;
}

bool read_metadata(yaml::Fields& root, std::string_view kind, Metadata& metadata) {
    auto fields = root.required_mapping("metadata");
    if (!fields) return false;
    yaml::Report& report = fields->report();
    metadata.key.object_namespace = k_default_namespace;
    const auto space = fields->text("namespace");
    if (space && !space->empty()) metadata.key.object_namespace = *space;
    if (const auto name = fields->required_text("name")) metadata.key.name = *name;
    if (!metadata.key.name.empty()) report.set_subject(fmt::format("{} {}", kind, metadata.key.to_string()));
    if (space && !space->empty()) {
        if (const auto reason = find_namespace_problem(*space))
            report.error(*fields->node().find("namespace"),
                         fmt::format("metadata.namespace is no namespace: {}", *reason));
    }
    if (!metadata.key.name.empty()) {
        if (const auto reason = find_name_problem(metadata.key.name))
            report.error(*fields->node().find("name"), fmt::format("metadata.name is no object name: {}", *reason));
    }
    metadata.labels = read_labels(*fields, "labels");
    metadata.annotations = read_text_map(*fields, "annotations");
    check_annotations(*fields, kind, metadata.annotations);
    for (const std::string_view key : k_server_fields)
        fields->ignore(key);
    fields->finish();
    return !metadata.key.name.empty();
}

}  // namespace tidemark::policy
