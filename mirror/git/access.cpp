#include "mirror/git/access.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::git {
namespace {

constexpr std::size_t k_max_url_bytes = 2048;
constexpr std::size_t k_max_secret_bytes = std::size_t{256} << 10;

struct UrlParts {
    std::string_view scheme;
    std::string_view user_info;  // without the '@'
    std::string_view host;       // with the port
    std::string_view path;       // from the first '/', query included
    bool has_user_info = false;
};

std::optional<UrlParts> split_url(std::string_view url) {
    const std::size_t colon = url.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    UrlParts parts;
    parts.scheme = url.substr(0, colon);
    url.remove_prefix(colon + 3);
    const std::size_t end = std::min(url.find_first_of("/?#"), url.size());
    std::string_view authority = url.substr(0, end);
    parts.path = url.substr(end);
    const std::size_t at = authority.rfind('@');
    if (at != std::string_view::npos) {
        parts.has_user_info = true;
        parts.user_info = authority.substr(0, at);
        authority.remove_prefix(at + 1);
    }
    parts.host = authority;
    return parts;
}

bool is_control(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

int digit_value(char digit) noexcept {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

std::string decode_percent(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && digit_value(text[i + 1]) >= 0 && digit_value(text[i + 2]) >= 0) {
            decoded += static_cast<char>(digit_value(text[i + 1]) * 16 + digit_value(text[i + 2]));
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

std::string encode_percent(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        if (plain) {
            encoded += c;
        } else {
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return encoded;
}

bool is_loopback(std::string_view host) {
    if (host.starts_with("[::1]")) return true;
    host = host.substr(0, host.find(':'));
    return host == "localhost" || (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
}

std::string trimmed(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.remove_suffix(1);
    return std::string(text);
}

/// Reads one remote's address and secret; every refusal names both.
class AccessReader {
public:
    AccessReader(std::string_view url, const SecretKeys& secret, std::string_view secret_name)
        : m_url(url), m_secret(secret), m_secret_name(secret_name) {}

    RemoteAccess read() {
        check_text();
        if (m_url.starts_with('/')) {
            m_access.transport = Transport::file;
            m_access.url = m_access.shown_url = std::string(m_url);
            return std::move(m_access);
        }
        const std::optional<UrlParts> parts = split_url(m_url);
        if (!parts) refuse_form();
        read_transport(*parts);
        switch (m_access.transport) {
            case Transport::ssh:
                read_ssh(*parts);
                break;
            case Transport::https:
            case Transport::http:
                read_http(*parts);
                break;
            case Transport::file:
                m_access.url = m_access.shown_url = std::string(m_url);
                break;
        }
        return std::move(m_access);
    }

private:
    [[noreturn]] void refuse(const std::string& why) const {
        throw Error(ErrorKind::invalid, fmt::format("Git address {}: {}", redact_url(m_url), why));
    }
    [[noreturn]] void refuse_secret(const std::string& why) const {
        throw Error(ErrorKind::invalid,
                    fmt::format("secret {} for {}: {}", m_secret_name.empty() ? "(none)" : m_secret_name,
                                redact_url(m_url), why));
    }

    void check_text() const {
        if (m_url.empty()) refuse("it is empty");
        if (m_url.size() > k_max_url_bytes) refuse(fmt::format("it is longer than {} bytes", k_max_url_bytes));
        if (std::any_of(m_url.begin(), m_url.end(), is_control)) refuse("it holds control characters");
        for (const auto& [key, value] : m_secret) {
            if (value.reveal().size() > k_max_secret_bytes) refuse_secret(fmt::format("key {} is too long", key));
        }
    }

    [[noreturn]] void refuse_form() const {
        const std::size_t colon = std::min(m_url.find(':'), m_url.size());
        if (colon + 1 < m_url.size() && m_url[colon + 1] != ':' && m_url.find('/') > colon) {
            refuse(fmt::format("the short form of ssh addresses is not taken: write ssh://{}/{}",
                               m_url.substr(0, colon), m_url.substr(colon + 1)));
        }
        refuse("it must begin with ssh://, https://, http://, file:// or /");
    }

    void read_transport(const UrlParts& parts) {
        if (parts.scheme == "ssh") {
            m_access.transport = Transport::ssh;
        } else if (parts.scheme == "https") {
            m_access.transport = Transport::https;
        } else if (parts.scheme == "http") {
            m_access.transport = Transport::http;
        } else if (parts.scheme == "file") {
            m_access.transport = Transport::file;
            if (!parts.host.empty() || !parts.path.starts_with('/')) refuse("write file:///absolute/path");
            return;
        } else {
            refuse("it must begin with ssh://, https://, http://, file:// or /");
        }
        if (parts.host.empty()) refuse("it names no host");
        // ssh would read such a host as an option.
        if (parts.host.starts_with('-')) refuse("a host does not begin with '-'");
        if (parts.path.size() < 2 || parts.path[0] != '/') refuse("it names no repository");
    }

    void read_ssh(const UrlParts& parts) {
        if (parts.user_info.find(':') != std::string_view::npos) {
            refuse("a password in an ssh address is not used: put a key into the secret's identity");
        }
        std::string user = parts.user_info.empty() ? text("username") : std::string(parts.user_info);
        if (user.empty()) user = "git";
        if (user.starts_with('-')) refuse("a user does not begin with '-'");
        m_access.url = fmt::format("ssh://{}@{}{}", user, parts.host, parts.path);
        m_access.shown_url = m_access.url;
        m_access.username = user;
        m_access.identity = value("identity");
        m_access.passphrase = value("password");
        m_access.known_hosts = text("known_hosts");
        if (m_access.identity.empty()) refuse_secret("key identity is missing: ssh needs a private key (a deploy key)");
        if (m_access.known_hosts.empty()) {
            refuse_secret(fmt::format(
                "key known_hosts is missing: compare the host's key with what its owner publishes, then add the "
                "line that `ssh-keyscan {}` prints",
                parts.host.substr(0, parts.host.rfind(':'))));
        }
        if (m_access.identity.reveal().find("PRIVATE KEY-----") == std::string::npos) {
            refuse_secret("key identity is no private key (OpenSSH or PEM)");
        }
    }

    void read_http(const UrlParts& parts) {
        m_access.url = fmt::format("{}://{}{}", parts.scheme, parts.host, parts.path);
        m_access.shown_url = redact_url(m_access.url);
        read_http_credentials(parts);
        m_access.ca_certificates = pem("ca.crt", "caFile");
        m_access.client_certificate = pem("tls.crt", "certFile");
        m_access.client_key = SecretString(pem("tls.key", "keyFile"));
        if (m_access.client_certificate.empty() != m_access.client_key.empty()) {
            refuse_secret("a client certificate needs both tls.crt and tls.key");
        }
        if (m_access.transport == Transport::http && m_access.has_http_credentials() && !is_loopback(parts.host)) {
            refuse("a password or token is not sent over plain http: use https");
        }
    }

    void read_http_credentials(const UrlParts& parts) {
        m_access.bearer_token = SecretString(text("bearerToken"));
        m_access.username = text("username");
        m_access.password = value("password");
        if (parts.has_user_info && m_access.username.empty() && m_access.password.empty()) {
            const std::size_t colon = std::min(parts.user_info.find(':'), parts.user_info.size());
            m_access.username = decode_percent(parts.user_info.substr(0, colon));
            m_access.password =
                SecretString(decode_percent(parts.user_info.substr(std::min(colon + 1, parts.user_info.size()))));
        }
        if (!m_access.bearer_token.empty() && (!m_access.username.empty() || !m_access.password.empty())) {
            refuse_secret("bearerToken and username/password exclude each other");
        }
        if (m_access.username.empty() && !m_access.password.empty()) {
            refuse_secret("password needs a username (any name, for hosts that only look at a token)");
        }
        if (m_access.username.find(':') != std::string::npos) refuse_secret("a username cannot hold ':'");
        for (const std::string* line :
             {&std::as_const(m_access.username), &m_access.password.reveal(), &m_access.bearer_token.reveal()}) {
            if (std::any_of(line->begin(), line->end(), is_control)) {
                refuse_secret("username, password and bearerToken cannot hold line breaks or control characters");
            }
        }
    }

    /// A value as it is, but for the line end that editors and `echo` add.
    SecretString value(std::string_view key) const {
        const auto found = m_secret.find(key);
        if (found == m_secret.end()) return {};
        return key == "password" ? SecretString(trimmed_line_end(found->second.reveal())) : found->second;
    }
    static std::string trimmed_line_end(std::string_view text) {
        if (text.ends_with('\n')) text.remove_suffix(1);
        if (text.ends_with('\r')) text.remove_suffix(1);
        return std::string(text);
    }
    std::string text(std::string_view key) const { return trimmed(value(key).reveal()); }

    std::string pem(std::string_view key, std::string_view old_key) const {
        const auto found = m_secret.find(key);
        std::string content = found != m_secret.end() ? found->second.reveal() : value(old_key).reveal();
        if (!content.empty() && content.find("-----BEGIN ") == std::string::npos) {
            refuse_secret(fmt::format("key {} is not PEM", found != m_secret.end() ? key : old_key));
        }
        return content;
    }

    std::string_view m_url;
    const SecretKeys& m_secret;
    std::string_view m_secret_name;
    RemoteAccess m_access;
};

}  // namespace

RemoteAccess make_remote_access(std::string_view url, const SecretKeys& secret, std::string_view secret_name) {
    return AccessReader(url, secret, secret_name).read();
}

void set_proxy(RemoteAccess& access, const SecretKeys& secret, std::string_view secret_name) {
    const auto read = [&](std::string_view key) {
        const auto found = secret.find(key);
        return found == secret.end() ? std::string() : trimmed(found->second.reveal());
    };
    const std::string address = read("address");
    const auto refuse = [&](std::string_view why) {
        throw Error(ErrorKind::invalid, fmt::format("proxy secret {} for {}: {}", secret_name, access.shown_url, why));
    };
    if (access.transport != Transport::http && access.transport != Transport::https) {
        refuse("a proxy is only used for http and https");
    }
    const std::optional<UrlParts> parts = split_url(address);
    if (!parts || parts->host.empty() || std::any_of(address.begin(), address.end(), is_control)) {
        refuse("key address must be a URL, such as http://proxy.example:3128");
    }
    constexpr std::string_view k_schemes[] = {"http", "https", "socks5", "socks5h", "socks4", "socks4a"};
    if (std::find(std::begin(k_schemes), std::end(k_schemes), parts->scheme) == std::end(k_schemes)) {
        refuse("key address must begin with http://, https:// or socks5://");
    }
    const std::string user = read("username");
    std::string login(parts->has_user_info ? fmt::format("{}@", parts->user_info) : "");
    if (!user.empty()) login = fmt::format("{}:{}@", encode_percent(user), encode_percent(read("password")));
    access.proxy = SecretString(fmt::format("{}://{}{}", parts->scheme, login, parts->host));
}

std::string redact_url(std::string_view url) {
    std::string shown;
    const std::optional<UrlParts> parts = split_url(url);
    if (parts) {
        // The user of an ssh address is part of where it leads; one of an http address may be a token.
        const std::string_view user = parts->user_info.substr(0, parts->user_info.find(':'));
        const bool show_user = parts->scheme == "ssh" && !user.empty();
        shown = fmt::format("{}://{}{}{}{}", parts->scheme, show_user ? user : "", show_user ? "@" : "", parts->host,
                            parts->path.substr(0, parts->path.find_first_of("?#")));
    } else {
        shown = url.substr(0, url.find_first_of("?#"));
    }
    std::replace_if(shown.begin(), shown.end(), is_control, '?');
    if (shown.size() > 300) shown.replace(300, std::string::npos, "...");
    return shown;
}

}  // namespace tidemark::mirror::git
