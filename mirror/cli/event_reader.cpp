#include "mirror/cli/event_reader.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <thread>

#include <fmt/format.h>
#include <simdjson.h>

#include "mirror/base/error.h"
#include "mirror/cli/control_places.h"
#include "mirror/store/store.h"
#include "policy/base/timestamp.h"

namespace tidemark::mirror::cli {
namespace {

using Json = simdjson::dom::element;

constexpr std::size_t k_page = 1000;  // as many as the service tells at once
constexpr int k_wait = 20;            // seconds that it holds an answer back while there is nothing to tell
constexpr std::chrono::milliseconds k_step{500};

std::string text_of(Json object, const char* name) {
    std::string_view text;
    return object[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

store::Severity severity_of(const std::string& word) noexcept {
    if (word == "error") return store::Severity::error;
    return word == "warning" ? store::Severity::warning : store::Severity::info;
}

store::Event event_of(Json told) {
    store::Event event;
    if (told["id"].get(event.id) != simdjson::SUCCESS) event.id = 0;
    const auto time = policy::parse_timestamp(text_of(told, "time"));
    if (time) event.time = *time;
    event.severity = severity_of(text_of(told, "severity"));
    event.kind = policy::find_kind_named(text_of(told, "kind"));
    event.object = {text_of(told, "namespace"), text_of(told, "name")};
    event.reason = text_of(told, "reason");
    event.message = text_of(told, "message");
    event.who = text_of(told, "who");
    simdjson::dom::array details;
    if (told["details"].get(details) == simdjson::SUCCESS)
        for (const Json detail : details) {
            std::string_view words;
            if (detail.get(words) == simdjson::SUCCESS) event.details.emplace_back(words);
        }
    simdjson::dom::object facts;
    if (told["facts"].get(facts) == simdjson::SUCCESS)
        for (const auto& [name, value] : facts) {
            std::string_view words;
            if (value.get(words) == simdjson::SUCCESS) event.facts.emplace(name, words);
        }
    return event;
}

/// One reader for one question: the file may be another one by the next.
std::vector<store::Event> events_of_state(const Configuration& configuration, const store::EventQuery& query) {
    return store::Store(configuration.state, store::OpenMode::read_only).events(query);
}

}  // namespace

std::vector<store::Event> read_told_events(const std::string& json) {
    simdjson::dom::parser parser;
    Json told;
    simdjson::dom::array items;
    if (parser.parse(json).get(told) != simdjson::SUCCESS || told["items"].get(items) != simdjson::SUCCESS)
        throw Error(ErrorKind::network, "the service's answer is no list of events");
    std::vector<store::Event> events;
    for (const Json item : items)
        events.push_back(event_of(item));
    return events;
}

std::vector<store::Event> EventReader::newest(std::size_t limit) {
    std::vector<store::Event> events;
    if (const auto service = find_service(m_configuration)) {
        m_told_by_service = true;
        std::string before;
        while (events.size() < limit) {
            std::vector<store::Event> page = read_told_events(service->read(
                fmt::format("/api/v1/events?limit={}{}", std::min(k_page, limit - events.size()), before)));
            if (page.empty()) break;
            before = fmt::format("&before={}", page.back().id);
            std::move(page.begin(), page.end(), std::back_inserter(events));
        }
    } else {
        events = events_of_state(m_configuration, {.limit = limit});
    }
    std::reverse(events.begin(), events.end());
    return events;
}

std::vector<store::Event> EventReader::after(std::int64_t id) {
    std::vector<store::Event> events;
    try {
        if (const auto service = find_service(m_configuration)) {
            m_told_by_service = true;
            events = read_told_events(
                service->read(fmt::format("/api/v1/events?after={}&limit={}&wait={}", id, k_page, k_wait)));
        } else {
            events = events_of_state(m_configuration, {.after = id, .limit = k_page});
        }
    } catch (const Error&) {
        // It ends, or starts again: whoever may not read the state waits for it.
        if (!m_told_by_service) throw;
    }
    // Not after anything: the newest come first.
    if (id == 0) std::reverse(events.begin(), events.end());
    if (events.empty()) std::this_thread::sleep_for(k_step);
    return events;
}

}  // namespace tidemark::mirror::cli
