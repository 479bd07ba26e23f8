#include "mirror/store/export_lines.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

#include "mirror/store/json_reader.h"
#include "mirror/store/json_writer.h"

namespace tidemark::mirror::store {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::string_view k_head = "{\"crc\":\"";
constexpr std::size_t k_checksum_digits = 8;
constexpr std::size_t k_body = k_head.size() + k_checksum_digits + 1;  // behind the quote

std::string checksum(std::string_view text) {
    const unsigned long value =
        crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<z_size_t>(text.size()));
    return fmt::format("{:08x}", value);
}

std::int64_t number(std::chrono::sys_seconds time) {
    return time.time_since_epoch().count();
}

JsonWriter begin(std::string_view what, const ObjectKey& key) {
    JsonWriter writer;
    writer.open('{');
    writer.member("what", what);
    writer.member("namespace", key.object_namespace);
    writer.member("name", key.name);
    return writer;
}

std::string end(JsonWriter& writer) {
    writer.close('}');
    std::string body = writer.take();
    body[0] = ',';
    body += '\n';
    const std::string sum = checksum(std::string_view(body).substr(0, body.size() - 1));
    return fmt::format("{}{}\"{}", k_head, sum, body);
}

struct SeenTag {
    std::string_view tag;
    std::int64_t seconds;
};

/// In stored order, as they are in the list.
std::vector<SeenTag> seen_tags(const TagList& list) {
    std::vector<SeenTag> tags;
    const std::vector<std::chrono::sys_seconds> times = list.times();
    for (const std::string_view tag : list.tags())
        tags.push_back({tag, number(times[tags.size()])});
    return tags;
}

/// A time, then the tags that were first seen then; the next time, ...
void put_seen(JsonWriter& writer, const std::vector<SeenTag>& tags) {
    std::map<std::int64_t, std::vector<std::string_view>> by_time;
    for (const SeenTag& tag : tags)
        by_time[tag.seconds].push_back(tag.tag);
    writer.key("seen");
    writer.open('[');
    for (const auto& [seconds, names] : by_time) {
        writer.next();
        writer.number(seconds);
        for (const std::string_view name : names) {
            writer.next();
            writer.text(name);
        }
    }
    writer.close(']');
}

}  // namespace

std::string decision_line(const ObjectKey& policy, const Decision& decision) {
    JsonWriter writer = begin("decision", policy);
    writer.member("spec", decision.spec_hash);
    writer.member("canonicalName", decision.canonical_name);
    writer.member("image", decision.latest.name);
    writer.member("tag", decision.latest.tag);
    writer.member("digest", decision.latest.digest);
    writer.member("firstSeen", number(decision.first_seen));
    writer.member("decided", number(decision.decided));
    writer.member("unproven", std::int64_t{decision.unproven ? 1 : 0});
    return end(writer);
}

std::string pin_line(const ObjectKey& policy, const Pin* pin) {
    JsonWriter writer = begin(pin ? "pin" : "unpin", policy);
    if (pin) {
        writer.member("tag", pin->tag);
        writer.member("who", pin->who);
        writer.member("reason", pin->reason);
        writer.member("when", number(pin->when));
        if (pin->until) writer.member("until", number(*pin->until));
    }
    return end(writer);
}

std::string suspension_line(policy::ObjectKind kind, const ObjectKey& object, const Suspension& suspension) {
    JsonWriter writer = begin("suspension", object);
    writer.member("kind", policy::kind_name(kind));
    writer.member("suspended", std::int64_t{suspension.suspended ? 1 : 0});
    writer.member("specSuspended", std::int64_t{suspension.spec_suspended ? 1 : 0});
    writer.member("who", suspension.who);
    writer.member("reason", suspension.reason);
    writer.member("when", number(suspension.when));
    return end(writer);
}

std::string push_line(const ObjectKey& automation, const std::string& branch, const Push& push) {
    JsonWriter writer = begin("push", automation);
    writer.member("branch", branch);
    writer.member("commit", push.commit_id);
    writer.member("when", number(push.pushed));
    return end(writer);
}

std::string write_line(const ObjectKey& automation, const Written& written) {
    JsonWriter writer = begin("write", automation);
    writer.member("file", written.file);
    writer.member("setter", written.setter);
    writer.member("value", written.value);
    writer.member("commit", written.commit_id);
    return end(writer);
}

std::string tags_line(const ObjectKey& repository, const TagList* before, const TagList& after) {
    const bool whole = !before || before->canonical_name != after.canonical_name;
    if (!whole && before->lines == after.lines) return {};
    std::vector<SeenTag> seen = seen_tags(after);
    std::vector<std::string_view> gone;
    if (!whole) {
        const std::vector<SeenTag> old = seen_tags(*before);
        const auto place = [](const SeenTag& a, const SeenTag& b) { return a.tag > b.tag; };
        const auto same = [](const SeenTag& a, const SeenTag& b) { return a.tag == b.tag && a.seconds == b.seconds; };
        for (const SeenTag& tag : old)
            if (!std::binary_search(seen.begin(), seen.end(), tag, place)) gone.push_back(tag.tag);
        std::erase_if(seen, [&](const SeenTag& tag) {
            const auto found = std::lower_bound(old.begin(), old.end(), tag, place);
            return found != old.end() && same(*found, tag);
        });
    }
    JsonWriter writer = begin("tags", repository);
    writer.member("canonicalName", after.canonical_name);
    writer.member("scanned", number(after.scanned));
    writer.member("whole", std::int64_t{whole ? 1 : 0});
    put_seen(writer, seen);
    if (!gone.empty()) writer.list("gone", gone);
    return end(writer);
}

std::optional<object> read_line(simdjson::dom::parser& parser, std::string_view line) {
    if (line.size() <= k_body || !line.starts_with(k_head)) return std::nullopt;
    if (line.substr(k_head.size(), k_checksum_digits) != checksum(line.substr(k_body))) return std::nullopt;
    object members;
    if (parser.parse(line).get(members) != simdjson::SUCCESS) return std::nullopt;
    return members;
}

void apply_tags(const object& line, TagList& list) {
    const std::string canonical_name = get_text(line, "canonicalName");
    std::int64_t whole = 0;
    if (line.at_key("whole").get(whole) != simdjson::SUCCESS) whole = 0;
    if (whole != 0 || list.canonical_name != canonical_name) list = {};
    list.canonical_name = canonical_name;
    list.scanned = get_time(line, "scanned").value_or(std::chrono::sys_seconds());

    std::map<std::string, std::int64_t, std::greater<>> tags;  // stored order
    for (const SeenTag& tag : seen_tags(list))
        tags.emplace_hint(tags.end(), tag.tag, tag.seconds);
    for (const std::string& tag : get_texts(line, "gone"))
        tags.erase(tag);
    simdjson::dom::array seen;
    if (line.at_key("seen").get(seen) == simdjson::SUCCESS) {
        std::int64_t seconds = 0;
        for (const element item : seen) {
            std::string_view tag;
            if (item.get(tag) == simdjson::SUCCESS) {
                tags.insert_or_assign(std::string(tag), seconds);
            } else if (item.get(seconds) != simdjson::SUCCESS) {
                seconds = 0;
            }
        }
    }
    list.lines.clear();
    for (const auto& [tag, seconds] : tags)
        list.lines += fmt::format("{}\t{}\n", tag, seconds);
}

}  // namespace tidemark::mirror::store
