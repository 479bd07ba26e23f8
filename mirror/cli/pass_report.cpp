#include "mirror/cli/pass_report.h"

#include <fmt/format.h>

#include "mirror/cli/messages.h"

namespace tidemark::mirror::cli {
namespace {

using service::Outcome;
using service::ReportLine;
using service::Step;

constexpr std::size_t k_subject_width = 27;

/// Line feeds become the indentation of a further line.
std::string readable(std::string_view text, std::string_view indentation) {
    std::string out;
    while (true) {
        const std::size_t end = text.find('\n');
        out += visible(text.substr(0, end));
        if (end == std::string_view::npos) return out;
        out += '\n';
        out += indentation;
        text.remove_prefix(end + 1);
    }
}

}  // namespace

std::string format_line(const ReportLine& line) {
    constexpr std::string_view k_indentation = "            ";
    std::string text = fmt::format("{:<7} {:<{}} {}", service::to_string(line.step), visible(line.subject),
                                   k_subject_width, readable(line.text, k_indentation));
    for (const std::string& detail : line.details)
        text += fmt::format("\n{}{}", k_indentation, readable(detail, k_indentation));
    return text;
}

PassReport::PassReport(const Streams& streams, std::size_t objects)
    : m_streams(streams), m_quiet(objects > k_quiet_from) {}

void PassReport::take(const ReportLine& line) {
    switch (line.outcome) {
        case Outcome::begun:
            say_waiting(m_streams, format_line(line));
            return;
        case Outcome::failed:
            ++m_failures;
            say_failed(m_streams, format_line(line));
            return;
        case Outcome::same:
            if (m_quiet && line.details.empty()) {
                ++m_unchanged[static_cast<std::size_t>(line.step)];
                show_progress(line.step);
                return;
            }
            break;
        case Outcome::held:
            // Nothing of ours waits for it; but it is no success either.
            if (line.step == Step::request) return say_warning(m_streams, format_line(line));
            break;
        case Outcome::done:
        case Outcome::skipped:
            break;
    }
    say_done(m_streams, format_line(line));
}

void PassReport::show_progress(Step step) {
    const auto now = std::chrono::steady_clock::now();
    if (now - m_last_words < std::chrono::seconds(2)) return;
    m_last_words = now;
    say_waiting(m_streams, fmt::format("{:<7} {} unchanged so far", service::to_string(step),
                                       m_unchanged[static_cast<std::size_t>(step)]));
}

void PassReport::finish() {
    for (std::size_t step = 0; step < m_unchanged.size(); ++step)
        if (m_unchanged[step] > 0)
            say_done(m_streams,
                     fmt::format("{:<7} {} unchanged", service::to_string(static_cast<Step>(step)), m_unchanged[step]));
}

}  // namespace tidemark::mirror::cli
