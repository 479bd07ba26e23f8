// Fields that several kinds share: durations, references, maps and lists of text. Mistakes go to the fields' report.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/objects/objects.h"
#include "policy/yaml/fields.h"

namespace tidemark::policy {

/// An interval by the objects' schema; missing or wrong: nullopt.
std::optional<nanoseconds> read_interval(yaml::Fields& fields, std::string_view key);
std::optional<nanoseconds> read_required_interval(yaml::Fields& fields, std::string_view key);
/// As an interval; hours are let through with a warning, as the schema of timeouts has none.
std::optional<nanoseconds> read_timeout(yaml::Fields& fields, std::string_view key);

/// `{name: x}`: the name, checked, as it becomes part of a path.
std::optional<std::string> read_local_reference(yaml::Fields& fields, std::string_view key);

/// `name` and `namespace` of a reference; the namespace falls back to `own`.
ObjectKey read_reference(yaml::Fields& reference, const std::string& own);

std::map<std::string, std::string> read_text_map(yaml::Fields& fields, std::string_view key);
std::vector<std::string> read_text_list(yaml::Fields& fields, std::string_view key);
/// As read_text_map, with keys and values by the rules of labels.
Labels read_labels(yaml::Fields& fields, std::string_view key);

/// Reports a value that has no effect here: "spec.include has no effect here: ...".
void warn_without_effect(yaml::Fields& fields, std::string_view key, std::string_view why);

/// accessFrom: {namespaceSelectors: [{matchLabels: {...}}]}.
std::optional<std::vector<Labels>> read_access_from(yaml::Fields& fields, std::string_view key);

}  // namespace tidemark::policy
