// The values around a selection: durations, label selectors, image references, versions and their order.
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "policy/base/duration.h"
#include "policy/base/labels.h"
#include "policy/image/reference.h"
#include "policy/version/constraint.h"
#include "policy/version/version.h"
#include "tests/conformance/area_selection.h"

namespace tidemark::conformance {
namespace {

using namespace tidemark::policy;

void settle(Report& report, const std::string& file, const std::string& id, const std::string& expected,
            const std::string& actual) {
    if (expected == actual) {
        report.pass(file);
    } else {
        report.fail(file, id, expected, actual);
    }
}

std::string check_duration(Json object) {
    const std::string input = text(object, "input").value_or("");
    const auto parsed = parse_duration(input);
    return fmt::format("ok {} ns {} interval {}", parsed.ok(), parsed ? parsed->count() : 0, is_interval(input));
}

std::string expected_duration(Json object) {
    std::int64_t count = 0;
    if (truth(object, "ok")) count = object["ns"].get_int64().value();
    return fmt::format("ok {} ns {} interval {}", truth(object, "ok"), count, truth(object, "crd_pattern"));
}

Labels read_labels(simdjson::simdjson_result<Json> object) {
    Labels labels;
    simdjson::dom::object members;
    if (object.get(members) != simdjson::SUCCESS) return labels;
    for (const auto& [key, value] : members) {
        labels[std::string(key)] = std::string(value.get_string().value());
    }
    return labels;
}

std::string check_selector(Json object) {
    Labels wanted;
    std::vector<RawLabelExpression> expressions;
    simdjson::dom::object selector;
    if (object["selector"].get(selector) == simdjson::SUCCESS) {
        wanted = read_labels(selector["matchLabels"]);
        simdjson::dom::array list;
        if (selector["matchExpressions"].get(list) == simdjson::SUCCESS) {
            for (Json entry : list) {
                expressions.push_back(
                    {text(entry, "key").value_or(""), text(entry, "operator").value_or(""), texts(entry, "values")});
            }
        }
    }
    const auto made = make_label_selector(wanted, expressions);
    return fmt::format("error {} match {}", !made.ok(), made.ok() && made->matches(read_labels(object["labels"])));
}

struct ReferenceFields {
    std::string registry, repository, identifier, kind, name, canonical, scheme;
    auto operator<=>(const ReferenceFields&) const = default;
    std::string to_string() const {
        return fmt::format("{} {} {} {} {} {} {}", registry, repository, identifier, kind, name, canonical, scheme);
    }
};

ReferenceFields fields_of(const ImageReference& reference) {
    const bool tag = reference.kind == IdentifierKind::tag;
    return {reference.name.registry,
            reference.name.repository,
            reference.identifier,
            tag ? "tag" : "digest",
            reference.name.canonical() + (tag ? ":" : "@") + reference.identifier,
            reference.name.canonical(),
            std::string(scheme_of(reference.name.registry))};
}

ReferenceFields expected_fields(Json object) {
    const auto member = [&](const char* key) { return text(object, key).value_or(""); };
    return {member("registry"), member("repository"), member("identifier"), member("identifier_kind"),
            member("name"),     member("canonical"),  member("scheme")};
}

void check_image_references(Report& report) {
    const std::string file = "image-reference.json";
    for (Json object : report.cases(file)) {
        const std::string input = text(object, "input").value_or("");
        const auto weak = parse_image_reference(input);
        const auto strict = parse_image_reference_strictly(input);
        const auto name = parse_repository_name(input);
        const std::string expected =
            fmt::format("weak {} strict {} flux {} {}", truth(object, "weak_ok"), truth(object, "strict_ok"),
                        truth(object, "flux_ok"), expected_fields(object).to_string());
        const std::string actual = fmt::format("weak {} strict {} flux {} {}", weak.ok(), strict.ok(), name.ok(),
                                               (weak ? fields_of(*weak) : ReferenceFields{}).to_string());
        const bool strict_agrees = !strict || (weak && fields_of(*strict) == fields_of(*weak));
        const bool name_agrees = !name || (weak && *name == weak->name);
        settle(report, file, input, expected,
               strict_agrees && name_agrees ? actual : actual + " (the three readings do not agree)");
    }
}

void check_values(Report& report) {
    const std::string file = "labels-duration.json";
    for (Json object : report.cases(file)) {
        if (text(object, "kind") == "duration") {
            settle(report, file, text(object, "input").value_or(""), expected_duration(object), check_duration(object));
        } else {
            const std::string expected =
                fmt::format("error {} match {}", truth(object, "error"), truth(object, "match"));
            settle(report, file, text(object, "note").value_or(""), expected, check_selector(object));
        }
    }
}

std::string number(Json object, const char* key) {
    std::uint64_t value = 0;
    return object[key].get(value) == simdjson::SUCCESS ? std::to_string(value) : "none";
}

std::string describe(const std::optional<Version>& version, bool loose) {
    if (!version) return fmt::format("ok false loose {}", loose);
    return fmt::format("ok true loose {} {} {} {} [{}] [{}] [{}] [{}]", loose, version->major, version->minor,
                       version->patch, version->prerelease, version->metadata, version->original, canonical(*version));
}

void check_version_parse(Report& report) {
    const std::string file = "version-parse.json";
    for (Json object : report.cases(file)) {
        const std::string input = text(object, "input").value_or("");
        std::string expected = fmt::format("ok false loose {}", truth(object, "loose_ok"));
        if (truth(object, "ok")) {
            expected = fmt::format("ok true loose {} {} {} {} [{}] [{}] [{}] [{}]", truth(object, "loose_ok"),
                                   number(object, "major"), number(object, "minor"), number(object, "patch"),
                                   text(object, "prerelease").value_or(""), text(object, "metadata").value_or(""),
                                   text(object, "original").value_or(""), text(object, "canonical").value_or(""));
        }
        settle(report, file, input, expected, describe(parse_version_tag(input), parse_version(input).has_value()));
    }
}

/// The first pair that does not stand as the list says, or nothing.
std::string misplaced(const std::vector<std::string>& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        for (std::size_t j = 0; j < list.size(); ++j) {
            const auto left = parse_version(list[i]);
            const auto right = parse_version(list[j]);
            if (!left || !right) return fmt::format("{} or {} is no version", list[i], list[j]);
            if (compare(*left, *right) != (i <=> j)) return fmt::format("{} against {}", list[i], list[j]);
        }
    }
    return "";
}

void check_version_order(Report& report) {
    const std::string file = "version-order.json";
    for (Json list : report.cases(file)) {
        std::vector<std::string> versions;
        for (Json version : list.get_array())
            versions.emplace_back(version.get_string().value());
        settle(report, file, fmt::format("{}", fmt::join(versions, " < ")), "", misplaced(versions));
    }
}

void check_constraints(Report& report) {
    const std::string file = "semver-constraint.json";
    for (Json object : report.cases(file)) {
        const std::string range = text(object, "constraint").value_or("");
        const std::string input = text(object, "version").value_or("");
        const auto constraint = Constraint::parse(range);
        const auto version = parse_version(input);
        const std::string expected =
            fmt::format("parse error {} match {}", truth(object, "parse_error"), truth(object, "match"));
        const std::string actual = fmt::format("parse error {} match {}", !constraint.ok(),
                                               constraint.ok() && version && constraint->check(*version));
        settle(report, file, range + " on " + input, expected, actual);
    }
}

}  // namespace

void check_selection_values(Report& report) {
    check_values(report);
    check_image_references(report);
    check_version_parse(report);
    check_version_order(report);
    check_constraints(report);
}

}  // namespace tidemark::conformance
