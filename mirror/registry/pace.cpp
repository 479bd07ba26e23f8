#include "mirror/registry/pace.h"

#include <algorithm>

namespace tidemark::mirror::registry {
namespace {

constexpr Clock::duration k_burst = std::chrono::milliseconds(250);
constexpr unsigned k_most_doublings = 20;

}  // namespace

void Pace::set(double requests_per_second, Clock::time_point now) noexcept {
    m_step = requests_per_second > 0
                 ? std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / requests_per_second))
                 : Clock::duration::zero();
    m_full = std::min(m_full, now + m_step);
}

Clock::time_point Pace::next() const noexcept {
    return m_step == Clock::duration::zero() ? Clock::time_point{} : m_full - k_burst;
}

void Pace::take(Clock::time_point now) noexcept {
    m_full = std::max(m_full, now) + m_step;
}

bool Backoff::strike(std::chrono::milliseconds first, std::chrono::milliseconds longest, double chance,
                     Clock::time_point asked, Clock::time_point now) noexcept {
    if (m_strikes > 0 && asked < m_made) return false;
    const std::chrono::milliseconds whole = std::min(longest, first * (1U << std::min(m_strikes, k_most_doublings)));
    const std::chrono::duration<double, std::milli> part = whole * (1 - std::clamp(chance, 0.0, 1.0) / 2);
    ++m_strikes;
    m_made = now;
    m_until = now + std::chrono::duration_cast<Clock::duration>(part);
    return true;
}

void Backoff::succeed(Clock::time_point asked) noexcept {
    if (asked >= m_made) reset();
}

}  // namespace tidemark::mirror::registry
