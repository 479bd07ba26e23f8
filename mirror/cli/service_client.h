// The running service, asked over its Unix socket: the same API as the page's. One question at a time.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace tidemark::mirror::cli {

/// A text within a URL's path or query.
std::string url_part(std::string_view text);

/// A text as JSON writes it, with its quotes.
std::string json_text(std::string_view text);

class ServiceClient {
public:
    struct Answer {
        int status = 0;
        std::string body;
    };

    explicit ServiceClient(std::filesystem::path socket);
    ~ServiceClient();
    ServiceClient(const ServiceClient&) = delete;
    ServiceClient& operator=(const ServiceClient&) = delete;

    /// "/api/v1/status". nullopt: nobody listens there. Throws Error{network} when the answer does not come,
    /// Error{permission} where this user may not use the socket.
    std::optional<Answer> get(const std::string& path);
    std::optional<Answer> post(const std::string& path, const std::string& json);

    /// The body of an answer of 200. Throws Error{network}, or Error{permission}, with what the service said otherwise.
    std::string read(const std::string& path);

    const std::filesystem::path& socket() const noexcept { return m_socket; }

private:
    struct Connection;
    std::optional<Answer> ask(const std::string& path, const std::string* json);

    std::filesystem::path m_socket;
    std::unique_ptr<Connection> m_connection;
};

/// What the service refused: its "error", then its "next". Something readable in any case.
std::string refusal_of(const ServiceClient::Answer& answer);

}  // namespace tidemark::mirror::cli
