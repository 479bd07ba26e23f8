#include "mirror/service/change_log.h"

#include <algorithm>
#include <optional>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "mirror/service/conditions.h"

namespace tidemark::mirror::service {
namespace {

using policy::ObjectKind;
using store::Condition;
using store::Event;
using store::ObjectStatus;
using store::Severity;

/// What separates a policy's sentence from why it does not move (decide.cpp).
constexpr std::string_view k_held = "; held: ";
/// A pin has its own event, from the person who set it; one that stands in Git has not (pins.cpp).
constexpr std::string_view k_pinned = "pinned to ";
constexpr std::string_view k_pinned_in_git = "by the annotation";

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// The words without a digit: what is left says which failure it is, without times, counts, addresses and the numbers
/// that hosts give to requests.
std::string gist(std::string_view text) {
    std::string words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        if (std::none_of(word.begin(), word.end(), is_digit)) words.append(word) += ' ';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

std::string_view failure_of(ObjectKind kind) noexcept {
    if (kind == ObjectKind::image_repository) return "ScanFailed";
    if (kind == ObjectKind::git_repository) return "FetchFailed";
    return "NotReady";
}

bool is_ready(const Condition* condition) noexcept {
    return condition && condition->status == "True";
}

std::string_view held_part(const Condition* condition) noexcept {
    if (!is_ready(condition)) return {};
    const std::size_t begin = condition->message.find(k_held);
    if (begin == std::string::npos) return {};
    const std::string_view held = std::string_view(condition->message).substr(begin + k_held.size());
    const bool told = held.starts_with(k_pinned) && held.find(k_pinned_in_git) == std::string_view::npos;
    return told ? std::string_view() : held;
}

class Writer {
public:
    Writer(const StatusChange& change, std::chrono::sys_seconds now)
        : m_change(change),
          m_now(now),
          m_before(change.before ? ready_condition(*change.before) : nullptr),
          m_after(ready_condition(change.after)) {}

    std::vector<Event> write() {
        if (m_after) readiness();
        choice();
        hold();
        return std::move(m_events);
    }

private:
    Event& add(std::string_view reason, Severity severity, std::string message) {
        Event& event = m_events.emplace_back();
        event.time = m_now;
        event.severity = severity;
        event.kind = m_change.kind;
        event.object = m_change.key;
        event.reason = reason;
        event.message = std::move(message);
        return event;
    }

    void readiness() {
        const bool failed_before = m_before && m_before->status == "False";
        if (m_after->status == "False") {
            if (failed_before && m_before->reason == m_after->reason &&
                gist(m_before->message) == gist(m_after->message))
                return;
            const std::string_view reason = m_change.failure.empty() ? failure_of(m_change.kind) : m_change.failure;
            add(reason, Severity::error, m_after->message).details = m_change.details;
        } else if (failed_before && is_ready(m_after)) {
            Event& event = add("Recovered", Severity::info, m_after->message);
            event.details.push_back("before: " + m_before->message);
            event.facts["since"] = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", m_before->last_transition);
        }
    }

    void choice() {
        const auto& latest = m_change.after.latest;
        if (!latest || (m_change.before && m_change.before->latest == latest)) return;
        const auto& before = m_change.before ? m_change.before->latest : std::nullopt;
        std::string message = latest->to_string();
        if (before && before->name == latest->name) {
            message = before->tag == latest->tag ? fmt::format("{} has a new digest {}", latest->tag, latest->digest)
                                                 : fmt::format("{} → {}", before->tag, latest->tag);
        }
        Event& event = add("CandidateChosen", Severity::info, std::move(message));
        event.facts = {{"image", latest->name}, {"new", latest->tag}};
        if (before) event.facts["old"] = before->tag;
        if (!latest->digest.empty()) event.facts["digest"] = latest->digest;
    }

    void hold() {
        const std::string_view before = held_part(m_before);
        const std::string_view after = held_part(m_after);
        if (!after.empty()) {
            if (gist(before) != gist(after)) add("Held", Severity::warning, std::string(after));
        } else if (!before.empty() && is_ready(m_after)) {
            add("Released", Severity::info, "no longer held: " + std::string(before));
        }
    }

    const StatusChange& m_change;
    std::chrono::sys_seconds m_now;
    const Condition* m_before;
    const Condition* m_after;
    std::vector<Event> m_events;
};

}  // namespace

std::vector<Event> events_of(const StatusChange& change, std::chrono::sys_seconds now) {
    return Writer(change, now).write();
}

void ChangeLog::add(const StatusChange& change) {
    for (const Event& event : events_of(change, m_now)) {
        auto& [count, severity] = m_counts[{change.kind, event.reason}];
        severity = event.severity;
        if (++count > k_told_each) {
            m_has_rest = true;
        } else {
            m_store.add_event(event);
        }
    }
    const auto& latest = change.after.latest;
    if (latest && !(change.before && change.before->latest == latest)) m_store.add_choice(change.key, *latest, m_now);
}

void ChangeLog::add_rest() {
    for (const auto& [name, count] : m_counts) {
        if (count.first <= k_told_each) continue;
        Event event;
        event.time = m_now;
        event.severity = count.second;
        event.kind = name.first;
        event.reason = name.second;
        event.message = fmt::format("the same of {} more objects; tidemark get says how each of them stands",
                                    count.first - k_told_each);
        m_store.add_event(event);
    }
    m_counts.clear();
    m_has_rest = false;
}

}  // namespace tidemark::mirror::service
