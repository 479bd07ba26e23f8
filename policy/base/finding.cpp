#include "policy/base/finding.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace tidemark::policy {

std::string to_string(const Place& place) {
    if (place.line == 0) return place.file;
    if (place.column == 0) return fmt::format("{}:{}", place.file, place.line);
    return fmt::format("{}:{}:{}", place.file, place.line, place.column);
}

Finding make_finding(Severity severity, Place place, std::string subject, std::string message, std::string remedy) {
    Finding finding;
    finding.severity = severity;
    finding.place = std::move(place);
    finding.subject = std::move(subject);
    finding.message = std::move(message);
    finding.remedy = std::move(remedy);
    return finding;
}

std::string to_string(const Finding& finding) {
    std::string text = to_string(finding.place);
    if (!text.empty()) text += ": ";
    if (finding.severity == Severity::warning) text += "warning: ";
    if (!finding.subject.empty()) text += finding.subject + ": ";
    text += finding.message;
    if (!finding.remedy.empty()) text += fmt::format(" ({})", finding.remedy);
    return text;
}

bool has_errors(const Findings& findings) noexcept {
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.severity == Severity::error; });
}

}  // namespace tidemark::policy
