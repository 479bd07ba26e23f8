#include "mirror/service/known_object.h"

#include <algorithm>

#include "mirror/service/conditions.h"
#include "policy/base/timestamp.h"

namespace tidemark::mirror::service {
namespace {

using policy::ObjectKind;
using policy::yaml::Value;
using store::Condition;

/// What was written since the last pass can be wrong although that pass went well.
void report_mistakes(const policy::Metadata& metadata, store::ObjectStatus& status) {
    const Condition* ready = ready_condition(status);
    if (metadata.valid() || (ready && ready->status != "True")) return;
    std::string message;
    for (const policy::Finding& finding : metadata.findings) {
        if (finding.severity != policy::Severity::error) continue;
        if (!message.empty()) message += '\n';
        message += policy::to_string(finding.place) + ": " + finding.message;
    }
    std::erase_if(status.conditions, [](const Condition& condition) { return condition.type == "Ready"; });
    status.conditions.push_back({"Ready", "False", "InvalidSpec", message, {}});
}

void take_settings(const policy::ImageRepository& object, KnownObject& known) {
    known.image = object.image;
}
void take_settings(const policy::ImagePolicy&, KnownObject&) {}
void take_settings(const policy::ImageUpdateAutomation& object, KnownObject& known) {
    known.source = object.source;
}
void take_settings(const policy::GitRepository& object, KnownObject& known) {
    known.url = object.url;
}

Value reference_data(const policy::LatestReference& reference) {
    Value value;
    value.set("name", reference.name).set("tag", reference.tag).set_text("digest", reference.digest);
    return value;
}

Value conditions_data(const std::vector<Condition>& conditions) {
    Value::Sequence list;
    for (const Condition& condition : conditions) {
        Value value;
        value.set("type", condition.type).set("status", condition.status).set_text("reason", condition.reason);
        value.set("message", condition.message);
        if (condition.last_transition != std::chrono::sys_seconds())
            value.set("lastTransitionTime", policy::format_timestamp(condition.last_transition));
        list.push_back(std::move(value));
    }
    return list;
}

Value status_data(const store::ObjectStatus& status) {
    Value value;
    if (!status.conditions.empty()) value.set("conditions", conditions_data(status.conditions));
    value.set_text("canonicalImageName", status.canonical_name);
    if (status.last_scan) {
        Value scan;
        scan.set("scanTime", policy::format_timestamp(*status.last_scan));
        scan.set("tagCount", static_cast<std::int64_t>(status.tag_count));
        scan.set("latestTags", Value::Sequence(status.latest_tags.begin(), status.latest_tags.end()));
        value.set("lastScanResult", std::move(scan));
    }
    if (status.latest) value.set("latestRef", reference_data(*status.latest));
    if (status.previous) value.set("observedPreviousRef", reference_data(*status.previous));
    if (status.last_run) value.set("lastAutomationRunTime", policy::format_timestamp(*status.last_run));
    if (status.last_push) value.set("lastPushTime", policy::format_timestamp(*status.last_push));
    value.set_text("lastPushCommit", status.last_push_commit);
    if (!status.revision.empty()) value.set("artifact", Value().set("revision", status.revision));
    return value;
}

Value spec_data(const KnownObject& known) {
    Value spec;
    spec.set("suspend", known.suspended);
    if (known.kind == ObjectKind::image_repository) spec.set("image", known.image);
    if (known.kind == ObjectKind::git_repository) spec.set("url", known.url);
    if (known.kind == ObjectKind::image_update_automation) {
        Value source;
        source.set("kind", policy::kind_name(ObjectKind::git_repository)).set("name", known.source.name);
        source.set("namespace", known.source.object_namespace);
        spec.set("sourceRef", std::move(source));
    }
    return spec;
}

}  // namespace

FoundObjects find_known_objects(const policy::ObjectSet& objects, ObjectKind kind,
                                const std::optional<std::string>& name_space, const std::string& name,
                                const StatusOf& status, const Window& window) {
    FoundObjects found;
    const auto collect = [&](const auto& of_kind) {
        for (const auto& [key, object] : of_kind) {
            if (name_space && key.object_namespace != *name_space) continue;
            if (!name.empty() && key.name != name) continue;
            if (found.total++ < window.offset || found.objects.size() >= window.limit) continue;
            KnownObject known;
            known.kind = kind;
            known.key = key;
            known.api_version = object.metadata.api_version;
            known.labels = object.metadata.labels;
            known.suspended = object.suspend;
            take_settings(object, known);
            if (status) known.status = status(kind, key).value_or(store::ObjectStatus());
            report_mistakes(object.metadata, known.status);
            found.objects.push_back(std::move(known));
        }
    };
    switch (kind) {
        case ObjectKind::image_repository:
            collect(objects.image_repositories);
            break;
        case ObjectKind::image_policy:
            collect(objects.image_policies);
            break;
        case ObjectKind::image_update_automation:
            collect(objects.image_update_automations);
            break;
        case ObjectKind::git_repository:
            collect(objects.git_repositories);
            break;
        case ObjectKind::secret:
            break;
    }
    return found;
}

std::vector<std::string> problems_of_files(const policy::ObjectSet& objects) {
    std::vector<std::string> problems;
    for (const policy::Finding& finding : objects.findings)
        if (finding.severity == policy::Severity::error && finding.subject.empty())
            problems.push_back(policy::to_string(finding));
    return problems;
}

Value data_of(const KnownObject& known) {
    Value metadata;
    metadata.set("name", known.key.name).set("namespace", known.key.object_namespace);
    if (!known.labels.empty()) {
        Value labels;
        for (const auto& [key, value] : known.labels)
            labels.set(key, value);
        metadata.set("labels", std::move(labels));
    }
    Value value;
    value.set("apiVersion", known.api_version).set("kind", policy::kind_name(known.kind));
    value.set("metadata", std::move(metadata)).set("spec", spec_data(known)).set("status", status_data(known.status));
    return value;
}

}  // namespace tidemark::mirror::service
