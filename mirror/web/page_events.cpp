// What happened, newest first: all of it or one object's, a kind's, what was an error.
#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "mirror/service/commands.h"
#include "mirror/web/page_call.h"

namespace tidemark::mirror::web {
namespace {

using policy::ObjectKind;
using std::chrono::sys_seconds;
using store::Event;
using store::Severity;

constexpr std::array<ObjectKind, 4> k_kinds = {ObjectKind::image_policy, ObjectKind::image_repository,
                                               ObjectKind::image_update_automation, ObjectKind::git_repository};
constexpr std::size_t k_limit = 100;
constexpr std::size_t k_most_limit = 500;
constexpr std::uint64_t k_most_number = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t k_recent = 10;
constexpr std::size_t k_read_at_once = 500;

struct Filter {
    std::string object;  // "namespace/name"
    std::optional<ObjectKind> kind;
    std::string severity;  // "warning": that and worse
    std::int64_t before = 0;
    std::size_t limit = k_limit;
};

Filter read_filter(const Request& request) {
    Filter filter;
    filter.object = request.query_value("object").substr(0, 600);
    filter.kind = policy::find_kind_named(request.query_value("kind"));
    const std::string_view severity = request.query_value("severity");
    if (severity == "warning" || severity == "error") filter.severity = severity;
    filter.before = static_cast<std::int64_t>(std::min(number_of(request.query_value("before"), 0), k_most_number));
    filter.limit = std::clamp<std::size_t>(number_of(request.query_value("limit"), k_limit), 1, k_most_limit);
    return filter;
}

std::string address_of(const Filter& filter) {
    std::string address = "/events";
    if (!filter.object.empty()) address = with_pair(address, "object", filter.object);
    if (filter.kind) address = with_pair(address, "kind", kind_name(*filter.kind));
    if (!filter.severity.empty()) address = with_pair(address, "severity", filter.severity);
    if (filter.before > 0) address = with_pair(address, "before", std::to_string(filter.before));
    if (filter.limit != k_limit) address = with_pair(address, "limit", std::to_string(filter.limit));
    return address;
}

bool is_wanted(const Event& event, const Filter& filter) {
    if (filter.severity == "error") return event.severity == Severity::error;
    return filter.severity.empty() || event.severity != Severity::info;
}

/// As many as asked for and one more, if there are. The store knows nothing of severities, and keeps a bounded number.
std::vector<Event> find_events(store::Store& store, const Filter& filter) {
    store::EventQuery query;
    query.kind = filter.kind;
    if (const std::size_t slash = filter.object.find('/'); slash != std::string::npos)
        query.object = policy::ObjectKey{filter.object.substr(0, slash), filter.object.substr(slash + 1)};
    if (filter.before > 0) query.before = filter.before;
    query.limit = filter.severity.empty() ? filter.limit + 1 : k_read_at_once;
    std::vector<Event> found;
    while (found.size() <= filter.limit) {
        std::vector<Event> read = store.events(query);
        const bool last = read.size() < query.limit;
        if (!read.empty()) query.before = read.back().id;
        for (Event& event : read)
            if (is_wanted(event, filter) && found.size() <= filter.limit) found.push_back(std::move(event));
        if (last) break;
    }
    return found;
}

void write_option(Html& html, std::string_view value, std::string_view words, bool chosen) {
    html.element("option", {{"value", value}, {chosen ? "selected" : "", ""}}, words);
}

void write_filters(Html& html, const Filter& filter) {
    html.open("form", {{"class", "filters"},
                       {"method", "get"},
                       {"action", "/events"},
                       {"role", "search"},
                       {"aria-label", "Events"},
                       {"data-live", "list"}});
    html.open("div").element("label", {{"for", "object"}}, "Object");
    html.leaf("input", {{"type", "text"},
                        {"id", "object"},
                        {"name", "object"},
                        {"value", filter.object},
                        {"placeholder", "namespace/name"},
                        {"autocomplete", "off"},
                        {"spellcheck", "false"}});
    html.close().open("div").element("label", {{"for", "kind"}}, "Kind");
    html.open("select", {{"id", "kind"}, {"name", "kind"}});
    write_option(html, "", "any", !filter.kind);
    for (const ObjectKind kind : k_kinds)
        write_option(html, kind_name(kind), kind_name(kind), filter.kind == kind);
    html.close().close().open("div").element("label", {{"for", "severity"}}, "Severity");
    html.open("select", {{"id", "severity"}, {"name", "severity"}});
    write_option(html, "", "any", filter.severity.empty());
    write_option(html, "warning", "warning and error", filter.severity == "warning");
    write_option(html, "error", "error", filter.severity == "error");
    html.close().close().element("button", "Show").close();
}

void write_severity(Html& html, Severity severity) {
    if (severity == Severity::error) return write_mark(html, "state bad", "▲", "error");
    if (severity == Severity::warning) return write_mark(html, "state warn", "△", "warning");
    write_mark(html, "state quiet", "○", "info");
}

void write_message(Html& html, const Event& event) {
    html.element("span", event.message);
    if (!event.who.empty()) html.text(" ").element("span", {{"class", "quiet"}}, fmt::format("by {}", event.who));
    if (event.details.empty()) return;
    constexpr std::size_t k_most = 20;
    html.open("details", {{"id", fmt::format("event-{}", event.id)}}).element("summary", "Details").open("ul");
    for (std::size_t i = 0; i < std::min(event.details.size(), k_most); ++i)
        html.element("li", event.details[i]);
    html.close().close();
}

}  // namespace

void write_event_table(Html& html, const std::vector<Event>& events, sys_seconds now, bool with_object) {
    open_wide(html, "Events");
    html.open("table", {{"class", "cards events"}}).element("caption", "The last first").open("thead").open("tr");
    html.element("th", {{"scope", "col"}}, "When").element("th", {{"scope", "col"}}, "Severity");
    if (with_object) html.element("th", {{"scope", "col"}}, "Object");
    html.element("th", {{"scope", "col"}}, "Reason").element("th", {{"scope", "col"}}, "What").close().close();
    html.open("tbody");
    for (const Event& event : events) {
        html.open("tr").open("th", {{"scope", "row"}, {"class", "when"}});
        write_time(html, event.time, now);
        html.close().open("td", {{"data-label", "Severity"}});
        write_severity(html, event.severity);
        html.close();
        if (with_object) {
            html.open("td", {{"data-label", "Object"}});
            if (event.kind) {
                write_object(html, *event.kind, event.object);
            } else {
                html.element("span", {{"class", "quiet"}}, "the service");
            }
            html.close();
        }
        html.element("td", {{"data-label", "Reason"}}, event.reason).open("td", {{"data-label", "What"}});
        write_message(html, event);
        html.close().close();
    }
    html.close().close().close();
}

void write_recent_events(Html& html, store::Store& store, ObjectKind kind, const policy::ObjectKey& key,
                         sys_seconds now) {
    store::EventQuery query;
    query.kind = kind;
    query.object = key;
    query.limit = k_recent;
    const std::vector<Event> events = store.events(query);
    html.element("h2", "Events");
    if (events.empty()) {
        html.element("p", "Nothing happened to it yet.");
        return;
    }
    write_event_table(html, events, now, false);
    if (events.size() < k_recent) return;
    Filter all;
    all.object = key.to_string();
    all.kind = kind;
    html.open("p").element("a", {{"href", address_of(all)}}, "All its events").close();
}

Answer events_page(const PageCall& call) {
    Filter filter = read_filter(call.request);
    const Stores::Lease store = call.site.stores.lease();
    std::vector<Event> events = find_events(*store, filter);
    const bool older = events.size() > filter.limit;
    if (older) events.resize(filter.limit);
    Html html;
    PageFrame frame{"Events", "/events", &call.visitor, &call.request, filter.before == 0 ? 5U : 0U};
    begin_page(html, frame, call.site);
    html.element("h1", "Events");
    write_filters(html, filter);
    html.open("div", {{"id", "list"}});
    if (events.empty()) {
        html.element("p", "No event is like that.");
    } else {
        write_event_table(html, events, Site::now(), true);
    }
    html.open("nav", {{"class", "pages"}, {"aria-label", "Older and newer events"}});
    if (filter.before > 0) {
        Filter newest = filter;
        newest.before = 0;
        html.element("a", {{"href", address_of(newest)}}, "Newest").text(" ");
    }
    if (older) {
        filter.before = events.back().id;
        html.element("a", {{"href", address_of(filter)}, {"rel", "next"}}, "Older");
    }
    html.close().close();
    return end_page(html, call.site);
}

}  // namespace tidemark::mirror::web
