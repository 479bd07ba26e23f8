#include "mirror/base/registry_settings.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "policy/image/reference.h"

namespace tidemark::mirror {
namespace {

namespace yaml = policy::yaml;

constexpr std::size_t k_registry_limit = 256;
constexpr unsigned k_most_connections = 64;  // requests that are under way to all hosts together
constexpr double k_least_rate = 0.01;        // a request in 100 seconds
constexpr double k_highest_rate = 10'000;

template <class Number>
std::optional<Number> read_number(yaml::Fields& fields, std::string_view key, Number least, Number most) {
    const yaml::Node* node = fields.find(key);
    if (node == nullptr) return std::nullopt;
    Number number{};
    if (node->is_scalar() && yaml::scalar_type(*node) == yaml::ScalarType::number) {
        const char* const begin = node->value.data();
        const char* const end = begin + node->value.size();
        const auto [stop, error] = std::from_chars(begin, end, number);
        if (error == std::errc() && stop == end && number >= least && number <= most) return number;
    }
    fields.report().error(*node, fmt::format("{} must be {} from {} to {}", fields.path(key),
                                             std::is_integral_v<Number> ? "a whole number" : "a number", least, most));
    return std::nullopt;
}

/// A host by the rules of image names: what has neither a dot nor a port would be a folder on Docker Hub there.
std::optional<std::string> read_host(yaml::Fields& fields) {
    const auto host = fields.required_text("host", "ghcr.io");
    if (!host) return std::nullopt;
    const auto name = policy::parse_repository_name(fmt::format("{}/team/app", *host));
    if (name && name->repository == "team/app") return policy::registry_identity(name->registry);
    fields.report().error(*fields.node().find("host"),
                          fmt::format("{} must be a registry's host as image names have it, with its port if there is "
                                      "one, e.g. ghcr.io or 127.0.0.1:5000",
                                      fields.path("host")));
    return std::nullopt;
}

RegistrySettings read_registry(yaml::Fields& fields) {
    RegistrySettings settings;
    settings.place = fields.report().places().place(fields.node());
    settings.host = read_host(fields).value_or("");
    settings.connections = read_number<unsigned>(fields, "connections", 1, k_most_connections);
    settings.requests_per_second = read_number<double>(fields, "requestsPerSecond", k_least_rate, k_highest_rate);
    if (fields.node().is_mapping() && !fields.node().find("connections") && !fields.node().find("requestsPerSecond"))
        fields.report().error(fields.node(), fmt::format("{} limits nothing: it needs connections, requestsPerSecond "
                                                         "or both",
                                                         fields.path()));
    fields.finish();
    return settings;
}

}  // namespace

std::vector<RegistrySettings> read_registries(yaml::Fields& root) {
    std::vector<RegistrySettings> registries;
    for (const yaml::Node* item : root.list("registries")) {
        if (registries.size() == k_registry_limit) {
            root.report().error(*item, fmt::format("there may be {} registries at most", k_registry_limit));
            break;
        }
        yaml::Fields fields(*item, "registries[]", root.report(), &root);
        RegistrySettings settings = read_registry(fields);
        const bool known = std::any_of(registries.begin(), registries.end(),
                                       [&](const RegistrySettings& other) { return other.host == settings.host; });
        if (known && !settings.host.empty())
            root.report().error(*item, fmt::format("there are two registries of the host {}", settings.host));
        registries.push_back(std::move(settings));
    }
    return registries;
}

}  // namespace tidemark::mirror
