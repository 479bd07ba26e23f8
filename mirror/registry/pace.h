// How often and when not: a rate, and pauses that double. Pure arithmetic on times that the caller gives.
#pragma once

#include <chrono>

namespace tidemark::mirror::registry {

using Clock = std::chrono::steady_clock;

/// A rate of requests with a small burst: what a quarter of a second lets through may go at once.
class Pace {
public:
    /// 0: no limit. What was let through under the rate before counts for one request at most.
    void set(double requests_per_second, Clock::time_point now) noexcept;

    bool allows(Clock::time_point now) const noexcept { return next() <= now; }
    /// When the next request may go; in the past if it may go at once.
    Clock::time_point next() const noexcept;
    void take(Clock::time_point now) noexcept;

private:
    Clock::duration m_step{};    // from one request to the next; zero: no limit
    Clock::time_point m_full{};  // when the rate would have caught up with all that was taken
};

/// Pauses after failures in a row, each up to twice as long as the one before.
class Backoff {
public:
    /// A request that was sent at `asked` failed. Answers whether that made a new pause: what was sent before the last
    /// one was made tells of the same trouble. `chance`, from 0 to 1, is the jitter: it takes off half at most.
    bool strike(std::chrono::milliseconds first, std::chrono::milliseconds longest, double chance,
                Clock::time_point asked, Clock::time_point now) noexcept;
    /// A request that was sent at `asked` went well.
    void succeed(Clock::time_point asked) noexcept;
    /// The pause ends; the next failure makes a longer one all the same.
    void lift() noexcept { m_until = {}; }
    void reset() noexcept { *this = {}; }

    unsigned strikes() const noexcept { return m_strikes; }
    Clock::time_point until() const noexcept { return m_until; }

private:
    unsigned m_strikes = 0;  // in a row
    Clock::time_point m_made{};
    Clock::time_point m_until{};
};

}  // namespace tidemark::mirror::registry
