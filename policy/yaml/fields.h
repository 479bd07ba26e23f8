// Reading a mapping field by field: types checked, every key accounted for, mistakes collected with their places.
// A key that nobody asked for is an error with the nearest known key. Used for objects and for configuration.
// One thread; node, report and parent must outlive it.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/finding.h"
#include "policy/yaml/document.h"
#include "policy/yaml/places.h"

namespace tidemark::policy::yaml {

/// Where the mistakes of one object go. After 50 of them the rest is only mentioned.
class Report {
public:
    Report(const Places& places, Findings& findings, std::string subject)
        : m_places(places), m_findings(findings), m_subject(std::move(subject)) {}

    void error(const Node& node, std::string message, std::string remedy = {});
    void warning(const Node& node, std::string message, std::string remedy = {});
    /// At byte `position` of a scalar's value.
    void error_in(const Node& scalar, std::optional<std::size_t> position, std::string message,
                  std::string remedy = {});

    const Places& places() const noexcept { return m_places; }
    void set_subject(std::string subject) { m_subject = std::move(subject); }

private:
    void add(Severity severity, Place place, std::string message, std::string remedy);

    const Places& m_places;
    Findings& m_findings;
    std::string m_subject;
};

/// "a mapping", "a list", "a number", "yes or no", "empty", "text".
std::string_view describe_type(const Node& node) noexcept;

/// The text of a scalar; anything else is reported as `what` of the wrong type.
std::optional<std::string_view> read_text(const Node& node, std::string_view what, Report& report);

class Fields {
public:
    /// A node that is no mapping is reported and counts as an empty one. `name` is the key it stands under; empty
    /// for a document's root. What `parent` is named goes before it in messages: "spec.policy.semver".
    Fields(const Node& node, std::string_view name, Report& report, const Fields* parent = nullptr);

    /// The field's value; nullptr if it is missing or null, as Kubernetes sees no difference. Marks the key known.
    const Node* find(std::string_view key);
    /// As find; missing is an error. `example` may be empty: "spec.image is missing (e.g. ghcr.io/org/app)".
    const Node* require(std::string_view key, std::string_view example = {});

    std::optional<std::string_view> text(std::string_view key);
    /// As text; missing or empty is an error.
    std::optional<std::string_view> required_text(std::string_view key, std::string_view example = {});
    /// `otherwise` if missing or (reported) no boolean.
    bool boolean(std::string_view key, bool otherwise = false);
    /// One of the words, or missing; another word is reported with the words there are.
    std::optional<std::string_view> word(std::string_view key, std::initializer_list<std::string_view> words);
    std::optional<Fields> mapping(std::string_view key);
    std::optional<Fields> required_mapping(std::string_view key);
    /// A list's items; empty if missing or (reported) no list.
    const std::vector<const Node*>& list(std::string_view key);

    /// Tolerates a key without looking at it.
    void ignore(std::string_view key);

    /// A key that is a field elsewhere: finish() says `why` instead of "unknown". Both must outlive the call of
    /// finish().
    void refuse(std::string_view key, std::string_view why, std::string_view remedy);

    /// Reports keys that nobody asked for, keys given twice, keys that are no text.
    void finish();

    /// "spec.policy.semver.range" for key "range".
    std::string path(std::string_view key = {}) const;
    const Node& node() const noexcept { return *m_node; }
    Report& report() const noexcept { return *m_report; }

private:
    struct Refusal {
        std::string_view key;
        std::string_view why;
        std::string_view remedy;
    };
    const Node* find_any(std::string_view key);
    std::optional<std::string_view> text_of(const Node& value, std::string_view key);
    void report_missing(std::string_view key, std::string_view example);
    void report_unknown(const Node& key);

    const Node* m_node;
    std::string_view m_name;
    Report* m_report;
    const Fields* m_parent;
    std::array<std::string_view, 24> m_known{};
    std::size_t m_known_count = 0;
    std::vector<Refusal> m_refusals;
};

}  // namespace tidemark::policy::yaml
