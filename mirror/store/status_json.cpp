#include "mirror/store/status_json.h"

#include <iterator>

#include <fmt/format.h>
#include <simdjson.h>

namespace tidemark::mirror::store {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;
using std::chrono::sys_seconds;

/// Writes members of one object after the other. A pass writes thousands: no tree is built.
class Writer {
public:
    void open(char bracket) {
        m_text += bracket;
        m_first = true;
    }
    void close(char bracket) {
        m_text += bracket;
        m_first = false;
    }
    void next() {
        if (!m_first) m_text += ',';
        m_first = false;
    }
    /// `name` needs no escapes.
    void key(std::string_view name) {
        next();
        fmt::format_to(std::back_inserter(m_text), "\"{}\":", name);
    }
    void text(std::string_view value) {
        // What is no UTF-8 (a server's own words) would make the whole status unreadable.
        const bool valid = simdjson::validate_utf8(value.data(), value.size());
        m_text += '"';
        for (const char c : value)
            character(valid || static_cast<unsigned char>(c) < 0x80 ? c : '?');
        m_text += '"';
    }
    void number(std::int64_t value) { fmt::format_to(std::back_inserter(m_text), "{}", value); }

    void member(std::string_view name, std::string_view value) {
        key(name);
        text(value);
    }
    void member(std::string_view name, const std::optional<sys_seconds>& time) {
        if (!time) return;
        key(name);
        number(time->time_since_epoch().count());
    }
    void member(std::string_view name, const std::optional<policy::LatestReference>& reference) {
        if (!reference) return;
        key(name);
        open('{');
        member("name", reference->name);
        member("tag", reference->tag);
        member("digest", reference->digest);
        close('}');
    }

    std::string take() { return std::move(m_text); }

private:
    void character(char c) {
        if (c == '"' || c == '\\') {
            m_text += '\\';
            m_text += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            fmt::format_to(std::back_inserter(m_text), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
            m_text += c;
        }
    }

    std::string m_text;
    bool m_first = true;
};

std::string get_text(const object& from, std::string_view key) {
    std::string_view text;
    return from.at_key(key).get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

std::optional<sys_seconds> get_time(const object& from, std::string_view key) {
    std::int64_t seconds = 0;
    if (from.at_key(key).get(seconds) != simdjson::SUCCESS) return std::nullopt;
    return sys_seconds(std::chrono::seconds(seconds));
}

std::optional<policy::LatestReference> get_reference(const object& from, std::string_view key) {
    object value;
    if (from.at_key(key).get(value) != simdjson::SUCCESS) return std::nullopt;
    return policy::LatestReference{get_text(value, "name"), get_text(value, "tag"), get_text(value, "digest")};
}

std::vector<Condition> get_conditions(const object& from) {
    std::vector<Condition> conditions;
    simdjson::dom::array list;
    if (from.at_key("conditions").get(list) != simdjson::SUCCESS) return conditions;
    for (const element item : list) {
        object condition;
        if (item.get(condition) != simdjson::SUCCESS) continue;
        conditions.push_back({get_text(condition, "type"), get_text(condition, "status"), get_text(condition, "reason"),
                              get_text(condition, "message"), get_time(condition, "time").value_or(sys_seconds())});
    }
    return conditions;
}

}  // namespace

std::string to_json(const ObjectStatus& status) {
    Writer writer;
    writer.open('{');
    writer.key("conditions");
    writer.open('[');
    for (const Condition& condition : status.conditions) {
        writer.next();
        writer.open('{');
        writer.member("type", condition.type);
        writer.member("status", condition.status);
        writer.member("reason", condition.reason);
        writer.member("message", condition.message);
        writer.member("time", std::optional(condition.last_transition));
        writer.close('}');
    }
    writer.close(']');
    writer.member("lastScan", status.last_scan);
    writer.member("lastRun", status.last_run);
    writer.member("lastPush", status.last_push);
    writer.key("tagCount");
    writer.number(static_cast<std::int64_t>(status.tag_count));
    writer.key("latestTags");
    writer.open('[');
    for (const std::string& tag : status.latest_tags) {
        writer.next();
        writer.text(tag);
    }
    writer.close(']');
    writer.member("canonicalName", status.canonical_name);
    writer.member("latest", status.latest);
    writer.member("previous", status.previous);
    writer.member("lastPushCommit", status.last_push_commit);
    writer.member("revision", status.revision);
    writer.close('}');
    return writer.take();
}

std::optional<ObjectStatus> StatusReader::read(const std::string& text) {
    object from;
    if (m_parser->parse(text).get(from) != simdjson::SUCCESS) return std::nullopt;
    ObjectStatus status;
    status.conditions = get_conditions(from);
    status.last_scan = get_time(from, "lastScan");
    status.last_run = get_time(from, "lastRun");
    status.last_push = get_time(from, "lastPush");
    std::uint64_t count = 0;
    if (from.at_key("tagCount").get(count) == simdjson::SUCCESS) status.tag_count = static_cast<std::size_t>(count);
    simdjson::dom::array tags;
    if (from.at_key("latestTags").get(tags) == simdjson::SUCCESS) {
        for (const element tag : tags) {
            std::string_view name;
            if (tag.get(name) == simdjson::SUCCESS) status.latest_tags.emplace_back(name);
        }
    }
    status.canonical_name = get_text(from, "canonicalName");
    status.latest = get_reference(from, "latest");
    status.previous = get_reference(from, "previous");
    status.last_push_commit = get_text(from, "lastPushCommit");
    status.revision = get_text(from, "revision");
    return status;
}

StatusReader::StatusReader() : m_parser(std::make_unique<simdjson::dom::parser>()) {}
StatusReader::~StatusReader() = default;

}  // namespace tidemark::mirror::store
