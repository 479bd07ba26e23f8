// Commands carried out by the running service.
#include <algorithm>

#include <fmt/format.h>
#include <simdjson.h>

#include "mirror/base/error.h"
#include "mirror/cli/control_places.h"
#include "policy/base/timestamp.h"

namespace tidemark::mirror::cli {
namespace {

using policy::ObjectKind;
using service::Command;
using Status = service::CommandAnswer::Status;
using Json = simdjson::dom::element;

/// Seconds that the service holds an answer back while there is nothing to tell.
constexpr int k_wait = 20;

const char* list_of(ObjectKind kind) noexcept {
    switch (kind) {
        case ObjectKind::image_repository:
            return "/api/v1/repositories";
        case ObjectKind::image_policy:
            return "/api/v1/images";
        case ObjectKind::image_update_automation:
            return "/api/v1/automations";
        case ObjectKind::git_repository:
        case ObjectKind::secret:
            break;
    }
    return "";
}

std::string text_of(Json object, const char* name) {
    std::string_view text;
    return object[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

bool truth_of(Json object, const char* name) {
    bool truth = false;
    return object[name].get(truth) == simdjson::SUCCESS && truth;
}

class ServiceControl : public Control {
public:
    explicit ServiceControl(std::unique_ptr<ServiceClient> service) : m_service(std::move(service)) {}

    std::vector<std::string> names(ObjectKind kind, const std::string& name_space) override {
        std::vector<std::string> names;
        for (const Json object : list(kind))
            if (text_of(object, "namespace") == name_space) names.push_back(text_of(object, "name"));
        std::sort(names.begin(), names.end());
        return names;
    }

    Given give(const Command& command) override {
        std::string json = fmt::format(R"({{"verb":{},"kind":{},"namespace":{},"name":{})",
                                       json_text(to_string(command.verb)), json_text(policy::kind_name(command.kind)),
                                       json_text(command.object.object_namespace), json_text(command.object.name));
        if (!command.tag.empty()) json += R"(,"tag":)" + json_text(command.tag);
        if (!command.reason.empty()) json += R"(,"reason":)" + json_text(command.reason);
        if (command.until) json += R"(,"until":)" + json_text(policy::format_timestamp(*command.until));
        const ServiceClient::Answer answer = reached(m_service->post("/api/v1/commands", json + "}"));
        if (answer.status == 404) return {Status::not_found, refusal_of(answer), ""};
        if (answer.status == 409) return {Status::refused, refusal_of(answer), ""};
        const Json told = parse(answer);
        std::uint64_t number = 0;
        std::string ticket = text_of(told, "ticket");
        if (told["ticket"].get(number) == simdjson::SUCCESS) ticket = std::to_string(number);
        return {Status::done, text_of(told, "message"), std::move(ticket)};
    }

    Worked wait(const Given& given, const Command& command, std::chrono::steady_clock::time_point deadline) override {
        for (;;) {
            const auto left = std::chrono::ceil<std::chrono::seconds>(deadline - std::chrono::steady_clock::now());
            if (left <= std::chrono::seconds(0)) return {End::not_reached, "", ""};
            const std::string path = fmt::format("/api/v1/commands/{}?wait={}", url_part(given.ticket),
                                                 std::min<std::int64_t>(left.count(), k_wait));
            const Json told = parse(reached(m_service->get(path)));
            if (truth_of(told, "finished")) return worked(command, text_of(told, "ready"), text_of(told, "message"));
        }
    }

private:
    Worked worked(const Command& command, const std::string& ready, std::string message) {
        if (ready == "False") return {End::not_ready, std::move(message), ""};
        if (ready != "True") return {End::unknown, std::move(message), ""};
        store::ObjectStatus status;
        status.conditions.push_back({"Ready", ready, "", message, {}});
        for (const Json object : list(command.kind)) {
            if (text_of(object, "namespace") != command.object.object_namespace ||
                text_of(object, "name") != command.object.name)
                continue;
            std::uint64_t tags = 0;
            if (object["tags"].get(tags) == simdjson::SUCCESS) status.tag_count = static_cast<std::size_t>(tags);
            Json latest;
            if (object["latest"].get(latest) == simdjson::SUCCESS && latest.is_object())
                status.latest =
                    policy::LatestReference{text_of(latest, "name"), text_of(latest, "tag"), text_of(latest, "digest")};
        }
        return {End::ready, std::move(message), result_text(command.kind, status)};
    }

    /// The objects that the service knows of a kind. Valid until the next question.
    simdjson::dom::array list(ObjectKind kind) {
        const Json told = parse(reached(m_service->get(list_of(kind))));
        simdjson::dom::array objects;
        if (told.get(objects) == simdjson::SUCCESS) return objects;
        simdjson::dom::object named;
        if (told.get(named) == simdjson::SUCCESS)
            for (const auto& [name, value] : named)
                if (value.get(objects) == simdjson::SUCCESS) return objects;
        throw Error(ErrorKind::network, fmt::format("the service's answer to {} holds no list", list_of(kind)));
    }

    Json parse(const ServiceClient::Answer& answer) {
        if (answer.status != 200) {
            const bool forbidden = answer.status == 401 || answer.status == 403;
            throw Error(forbidden ? ErrorKind::permission : ErrorKind::network, refusal_of(answer));
        }
        m_body = simdjson::padded_string(answer.body);
        Json json;
        if (m_parser.parse(m_body).get(json) != simdjson::SUCCESS)
            throw Error(ErrorKind::network, "the service's answer is no JSON");
        return json;
    }

    ServiceClient::Answer reached(std::optional<ServiceClient::Answer> answer) const {
        if (!answer)
            throw Error(ErrorKind::network,
                        fmt::format("the service at {} went away; look at its log: journalctl -u tidemark",
                                    m_service->socket().string()));
        return std::move(*answer);
    }

    std::unique_ptr<ServiceClient> m_service;
    simdjson::dom::parser m_parser;
    simdjson::padded_string m_body;
};

}  // namespace

std::unique_ptr<ServiceClient> find_service(const Configuration& configuration) {
    auto service = std::make_unique<ServiceClient>(configuration.state / "service.sock");
    if (!service->get("/healthz")) return nullptr;
    return service;
}

std::shared_ptr<Control> control_by_service(std::unique_ptr<ServiceClient> service) {
    return std::make_shared<ServiceControl>(std::move(service));
}

}  // namespace tidemark::mirror::cli
