#include "policy/receiver/proof.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace tidemark::policy::receiver {
namespace {

using Digest = std::array<unsigned char, 32>;

constexpr std::string_view k_time_header = "X-Tidemark-Timestamp";
constexpr std::size_t k_base64_limit = 1024;

Digest sha256(std::string_view text) {
    Digest digest{};
    EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    return digest;
}

Digest hmac(std::string_view key, std::string_view text) {
    Digest digest{};
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
         text.size(), digest.data(), nullptr);
    return digest;
}

bool equal(const Digest& left, const Digest& right) noexcept {
    return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

/// Of texts of any length, without telling it.
bool equal_secret(std::string_view given, std::string_view secret) {
    return equal(sha256(given), sha256(secret));
}

/// Zeros, which no HMAC is, for what is no digest.
Digest from_hex(std::string_view text) noexcept {
    Digest digest{};
    if (text.size() != 2 * digest.size()) return {};
    for (std::size_t i = 0; i < digest.size(); ++i) {
        const char* begin = text.data() + 2 * i;
        if (std::from_chars(begin, begin + 2, digest[i], 16).ptr != begin + 2) return {};
    }
    return digest;
}

bool begins_with_word(std::string_view text, std::string_view word) noexcept {
    return text.size() > word.size() && text[word.size()] == ' ' &&
           std::equal(word.begin(), word.end(), text.begin(),
                      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
}

/// The password of "user:password" in base64; empty for anything else.
std::string password_of(std::string_view encoded) {
    if (encoded.size() > k_base64_limit) return {};
    std::string decoded(encoded.size(), '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                        reinterpret_cast<const unsigned char*>(encoded.data()), static_cast<int>(encoded.size()));
    if (size < 0) return {};
    decoded.resize(static_cast<std::size_t>(size));
    while (!decoded.empty() && decoded.back() == '\0')
        decoded.pop_back();  // what stood for '='
    const std::size_t colon = decoded.find(':');
    return colon == std::string::npos ? std::string() : decoded.substr(colon + 1);
}

/// Where a sender that does not sign puts the secret.
std::string shown_secret(Kind kind, const Message& message) {
    if (kind == Kind::gitlab) return std::string(message.header("X-Gitlab-Token").value_or(""));
    const bool has_only_an_address = kind == Kind::dockerhub || kind == Kind::quay;
    const std::string_view header = message.header("Authorization").value_or("");
    if (header.empty() && has_only_an_address) return std::string(message.query_token);
    // Senders differ in whether they put a word before what they were given.
    if (begins_with_word(header, "bearer")) return std::string(header.substr(7));
    if (begins_with_word(header, "basic")) return password_of(header.substr(6));
    return std::string(header);
}

/// The first of these headers that is there, without "sha256=".
std::string_view shown_signature(const Message& message, std::initializer_list<std::string_view> headers) {
    constexpr std::string_view k_method = "sha256=";
    for (const std::string_view name : headers) {
        std::string_view text = message.header(name).value_or("");
        if (text.empty()) continue;
        if (text.starts_with(k_method)) text.remove_prefix(k_method.size());
        return text;
    }
    return {};
}

std::string_view shown_signature(Kind kind, const Message& message) {
    switch (kind) {
        case Kind::github:
            return shown_signature(message, {"X-Hub-Signature-256"});
        case Kind::gitea:
            return shown_signature(message, {"X-Forgejo-Signature", "X-Gitea-Signature", "X-Hub-Signature-256"});
        case Kind::generic_hmac:
            return shown_signature(message, {"X-Tidemark-Signature", "X-Signature"});
        case Kind::distribution:
        case Kind::harbor:
        case Kind::dockerhub:
        case Kind::gitlab:
        case Kind::quay:
            break;
    }
    return {};
}

bool is_signed(Kind kind) noexcept {
    return kind == Kind::github || kind == Kind::gitea || kind == Kind::generic_hmac;
}

bool is_fresh(std::string_view time, std::chrono::sys_seconds now) noexcept {
    std::int64_t seconds = 0;
    const char* end = time.data() + time.size();
    if (std::from_chars(time.data(), end, seconds).ptr != end) return false;
    const std::int64_t here = now.time_since_epoch().count();
    return seconds >= here - k_longest_age.count() && seconds <= here + k_longest_age.count();
}

}  // namespace

std::optional<std::string_view> Message::header(std::string_view name) const noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    std::optional<std::string_view> found;
    for (const auto& [key, value] : headers) {
        const bool same = key.size() == name.size() && std::equal(key.begin(), key.end(), name.begin(),
                                                                  [&](char a, char b) { return lower(a) == lower(b); });
        if (!same) continue;
        if (found) return std::nullopt;
        found = value;
    }
    return found;
}

Proof check_proof(Kind kind, std::string_view secret, const Message& message, std::chrono::sys_seconds now) {
    // With a time, "time.body" is what is signed.
    const std::string_view time = kind == Kind::generic_hmac ? message.header(k_time_header).value_or("") : "";
    std::string timed;
    if (!time.empty()) timed.append(time).append(1, '.').append(message.body);
    const Digest wanted = hmac(secret, time.empty() ? message.body : std::string_view(timed));
    const bool signature_is_right = equal(from_hex(shown_signature(kind, message)), wanted);
    const bool secret_is_right = equal_secret(shown_secret(kind, message), secret);

    Proof proof;
    proof.valid = !secret.empty() && (is_signed(kind) ? signature_is_right : secret_is_right);
    if (proof.valid && is_signed(kind)) proof.signed_content.assign(wanted.begin(), wanted.end());
    proof.stale = proof.valid && !time.empty() && !is_fresh(time, now);
    return proof;
}

}  // namespace tidemark::policy::receiver
