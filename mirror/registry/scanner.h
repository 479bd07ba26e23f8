// Reads tag lists and digests from many registries at once, on the caller's thread, over one curl multi handle.
// Connections, tokens and what was learned of each host (scheme, kind of login, page size) are kept between calls:
// make one Scanner and keep it. At most Limits::host_requests are under way to a host and Limits::requests in all,
// fewer and at a slower rate where HostLimits say so. A host that refuses or does not answer is left alone for a while;
// what waits for it meanwhile is told why. Each result is handed over when it is there, so memory does not grow with
// the number of repositories. Not thread-safe, except wake(). Nothing it reports holds a secret.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/base/error.h"
#include "mirror/registry/access.h"

namespace tidemark::mirror::registry {

struct Limits {
    unsigned requests = 64;               // under way at once, all hosts
    unsigned host_requests = 16;          // under way at once to one host
    unsigned host_connections = 8;        // HTTP/1.1; with HTTP/2 one is used
    std::size_t body_bytes = 16U << 20U;  // one page, decompressed
    std::size_t manifest_bytes = 4U << 20U;
    unsigned pages = 1000;
    std::size_t tags = 500'000;
    unsigned page_size = 1000;
    unsigned redirects = 5;
    unsigned tries = 3;                              // of a request that failed for a passing reason: 429, 5xx, cut off
    std::chrono::milliseconds retry_delay{1000};     // before the second try, three times that before the third
    std::chrono::milliseconds longest_wait{10'000};  // a longer Retry-After fails the scan at once
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds longest_pause{60'000};  // of a host that did not say for how long
};

/// What an administrator allows for one host; zero: no limit beyond Limits.
struct HostLimits {
    unsigned connections = 0;        // requests under way at once, so that no more connections are in use
    double requests_per_second = 0;  // pages, tokens, digests: every request
};

/// SHA-256 over the pages' bodies: equal hashes mean that the registry's answer did not change.
using BodyHash = std::string;  // 32 bytes, or empty: none

struct ScanRequest {
    std::string id;  // handed back
    Access access;
    BodyHash last_hash;  // of the last whole scan: an equal answer is not parsed again
};

enum class Outcome {
    whole,    // every tag the registry has
    partial,  // some pages came; tags holds them, message says what stopped it
    failed,
};

struct ScanResult {
    std::string id;
    Outcome outcome = Outcome::failed;
    /// Whole, and the same bytes as `last_hash` says: tags is empty.
    bool unchanged = false;
    /// In the registry's order, without exclusion or sorting, each a valid tag name. They live as long as this result.
    std::vector<std::string_view> tags;
    BodyHash hash;
    /// What was asked of which host, the status and the registry's own words. Empty when whole.
    std::string message;
    ErrorKind kind = ErrorKind::internal;  // unless whole
    int http_status = 0;                   // of the answer that stopped it; 0: there was none
    std::optional<std::chrono::seconds> retry_after;
    /// How long the host is not asked any more, though it did not ask for that.
    std::optional<std::chrono::seconds> left_alone;
    std::vector<std::string> warnings;
    unsigned requests = 0;  // token requests included

    ScanResult() = default;
    ScanResult(ScanResult&&) noexcept = default;
    ScanResult& operator=(ScanResult&&) noexcept = default;

    /// The tags' bytes.
    std::vector<std::unique_ptr<char[]>> storage;
};

struct DigestRequest {
    std::string id;
    Access access;
    std::string tag;
};

struct DigestResult {
    std::string id;
    std::string digest;   // "sha256:<64 hex>", empty if it failed
    std::string message;  // why it failed
    ErrorKind kind = ErrorKind::internal;
    int http_status = 0;
    std::optional<std::chrono::seconds> retry_after;
    unsigned requests = 0;

    bool ok() const noexcept { return !digest.empty(); }
};

using ScanDone = std::function<void(ScanResult&&)>;
using DigestDone = std::function<void(DigestResult&&)>;

class Scanner {
public:
    explicit Scanner(Limits limits = {});
    ~Scanner();
    Scanner(const Scanner&) = delete;
    Scanner& operator=(const Scanner&) = delete;

    /// Scans all and calls `done` once for each, in the order they finish. What `done` throws comes out of here
    /// after the other scans were dropped. At a stop request what is under way is dropped without a call.
    void scan(std::span<const ScanRequest> requests, const ScanDone& done, const std::stop_token& stop = {});

    /// In the order of the requests. After a stop request some are failed, with that as their message.
    std::vector<DigestResult> digests(std::span<const DigestRequest> requests, const std::stop_token& stop = {});

    /// The same in steps, for a caller with other things to do: submit, then call step() until idle().
    void submit(ScanRequest request, ScanDone done);
    void submit(DigestRequest request, DigestDone done);
    bool idle() const noexcept;
    /// Waits at most `longest` for something to happen and handles it.
    void step(std::chrono::milliseconds longest);
    /// Drops everything under way without calling back.
    void cancel() noexcept;

    /// By host (policy::registry_identity); those that are not named have none. Token servers are hosts of their own.
    /// What a host's limits make wait does not use up an Access::timeout.
    void limit_hosts(std::map<std::string, HostLimits> limits);
    /// Somebody has reason to think that things are better now: hosts are asked that did not ask to be left alone.
    void end_own_pauses() noexcept;
    /// Hosts that are left alone, and until when.
    std::map<std::string, std::chrono::steady_clock::time_point> pauses() const;

    /// Makes a step() that is waiting return. From any thread.
    void wake() noexcept;

private:
    class Engine;
    std::unique_ptr<Engine> m_engine;
};

}  // namespace tidemark::mirror::registry
