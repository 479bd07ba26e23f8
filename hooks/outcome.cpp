#include "hooks/outcome.h"

#include <algorithm>
#include <utility>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "hooks/printable.h"
#include "hooks/time_text.h"

namespace tidemark::hooks {
namespace {

using policy::guard::GuardFinding;
using policy::guard::RefUpdate;
using policy::guard::Verdict;

// Beyond these the line only counts, so that it stays one write.
constexpr std::size_t k_max_logged = 50;

/// RapidJSON takes bytes as they are; printable() makes them valid UTF-8.
class JsonLine {
public:
    void open() { m_writer.StartObject(); }
    void close() { m_writer.EndObject(); }
    void key(std::string_view name) { m_writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size())); }
    void text(std::string_view value) {
        const std::string safe = printable(value, 1000);
        m_writer.String(safe.data(), static_cast<rapidjson::SizeType>(safe.size()));
    }
    void member(std::string_view name, std::string_view value) {
        if (value.empty()) return;
        key(name);
        text(value);
    }
    void member(std::string_view name, std::size_t value) {
        key(name);
        m_writer.Uint64(value);
    }
    template <class Items, class Write>
    void list(std::string_view name, const Items& items, Write write) {
        if (items.empty()) return;
        key(name);
        m_writer.StartArray();
        for (std::size_t i = 0; i < std::min(items.size(), k_max_logged); ++i)
            write(items[i]);
        m_writer.EndArray();
        if (items.size() > k_max_logged) member(std::string(name) + "_left_out", items.size() - k_max_logged);
    }
    std::string take() const { return {m_buffer.GetString(), m_buffer.GetSize()}; }

private:
    rapidjson::StringBuffer m_buffer;
    rapidjson::Writer<rapidjson::StringBuffer> m_writer{m_buffer};
};

void write(JsonLine& line, const RefUpdate& update) {
    line.open();
    line.member("ref", update.reference);
    line.member("old", update.old_id);
    line.member("new", update.new_id);
    line.close();
}

void write(JsonLine& line, const GuardFinding& finding) {
    line.open();
    line.member("rule", to_string(finding.rule));
    line.member("verdict", to_string(finding.verdict));
    line.member("ref", finding.reference);
    line.member("file", finding.file);
    if (finding.line > 0) line.member("line", finding.line);
    line.member("reason", finding.allowed_by);
    line.close();
}

void write_repository(JsonLine& line, const GuardedPush& push) {
    line.member("host", to_string(push.host));
    line.member("repository", push.names.host_name);
    line.member("path", push.names.path);
}

void write_updates(JsonLine& line, const GuardedPush& push) {
    line.list("refs", push.push.updates, [&](const RefUpdate& update) { write(line, update); });
}

}  // namespace

Outcome failed_outcome(const GuardedPush& push, std::string failure) {
    Outcome outcome;
    outcome.failure = std::move(failure);
    const bool warned = push.rules->warn_until && push.now < *push.rules->warn_until;
    outcome.refused = push.rules->on_error == policy::guard::OnError::refuse && !warned;
    return outcome;
}

std::string_view verdict_of(const Outcome& outcome) noexcept {
    const auto any = [&](Verdict verdict) {
        return std::any_of(outcome.judgement.findings.begin(), outcome.judgement.findings.end(),
                           [verdict](const GuardFinding& finding) { return finding.verdict == verdict; });
    };
    if (outcome.refused) return "refused";
    if (!outcome.failure.empty() || any(Verdict::warned)) return "warned";
    return any(Verdict::allowed) ? "allowed" : "accepted";
}

std::string_view short_name(std::string_view reference) noexcept {
    constexpr std::string_view k_branches = "refs/heads/";
    return reference.starts_with(k_branches) ? reference.substr(k_branches.size()) : reference;
}

std::string log_line(const GuardedPush& push, const Outcome& outcome) {
    JsonLine line;
    line.open();
    line.member("time", to_text(push.now));
    line.member("verdict", verdict_of(outcome));
    write_repository(line, push);
    line.member("pusher", push.push.pusher.name);
    line.list("identities", push.push.pusher.identities, [&](const std::string& identity) { line.text(identity); });
    write_updates(line, push);
    line.list("findings", outcome.judgement.findings, [&](const GuardFinding& finding) { write(line, finding); });
    if (outcome.judgement.findings_left_out > 0) line.member("findings_not_kept", outcome.judgement.findings_left_out);
    line.list("notes", outcome.judgement.notes, [&](const std::string& note) { line.text(note); });
    line.member("failure", outcome.failure);
    line.member("ms", static_cast<std::size_t>(outcome.took.count()));
    line.close();
    return line.take();
}

std::string push_event(const GuardedPush& push) {
    JsonLine line;
    line.open();
    line.member("event", std::string_view("push"));
    write_repository(line, push);
    write_updates(line, push);
    line.close();
    return line.take();
}

}  // namespace tidemark::hooks
