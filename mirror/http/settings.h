// How a host is reached: what TLS trusts and shows, and which proxy goes between. Plain values, read from Secrets.
#pragma once

#include <string>

#include "mirror/base/secret_string.h"

namespace tidemark::mirror::http {

/// Empty fields: the system's certificates, and no client certificate.
struct TlsSettings {
    std::string ca_pem;  // trusted beside the system's certificates, as Flux does for registries
    std::string client_certificate_pem;
    SecretString client_key_pem;  // with the certificate, or not at all

    bool operator==(const TlsSettings&) const = default;
};

/// Empty address: what HTTPS_PROXY, NO_PROXY and the like say.
struct ProxySettings {
    std::string address;  // http://host:port, https://..., socks5://...
    std::string username;
    SecretString password;

    bool operator==(const ProxySettings&) const = default;
};

}  // namespace tidemark::mirror::http
