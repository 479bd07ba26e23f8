// One thing that was asked for: a scan or a digest. A job says what to request next and takes the answers; the engine
// deals with everything that all requests share (queueing, login, redirects, retries, time).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/base/error.h"
#include "mirror/http/client.h"
#include "mirror/http/url.h"
#include "mirror/registry/host.h"
#include "mirror/registry/scanner.h"
#include "mirror/registry/tokens.h"

namespace tidemark::mirror::registry {

struct GiveUp {
    ErrorKind kind = ErrorKind::internal;
    int http_status = 0;
    std::string message;
    std::optional<std::chrono::seconds> retry_after;
    std::optional<std::chrono::seconds> left_alone = {};  // as ScanResult has it
};

struct Question {
    http::Method method = http::Method::get;
    std::string path;  // with query, below the host
    std::string_view accept;
    std::size_t body_limit = 0;
};

enum class Progress { ask_again, finished };

class Job {
public:
    Job(Access& access, Host& registry_host);
    virtual ~Job() = default;
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;

    virtual Question question() const = 0;
    /// For messages: "the tag list of team/app".
    virtual std::string subject() const = 0;
    /// Any answer but a login, a redirect, or a passing refusal.
    virtual Progress take(const http::Response& response) = 0;
    virtual void give_up(GiveUp reason) = 0;
    /// Calls back. The job is not used afterwards.
    virtual void deliver() = 0;

    Host& host;
    const std::string repository;
    const std::optional<Credential> credential;
    const std::string credential_key;  // credential_id
    const std::chrono::nanoseconds timeout;

    // Kept by the engine.
    Clock::time_point deadline{};
    Clock::time_point asked{};  // when its last request went out
    unsigned requests = 0;
    unsigned tries = 0;            // of the present question
    unsigned redirects = 0;        // of the present question
    unsigned logins = 0;           // 401 answers to the present question
    bool asked_for_login = false;  // at /v2/, as a 401 did not say how to log in
    bool own_token = false;        // the batch's token did not do: ask for one of its own
    std::string sent_token_key;    // which token the last request showed; empty: none
    std::uint64_t sent_token_number = 0;
    SecretString sent_authorization;  // what the last request showed; empty: nothing
    bool sent_credential = false;     // ... and whether that was Basic or a registry token
    std::optional<http::Url> led_to;  // redirected: ask there instead
    bool foreign = false;             // ... and that is another host: no credential
    std::string plain_reason;         // why https did not work before plain http was tried

    /// Message for an answer that is not what was asked for: host, status, subject, the registry's words. Without the
    /// subject where the host refuses whatever it is asked, so that all its repositories say the same.
    GiveUp refusal(const http::Response& response, std::string_view body) const;
    /// Hides this job's secrets in a text that a server sent.
    std::string without_secrets(std::string text) const;
    /// error_words, with this job's secrets hidden: a server may repeat what it was sent.
    std::string words_of(std::string_view body) const;
};

/// Whether it is about the host and not about what was asked of it: 429 and 503.
bool is_refusal_of_all(int status) noexcept;

/// "404 Not Found".
std::string status_text(int status);

std::unique_ptr<Job> make_scan_job(ScanRequest request, Host& host, const Limits& limits, TagListReader& reader,
                                   ScanDone done);
std::unique_ptr<Job> make_digest_job(DigestRequest request, Host& host, const Limits& limits, DigestDone done);

}  // namespace tidemark::mirror::registry
