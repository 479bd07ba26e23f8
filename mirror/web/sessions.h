// Who has signed in with the administrator's token, for as long as the process lives, and how often somebody tried in
// vain. Only hashes are kept. Safe for several threads.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark::mirror::web {

struct Session {
    std::string who;
    std::string csrf;        // to be sent back with every change
    std::string token_hash;  // of the token it was opened with: another token ends it
};

class Sessions {
public:
    using Clock = std::chrono::steady_clock;

    /// The new session's name, for the cookie.
    std::string open(std::string who, std::string token_hash, Clock::time_point now);
    std::optional<Session> find(const std::string& name, Clock::time_point now);
    void close(const std::string& name);

    /// Whether this address may try a token now. After k_free_tries in vain one try every k_penalty.
    bool may_try(const std::string& address, Clock::time_point now);
    void tried_in_vain(const std::string& address, Clock::time_point now);

    static constexpr auto k_longest = std::chrono::hours(12);
    static constexpr auto k_idle = std::chrono::hours(2);
    static constexpr std::size_t k_most = 200;
    static constexpr unsigned k_free_tries = 5;
    static constexpr auto k_penalty = std::chrono::seconds(30);
    static constexpr std::size_t k_most_addresses = 10'000;

private:
    struct Kept {
        Session session;
        Clock::time_point opened;
        Clock::time_point used;
    };
    struct Tries {
        unsigned vain = 0;
        Clock::time_point last;
    };
    static bool is_over(const Kept& kept, Clock::time_point now) noexcept;

    std::mutex m_mutex;
    std::map<std::string, Kept> m_sessions;  // by the name's hash
    std::map<std::string, Tries> m_tries;
};

/// 256 random bits, as 64 hex digits. Throws Error{internal}.
std::string random_name();

/// SHA-256, as bytes. Throws Error{internal}.
std::string hash_of(std::string_view text);

/// Takes as long wherever they differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace tidemark::mirror::web
