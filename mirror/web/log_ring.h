// The newest lines of the service's log, for those who ask the running service instead of the journal. Safe for
// several threads.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "mirror/service/report.h"

namespace tidemark::mirror::web {

struct LogLine {
    std::uint64_t id = 0;  // from 1
    std::chrono::sys_seconds time{};
    service::ReportLine line;
    bool of_service = false;  // about the service itself: only the line's outcome and text mean something
};

class LogRing {
public:
    void add(const service::ReportLine& line, bool of_service);
    /// Those after `id`, oldest first; waits for one at most so long.
    std::vector<LogLine> after(std::uint64_t id, std::chrono::milliseconds longest);
    /// Nobody waits any more.
    void close();

    static constexpr std::size_t k_kept = 1000;

private:
    std::mutex m_mutex;
    std::condition_variable m_added;
    std::deque<LogLine> m_lines;
    std::uint64_t m_last = 0;
    bool m_closed = false;
};

}  // namespace tidemark::mirror::web
