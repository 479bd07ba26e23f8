// How a pass reads on the terminal: one aligned line a step and object, the server's words below, unchanged objects
// counted where there are many.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string>

#include "mirror/cli/streams.h"
#include "mirror/service/report.h"

namespace tidemark::mirror::cli {

class PassReport {
public:
    /// With more than `k_quiet_from` objects the unchanged ones are only counted.
    PassReport(const Streams& streams, std::size_t objects);

    void take(const service::ReportLine& line);
    /// Prints what was only counted.
    void finish();

    std::size_t failures() const noexcept { return m_failures; }

private:
    static constexpr std::size_t k_quiet_from = 30;
    /// Something to read every two seconds while nothing else is said.
    void show_progress(service::Step step);

    const Streams& m_streams;
    bool m_quiet;
    std::chrono::steady_clock::time_point m_last_words = std::chrono::steady_clock::now();
    std::size_t m_failures = 0;
    std::array<std::size_t, service::k_steps> m_unchanged{};  // by step
};

/// The line without its symbol, control characters made visible: text from registries and remotes is not trusted.
std::string format_line(const service::ReportLine& line);

}  // namespace tidemark::mirror::cli
