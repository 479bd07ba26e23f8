#include "mirror/cli/service_log.h"

#include <array>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "mirror/cli/json.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/pass_report.h"

namespace tidemark::mirror::cli {
namespace {

using policy::yaml::Value;
using service::Outcome;
using service::ReportLine;

struct Level {
    std::string_view word;
    std::string_view priority;  // of syslog(3)
};

Level level_of(Outcome outcome) noexcept {
    switch (outcome) {
        case Outcome::failed:
            return {"error", "3"};
        case Outcome::held:
            return {"warning", "4"};
        case Outcome::begun:
        case Outcome::done:
        case Outcome::same:
        case Outcome::skipped:
            break;
    }
    return {"info", "6"};
}

std::string_view symbol_of(Outcome outcome, bool of_service) noexcept {
    switch (outcome) {
        case Outcome::begun:
            return of_service ? "►" : "◎";
        case Outcome::held:
            return of_service ? "⚠️ " : "✔";
        case Outcome::failed:
            return "✗";
        case Outcome::done:
        case Outcome::same:
        case Outcome::skipped:
            break;
    }
    return "✔";
}

std::string_view object_of(const ReportLine& line) noexcept {
    return line.object.empty() ? line.subject : line.object;
}

/// All that is wrong with a configuration comes as lines; an event is one.
std::string one_line(std::string text) {
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', end))
        text.replace(end, 1, "; ");
    return visible(text);
}

std::string now() {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace

ServiceLog::ServiceLog(const Call& call, const std::filesystem::path& journal)
    : m_streams(call.streams),
      m_journaled(is_journal(call.environment.get("JOURNAL_STREAM"), ::fileno(call.streams.err))) {
    if (m_journaled) m_journal.emplace(journal);
}

void ServiceLog::take(const ReportLine& line) {
    m_format == LogFormat::json ? write_json(line, false) : write_text(line, false);
}

void ServiceLog::say(Outcome outcome, const std::string& text) {
    ReportLine line;
    line.outcome = outcome;
    line.text = text;
    m_format == LogFormat::json ? write_json(line, true) : write_text(line, true);
}

void ServiceLog::write_text(const ReportLine& line, bool of_service) {
    const std::string text =
        fmt::format("{} {}", symbol_of(line.outcome, of_service || line.step == service::Step::request),
                    of_service ? one_line(line.text) : format_line(line));
    if (send_to_journal(line, of_service, text)) return;
    if (m_journaled) {
        fmt::print(m_streams.err, "<{}>{}\n", level_of(line.outcome).priority, text);
    } else {
        fmt::print(m_streams.err, "{} {}\n", now(), text);
    }
    std::fflush(m_streams.err);
}

bool ServiceLog::send_to_journal(const ReportLine& line, bool of_service, const std::string& text) const {
    if (!m_journal) return false;
    const std::string object = of_service ? std::string() : visible(object_of(line));
    const std::string_view step = of_service ? "service" : service::to_string(line.step);
    const std::array<Journal::Field, 5> fields = {{{"MESSAGE", text},
                                                   {"PRIORITY", level_of(line.outcome).priority},
                                                   {"SYSLOG_IDENTIFIER", "tidemark"},
                                                   {"TIDEMARK_STEP", step},
                                                   {"TIDEMARK_OBJECT", object}}};
    return m_journal->send(fields);
}

void ServiceLog::write_json(const ReportLine& line, bool of_service) {
    Value value;
    value.set("time", now()).set("level", level_of(line.outcome).word);
    value.set("step", of_service ? "service" : service::to_string(line.step));
    value.set_text("object", visible(object_of(line)));
    if (line.subject != object_of(line)) value.set_text("subject", visible(line.subject));
    value.set("message", one_line(line.text));
    if (!line.details.empty()) {
        Value::Sequence details;
        for (const std::string& detail : line.details)
            details.push_back(one_line(detail));
        value.set("details", std::move(details));
    }
    // The journal takes the level from the beginning of the line, and what is left is the JSON.
    if (m_journaled) fmt::print(m_streams.err, "<{}>", level_of(line.outcome).priority);
    fmt::print(m_streams.err, "{}\n", to_json(value, JsonLayout::compact));
    std::fflush(m_streams.err);
}

}  // namespace tidemark::mirror::cli
