#include "mirror/cli/object_rows.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <time.h>

#include "mirror/base/error.h"
#include "mirror/service/conditions.h"

namespace tidemark::mirror::cli {
namespace {

using policy::ObjectKind;
using service::KnownObject;
using store::Condition;
using store::ObjectStatus;
using Time = std::chrono::sys_seconds;

constexpr std::size_t k_short_digest = 8;

bool equal_without_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
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
    const Condition* ready = service::ready_condition(status);
    const std::string state = ready ? ready->status : "False";
    const std::string message = ready ? ready->message : "waiting to be reconciled";
    const std::string suspended(truth_text(known.suspended));
    const bool wide = columns == Columns::wide;
    Row row = {known.key.name};
    if (style == NameStyle::with_kind) row.front().insert(0, kind_prefix(known.kind));
    switch (known.kind) {
        case ObjectKind::image_repository:
            row.insert(row.end(), {local_time(status.last_scan), suspended, state, message});
            if (wide) row.insert(row.end(), {known.image, std::to_string(status.tag_count)});
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
                row.insert(row.end(), {known.source.to_string(), local_time(status.last_push),
                                       with_short_ids(status.last_push_commit)});
            }
            break;
        case ObjectKind::git_repository:
            row.insert(row.end(), {with_short_ids(status.revision), suspended, state, with_short_ids(message)});
            if (wide) row.push_back(known.url);
            break;
        case ObjectKind::secret:
            break;
    }
    return row;
}

}  // namespace tidemark::mirror::cli
