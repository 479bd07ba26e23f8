// Many HTTP requests at once on the caller's thread: start() them, then step() until they are done. Connections are
// kept between requests, one pool for each Channel (a set of TLS and proxy settings). Redirects are not followed:
// who asks decides. Bodies come whole, decompressed, up to a limit.
// Not thread-safe, except wake().
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/base/secret_string.h"
#include "mirror/http/settings.h"

namespace tidemark::mirror::http {

enum class Method { get, head, post, put };

/// A set of TLS and proxy settings in use. Owned by the Client.
class Channel;

struct Request {
    Method method = Method::get;
    std::string url;
    std::string accept;                // may be empty
    SecretString authorization;        // value of the header; may be empty
    SecretString form;                 // post, put: the body
    std::string content_type;          // of that body; empty: an urlencoded form
    std::vector<std::string> headers;  // further lines, "Name: value"
    std::size_t body_limit = 1U << 20U;
    std::chrono::milliseconds timeout{60'000};
    std::chrono::milliseconds connect_timeout{10'000};  // with the TLS handshake
};

/// Why there is no answer.
enum class Failure {
    none,
    unreachable,  // name, route, port, proxy
    tls,          // the other side does not speak TLS, or not ours
    tls_refused,  // it speaks TLS and refused us with an alert, for instance for want of a client certificate
    certificate,  // it does, but is not who it should be
    proxy,        // it wants another login, before it connects us
    timed_out,
    cut_off,  // connected, then lost
    too_large,
    other,
};

class Response {
public:
    Failure failure = Failure::none;
    std::string error;         // libcurl's words; without secrets
    int status = 0;            // also set when the body was cut off or too large
    bool multiplexed = false;  // HTTP/2: several go over one connection at once
    /// Valid during the callback; k_body_padding readable bytes follow it.
    std::string_view body;
    std::optional<std::chrono::seconds> retry_after;

    /// The value of the index-th header of that name, whatever its case; nullopt if there is none.
    std::optional<std::string_view> header(const char* name, std::size_t index = 0) const noexcept;

private:
    friend class Client;
    void* m_handle = nullptr;
};

inline constexpr std::size_t k_body_padding = 64;

struct ClientLimits {
    unsigned host_connections = 8;
    unsigned connections = 128;
};

class Client {
public:
    using Done = std::function<void(const Response&)>;

    explicit Client(ClientLimits limits = {});
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// The channel for these settings; the same one for equal settings, for the life of the client.
    /// Error{invalid}: a certificate, a key or the proxy's address cannot be used.
    Channel& channel(const TlsSettings& tls, const ProxySettings& proxy);
    /// The channel to the server that listens at this Unix socket, whatever host the URLs name. No proxy is asked.
    Channel& local_channel(const std::filesystem::path& socket);

    /// `done` is called from a later step(); it may start further requests.
    void start(Channel& channel, const Request& request, Done done);
    /// Waits at most `longest` for something to happen, then handles what ended. What `done` throws comes out of here.
    void step(std::chrono::milliseconds longest);
    std::size_t active() const noexcept;
    /// Another limit than ClientLimits has.
    void limit_host_connections(unsigned most);
    /// Ends all requests without calling back.
    void cancel() noexcept;
    /// Makes a step() that is waiting return. From any thread.
    void wake() noexcept;

private:
    struct Transfer;
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace tidemark::mirror::http
