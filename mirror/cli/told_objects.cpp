#include "mirror/cli/told_objects.h"

#include <iterator>

#include <fmt/format.h>
#include <simdjson.h>

#include "mirror/base/error.h"
#include "policy/base/timestamp.h"

namespace tidemark::mirror::cli {
namespace {

using Json = simdjson::dom::element;
using Found = simdjson::simdjson_result<Json>;
using service::KnownObject;

constexpr std::size_t k_page = 1000;  // as many as the service tells at once

std::string text_of(const Found& object, std::string_view name) {
    std::string_view text;
    return object[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

std::optional<std::chrono::sys_seconds> time_of(const Found& object, std::string_view name) {
    const auto time = policy::parse_timestamp(text_of(object, name));
    return time ? std::optional(*time) : std::nullopt;
}

std::size_t number_of(const Found& object, std::string_view name) {
    std::uint64_t number = 0;
    return object[name].get(number) == simdjson::SUCCESS ? static_cast<std::size_t>(number) : 0;
}

std::vector<std::string> texts_of(const Found& object, std::string_view name) {
    std::vector<std::string> texts;
    simdjson::dom::array items;
    if (object[name].get(items) != simdjson::SUCCESS) return texts;
    for (const Json item : items) {
        std::string_view text;
        if (item.get(text) == simdjson::SUCCESS) texts.emplace_back(text);
    }
    return texts;
}

std::optional<policy::LatestReference> reference_of(const Found& status, std::string_view name) {
    const Found reference = status[name];
    if (reference.error() != simdjson::SUCCESS) return std::nullopt;
    return policy::LatestReference{text_of(reference, "name"), text_of(reference, "tag"), text_of(reference, "digest")};
}

store::ObjectStatus status_of(const Found& told) {
    store::ObjectStatus status;
    simdjson::dom::array conditions;
    if (told["conditions"].get(conditions) == simdjson::SUCCESS)
        for (const Found condition : conditions)
            status.conditions.push_back(
                {text_of(condition, "type"), text_of(condition, "status"), text_of(condition, "reason"),
                 text_of(condition, "message"),
                 time_of(condition, "lastTransitionTime").value_or(std::chrono::sys_seconds())});
    status.canonical_name = text_of(told, "canonicalImageName");
    const Found scan = told["lastScanResult"];
    status.last_scan = time_of(scan, "scanTime");
    status.tag_count = number_of(scan, "tagCount");
    status.latest_tags = texts_of(scan, "latestTags");
    status.latest = reference_of(told, "latestRef");
    status.previous = reference_of(told, "observedPreviousRef");
    status.last_run = time_of(told, "lastAutomationRunTime");
    status.last_push = time_of(told, "lastPushTime");
    status.last_push_commit = text_of(told, "lastPushCommit");
    status.revision = text_of(told["artifact"], "revision");
    return status;
}

KnownObject object_of(policy::ObjectKind kind, const Found& told) {
    KnownObject object;
    object.kind = kind;
    object.api_version = text_of(told, "apiVersion");
    const Found metadata = told["metadata"];
    object.key = {text_of(metadata, "namespace"), text_of(metadata, "name")};
    simdjson::dom::object labels;
    if (metadata["labels"].get(labels) == simdjson::SUCCESS)
        for (const auto& [name, value] : labels) {
            std::string_view text;
            if (value.get(text) == simdjson::SUCCESS) object.labels.emplace(name, text);
        }
    const Found spec = told["spec"];
    bool suspended = false;
    object.suspended = spec["suspend"].get(suspended) == simdjson::SUCCESS && suspended;
    object.image = text_of(spec, "image");
    object.url = text_of(spec, "url");
    object.source = {text_of(spec["sourceRef"], "namespace"), text_of(spec["sourceRef"], "name")};
    object.status = status_of(told["status"]);
    return object;
}

}  // namespace

ToldObjects read_told_objects(policy::ObjectKind kind, const std::string& json) {
    simdjson::dom::parser parser;
    Json told;
    simdjson::dom::array items;
    if (parser.parse(json).get(told) != simdjson::SUCCESS || told["items"].get(items) != simdjson::SUCCESS)
        throw Error(ErrorKind::network, "the service's answer is no list of objects");
    ToldObjects page;
    const Found whole{Json(told)};
    page.total = number_of(whole, "total");
    page.problems = texts_of(whole, "problems");
    for (const Json item : items)
        page.objects.push_back(object_of(kind, Found(Json(item))));
    return page;
}

ToldObjects ask_for_objects(ServiceClient& client, policy::ObjectKind kind,
                            const std::optional<std::string>& name_space, const std::string& name) {
    std::string query = fmt::format("/api/v1/objects?kind={}", policy::kind_name(kind));
    if (name_space) query += "&namespace=" + url_part(*name_space);
    if (!name.empty()) query += "&name=" + url_part(name);
    ToldObjects all;
    do {
        ToldObjects page = read_told_objects(
            kind, client.read(fmt::format("{}&limit={}&offset={}", query, k_page, all.objects.size())));
        all.total = page.total;
        all.problems = std::move(page.problems);
        if (page.objects.empty()) break;
        std::move(page.objects.begin(), page.objects.end(), std::back_inserter(all.objects));
    } while (all.objects.size() < all.total);
    return all;
}

}  // namespace tidemark::mirror::cli
