#include <algorithm>
#include <condition_variable>

#include "mirror/web/api.h"
#include "mirror/web/json.h"
#include "mirror/web/list_query.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror::web {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t k_longest_wait = 25;
/// For who finds no place to wait: asked again at once it would be a busy loop.
constexpr seconds k_short_wait(1);
constexpr std::size_t k_most_events = 1000;
/// How often the state is looked at while somebody waits: one cheap question.
constexpr milliseconds k_look_step(500);

/// How long an answer is held back while there is nothing to tell. Has a place in the waiting room for as long.
class Waiting {
public:
    Waiting(Site& site, const Request& request)
        : m_room(site.waiting_room(request.peer)),
          m_time(seconds(std::min(number_of(request.query_value("wait"), 0), k_longest_wait))) {
        if (m_time > k_short_wait && !(m_has_place = m_room.enter())) m_time = k_short_wait;
    }
    ~Waiting() {
        if (m_has_place) m_room.leave();
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

    milliseconds time() const noexcept { return m_time; }

private:
    WaitingRoom& m_room;
    milliseconds m_time;
    bool m_has_place = false;
};

/// True as soon as the server ends, else false after the time.
bool pause(Site& site, milliseconds time) {
    std::mutex mutex;
    std::condition_variable_any ended;
    std::unique_lock lock(mutex);
    const std::stop_token closing = site.closing();
    ended.wait_for(lock, closing, time, [] { return false; });
    return closing.stop_requested();
}

std::string_view to_string(store::Severity severity) noexcept {
    switch (severity) {
        case store::Severity::info:
            break;
        case store::Severity::warning:
            return "warning";
        case store::Severity::error:
            return "error";
    }
    return "info";
}

void write(JsonText& json, const store::Event& event) {
    json.begin_object().member("id", event.id).member("time", event.time);
    json.member("severity", to_string(event.severity)).key("kind");
    event.kind ? json.value(kind_name(*event.kind)) : json.null();
    json.member("namespace", event.object.object_namespace).member("name", event.object.name);
    json.member("reason", event.reason).member("message", event.message).list("details", event.details);
    json.member("who", event.who).key("facts").begin_object();
    for (const auto& [name, value] : event.facts)
        json.member(valid_utf8(name), value);
    json.end_object().end_object();
}

Answer events(Site& site, const Request& request) {
    store::EventQuery query;
    query.limit = std::clamp<std::size_t>(number_of(request.query_value("limit"), 100), 1, k_most_events);
    query.after = static_cast<std::int64_t>(number_of(request.query_value("after"), 0));
    if (const auto before = number_of(request.query_value("before"), 0); before > 0)
        query.before = static_cast<std::int64_t>(before);
    query.kind = policy::find_kind_named(request.query_value("kind"));
    if (!request.query_value("name").empty())
        query.object =
            policy::ObjectKey{std::string(request.query_value("namespace")), std::string(request.query_value("name"))};
    const Waiting waiting(site, request);
    const auto until = std::chrono::steady_clock::now() + waiting.time();
    std::vector<store::Event> found;
    while (true) {
        found = site.stores.lease()->events(query);
        if (!found.empty() || std::chrono::steady_clock::now() >= until || pause(site, k_look_step)) break;
    }
    JsonText json;
    json.begin_object().key("items").begin_list();
    for (const store::Event& event : found)
        write(json, event);
    json.end_list().end_object();
    return json_answer(200, json);
}

std::string_view to_string(service::Outcome outcome) noexcept {
    switch (outcome) {
        case service::Outcome::failed:
            return "error";
        case service::Outcome::held:
            return "warning";
        case service::Outcome::begun:
        case service::Outcome::done:
        case service::Outcome::same:
        case service::Outcome::skipped:
            break;
    }
    return "info";
}

Answer logs(Site& site, const Request& request) {
    const Waiting waiting(site, request);
    const std::vector<LogLine> lines = site.log.after(number_of(request.query_value("after"), 0), waiting.time());
    JsonText json;
    json.begin_object().key("items").begin_list();
    for (const LogLine& line : lines) {
        const std::string& object = line.line.object.empty() ? line.line.subject : line.line.object;
        json.begin_object().member("id", line.id).member("time", line.time);
        json.member("level", to_string(line.line.outcome));
        json.member("step", line.of_service ? "service" : service::to_string(line.line.step));
        json.member("object", object).member("subject", line.line.subject).member("message", line.line.text);
        json.list("details", line.line.details).end_object();
    }
    json.end_list().end_object();
    return json_answer(200, json);
}

}  // namespace

void add_api_news(Router& router, Site& site) {
    router.add(Method::get, "/api/v1/events", [&site](const Request& request) { return events(site, request); });
    router.add(Method::get, "/api/v1/logs", [&site](const Request& request) { return logs(site, request); });
}

}  // namespace tidemark::mirror::web
