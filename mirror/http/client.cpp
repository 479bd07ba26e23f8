#include "mirror/http/client.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <openssl/ssl.h>

#include "mirror/base/error.h"
#include "mirror/http/handle.h"
#include "mirror/http/tls.h"

namespace tidemark::mirror::http {

class Channel {
public:
    TlsSettings tls;
    ProxySettings proxy;
    std::string socket;  // of a local server; empty: what the URL names
    CertificateStore store;

    /// Made for the first handshake: a host without TLS shall not pay for reading certificates.
    X509_STORE* trusted() {
        if (!store) store = make_certificate_store(tls);
        return store.get();
    }
};

namespace {

constexpr std::size_t k_kept_buffer = 256U << 10U;  // a larger body's memory is given back
constexpr std::size_t k_kept_handles = 128;
constexpr std::size_t k_proxy_address_limit = 2048;

/// A body as it arrives: grows up to a limit, and is followed by k_body_padding zero bytes.
class Body {
public:
    bool append(const char* bytes, std::size_t count) noexcept {
        if (count > m_limit - m_size) {
            m_overflow = true;
            return false;
        }
        if (m_size + count + k_body_padding > m_capacity && !grow(m_size + count)) return false;
        std::memcpy(m_bytes.get() + m_size, bytes, count);
        m_size += count;
        return true;
    }

    void reset(std::size_t limit) noexcept {
        if (m_capacity > k_kept_buffer) {
            m_bytes.reset();
            m_capacity = 0;
        }
        m_size = 0;
        m_limit = limit;
        m_overflow = false;
    }

    std::string_view view() noexcept {
        if (!m_bytes) return {};
        std::memset(m_bytes.get() + m_size, 0, k_body_padding);
        return {m_bytes.get(), m_size};
    }

    bool overflow() const noexcept { return m_overflow; }

private:
    bool grow(std::size_t needed) noexcept {
        const std::size_t capacity = std::max<std::size_t>(4096, (needed + k_body_padding) * 2);
        std::unique_ptr<char[]> larger(new (std::nothrow) char[capacity]);
        if (!larger) return false;
        if (m_size > 0) std::memcpy(larger.get(), m_bytes.get(), m_size);
        m_bytes = std::move(larger);
        m_capacity = capacity;
        return true;
    }

    std::unique_ptr<char[]> m_bytes;
    std::size_t m_size = 0;
    std::size_t m_capacity = 0;
    std::size_t m_limit = 0;
    bool m_overflow = false;
};

std::size_t write_body(char* bytes, std::size_t size, std::size_t count, void* body) noexcept {
    return static_cast<Body*>(body)->append(bytes, size * count) ? size * count : 0;
}

CURLcode use_store(CURL*, void* context, void* channel) noexcept {
    try {
        SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(context), static_cast<Channel*>(channel)->trusted());
        return CURLE_OK;
    } catch (const std::exception&) {
        return CURLE_SSL_CACERT_BADFILE;  // only the system's own: others were read by channel()
    }
}

Failure classify(CURLcode code, const Body& body, std::string_view error) {
    const bool alert = error.find(" alert ") != std::string_view::npos;
    switch (code) {
        case CURLE_OK:
            return Failure::none;
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT:
        case CURLE_PROXY:
            return Failure::unreachable;
        case CURLE_SSL_CONNECT_ERROR:
            return Failure::tls;
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CERTPROBLEM:
            return Failure::certificate;
        case CURLE_OPERATION_TIMEDOUT:
            return Failure::timed_out;
        case CURLE_WRITE_ERROR:
            return body.overflow() ? Failure::too_large : Failure::other;
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
            // With TLS 1.3 a missing client certificate is told only after the handshake.
            return alert ? Failure::tls_refused : Failure::cut_off;
        case CURLE_GOT_NOTHING:
        case CURLE_PARTIAL_FILE:
        case CURLE_HTTP2:
        case CURLE_HTTP2_STREAM:
            return Failure::cut_off;
        default:
            return Failure::other;
    }
}

long milliseconds(std::chrono::milliseconds duration) {
    return static_cast<long>(
        std::max<std::chrono::milliseconds::rep>(1, duration.count()));  // 0 is no limit to libcurl
}

void check_proxy(const ProxySettings& proxy) {
    if (proxy.address.empty()) return;
    constexpr std::array<std::string_view, 4> k_schemes = {"http://", "https://", "socks5://", "socks5h://"};
    const bool known = std::any_of(k_schemes.begin(), k_schemes.end(), [&](std::string_view scheme) {
        return std::string_view(proxy.address).starts_with(scheme);
    });
    if (!known || proxy.address.size() > k_proxy_address_limit || proxy.address.find('\0') != std::string::npos) {
        throw Error(ErrorKind::invalid, "the proxy's address must begin with http://, https:// or socks5://");
    }
}

}  // namespace

