#include "mirror/web/sessions.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::web {

std::string random_name() {
    std::array<unsigned char, 32> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw Error(ErrorKind::internal, "the system gives no random numbers");
    std::string name;
    for (const unsigned char byte : bytes)
        name += fmt::format("{:02x}", byte);
    return name;
}

std::string hash_of(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned length = 0;
    if (EVP_Digest(text.data(), text.size(), bytes.data(), &length, EVP_sha256(), nullptr) != 1)
        throw Error(ErrorKind::internal, "OpenSSL computes no hash");
    return {bytes.begin(), bytes.begin() + length};
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    const std::string left = hash_of(a);
    const std::string right = hash_of(b);
    return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

bool Sessions::is_over(const Kept& kept, Clock::time_point now) noexcept {
    return now - kept.opened > k_longest || now - kept.used > k_idle;
}

std::string Sessions::open(std::string who, std::string token_hash, Clock::time_point now) {
    std::string name = random_name();
    Kept kept{{std::move(who), random_name(), std::move(token_hash)}, now, now};
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_sessions, [&](const auto& entry) { return is_over(entry.second, now); });
    if (m_sessions.size() >= k_most)
        m_sessions.erase(std::min_element(m_sessions.begin(), m_sessions.end(),
                                          [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
    m_sessions.emplace(hash_of(name), std::move(kept));
    return name;
}

std::optional<Session> Sessions::find(const std::string& name, Clock::time_point now) {
    if (name.empty()) return std::nullopt;
    const std::string key = hash_of(name);
    const std::lock_guard lock(m_mutex);
    const auto found = m_sessions.find(key);
    if (found == m_sessions.end()) return std::nullopt;
    if (is_over(found->second, now)) {
        m_sessions.erase(found);
        return std::nullopt;
    }
    found->second.used = now;
    return found->second.session;
}

void Sessions::close(const std::string& name) {
    const std::string key = hash_of(name);
    const std::lock_guard lock(m_mutex);
    m_sessions.erase(key);
}

bool Sessions::may_try(const std::string& address, Clock::time_point now) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_tries.find(address);
    return found == m_tries.end() || found->second.vain < k_free_tries || now - found->second.last >= k_penalty;
}

void Sessions::tried_in_vain(const std::string& address, Clock::time_point now) {
    const std::lock_guard lock(m_mutex);
    if (m_tries.size() >= k_most_addresses)
        std::erase_if(m_tries, [&](const auto& entry) { return now - entry.second.last >= k_penalty; });
    // With so many at once, those that are not known yet share one count.
    Tries& tries = m_tries.size() >= k_most_addresses ? m_tries[""] : m_tries[address];
    if (now - tries.last >= std::chrono::hours(1)) tries.vain = 0;
    ++tries.vain;
    tries.last = now;
}

}  // namespace tidemark::mirror::web
