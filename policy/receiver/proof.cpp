#include "policy/receiver/proof.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <string>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace tidemark::policy::receiver {
namespace {

using Digest = std::array<unsigned char, 32>;

constexpr std::string_view k_time_header = "X-Tidemark-Timestamp";
constexpr std::size_t k_base64_limit = 1024;

// Of the Standard Webhooks form (standardwebhooks.com, specification 1.0), which GitLab's signing tokens have.
constexpr std::string_view k_signing_token = "whsec_";
constexpr std::string_view k_signature_version = "v1,";
constexpr std::size_t k_most_signatures = 8;  // several while a token is exchanged for another

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

/// nullopt for what is no base64.
std::optional<std::string> from_base64(std::string_view encoded) {
    if (encoded.size() > k_base64_limit) return std::nullopt;
    std::string decoded(encoded.size(), '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                        reinterpret_cast<const unsigned char*>(encoded.data()), static_cast<int>(encoded.size()));
    if (size < 0) return std::nullopt;
    // Each '=' at the end stands for a byte that is not there.
    const std::size_t padding = encoded.ends_with("==") ? 2 : encoded.ends_with('=') ? 1 : 0;
    decoded.resize(static_cast<std::size_t>(size) - std::min(padding, static_cast<std::size_t>(size)));
    return decoded;
}

/// The password of "user:password" in base64; empty for anything else.
std::string password_of(std::string_view encoded) {
    const std::string decoded = from_base64(encoded).value_or("");
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

/// Whether one of the signatures in "v1,<base64> v1,<base64>" is the digest.
bool is_among(std::string_view signatures, const Digest& wanted) {
    bool found = false;
    for (std::size_t i = 0; i < k_most_signatures && !signatures.empty(); ++i) {
        const std::size_t end = std::min(signatures.find(' '), signatures.size());
        std::string_view one = signatures.substr(0, end);
        signatures.remove_prefix(std::min(end + 1, signatures.size()));
        if (!one.starts_with(k_signature_version)) continue;
        const std::string decoded = from_base64(one.substr(k_signature_version.size())).value_or("");
        Digest digest{};
        if (decoded.size() == digest.size()) std::copy(decoded.begin(), decoded.end(), digest.begin());
        found = equal(digest, wanted) || found;
    }
    return found;
}

/// How a message of this kind is signed, if it is.
enum class Form { shown, body, standard };

Form form_of(Kind kind, std::string_view secret) noexcept {
    if (kind == Kind::gitlab && secret.starts_with(k_signing_token)) return Form::standard;
    const bool is_signed = kind == Kind::github || kind == Kind::gitea || kind == Kind::generic_hmac;
    return is_signed ? Form::body : Form::shown;
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
    const Form form = form_of(kind, secret);
    std::string_view key = secret;
    std::string decoded;
    std::string_view id;
    std::string_view time;
    if (form == Form::standard) {
        decoded = from_base64(secret.substr(k_signing_token.size())).value_or("");
        key = decoded;
        id = message.header("webhook-id").value_or("");
        time = message.header("webhook-timestamp").value_or("");
    } else if (kind == Kind::generic_hmac) {
        time = message.header(k_time_header).value_or("");
    }
    // With a time, "time.body" is what is signed; in the standard form "id.time.body", with all three.
    std::string timed;
    if (form == Form::standard) timed.append(id).append(1, '.');
    if (form == Form::standard || !time.empty()) timed.append(time).append(1, '.').append(message.body);
    const Digest wanted = hmac(key, timed.empty() ? message.body : std::string_view(timed));
    const bool body_is_signed = equal(from_hex(shown_signature(kind, message)), wanted);
    const bool all_is_signed = is_among(message.header("webhook-signature").value_or(""), wanted);
    const bool secret_is_right = equal_secret(shown_secret(kind, message), secret);

    Proof proof;
    switch (form) {
        case Form::shown:
            proof.valid = secret_is_right;
            break;
        case Form::body:
            proof.valid = body_is_signed;
            break;
        case Form::standard:
            proof.valid = all_is_signed && !id.empty() && !time.empty();
            break;
    }
    proof.valid = proof.valid && !key.empty();
    OPENSSL_cleanse(decoded.data(), decoded.size());
    if (proof.valid && form != Form::shown) proof.signed_content.assign(wanted.begin(), wanted.end());
    proof.stale = proof.valid && !time.empty() && !is_fresh(time, now);
    return proof;
}

}  // namespace tidemark::policy::receiver
