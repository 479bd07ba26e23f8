// `reconcile`, `suspend`, `resume` and `delete` against get-cases.json. Commands are answered as the recorded cluster's
// controllers did (the annotation test/outcome says how), except for `delete`, which works on files.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>

#include <fmt/format.h>
#include <unistd.h>

#include "mirror/cli/control.h"
#include "tests/conformance/area_cli.h"

namespace tidemark::conformance {
namespace {

namespace cli = mirror::cli;
namespace service = mirror::service;
namespace store = mirror::store;
using policy::ObjectKey;
using policy::ObjectKind;

constexpr const char* k_file = "flux-testdata/get-cases.json";

struct Recorded {
    std::string outcome;  // "", "fail", "stalled", "noready", "ignore"
    bool suspended = false;
    store::ObjectStatus status;
};

std::string text_at(Json object, std::string_view path) {
    std::string_view value;
    return object.at_pointer(path).get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
}

Recorded read_recorded(Json object) {
    Recorded recorded;
    recorded.outcome = text_at(object, "/metadata/annotations/test~1outcome");
    bool suspended = false;
    recorded.suspended = object.at_pointer("/spec/suspend").get(suspended) == simdjson::SUCCESS && suspended;
    std::uint64_t tags = 0;
    if (object.at_pointer("/status/lastScanResult/tagCount").get(tags) == simdjson::SUCCESS)
        recorded.status.tag_count = static_cast<std::size_t>(tags);
    if (!text_at(object, "/status/latestRef/tag").empty())
        recorded.status.latest =
            policy::LatestReference{text_at(object, "/status/latestRef/name"), text_at(object, "/status/latestRef/tag"),
                                    text_at(object, "/status/latestRef/digest")};
    recorded.status.conditions.push_back({"Ready", "True", "", text_at(object, "/status/conditions/0/message"), {}});
    return recorded;
}

class RecordedControl : public cli::Control {
public:
    explicit RecordedControl(Report& report) {
        for (const Json object : report.cases("flux-testdata/act-objects.json"))
            m_objects[{text_at(object, "/kind"),
                       {text_at(object, "/metadata/namespace"), text_at(object, "/metadata/name")}}] =
                read_recorded(object);
    }

    std::vector<std::string> names(ObjectKind kind, const std::string& name_space) override {
        std::vector<std::string> names;
        for (const auto& [key, object] : m_objects)
            if (key.first == policy::kind_name(kind) && key.second.object_namespace == name_space)
                names.push_back(key.second.name);
        return names;
    }

    Given give(const service::Command& command) override {
        using Status = service::CommandAnswer::Status;
        const Recorded* object = find(command);
        if (!object) return {Status::not_found, "", ""};
        if (command.verb == service::Verb::reconcile && object->suspended)
            return {Status::refused, "resource is suspended", ""};
        return {Status::done, "", ""};
    }

    Worked wait(const Given&, const service::Command& command, std::chrono::steady_clock::time_point) override {
        const Recorded& object = *find(command);
        if (object.outcome == "ignore") return {End::not_reached, "", ""};
        if (object.outcome == "noready") return {};
        if (object.outcome == "fail") return {End::not_ready, "boom", ""};
        if (object.outcome == "stalled") return {End::not_ready, "boom: bad spec", ""};
        return {End::ready, "", cli::result_text(command.kind, object.status)};
    }

private:
    const Recorded* find(const service::Command& command) const {
        const auto found = m_objects.find({std::string(policy::kind_name(command.kind)), command.object});
        return found == m_objects.end() ? nullptr : &found->second;
    }

    std::map<std::pair<std::string, ObjectKey>, Recorded> m_objects;
};

/// The recorded objects as files, one each, and the configuration that names them; removed at the end.
class ObjectFolder {
public:
    explicit ObjectFolder(Report& report) {
        std::filesystem::create_directories(m_path / "objects");
        std::size_t number = 0;
        for (const Json object : report.cases("flux-testdata/act-objects.json"))
            std::ofstream(m_path / "objects" / fmt::format("{}.json", ++number)) << simdjson::minify(object);
        std::ofstream(config()) << "state: state\nobjects: [{directory: objects}]\n";
    }
    ~ObjectFolder() {
        std::error_code error;
        std::filesystem::remove_all(m_path, error);
    }
    ObjectFolder(const ObjectFolder&) = delete;
    ObjectFolder& operator=(const ObjectFolder&) = delete;

    std::filesystem::path config() const { return m_path / "tidemark.yaml"; }

private:
    std::filesystem::path m_path =
        std::filesystem::temp_directory_path() / fmt::format("tidemark-conformance-{}", ::getpid());
};

}  // namespace

bool is_act(const std::vector<std::string>& arguments) {
    for (const char* verb : {"reconcile", "suspend", "resume", "delete"})
        if (!arguments.empty() && arguments.front() == verb) return true;
    return false;
}

void check_acts(Report& report) {
    for (const Json element : report.cases(k_file)) {
        if (!is_act(texts(element, "args"))) continue;
        const ObjectFolder folder(report);
        cli::Environment environment;
        environment.variables["TIDEMARK_CONFIG"] = folder.config().string();
        environment.open_control = [&](const cli::GlobalOptions&) { return std::make_shared<RecordedControl>(report); };
        check_invocation(report, k_file, element, environment);
    }
}

}  // namespace tidemark::conformance
