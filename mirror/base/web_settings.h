// Where the running service answers, and who may change things through it: the keys `socket`, `web` and `hooksReport`
// of the configuration.
//
//   socket: /run/tidemark/service.sock        default: service.sock in the state folder
//   web:
//     listen: 127.0.0.1:8099                  default: only the socket
//     url: https://tidemark.example           as browsers reach it
//     admin:
//       tokenSecretRef: {namespace: tidemark, name: web}      its key `token`
//       proxy: {header: X-Remote-User, trusted: [127.0.0.1], users: [dana]}
//     stale: {readyz: true}
//   hooksReport: /var/lib/tidemark-hooks/report.json
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "policy/objects/objects.h"
#include "policy/yaml/fields.h"

namespace tidemark::mirror {

/// A proxy that signs people in and says who they are.
struct ProxySettings {
    std::string header;
    std::vector<std::string> trusted;  // addresses whose header counts; never empty
    std::vector<std::string> users;    // who may change things; never empty
    bool operator==(const ProxySettings&) const = default;
};

struct WebSettings {
    std::filesystem::path socket;  // empty: in the state folder
    std::string listen;            // "127.0.0.1:8099", "[::1]:8099"; empty: nowhere
    std::string url;               // without a slash at its end; empty: not said
    std::optional<policy::ObjectKey> token;
    std::optional<ProxySettings> proxy;
    bool stale_is_unready = true;
    std::filesystem::path hooks_report = "/var/lib/tidemark-hooks/report.json";
    bool operator==(const WebSettings&) const = default;
};

/// Reads the three keys out of the configuration's root; mistakes go to its report.
WebSettings read_web_settings(policy::yaml::Fields& root, const std::filesystem::path& file);

/// Where the service's socket is.
std::filesystem::path socket_path(const WebSettings& settings, const std::filesystem::path& state);

/// "127.0.0.1:8099" or "[::1]:8099": an address, not a name, and a port.
bool is_listen_address(std::string_view text) noexcept;

/// An IPv4 or IPv6 address without a port.
bool is_address(std::string_view text) noexcept;

}  // namespace tidemark::mirror
