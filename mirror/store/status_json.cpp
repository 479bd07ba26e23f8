#include "mirror/store/status_json.h"

#include <simdjson.h>

#include "mirror/store/json_reader.h"
#include "mirror/store/json_writer.h"

namespace tidemark::mirror::store {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;
using std::chrono::sys_seconds;

void put_time(JsonWriter& writer, std::string_view name, const std::optional<sys_seconds>& time) {
    if (time) writer.member(name, time->time_since_epoch().count());
}

void put_reference(JsonWriter& writer, std::string_view name, const std::optional<policy::LatestReference>& reference) {
    if (!reference) return;
    writer.key(name);
    writer.open('{');
    writer.member("name", reference->name);
    writer.member("tag", reference->tag);
    writer.member("digest", reference->digest);
    writer.close('}');
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
    JsonWriter writer;
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
        put_time(writer, "time", condition.last_transition);
        writer.close('}');
    }
    writer.close(']');
    put_time(writer, "lastScan", status.last_scan);
    put_time(writer, "lastRun", status.last_run);
    put_time(writer, "lastPush", status.last_push);
    writer.member("tagCount", static_cast<std::int64_t>(status.tag_count));
    writer.list("latestTags", status.latest_tags);
    writer.member("canonicalName", status.canonical_name);
    put_reference(writer, "latest", status.latest);
    put_reference(writer, "previous", status.previous);
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
    status.latest_tags = get_texts(from, "latestTags");
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
