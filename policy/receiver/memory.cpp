#include "policy/receiver/memory.h"

#include <algorithm>

namespace tidemark::policy::receiver {

bool SeenMessages::add(const std::string& content) {
    const auto [place, is_new] = m_contents.insert(content);
    if (!is_new) return false;
    m_order.push_back(place);
    if (m_order.size() > k_limit) {
        m_contents.erase(m_order.front());
        m_order.pop_front();
    }
    return true;
}

std::chrono::seconds RateLimit::take(Instant now) {
    const Instant full_at = std::max(m_full_at, now) + k_step;
    const auto over = full_at - now - k_burst * k_step;
    if (over > over.zero()) return std::chrono::ceil<std::chrono::seconds>(over);
    m_full_at = full_at;
    return std::chrono::seconds(0);
}

}  // namespace tidemark::policy::receiver
