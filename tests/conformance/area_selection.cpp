// Choosing tags: the three policies, filters, exclusion lists, ImagePolicies end to end.
#include "tests/conformance/area_selection.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "policy/selection/filter.h"
#include "policy/selection/selection.h"

namespace tidemark::conformance {

void check_selection(Report& report);

namespace {

using namespace tidemark::policy;

std::vector<std::string_view> views(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
}

std::string shown(const std::vector<std::string>& list) {
    return fmt::format("[{}]", fmt::join(list, "|"));
}

std::string_view failure_name(SelectionFailure failure) {
    switch (failure) {
        case SelectionFailure::invalid_policy:
            return "invalid-policy";
        case SelectionFailure::no_tags:
            return "no-tags";
        case SelectionFailure::no_latest:
            return "no-latest";
    }
    return "";
}

std::string shown(const std::variant<Selected, NotSelected>& choice) {
    if (const auto* selected = std::get_if<Selected>(&choice)) return "latest " + selected->tag;
    return fmt::format("error {}", failure_name(std::get<NotSelected>(choice).failure));
}

/// The choice in the order given; the trace must not change it, nor may its counts fail to add up.
std::string choose_given(const Selection& selection, const std::vector<std::string>& tags) {
    const auto list = views(tags);
    const std::string choice = shown(selection.choose(list));
    SelectionTrace trace;
    if (shown(selection.choose(list, trace)) != choice) return "the traced choice differs from " + choice;
    const std::size_t dropped =
        trace.not_matching + trace.same_extract + trace.not_a_version + trace.out_of_range + trace.numberless;
    if (dropped > trace.tags || (dropped == trace.tags) == !trace.best.empty()) return "the trace does not add up";
    const bool fails = !choice.starts_with("latest");
    if (!fails && "latest " + trace.best.front() != choice) return "the trace has another best tag";
    return choice;
}

/// The choice as for a registry's list: stored first, or by TagOrder::any without sorting.
std::string choose_stored(const Selection& selection, const std::vector<std::string>& tags) {
    std::vector<std::string> stored = tags;
    std::sort(stored.begin(), stored.end(), std::greater<>());
    const std::string choice = choose_given(selection, stored);
    const auto given = views(tags);
    if (shown(selection.choose(given, TagOrder::any)) != choice) return "the unsorted choice differs from " + choice;
    SelectionTrace trace;
    if (shown(selection.choose(given, trace, TagOrder::any)) != choice) return "the traced unsorted choice differs";
    return choice;
}

template <class Fill>
void check_policy(Report& report, const std::string& file, const char* label, Fill&& fill) {
    std::size_t number = 0;
    for (Json object : report.cases(file)) {
        SelectionSpec spec;
        fill(spec, text(object, label).value_or(""));
        const auto selection = Selection::compile(spec);
        const std::string kind = text(object, "error_kind").value_or("");
        std::string expected = "latest " + text(object, "latest").value_or("");
        std::string actual = selection ? choose_given(*selection, texts(object, "tags")) : "error invalid-policy";
        if (truth(object, "error")) {
            expected = "error";
            if (kind == "range") expected = "error invalid-policy";
            if (kind == "empty") expected = "error no-tags";
            if (kind == "no-match") expected = "error no-latest";
            if (expected == "error") actual = actual.substr(0, expected.size());
        }
        const std::string id = text(object, "id").value_or(fmt::format("case {}", ++number));
        expected == actual ? report.pass(file) : report.fail(file, id, expected, actual);
    }
}

void check_policies(Report& report) {
    check_policy(report, "semver-policy.json", "range",
                 [](SelectionSpec& spec, std::string range) { spec.semver = SemverChoice{std::move(range)}; });
    check_policy(report, "numerical-policy.json", "order",
                 [](SelectionSpec& spec, std::string order) { spec.numerical = NumericalChoice{std::move(order)}; });
    check_policy(report, "alphabetical-policy.json", "order", [](SelectionSpec& spec, std::string order) {
        spec.alphabetical = AlphabeticalChoice{std::move(order)};
    });
}

/// Pairs as they stand in filter.json.
std::string pairs(Json object, const char* list, const char* first, const char* second) {
    std::string shown_pairs;
    simdjson::dom::array array;
    if (object[list].get(array) != simdjson::SUCCESS) return shown_pairs;
    for (Json entry : array) {
        shown_pairs += fmt::format("{}={};", text(entry, first).value_or(""), text(entry, second).value_or(""));
    }
    return shown_pairs;
}

std::string expected_filter(Json object) {
    if (truth(object, "error")) return "error";
    return fmt::format("matched {} kept {} originals {}", pairs(object, "matched", "tag", "extracted"),
                       pairs(object, "kept", "tag", "extracted"), pairs(object, "originals", "extracted", "tag"));
}

std::string actual_filter(Json object) {
    const auto filter = Filter::compile(text(object, "pattern").value_or(""), text(object, "extract").value_or(""));
    if (!filter) return "error";
    std::string matched;
    std::map<std::string, std::string> originals;
    std::string buffer;
    for (const std::string& tag : texts(object, "tags")) {
        const auto extracted = filter->apply(tag, buffer);
        if (!extracted) continue;
        matched += fmt::format("{}={};", tag, *extracted);
        originals[std::string(*extracted)] = tag;
    }
    std::vector<std::pair<std::string, std::string>> kept;
    std::string by_extract;
    for (const auto& [extracted, tag] : originals) {
        kept.emplace_back(tag, extracted);
        by_extract += fmt::format("{}={};", extracted, tag);
    }
    std::sort(kept.begin(), kept.end());
    std::string by_tag;
    for (const auto& [tag, extracted] : kept)
        by_tag += fmt::format("{}={};", tag, extracted);
    return fmt::format("matched {} kept {} originals {}", matched, by_tag, by_extract);
}

void check_filters(Report& report) {
    const std::string file = "filter.json";
    for (Json object : report.cases(file)) {
        const std::string expected = expected_filter(object);
        const std::string actual = actual_filter(object);
        const std::string id =
            fmt::format("{} to {}", text(object, "pattern").value_or(""), text(object, "extract").value_or(""));
        expected == actual ? report.pass(file) : report.fail(file, id, expected, actual);
    }
}

/// A policy's only member, empty where it is not written; nothing where the policy is not there.
std::optional<std::string> choice_of(simdjson::simdjson_result<Json> policies, const char* policy, const char* member) {
    Json written;
    simdjson::dom::object object;
    if (policies[policy].get(written) != simdjson::SUCCESS || written.get(object) != simdjson::SUCCESS) {
        return std::nullopt;
    }
    return text(written, member).value_or("");
}

SelectionSpec read_spec(Json object) {
    SelectionSpec spec;
    const auto written = object["spec"];
    Json filter;
    if (written["filterTags"].get(filter) == simdjson::SUCCESS && filter.is_object()) {
        spec.filter = TagFilter{text(filter, "pattern").value_or(""), text(filter, "extract").value_or("")};
    }
    const auto policies = written["policy"];
    if (auto range = choice_of(policies, "semver", "range")) spec.semver = SemverChoice{*range};
    if (auto order = choice_of(policies, "alphabetical", "order")) spec.alphabetical = AlphabeticalChoice{*order};
    if (auto order = choice_of(policies, "numerical", "order")) spec.numerical = NumericalChoice{*order};
    return spec;
}

/// Whether `choice` is what the members of one way (`latest`, `possible`) allow.
bool allowed(Json object, const std::string& choice, const std::string& suffix) {
    if (truth(object, "error")) return choice == "error " + text(object, "error_kind").value_or("");
    if (const auto latest = text(object, "latest" + suffix)) return choice == "latest " + *latest;
    const auto possible = texts(object, "possible" + suffix);
    return std::any_of(possible.begin(), possible.end(),
                       [&](const std::string& tag) { return choice == "latest " + tag; });
}

void check_image_policies(Report& report) {
    const std::string file = "image-policy.json";
    for (Json object : report.cases(file)) {
        const std::string id = text(object, "id").value_or("");
        const auto selection = Selection::compile(read_spec(object));
        const auto tags = texts(object, "tags");
        const std::string stored = selection ? choose_stored(*selection, tags) : "error invalid-policy";
        const std::string given = selection ? choose_given(*selection, tags) : "error invalid-policy";
        if (allowed(object, stored, "") && allowed(object, given, "_given_order")) {
            report.pass(file);
        } else if (!selection && tags.empty() && text(object, "error_kind") == "no-tags") {
            report.differs(file, id);  // we say at load that the pattern is bad
        } else {
            report.fail(file, id, simdjson::minify(object), fmt::format("stored {}, as given {}", stored, given));
        }
    }
}

void check_exclusion_lists(Report& report) {
    const std::string file = "exclusion-list.json";
    std::size_t number = 0;
    for (Json object : report.cases(file)) {
        const auto list = ExclusionList::compile(texts(object, "exclusionList"));
        std::string expected = "error";
        std::string actual = "error";
        if (!truth(object, "error")) {
            expected = fmt::format("kept {} stored {} latest {}", shown(texts(object, "kept")),
                                   shown(texts(object, "stored")), shown(texts(object, "latest_tags")));
        }
        if (list) {
            std::vector<std::string> kept = texts(object, "tags");
            std::erase_if(kept, [&](const std::string& tag) { return list->excludes(tag); });
            auto order = views(kept);
            store_order(order);
            const std::vector<std::string> stored(order.begin(), order.end());
            const std::vector<std::string> latest(order.begin(), order.begin() + std::min<long>(10, std::ssize(order)));
            actual = fmt::format("kept {} stored {} latest {}", shown(kept), shown(stored), shown(latest));
        }
        const std::string id = fmt::format("case {}: {}", ++number, shown(texts(object, "exclusionList")));
        expected == actual ? report.pass(file) : report.fail(file, id, expected, actual);
    }
}

}  // namespace

void check_selection(Report& report) {
    check_selection_values(report);
    check_policies(report);
    check_filters(report);
    check_image_policies(report);
    check_exclusion_lists(report);
}

}  // namespace tidemark::conformance
