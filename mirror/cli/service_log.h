// The service's log, one event at a time: lines for people, or JSON. Under systemd each entry has its priority, and
// the text form its fields too (TIDEMARK_STEP, TIDEMARK_OBJECT). Text of registries and remotes is made harmless.
// Belongs to one thread.
#pragma once

#include <optional>
#include <string>

#include "mirror/base/configuration.h"
#include "mirror/base/journal.h"
#include "mirror/cli/command.h"
#include "mirror/service/report.h"

namespace tidemark::mirror::cli {

class ServiceLog {
public:
    /// `journal` is where systemd's journal listens; asked only if the error stream goes there.
    explicit ServiceLog(const Call& call, const std::filesystem::path& journal = "/run/systemd/journal/socket");

    /// From now on; the configuration is read later than the first word may be said.
    void set_format(LogFormat format) noexcept { m_format = format; }

    /// About an object.
    void take(const service::ReportLine& line);
    /// About the service itself.
    void say(service::Outcome outcome, const std::string& text);

private:
    void write_text(const service::ReportLine& line, bool of_service);
    void write_json(const service::ReportLine& line, bool of_service);
    bool send_to_journal(const service::ReportLine& line, bool of_service, const std::string& text) const;

    const Streams& m_streams;
    LogFormat m_format = LogFormat::text;
    bool m_journaled;                  // the error stream is the journal's
    std::optional<Journal> m_journal;  // then
};

}  // namespace tidemark::mirror::cli
