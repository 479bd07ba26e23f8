#include "mirror/cli/service_client.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <simdjson.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/http/client.h"

namespace tidemark::mirror::cli {
namespace {

constexpr std::size_t k_body_limit = std::size_t{64} << 20U;  // a fleet's list of images
constexpr std::chrono::milliseconds k_timeout{60'000};        // long polls take 25 s
constexpr std::chrono::milliseconds k_step{200};

/// libcurl says of a socket that nobody listens at, of a missing one and of a forbidden one the same.
enum class Reach { listens, absent, forbidden };

Reach try_socket(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string text = path.string();
    if (text.empty() || text.size() >= sizeof(address.sun_path)) return Reach::absent;
    std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return Reach::absent;
    const int result = ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    const int reason = errno;
    ::close(descriptor);
    if (result == 0) return Reach::listens;
    return reason == EACCES || reason == EPERM ? Reach::forbidden : Reach::absent;
}

}  // namespace

std::string url_part(std::string_view text) {
    std::string part;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '_' || c == '.' || c == '~';
        part += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return part;
}

std::string json_text(std::string_view text) {
    std::string json = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            json += '\\';
            json += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            json += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
            json += c;
        }
    }
    return json + '"';
}

struct ServiceClient::Connection {
    http::Client client;
    http::Channel* channel = nullptr;
};

ServiceClient::ServiceClient(std::filesystem::path socket) : m_socket(std::move(socket)) {}

ServiceClient::~ServiceClient() = default;

std::optional<ServiceClient::Answer> ServiceClient::get(const std::string& path) {
    return ask(path, nullptr);
}

std::optional<ServiceClient::Answer> ServiceClient::post(const std::string& path, const std::string& json) {
    return ask(path, &json);
}

std::string ServiceClient::read(const std::string& path) {
    std::optional<Answer> answer = get(path);
    if (!answer)
        throw Error(
            ErrorKind::network,
            fmt::format("the service at {} went away; look at its log: journalctl -u tidemark", m_socket.string()));
    if (answer->status == 200) return std::move(answer->body);
    const bool forbidden = answer->status == 401 || answer->status == 403;
    throw Error(forbidden ? ErrorKind::permission : ErrorKind::network, refusal_of(*answer));
}

std::optional<ServiceClient::Answer> ServiceClient::ask(const std::string& path, const std::string* json) {
    if (!m_connection) {
        switch (try_socket(m_socket)) {
            case Reach::listens:
                break;
            case Reach::absent:
                return std::nullopt;
            case Reach::forbidden:
                throw Error(ErrorKind::permission,
                            fmt::format("the service's socket {} is not open to you; become root, or a member of the "
                                        "socket's group",
                                        m_socket.string()));
        }
        m_connection = std::make_unique<Connection>();
        m_connection->channel = &m_connection->client.local_channel(m_socket);
    }
    http::Request request;
    request.url = "http://localhost" + path;
    request.accept = "application/json";
    request.body_limit = k_body_limit;
    request.timeout = k_timeout;
    if (json) {
        request.method = http::Method::post;
        request.content_type = "application/json";
        request.form = SecretString(*json);
    }
    std::optional<Answer> answer;
    std::string failure;
    m_connection->client.start(*m_connection->channel, request, [&](const http::Response& response) {
        if (response.failure == http::Failure::none) {
            answer = Answer{response.status, std::string(response.body)};
        } else {
            failure = response.error;
        }
    });
    while (m_connection->client.active() > 0)
        m_connection->client.step(k_step);
    if (!answer)
        throw Error(ErrorKind::network,
                    fmt::format("asking the service at {} for {}: {}", m_socket.string(), path, failure));
    return answer;
}

std::string refusal_of(const ServiceClient::Answer& answer) {
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    std::string_view error;
    std::string_view next;
    if (parser.parse(answer.body).get(object) != simdjson::SUCCESS || object["error"].get(error) != simdjson::SUCCESS)
        return fmt::format("the service answered {}", answer.status);
    if (object["next"].get(next) != simdjson::SUCCESS || next.empty()) return std::string(error);
    return fmt::format("{}; {}", error, next);
}

}  // namespace tidemark::mirror::cli