struct Client::Transfer {
    EasyHandle easy;
    Channel* channel = nullptr;
    HeaderLines headers;
    Body body;
    Done done;
    std::array<char, CURL_ERROR_SIZE> error{};
    std::size_t place = 0;  // among the active

    explicit Transfer(Channel& owner) : channel(&owner) {
        set_basics();
        set_tls();
        if (channel->socket.empty()) {
            set_proxy();
        } else {
            easy.set(CURLOPT_UNIX_SOCKET_PATH, channel->socket);
            easy.set(CURLOPT_PROXY, "");
        }
    }

    /// Whether a new connection was dropped right after its TLS handshake, before any answer, to a client that showed
    /// no certificate. With TLS 1.3 a missing client certificate is told only then, and the reset that follows may
    /// overtake the alert that says so.
    bool was_shown_out(const Response& response) const {
        return response.failure == Failure::cut_off && response.status == 0 &&
               channel->tls.client_certificate_pem.empty() && easy.number(CURLINFO_NUM_CONNECTS) > 0 &&
               easy.offset(CURLINFO_APPCONNECT_TIME_T) > 0;
    }

    void set_basics() {
        easy.set(CURLOPT_NOSIGNAL, 1L);
        easy.set(CURLOPT_PROTOCOLS_STR, "http,https");
        easy.set(CURLOPT_FOLLOWLOCATION, 0L);
        easy.set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        easy.set(CURLOPT_PATH_AS_IS, 1L);
        easy.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
        easy.set(CURLOPT_PIPEWAIT, 1L);  // one HTTP/2 connection is waited for rather than many opened
        easy.set(CURLOPT_ACCEPT_ENCODING, "");
        easy.set(CURLOPT_TCP_KEEPALIVE, 1L);
        easy.set(CURLOPT_MAXAGE_CONN, 600L);  // longer than usual scan intervals; the server may end it earlier
        easy.set(CURLOPT_USERAGENT, "tidemark");
        easy.set_pointer(CURLOPT_ERRORBUFFER, error.data());
        easy.set_write_function(write_body);
        easy.set_pointer(CURLOPT_WRITEDATA, &body);
        easy.set_pointer(CURLOPT_PRIVATE, this);
    }

    void set_tls() {
        easy.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        // Nothing for libcurl to load: the shared store replaces what it would have.
        easy.set(CURLOPT_CAINFO, nullptr);
        easy.set(CURLOPT_CAPATH, nullptr);
        easy.set(CURLOPT_PROXY_CAINFO, nullptr);
        easy.set(CURLOPT_PROXY_CAPATH, nullptr);
        easy.set_ssl_context_function(use_store);
        easy.set_pointer(CURLOPT_SSL_CTX_DATA, channel);
        // libcurl reuses a connection only if these blobs are equal too. It does not look at the store, so without
        // them a connection that one CA has vouched for would serve a request that trusts another.
        if (!channel->tls.ca_pem.empty()) easy.set_blob(CURLOPT_CAINFO_BLOB, channel->tls.ca_pem);
        if (!channel->tls.client_certificate_pem.empty()) {
            easy.set_blob(CURLOPT_SSLCERT_BLOB, channel->tls.client_certificate_pem);
            easy.set_blob(CURLOPT_SSLKEY_BLOB, channel->tls.client_key_pem.reveal());
        }
    }

