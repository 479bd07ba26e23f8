#include "mirror/web/log_ring.h"

#include <algorithm>

namespace tidemark::mirror::web {

void LogRing::add(const service::ReportLine& line, bool of_service) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    {
        const std::lock_guard lock(m_mutex);
        m_lines.push_back({++m_last, now, line, of_service});
        if (m_lines.size() > k_kept) m_lines.pop_front();
    }
    m_added.notify_all();
}

std::vector<LogLine> LogRing::after(std::uint64_t id, std::chrono::milliseconds longest) {
    std::unique_lock lock(m_mutex);
    // A number from before a restart is larger than any there is: it waits for nothing.
    m_added.wait_for(lock, longest, [&] { return m_closed || m_last != id; });
    if (id > m_last) id = 0;
    const auto first = std::find_if(m_lines.begin(), m_lines.end(), [&](const LogLine& line) { return line.id > id; });
    return {first, m_lines.end()};
}

void LogRing::close() {
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
    }
    m_added.notify_all();
}

}  // namespace tidemark::mirror::web
