// Commands carried out by the running service.
#include <algorithm>

#include <fmt/format.h>
#include <simdjson.h>

#include "mirror/base/error.h"
#include "mirror/cli/control_places.h"
#include "policy/base/timestamp.h"

namespace tidemark::mirror::cli {
namespace {

using policy::ObjectKey;
using policy::ObjectKind;
using service::Command;
using Status = service::CommandAnswer::Status;
using Json = simdjson::dom::element;

/// Seconds that the service holds an answer back while there is nothing to tell.
constexpr int k_wait = 20;
constexpr std::uint64_t k_page = 1000;

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
        for (std::uint64_t offset = 0, total = 1; offset < total; offset += k_page) {
            const Json told = ask(fmt::format("{}?limit={}&offset={}", list_of(kind), k_page, offset));
            if (told["total"].get(total) != simdjson::SUCCESS) break;
            for (const Json object : items_of(told))
                if (text_of(object, "namespace") == name_space) names.push_back(text_of(object, "name"));
        }
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
        const ObjectKey& key = command.object;
        if (command.kind == ObjectKind::image_policy) {
            const Json image =
                ask(fmt::format("/api/v1/images/{}/{}", url_part(key.object_namespace), url_part(key.name)));
            Json pin;
            const bool pinned = image["pin"].get(pin) == simdjson::SUCCESS && pin.is_object();
            status.latest = policy::LatestReference{text_of(image, "image"),
                                                    text_of(pinned ? pin : image, pinned ? "tag" : "candidate"),
                                                    text_of(image, "digest")};
        } else if (command.kind == ObjectKind::image_repository) {
            const Json told =
                ask(fmt::format("{}?limit={}&q={}", list_of(command.kind), k_page, url_part(key.to_string())));
            for (const Json object : items_of(told)) {
                std::uint64_t tags = 0;
                if (text_of(object, "namespace") == key.object_namespace && text_of(object, "name") == key.name &&
                    object["tags"].get(tags) == simdjson::SUCCESS)
                    status.tag_count = static_cast<std::size_t>(tags);
            }
        }
        return {End::ready, std::move(message), result_text(command.kind, status)};
    }

    /// Valid until the next question.
    Json ask(const std::string& path) { return parse(reached(m_service->get(path))); }

    static simdjson::dom::array items_of(Json told) {
        simdjson::dom::array items;
        if (told["items"].get(items) != simdjson::SUCCESS)
            throw Error(ErrorKind::network, "the service's answer holds no list");
        return items;
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
    auto service = std::make_unique<ServiceClient>(socket_path(configuration.web, configuration.state));
    if (!service->get("/healthz")) return nullptr;
    return service;
}

std::shared_ptr<Control> control_by_service(std::unique_ptr<ServiceClient> service) {
    return std::make_shared<ServiceControl>(std::move(service));
}

}  // namespace tidemark::mirror::cli