    void set_proxy() {
        const ProxySettings& proxy = channel->proxy;
        if (proxy.address.empty()) return;
        easy.set(CURLOPT_PROXY, proxy.address);
        easy.set(CURLOPT_NOPROXY, "");
        if (!proxy.username.empty()) easy.set(CURLOPT_PROXYUSERNAME, proxy.username);
        if (!proxy.password.empty()) easy.set(CURLOPT_PROXYPASSWORD, proxy.password.reveal());
    }

    void set_request(const Request& request) {
        error[0] = '\0';
        body.reset(request.body_limit);
        easy.set(CURLOPT_URL, request.url);
        easy.set(CURLOPT_CUSTOMREQUEST, nullptr);
        switch (request.method) {
            case Method::get:
                easy.set(CURLOPT_HTTPGET, 1L);
                break;
            case Method::head:
                easy.set(CURLOPT_NOBODY, 1L);
                break;
            case Method::put:
            case Method::post:
                easy.set(CURLOPT_POSTFIELDSIZE, static_cast<long>(request.form.reveal().size()));
                easy.set(CURLOPT_COPYPOSTFIELDS, request.form.reveal());
                if (request.method == Method::put) easy.set(CURLOPT_CUSTOMREQUEST, "PUT");
                break;
        }
        headers.clear();
        for (const std::string& line : request.headers)
            headers.add(line);
        if (!request.accept.empty()) headers.add("Accept: " + request.accept);
        if (!request.content_type.empty()) headers.add("Content-Type: " + request.content_type);
        if (!request.authorization.empty()) {
            const SecretString line("Authorization: " + request.authorization.reveal());
            headers.add(line.reveal());
        }
        easy.set_list(CURLOPT_HTTPHEADER, headers.get());
        easy.set(CURLOPT_TIMEOUT_MS, milliseconds(request.timeout));
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(std::min(request.connect_timeout, request.timeout)));
    }
};

struct Client::State {
    // In this order: the multi handle goes after every transfer has left it.
    MultiHandle multi;
    std::vector<std::unique_ptr<Channel>> channels;
    std::vector<std::unique_ptr<Transfer>> active;
    std::vector<std::unique_ptr<Transfer>> idle;

    std::unique_ptr<Transfer> take(Channel& channel) {
        const auto found = std::find_if(idle.rbegin(), idle.rend(),
                                        [&](const auto& transfer) { return transfer->channel == &channel; });
        if (found == idle.rend()) return std::make_unique<Transfer>(channel);
        std::unique_ptr<Transfer> transfer = std::move(*found);
        idle.erase(std::next(found).base());
        return transfer;
    }

    std::unique_ptr<Transfer> leave(Transfer& transfer) noexcept {
        multi.remove(transfer.easy);
        std::unique_ptr<Transfer> owner = std::move(active[transfer.place]);
        if (owner->place + 1 != active.size()) {
            active[owner->place] = std::move(active.back());
            active[owner->place]->place = owner->place;
        }
        active.pop_back();
        return owner;
    }
};

std::optional<std::string_view> Response::header(const char* name, std::size_t index) const noexcept {
    curl_header* found = nullptr;
    if (libcurl().easy_header(m_handle, name, index, CURLH_HEADER, -1, &found) != CURLHE_OK) return std::nullopt;
    return found->value;
}

