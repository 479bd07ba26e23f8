#include "policy/objects/field_types.h"

#include <set>

#include <fmt/format.h>

#include "policy/base/duration.h"
#include "policy/objects/names.h"

namespace tidemark::policy {
namespace {

constexpr std::string_view k_duration_hint = "write e.g. 90s, 5m or 1h30m";

std::optional<nanoseconds> duration_of(yaml::Fields& fields, std::string_view key, std::string_view text) {
    const yaml::Node& node = *fields.node().find(key);
    if (is_interval(text)) {
        const Result<nanoseconds> duration = parse_duration(text);
        if (duration) return *duration;
        fields.report().error_in(node, duration.problem().position,
                                 fmt::format("{}: {}", fields.path(key), duration.message()));
    } else {
        fields.report().error(node, fmt::format("{}: '{}' is no duration", fields.path(key), text.substr(0, 64)),
                              std::string(k_duration_hint));
    }
    return std::nullopt;
}

}  // namespace

std::optional<nanoseconds> read_interval(yaml::Fields& fields, std::string_view key) {
    const auto text = fields.text(key);
    return text ? duration_of(fields, key, *text) : std::nullopt;
}

std::optional<nanoseconds> read_required_interval(yaml::Fields& fields, std::string_view key) {
    const auto text = fields.required_text(key, "5m");
    return text ? duration_of(fields, key, *text) : std::nullopt;
}

std::optional<nanoseconds> read_timeout(yaml::Fields& fields, std::string_view key) {
    const auto text = fields.text(key);
    if (!text) return std::nullopt;
    if (text->find('h') != std::string_view::npos && is_interval(*text))
        fields.report().warning(*fields.node().find(key),
                                fmt::format("{}: a cluster's schema takes no hours here", fields.path(key)),
                                "write minutes where Flux is to read this object too");
    return duration_of(fields, key, *text);
}

std::optional<std::string> read_local_reference(yaml::Fields& fields, std::string_view key) {
    auto reference = fields.mapping(key);
    if (!reference) return std::nullopt;
    const auto name = reference->required_text("name");
    reference->finish();
    if (!name) return std::nullopt;
    if (const auto reason = find_name_problem(*name)) {
        fields.report().error(*reference->node().find("name"),
                              fmt::format("{} is no object name: {}", reference->path("name"), *reason));
        return std::nullopt;
    }
    return std::string(*name);
}

ObjectKey read_reference(yaml::Fields& reference, const std::string& own) {
    ObjectKey key{own, ""};
    if (const auto name = reference.required_text("name")) {
        if (const auto reason = find_name_problem(*name))
            reference.report().error(*reference.node().find("name"),
                                     fmt::format("{} is no object name: {}", reference.path("name"), *reason));
        key.name = *name;
    }
    const auto other = reference.text("namespace");
    if (other && !other->empty()) {
        if (const auto reason = find_namespace_problem(*other))
            reference.report().error(*reference.node().find("namespace"),
                                     fmt::format("{} is no namespace: {}", reference.path("namespace"), *reason));
        key.object_namespace = *other;
    }
    return key;
}

std::map<std::string, std::string> read_text_map(yaml::Fields& fields, std::string_view key) {
    std::map<std::string, std::string> result;
    const yaml::Node* node = fields.find(key);
    if (!node) return result;
    if (!node->is_mapping()) {
        fields.report().error(*node,
                              fmt::format("{} must be a mapping, is {}", fields.path(key), yaml::describe_type(*node)));
        return result;
    }
    for (std::size_t i = 0; i + 1 < node->children.size(); i += 2) {
        const yaml::Node& name = *node->children[i];
        if (!name.is_scalar()) {
            fields.report().error(name, fmt::format("a key of {} must be text", fields.path(key)));
            continue;
        }
        const yaml::Node& value = *node->children[i + 1];
        // Kubernetes reads null as empty text in these maps.
        const auto text = yaml::is_null(value) ? std::optional<std::string_view>("")
                          : yaml::scalar_type(value) == yaml::ScalarType::text && value.is_scalar()
                              ? std::optional<std::string_view>(value.value)
                              : yaml::read_text(value, fields.path(key) + "." + name.value, fields.report());
        if (text && !result.emplace(name.value, *text).second)
            fields.report().error(name, fmt::format("{}.{} is given twice", fields.path(key), name.value));
    }
    return result;
}

std::vector<std::string> read_text_list(yaml::Fields& fields, std::string_view key) {
    std::vector<std::string> result;
    for (const yaml::Node* item : fields.list(key)) {
        if (const auto text = yaml::read_text(*item, fields.path(key) + "[]", fields.report()))
            result.emplace_back(*text);
    }
    return result;
}

Labels read_labels(yaml::Fields& fields, std::string_view key) {
    Labels labels = read_text_map(fields, key);
    for (const auto& [name, value] : labels) {
        if (const auto checked = check_label_key(name); !checked)
            fields.report().error(*fields.node().find(key),
                                  fmt::format("{}: key {}: {}", fields.path(key), name, checked.message()));
        if (const auto checked = check_label_value(value); !checked)
            fields.report().error(*fields.node().find(key),
                                  fmt::format("{}.{}: {}", fields.path(key), name, checked.message()));
    }
    return labels;
}

void warn_without_effect(yaml::Fields& fields, std::string_view key, std::string_view why) {
    if (const yaml::Node* node = fields.find(key))
        fields.report().warning(*node, fmt::format("{} has no effect here: {}", fields.path(key), why));
}

std::optional<std::vector<Labels>> read_access_from(yaml::Fields& fields, std::string_view key) {
    auto access = fields.mapping(key);
    if (!access) return std::nullopt;
    std::vector<Labels> selectors;
    access->require("namespaceSelectors", "[{matchLabels: {}}]");
    for (const yaml::Node* item : access->list("namespaceSelectors")) {
        yaml::Fields selector(*item, "namespaceSelectors[]", fields.report(), &*access);
        selectors.push_back(read_labels(selector, "matchLabels"));
        selector.finish();
    }
    access->finish();
    return selectors;
}

}  // namespace tidemark::policy
