#include "mirror/store/status_json.h"

#include <sstream>

#include <Poco/Dynamic/Var.h>
#include <Poco/Exception.h>
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

namespace tidemark::mirror::store {
namespace {

using Poco::JSON::Array;
using Poco::JSON::Object;
using std::chrono::sys_seconds;

Poco::Int64 seconds_of(sys_seconds time) {
    return time.time_since_epoch().count();
}
sys_seconds time_of(Poco::Int64 seconds) {
    return sys_seconds(std::chrono::seconds(seconds));
}

void put_time(Object& object, const std::string& key, const std::optional<sys_seconds>& time) {
    if (time) object.set(key, seconds_of(*time));
}

std::optional<sys_seconds> get_time(const Object& object, const std::string& key) {
    if (!object.has(key)) return std::nullopt;
    return time_of(object.getValue<Poco::Int64>(key));
}

void put_reference(Object& object, const std::string& key, const std::optional<policy::LatestReference>& reference) {
    if (!reference) return;
    Object value;
    value.set("name", reference->name);
    value.set("tag", reference->tag);
    value.set("digest", reference->digest);
    object.set(key, value);
}

std::optional<policy::LatestReference> get_reference(const Object& object, const std::string& key) {
    const Object::Ptr value = object.getObject(key);
    if (!value) return std::nullopt;
    return policy::LatestReference{value->optValue<std::string>("name", ""), value->optValue<std::string>("tag", ""),
                                   value->optValue<std::string>("digest", "")};
}

std::vector<Condition> get_conditions(const Object& object) {
    std::vector<Condition> conditions;
    const Array::Ptr list = object.getArray("conditions");
    if (!list) return conditions;
    for (unsigned i = 0; i < list->size(); ++i) {
        const Object::Ptr item = list->getObject(i);
        if (!item) continue;
        conditions.push_back({item->optValue<std::string>("type", ""), item->optValue<std::string>("status", ""),
                              item->optValue<std::string>("reason", ""), item->optValue<std::string>("message", ""),
                              time_of(item->optValue<Poco::Int64>("time", 0))});
    }
    return conditions;
}

}  // namespace

std::string to_json(const ObjectStatus& status) {
    Object object;
    Array conditions;
    for (const Condition& condition : status.conditions) {
        Object item;
        item.set("type", condition.type);
        item.set("status", condition.status);
        item.set("reason", condition.reason);
        item.set("message", condition.message);
        item.set("time", seconds_of(condition.last_transition));
        conditions.add(item);
    }
    object.set("conditions", conditions);
    put_time(object, "lastScan", status.last_scan);
    put_time(object, "lastRun", status.last_run);
    put_time(object, "lastPush", status.last_push);
    object.set("tagCount", static_cast<Poco::UInt64>(status.tag_count));
    Array tags;
    for (const std::string& tag : status.latest_tags)
        tags.add(tag);
    object.set("latestTags", tags);
    object.set("canonicalName", status.canonical_name);
    put_reference(object, "latest", status.latest);
    put_reference(object, "previous", status.previous);
    object.set("lastPushCommit", status.last_push_commit);
    object.set("revision", status.revision);
    std::ostringstream text;
    object.stringify(text);
    return text.str();
}

std::optional<ObjectStatus> status_from_json(const std::string& text) {
    try {
        Poco::JSON::Parser parser;
        const Object::Ptr object = parser.parse(text).extract<Object::Ptr>();
        if (!object) return std::nullopt;
        ObjectStatus status;
        status.conditions = get_conditions(*object);
        status.last_scan = get_time(*object, "lastScan");
        status.last_run = get_time(*object, "lastRun");
        status.last_push = get_time(*object, "lastPush");
        status.tag_count = static_cast<std::size_t>(object->optValue<Poco::UInt64>("tagCount", 0));
        if (const Array::Ptr tags = object->getArray("latestTags"))
            for (unsigned i = 0; i < tags->size(); ++i)
                status.latest_tags.push_back(tags->getElement<std::string>(i));
        status.canonical_name = object->optValue<std::string>("canonicalName", "");
        status.latest = get_reference(*object, "latest");
        status.previous = get_reference(*object, "previous");
        status.last_push_commit = object->optValue<std::string>("lastPushCommit", "");
        status.revision = object->optValue<std::string>("revision", "");
        return status;
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
}

}  // namespace tidemark::mirror::store