Client::Client(ClientLimits limits) : m_state(std::make_unique<State>()) {
    m_state->multi.set(CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
    limit_host_connections(limits.host_connections);
    m_state->multi.set(CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(limits.connections));
    m_state->multi.set(CURLMOPT_MAXCONNECTS, static_cast<long>(limits.connections));
}

Client::~Client() {
    cancel();
}

Channel& Client::channel(const TlsSettings& tls, const ProxySettings& proxy) {
    for (const auto& known : m_state->channels) {
        if (known->socket.empty() && known->tls == tls && known->proxy == proxy) return *known;
    }
    check_proxy(proxy);
    auto channel = std::make_unique<Channel>();
    channel->tls = tls;
    channel->proxy = proxy;
    if (tls != TlsSettings{}) channel->trusted();
    return *m_state->channels.emplace_back(std::move(channel));
}

Channel& Client::local_channel(const std::filesystem::path& socket) {
    for (const auto& known : m_state->channels) {
        if (known->socket == socket.string()) return *known;
    }
    auto channel = std::make_unique<Channel>();
    channel->socket = socket.string();
    return *m_state->channels.emplace_back(std::move(channel));
}

void Client::start(Channel& channel, const Request& request, Done done) {
    std::unique_ptr<Transfer> transfer = m_state->take(channel);
    transfer->set_request(request);
    transfer->done = std::move(done);
    m_state->multi.add(transfer->easy);
    transfer->place = m_state->active.size();
    m_state->active.push_back(std::move(transfer));
}

void Client::step(std::chrono::milliseconds longest) {
    m_state->multi.perform();
    CURLMsg* message = m_state->multi.next_message();
    if (message == nullptr) {
        const auto limit = std::min<std::chrono::milliseconds::rep>(longest.count(), std::numeric_limits<int>::max());
        m_state->multi.wait(static_cast<int>(std::max<std::chrono::milliseconds::rep>(limit, 0)));
        m_state->multi.perform();
        message = m_state->multi.next_message();
    }
    for (; message != nullptr; message = m_state->multi.next_message()) {
        if (message->msg != CURLMSG_DONE) continue;
        const CURLcode code = message->data.result;
        char* own = nullptr;
        libcurl().easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &own);
        std::unique_ptr<Transfer> transfer = m_state->leave(*reinterpret_cast<Transfer*>(own));

        Response response;
        response.m_handle = transfer->easy.get();
        if (code != CURLE_OK)
            response.error = transfer->error[0] != '\0' ? transfer->error.data() : libcurl().easy_strerror(code);
        response.failure = classify(code, transfer->body, response.error);
        response.status = static_cast<int>(transfer->easy.number(CURLINFO_RESPONSE_CODE));
        response.multiplexed = transfer->easy.number(CURLINFO_HTTP_VERSION) >= CURL_HTTP_VERSION_2_0;
        if (transfer->was_shown_out(response)) response.failure = Failure::tls_refused;
        const long connect_code = code == CURLE_OK ? 0 : transfer->easy.number(CURLINFO_HTTP_CONNECTCODE);
        if (connect_code == 401 || connect_code == 407) response.failure = Failure::proxy;
        response.body = transfer->body.view();
        if (response.status >= 400) {
            const curl_off_t wait = transfer->easy.offset(CURLINFO_RETRY_AFTER);
            if (wait > 0) response.retry_after = std::chrono::seconds(wait);
        }
        const Done done = std::exchange(transfer->done, nullptr);
        done(response);
        transfer->headers.clear();
        transfer->body.reset(0);
        if (m_state->idle.size() < k_kept_handles) m_state->idle.push_back(std::move(transfer));
    }
}

std::size_t Client::active() const noexcept {
    return m_state->active.size();
}

void Client::limit_host_connections(unsigned most) {
    m_state->multi.set(CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(most));
}

void Client::cancel() noexcept {
    while (!m_state->active.empty())
        m_state->leave(*m_state->active.back());
}

void Client::wake() noexcept {
    m_state->multi.wake();
}

}  // namespace tidemark::mirror::http
