// `get` and `export` against get-cases.json: the objects and their status come from the files beside it.
#include <cstdlib>
#include <map>

#include <fmt/format.h>
#include <time.h>

#include "mirror/cli/command.h"
#include "policy/objects/read.h"
#include "tests/conformance/area_cli.h"

namespace tidemark::conformance {
namespace {

namespace cli = mirror::cli;
namespace store = mirror::store;
using policy::ObjectKey;

constexpr const char* k_watch_closed = "get --watch, ended by the server";
constexpr const char* k_file = "flux-testdata/get-cases.json";

std::optional<Json> at(Json object, std::string_view key) {
    Json value;
    if (object[key].get(value) != simdjson::SUCCESS) return std::nullopt;
    return value;
}

std::string text_at(std::optional<Json> object, std::string_view key) {
    return object ? text(*object, key).value_or("") : "";
}

std::optional<std::chrono::sys_seconds> time_of(const std::string& text) {
    std::tm parts{};
    if (text.empty() || !::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S%z", &parts)) return std::nullopt;
    const long offset = parts.tm_gmtoff;  // timegm sets it to zero
    return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&parts) - offset));
}

std::optional<policy::LatestReference> reference_of(std::optional<Json> reference) {
    if (!reference) return std::nullopt;
    return policy::LatestReference{text_at(reference, "name"), text_at(reference, "tag"), text_at(reference, "digest")};
}

store::ObjectStatus status_of(Json object) {
    store::ObjectStatus status;
    const auto written = at(object, "status");
    if (!written) return status;
    simdjson::dom::array conditions;
    if ((*written)["conditions"].get(conditions) == simdjson::SUCCESS) {
        for (const Json condition : conditions) {
            status.conditions.push_back({text_at(condition, "type"),
                                         text_at(condition, "status"),
                                         text_at(condition, "reason"),
                                         text_at(condition, "message"),
                                         {}});
        }
    }
    if (const auto scan = at(*written, "lastScanResult")) status.last_scan = time_of(text_at(scan, "scanTime"));
    status.latest = reference_of(at(*written, "latestRef"));
    status.last_run = time_of(text_at(written, "lastAutomationRunTime"));
    if (const auto artifact = at(*written, "artifact")) status.revision = text_at(artifact, "revision");
    return status;
}

struct Cluster {
    std::vector<policy::SourceText> texts;
    std::map<std::pair<std::string, ObjectKey>, store::ObjectStatus> statuses;
};

Cluster read_cluster(Report& report, const std::string& file) {
    Cluster cluster;
    for (const Json object : report.cases(file)) {
        // `export` finds an object by its place, so each has a file of its own.
        cluster.texts.push_back({fmt::format("{}#{}", file, cluster.texts.size()), simdjson::minify(object)});
        const auto metadata = at(object, "metadata");
        const ObjectKey key{text_at(metadata, "namespace"), text_at(metadata, "name")};
        cluster.statuses[{text_at(object, "kind"), key}] = status_of(object);
    }
    return cluster;
}

cli::Environment environment_of(const Cluster& cluster) {
    cli::Environment environment;
    environment.read_objects = [&cluster](const cli::GlobalOptions&) {
        policy::ObjectSet objects = policy::read_objects(cluster.texts);
        // The recorded cluster took the objects as they are: what is wrong with one stands in its status alone.
        for (auto& [key, object] : objects.image_repositories)
            object.metadata.findings.clear();
        for (auto& [key, object] : objects.image_policies)
            object.metadata.findings.clear();
        for (auto& [key, object] : objects.image_update_automations)
            object.metadata.findings.clear();
        for (auto& [key, object] : objects.git_repositories)
            object.metadata.findings.clear();
        return objects;
    };
    environment.read_texts = [&cluster](const cli::GlobalOptions&) { return cluster.texts; };
    environment.open_status = [&cluster](const cli::GlobalOptions&) -> cli::StatusLookup {
        return [&cluster](policy::ObjectKind kind, const ObjectKey& key) -> std::optional<store::ObjectStatus> {
            const auto found = cluster.statuses.find({std::string(policy::kind_name(kind)), key});
            if (found == cluster.statuses.end()) return std::nullopt;
            return found->second;
        };
    };
    return environment;
}

void set_zone(Json element) {
    const auto variables = at(element, "env");
    const std::string zone = text_at(variables, "TZ");
    ::setenv("TZ", zone.empty() ? "UTC" : zone.c_str(), 1);
    ::tzset();
}

}  // namespace

void check_get(Report& report) {
    std::map<std::string, Cluster> clusters;
    std::map<std::string, std::size_t> later;
    for (const Json element : report.cases(k_file)) {
        const auto arguments = texts(element, "args");
        if (is_act(arguments)) continue;
        if (arguments.empty() || (arguments.front() != "get" && arguments.front() != "export")) {
            ++later[arguments.empty() ? "" : arguments.front()];
            continue;
        }
        if (text(element, "stderr").value_or("").find("watch closed before") != std::string::npos) {
            ++later[k_watch_closed];
            continue;
        }
        const std::string objects = text(element, "objects").value_or("");
        Cluster& cluster = clusters[objects];
        if (!objects.empty() && cluster.texts.empty()) cluster = read_cluster(report, "flux-testdata/" + objects);
        set_zone(element);
        check_invocation(report, k_file, element, environment_of(cluster));
    }
    for (const auto& [verb, count] : later) {
        if (verb == k_watch_closed) {
            report.skip(fmt::format("{} `{}` case of {}", count, verb, k_file), "there is no server to end it");
            continue;
        }
        report.skip(fmt::format("{} `{}` cases of {}", count, verb, k_file),
                    "they wait for a cluster's controllers; here create writes a file");
    }
}

}  // namespace tidemark::conformance
