// What happened, newest kept, and who has to be told of it.
#include <algorithm>
#include <array>

#include <simdjson.h>

#include "mirror/store/database.h"
#include "mirror/store/json_reader.h"
#include "mirror/store/json_writer.h"

namespace tidemark::mirror::store {
namespace {

using policy::ObjectKind;

constexpr std::array<ObjectKind, 5> k_kinds = {ObjectKind::image_repository, ObjectKind::image_policy,
                                               ObjectKind::image_update_automation, ObjectKind::git_repository,
                                               ObjectKind::secret};

std::optional<ObjectKind> kind_of(std::string_view name) {
    const auto found =
        std::find_if(k_kinds.begin(), k_kinds.end(), [&](ObjectKind kind) { return policy::kind_name(kind) == name; });
    return found == k_kinds.end() ? std::nullopt : std::optional(*found);
}

/// What nobody searches for: details and facts.
std::string content_of(const Event& event) {
    JsonWriter writer;
    writer.open('{');
    writer.list("details", event.details);
    writer.key("facts");
    writer.open('[');
    for (const auto& [name, value] : event.facts) {
        writer.next();
        writer.text(name);
        writer.next();
        writer.text(value);
    }
    writer.close(']');
    writer.close('}');
    return writer.take();
}

void read_content(simdjson::dom::parser& parser, const std::string& text, Event& event) {
    simdjson::dom::object content;
    if (parser.parse(text).get(content) != simdjson::SUCCESS) return;
    event.details = get_texts(content, "details");
    const std::vector<std::string> facts = get_texts(content, "facts");
    for (std::size_t i = 0; i + 1 < facts.size(); i += 2)
        event.facts[facts[i]] = facts[i + 1];
}

std::string_view kind_text(const std::optional<ObjectKind>& kind) {
    return kind ? policy::kind_name(*kind) : std::string_view();
}

/// The columns in the order of the queries below.
Delivery delivery_of(const Prepared& row) {
    Delivery delivery;
    delivery.id = row.number(0);
    delivery.event = row.number(1);
    delivery.sink = row.text(2);
    delivery.attempts = static_cast<unsigned>(row.number(3));
    delivery.next_try = time_of(row.number(4));
    delivery.last_error = row.text(5);
    delivery.newest = row.number(6);
    delivery.events = static_cast<unsigned>(row.number(7));
    return delivery;
}

std::int64_t limit_of(std::size_t limit) {
    return static_cast<std::int64_t>(std::min(limit, Store::k_events_kept));
}

}  // namespace

std::int64_t Store::add_event(const Event& event) {
    Change change(*this, m_database->in_transaction);
    // An empty state goes on at the clock's seconds: above the numbers of a state that was lost before it.
    std::int64_t id = seconds_of(event.time);
    m_database->each(
        "numbering an event", "SELECT COALESCE(MAX(id), ?) + 1 FROM events",
        [&](const Prepared& row) { id = row.number(0); }, id);
    m_database->run("writing an event",
                    "INSERT INTO events (id, happened, severity, kind, object_namespace, name, reason, message, who, "
                    "content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    id, seconds_of(event.time), static_cast<std::int64_t>(event.severity), kind_text(event.kind),
                    event.object.object_namespace, event.object.name, event.reason, event.message, event.who,
                    content_of(event));
    m_database->run("dropping old events", "DELETE FROM events WHERE id <= ?",
                    id - static_cast<std::int64_t>(k_events_kept));
    if (m_database->event_listener) {
        Event written = event;
        written.id = id;
        m_database->event_listener(written);
    }
    change.commit();
    return id;
}

void Store::on_event(EventListener listener) {
    m_database->event_listener = std::move(listener);
}

bool Store::has_event_like(const Event& event, std::chrono::sys_seconds since) {
    bool found = false;
    m_database->each(
        "looking for an earlier event",
        "SELECT 1 FROM events WHERE object_namespace = ? AND name = ? AND id < ? AND happened >= ? AND kind = ? AND "
        "reason = ? LIMIT 1",
        [&](const Prepared&) { found = true; }, event.object.object_namespace, event.object.name, event.id,
        seconds_of(since), kind_text(event.kind), event.reason);
    return found;
}

std::vector<Event> Store::events(const EventQuery& query) {
    // One statement for each order; a filter that is not asked for lets everything through.
    const char* const sql =
        query.after > 0
            ? "SELECT id, happened, severity, kind, object_namespace, name, reason, message, who, content FROM events "
              "WHERE id > ? AND id < ? AND (? = '' OR kind = ?) AND (? = 0 OR (object_namespace = ? AND name = ?)) "
              "ORDER BY id ASC LIMIT ?"
            : "SELECT id, happened, severity, kind, object_namespace, name, reason, message, who, content FROM events "
              "WHERE id > ? AND id < ? AND (? = '' OR kind = ?) AND (? = 0 OR (object_namespace = ? AND name = ?)) "
              "ORDER BY id DESC LIMIT ?";
    std::vector<Event> all;
    simdjson::dom::parser parser;
    const ObjectKey object = query.object.value_or(ObjectKey{});
    m_database->each(
        "reading events", sql,
        [&](const Prepared& row) {
            Event event;
            event.id = row.number(0);
            event.time = time_of(row.number(1));
            event.severity = static_cast<Severity>(std::clamp<std::int64_t>(row.number(2), 0, 2));
            event.kind = kind_of(row.text(3));
            event.object = {row.text(4), row.text(5)};
            event.reason = row.text(6);
            event.message = row.text(7);
            event.who = row.text(8);
            read_content(parser, row.text(9), event);
            all.push_back(std::move(event));
        },
        query.after, query.before.value_or(INT64_MAX), kind_text(query.kind), kind_text(query.kind),
        query.object ? 1 : 0, object.object_namespace, object.name, limit_of(query.limit));
    return all;
}

void Store::add_delivery(const Delivery& delivery) {
    Change change(*this, m_database->in_transaction);
    m_database->run("writing a delivery",
                    "INSERT INTO deliveries (event, sink, attempts, next_try, last_error, newest, events) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    delivery.event, delivery.sink, static_cast<std::int64_t>(delivery.attempts),
                    seconds_of(delivery.next_try), delivery.last_error, delivery.newest,
                    static_cast<std::int64_t>(delivery.events));
    m_database->run("dropping old deliveries",
                    "DELETE FROM deliveries WHERE id <= (SELECT MAX(id) FROM deliveries) - ?",
                    static_cast<std::int64_t>(k_deliveries_kept));
    change.commit();
}

std::optional<Delivery> Store::find_delivery_like(const std::string& sink, const Event& event) {
    std::optional<Delivery> found;
    m_database->each(
        "looking for a delivery",
        "SELECT d.id, d.event, d.sink, d.attempts, d.next_try, d.last_error, d.newest, d.events FROM deliveries d "
        "JOIN events e ON e.id = d.event WHERE e.object_namespace = ? AND e.name = ? AND e.kind = ? AND e.reason = ? "
        "AND d.sink = ? AND d.attempts = 0 ORDER BY d.id DESC LIMIT 1",
        [&](const Prepared& row) { found = delivery_of(row); }, event.object.object_namespace, event.object.name,
        kind_text(event.kind), event.reason, sink);
    return found;
}

std::vector<Delivery> Store::due_deliveries(std::chrono::sys_seconds now, std::size_t limit) {
    std::vector<Delivery> all;
    m_database->each(
        "reading deliveries",
        "SELECT id, event, sink, attempts, next_try, last_error, newest, events FROM deliveries WHERE next_try <= ? "
        "ORDER BY next_try, id LIMIT ?",
        [&](const Prepared& row) { all.push_back(delivery_of(row)); }, seconds_of(now), limit_of(limit));
    return all;
}

void Store::put_delivery(const Delivery& delivery) {
    m_database->run(
        "changing a delivery",
        "UPDATE deliveries SET attempts = ?, next_try = ?, last_error = ?, newest = ?, events = ? WHERE id = ?",
        static_cast<std::int64_t>(delivery.attempts), seconds_of(delivery.next_try), delivery.last_error,
        delivery.newest, static_cast<std::int64_t>(delivery.events), delivery.id);
}

void Store::remove_delivery(std::int64_t id) {
    m_database->run("removing a delivery", "DELETE FROM deliveries WHERE id = ?", id);
}

std::optional<Delivery> Store::find_due_delivery(const std::string& sink, std::chrono::sys_seconds now) {
    constexpr std::int64_t k_again_and_again = 5;
    std::optional<Delivery> found;
    m_database->each(
        "looking for a delivery",
        "SELECT id, event, sink, attempts, next_try, last_error, newest, events FROM deliveries "
        "WHERE sink = ? AND next_try <= ? ORDER BY attempts > ?, id LIMIT 1",
        [&](const Prepared& row) { found = delivery_of(row); }, sink, seconds_of(now), k_again_and_again);
    return found;
}

std::optional<std::chrono::sys_seconds> Store::next_delivery(const std::string& sink) {
    std::optional<std::chrono::sys_seconds> next;
    m_database->each(
        "looking for a delivery", "SELECT next_try FROM deliveries WHERE sink = ? ORDER BY next_try LIMIT 1",
        [&](const Prepared& row) { next = time_of(row.number(0)); }, sink);
    return next;
}

}  // namespace tidemark::mirror::store
