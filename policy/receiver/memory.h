// What a receiver remembers, so that one message means one scan and many messages mean few. The caller says what time
// it is; one thread at a time.
//
// Replays. Where the sender signs the body, a body that was taken before is not taken again: the last
// SeenMessages::k_limit of them are remembered, until the process ends. Their bodies hold ids and times, so that no two
// are equal by chance. After that, and where the sender only shows the secret (who could repeat such a message could
// write any other), a repeated message costs what an honest one costs: a scan, which reads and changes nothing, and no
// more of them than the rate allows.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <set>
#include <string>

namespace tidemark::policy::receiver {

class SeenMessages {
public:
    static constexpr std::size_t k_limit = 4096;

    /// False if it was there already.
    bool add(const std::string& content);

private:
    std::set<std::string> m_contents;
    std::deque<std::set<std::string>::iterator> m_order;
};

/// A bucket of k_burst messages that fills up again by one every k_step.
class RateLimit {
public:
    using Instant = std::chrono::steady_clock::time_point;
    static constexpr int k_burst = 60;
    static constexpr std::chrono::seconds k_step{1};

    /// Zero: one more may come. Else how long to wait.
    std::chrono::seconds take(Instant now);

private:
    Instant m_full_at{};  // when the bucket is full again
};

}  // namespace tidemark::policy::receiver
