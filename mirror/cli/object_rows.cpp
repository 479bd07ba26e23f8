#include "mirror/cli/object_rows.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <time.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::cli {
namespace {

using policy::ObjectKind;
using store::Condition;
using store::ObjectStatus;
using Time = std::chrono::sys_seconds;

constexpr std::size_t k_short_digest = 8;

bool equal_without_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

const Condition* find_ready(const ObjectStatus& status) noexcept {
    const auto found = std::find_if(status.conditions.begin(), status.conditions.end(),
                                    [](const Condition& condition) { return condition.type == "Ready"; });
    return found == status.conditions.end() ? nullptr : &*found;
}

/// RFC 3339 in the reader's zone.
std::string local_time(const std::optional<Time>& time) {
    if (!time) return {};
    const std::time_t seconds = std::chrono::system_clock::to_time_t(*time);
    std::tm parts{};
    if (!::localtime_r(&seconds, &parts)) return {};
    std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", parts.tm_year + 1900, parts.tm_mon + 1,
                                   parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
    if (parts.tm_gmtoff == 0) return text + 'Z';
    const long minutes = std::abs(parts.tm_gmtoff) / 60;
    return text + fmt::format("{}{:02}:{:02}", parts.tm_gmtoff < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

bool is_hex(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool is_word(char c) noexcept {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Commit ids, runs of 40 to 128 hexadecimal digits between word borders, cut to eight.
std::string with_short_ids(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (end < text.size() && is_word(text[end]))
            ++end;
        const std::string_view word = text.substr(i, end - i);
        const bool id = word.size() >= 40 && word.size() <= 128 && std::all_of(word.begin(), word.end(), is_hex);
        result += id ? word.substr(0, k_short_digest) : word;
        if (end < text.size()) result += text[end++];
        i = end;
    }
    return result;
}

std::string_view truth_text(bool truth) noexcept {
    return truth ? "True" : "False";
}

const policy::ImageRepository& repository_of(const KnownObject& known) {
    return *static_cast<const policy::ImageRepository*>(known.object);
}
const policy::ImagePolicy& policy_of(const KnownObject& known) {
    return *static_cast<const policy::ImagePolicy*>(known.object);
}
const policy::ImageUpdateAutomation& automation_of(const KnownObject& known) {
    return *static_cast<const policy::ImageUpdateAutomation*>(known.object);
}
const policy::GitRepository& source_of(const KnownObject& known) {
    return *static_cast<const policy::GitRepository*>(known.object);
}

bool is_suspended(const KnownObject& known) {
    switch (known.kind) {
        case ObjectKind::image_repository:
            return repository_of(known).suspend;
        case ObjectKind::image_policy:
            return policy_of(known).suspend;
        case ObjectKind::image_update_automation:
            return automation_of(known).suspend;
        case ObjectKind::git_repository:
            return source_of(known).suspend;
        case ObjectKind::secret:
            break;
    }
    return false;
}

/// What was written since the last pass can be wrong although that pass went well.
void report_mistakes(KnownObject& known) {
    const Condition* ready = find_ready(known.status);
    if (known.metadata->valid() || (ready && ready->status != "True")) return;
    std::string message;
    for (const policy::Finding& finding : known.metadata->findings) {
        if (finding.severity != policy::Severity::error) continue;
        if (!message.empty()) message += '\n';
        message += policy::to_string(finding.place) + ": " + finding.message;
    }
    std::erase_if(known.status.conditions, [](const Condition& condition) { return condition.type == "Ready"; });
    known.status.conditions.push_back({"Ready", "False", "InvalidSpec", message, {}});
}

template <class Object>
void collect(const std::map<policy::ObjectKey, Object>& objects, ObjectKind kind, const ObjectFilter& filter,
             const StatusLookup& status, std::vector<KnownObject>& found) {
    for (const auto& [key, object] : objects) {
        if (filter.name_space && key.object_namespace != *filter.name_space) continue;
        if (!filter.name.empty() && key.name != filter.name) continue;
        if (!filter.labels.matches(object.metadata.labels)) continue;
        KnownObject known{kind, &object.metadata, &object, {}};
        if (status) known.status = status(kind, key).value_or(ObjectStatus());
        report_mistakes(known);
        found.push_back(std::move(known));
    }
}

std::string kind_prefix(ObjectKind kind) {
    std::string prefix(policy::kind_name(kind));
    std::transform(prefix.begin(), prefix.end(), prefix.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return prefix + '/';
}

std::string reference_text(const policy::LatestReference& reference) {
    std::string text = reference.name + ':' + reference.tag;
    return reference.digest.empty() ? text : text + '@' + reference.digest;
}

policy::yaml::Value reference_data(const policy::LatestReference& reference) {
    policy::yaml::Value value;
    value.set("name", reference.name).set("tag", reference.tag).set_text("digest", reference.digest);
    return value;
}

std::string utc_time(Time time) {
    const auto days = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(days);
    const std::chrono::hh_mm_ss clock(time - days);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int(date.year()), unsigned(date.month()),
                       unsigned(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

policy::yaml::Value conditions_data(const std::vector<Condition>& conditions) {
    policy::yaml::Value::Sequence list;
    for (const Condition& condition : conditions) {
        policy::yaml::Value value;
        value.set("type", condition.type).set("status", condition.status).set_text("reason", condition.reason);
        value.set("message", condition.message);
        if (condition.last_transition != Time()) {
            value.set("lastTransitionTime", utc_time(condition.last_transition));
        }
        list.push_back(std::move(value));
    }
    return list;
}

policy::yaml::Value status_data(const KnownObject& known) {
    const ObjectStatus& status = known.status;
    policy::yaml::Value value;
    if (!status.conditions.empty()) value.set("conditions", conditions_data(status.conditions));
    value.set_text("canonicalImageName", status.canonical_name);
    if (status.last_scan) {
        policy::yaml::Value scan;
        scan.set("scanTime", utc_time(*status.last_scan));
        scan.set("tagCount", static_cast<std::int64_t>(status.tag_count));
        scan.set("latestTags", policy::yaml::Value::Sequence(status.latest_tags.begin(), status.latest_tags.end()));
        value.set("lastScanResult", std::move(scan));
    }
    if (status.latest) value.set("latestRef", reference_data(*status.latest));
    if (status.previous) value.set("observedPreviousRef", reference_data(*status.previous));
    if (status.last_run) value.set("lastAutomationRunTime", utc_time(*status.last_run));
    if (status.last_push) value.set("lastPushTime", utc_time(*status.last_push));
    value.set_text("lastPushCommit", status.last_push_commit);
    if (!status.revision.empty()) {
        value.set("artifact", policy::yaml::Value().set("revision", status.revision));
    }
    return value;
}

}  // namespace

bool StatusSelector::matches(const ObjectStatus& status_of_object) const {
    for (const Condition& condition : status_of_object.conditions) {
        if (equal_without_case(condition.type, type)) return equal_without_case(condition.status, status) == equal;
    }
    return !equal;
}

std::optional<StatusSelector> parse_status_selector(const std::string& text) {
    if (text.empty()) return std::nullopt;
    if (const std::size_t unequal = text.find("!="); unequal != std::string::npos) {
        return StatusSelector{text.substr(0, unequal), text.substr(unequal + 2), false};
    }
    const std::size_t equal = text.find('=');
    if (equal == std::string::npos) {
        throw Error(ErrorKind::usage,
                    "expected status selector in type=status or type!=status format, but found: " + text);
    }
    return StatusSelector{text.substr(0, equal), text.substr(equal + 1), true};
}

std::vector<KnownObject> find_objects(const policy::ObjectSet& objects, ObjectKind kind, const ObjectFilter& filter,
                                      const StatusLookup& status) {
    std::vector<KnownObject> found;
    switch (kind) {
        case ObjectKind::image_repository:
            collect(objects.image_repositories, kind, filter, status, found);
            break;
        case ObjectKind::image_policy:
            collect(objects.image_policies, kind, filter, status, found);
            break;
        case ObjectKind::image_update_automation:
            collect(objects.image_update_automations, kind, filter, status, found);
            break;
        case ObjectKind::git_repository:
            collect(objects.git_repositories, kind, filter, status, found);
            break;
        case ObjectKind::secret:
            break;  // never shown
    }
    return found;
}

Row header_of(ObjectKind kind, Columns columns) {
    const bool wide = columns == Columns::wide;
    Row row;
    switch (kind) {
        case ObjectKind::image_repository:
            row = {"NAME", "LAST SCAN", "SUSPENDED", "READY", "MESSAGE"};
            if (wide) row.insert(row.end(), {"IMAGE", "TAGS"});
            break;
        case ObjectKind::image_policy:
            row = {"NAME", "IMAGE", "TAG", "READY", "MESSAGE"};
            if (wide) row.insert(row.end(), {"DIGEST", "PREVIOUS", "SUSPENDED"});
            break;
        case ObjectKind::image_update_automation:
            row = {"NAME", "LAST RUN", "SUSPENDED", "READY", "MESSAGE"};
            if (wide) row.insert(row.end(), {"SOURCE", "LAST PUSH", "COMMIT"});
            break;
        case ObjectKind::git_repository:
            row = {"NAME", "REVISION", "SUSPENDED", "READY", "MESSAGE"};
            if (wide) row.emplace_back("URL");
            break;
        case ObjectKind::secret:
            break;
    }
    return row;
}

Row row_of(const KnownObject& known, Columns columns, NameStyle style) {
    const ObjectStatus& status = known.status;
    const Condition* ready = find_ready(status);
    const std::string state = ready ? ready->status : "False";
    const std::string message = ready ? ready->message : "waiting to be reconciled";
    const std::string suspended(truth_text(is_suspended(known)));
    const bool wide = columns == Columns::wide;
    Row row = {known.metadata->key.name};
    if (style == NameStyle::with_kind) row.front().insert(0, kind_prefix(known.kind));
    switch (known.kind) {
        case ObjectKind::image_repository:
            row.insert(row.end(), {local_time(status.last_scan), suspended, state, message});
            if (wide) row.insert(row.end(), {repository_of(known).image, std::to_string(status.tag_count)});
            break;
        case ObjectKind::image_policy: {
            const policy::LatestReference latest = status.latest.value_or(policy::LatestReference());
            row.insert(row.end(), {latest.name, latest.tag, state, message});
            if (wide) {
                row.insert(row.end(),
                           {latest.digest, status.previous ? reference_text(*status.previous) : "", suspended});
            }
            break;
        }
        case ObjectKind::image_update_automation:
            row.insert(row.end(), {local_time(status.last_run), suspended, state, message});
            if (wide) {
                row.insert(row.end(), {automation_of(known).source.to_string(), local_time(status.last_push),
                                       with_short_ids(status.last_push_commit)});
            }
            break;
        case ObjectKind::git_repository:
            row.insert(row.end(), {with_short_ids(status.revision), suspended, state, with_short_ids(message)});
            if (wide) row.push_back(source_of(known).url);
            break;
        case ObjectKind::secret:
            break;
    }
    return row;
}

policy::yaml::Value data_of(const KnownObject& known) {
    policy::yaml::Value metadata;
    metadata.set("name", known.metadata->key.name).set("namespace", known.metadata->key.object_namespace);
    if (!known.metadata->labels.empty()) {
        policy::yaml::Value labels;
        for (const auto& [key, value] : known.metadata->labels)
            labels.set(key, value);
        metadata.set("labels", std::move(labels));
    }
    policy::yaml::Value spec;
    spec.set("suspend", is_suspended(known));
    if (known.kind == ObjectKind::image_repository) spec.set("image", repository_of(known).image);
    if (known.kind == ObjectKind::git_repository) spec.set("url", source_of(known).url);
    policy::yaml::Value value;
    value.set("apiVersion", known.metadata->api_version).set("kind", policy::kind_name(known.kind));
    value.set("metadata", std::move(metadata)).set("spec", std::move(spec)).set("status", status_data(known));
    return value;
}

}  // namespace tidemark::mirror::cli
