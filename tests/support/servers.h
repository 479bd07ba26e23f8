// Real servers on loopback for tests: docker-registry in its ways of login, nginx with any configuration, a token
// server. Each takes a free port, is ready when the constructor returns, and ends with the object.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/process.h"

namespace tidemark::tests {

/// A certificate authority of its own, a server certificate for localhost, registry.test and 127.0.0.1, and a
/// client certificate. Files ca.crt, server.crt, server.key, client.crt, client.key in the folder.
class Pki {
public:
    /// Needs openssl. `name` tells several apart in messages.
    explicit Pki(const std::filesystem::path& folder, std::string_view name = "Test CA");

    std::filesystem::path file(std::string_view name) const { return m_folder / name; }
    std::string text(std::string_view name) const { return read_text(file(name)); }

private:
    std::filesystem::path m_folder;
};

/// Docker's token server (tests/support/token_server.py). User alice, password s3cret, identity token
/// identity-alice; anybody may pull public/*. Tokens live 300 seconds unless told.
class TokenServer {
public:
    /// Needs python3 and openssl. With `pki` it speaks https.
    explicit TokenServer(const std::filesystem::path& folder, int seconds = 300, const Pki* pki = nullptr);

    std::string realm() const;
    std::filesystem::path certificate() const { return m_folder / "token.crt"; }
    /// One line a request: method, path with query, scheme of the Authorization header or "-".
    std::vector<std::string> requests() const;

private:
    std::filesystem::path m_folder;
    bool m_tls;
    std::uint16_t m_port;
    std::optional<Process> m_process;
};

struct RegistryOptions {
    std::string user{};  // with a password: Basic login
    std::string password{};
    const TokenServer* tokens = nullptr;
    const Pki* pki = nullptr;  // https
    bool client_certificates = false;
};

/// Debian's docker-registry with storage in the folder.
class DockerRegistry {
public:
    /// Needs docker-registry, and htpasswd for Basic login.
    explicit DockerRegistry(const std::filesystem::path& folder, RegistryOptions options = {});

    std::uint16_t port() const noexcept { return m_port; }
    /// "127.0.0.1:port".
    std::string host() const { return "127.0.0.1:" + std::to_string(m_port); }
    /// Puts tags into the storage; the running server lists them at once. Each has a small OCI image manifest that is
    /// different for each tag, so HEAD and GET answer too. Gives the digest of the last one.
    std::string add_tags(std::string_view repository, const std::vector<std::string>& tags);
    /// The bytes of the manifest that add_tags wrote for a tag.
    static std::string manifest(std::string_view tag);
    void remove_tag(std::string_view repository, std::string_view tag);
    void stop() noexcept { m_process->stop(); }

private:
    std::filesystem::path m_folder;
    std::uint16_t m_port;
    std::optional<Process> m_process;
};

/// nginx in one process. `http` is what stands inside `http { }`: server blocks and maps. It may write @FOLDER@ and
/// the ports it asked for as @PORT1@, @PORT2@, ... The access log is FOLDER/access.log, one line a request: server
/// port, method, URI with query, status, Authorization header or "-".
class Nginx {
public:
    Nginx(const std::filesystem::path& folder, std::string_view http, unsigned ports = 1);

    /// The n-th port, counted from 1.
    std::uint16_t port(unsigned number = 1) const { return m_ports.at(number - 1); }
    std::string host(unsigned number = 1) const { return "127.0.0.1:" + std::to_string(port(number)); }
    std::vector<std::string> requests() const;
    void forget_requests() const;

private:
    std::filesystem::path m_folder;
    std::vector<std::uint16_t> m_ports;
    std::optional<Process> m_process;
};

/// What no web server does on purpose (tests/support/odd_server.py): "silent" never answers, "truncated" hangs up in
/// the middle of a tag list.
class OddServer {
public:
    OddServer(const std::filesystem::path& folder, const std::string& mode);
    std::string host() const { return "127.0.0.1:" + std::to_string(m_port); }

private:
    std::uint16_t m_port;
    std::optional<Process> m_process;
};

}  // namespace tidemark::tests
