#include "mirror/base/web_settings.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "mirror/base/configuration_paths.h"
#include "policy/objects/field_types.h"

namespace tidemark::mirror {
namespace {

namespace yaml = policy::yaml;

void read_listen(yaml::Fields& web, WebSettings& settings) {
    const auto listen = web.text("listen");
    if (!listen || listen->empty()) return;
    settings.listen = *listen;
    if (!is_listen_address(*listen))
        web.report().error(*web.node().find("listen"),
                           fmt::format("{} needs an address and a port, e.g. 127.0.0.1:8099", web.path("listen")));
}

/// Scheme and host, so that the page can be told from one that only borrows its address.
bool is_site_url(std::string_view url) noexcept {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (!url.starts_with(scheme)) continue;
        const std::string_view host = url.substr(scheme.size());
        return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == ':' || c == '[' ||
                   c == ']';
        });
    }
    return false;
}

void read_url(yaml::Fields& web, WebSettings& settings) {
    const auto url = web.text("url");
    if (!url || url->empty()) return;
    settings.url = *url;
    if (settings.url.back() == '/') settings.url.pop_back();
    if (!is_site_url(settings.url))
        web.report().error(*web.node().find("url"),
                           fmt::format("{} needs the scheme and host of the page alone, in small letters, e.g. "
                                       "https://tidemark.example",
                                       web.path("url")));
}

void read_proxy(yaml::Fields& proxy, WebSettings& settings) {
    ProxySettings read;
    if (const auto header = proxy.required_text("header", "X-Remote-User")) read.header = *header;
    read.trusted = policy::read_text_list(proxy, "trusted");
    read.users = policy::read_text_list(proxy, "users");
    for (const std::string& address : read.trusted)
        if (!is_address(address))
            proxy.report().error(*proxy.node().find("trusted"),
                                 fmt::format("{}: {} is no address", proxy.path("trusted"), address));
    if (read.trusted.empty())
        proxy.report().error(proxy.node(), fmt::format("{} is missing: whose header counts", proxy.path("trusted")));
    if (read.users.empty())
        proxy.report().error(proxy.node(), fmt::format("{} is missing: who may change things", proxy.path("users")));
    proxy.finish();
    settings.proxy = std::move(read);
}

void read_admin(yaml::Fields& admin, WebSettings& settings) {
    if (auto reference = admin.mapping("tokenSecretRef")) {
        settings.token = policy::read_reference(*reference, "default");
        reference->finish();
    }
    if (auto proxy = admin.mapping("proxy")) read_proxy(*proxy, settings);
    admin.finish();
}

}  // namespace

bool is_address(std::string_view text) noexcept {
    std::array<char, INET6_ADDRSTRLEN + 1> copy{};
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    if (text.size() >= copy.size()) return false;
    std::copy(text.begin(), text.end(), copy.begin());
    return ::inet_pton(AF_INET, copy.data(), bytes.data()) == 1 ||
           ::inet_pton(AF_INET6, copy.data(), bytes.data()) == 1;
}

bool is_listen_address(std::string_view text) noexcept {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return false;
    std::string_view address = text.substr(0, colon);
    const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
    if (bracketed) address = address.substr(1, address.size() - 2);
    if (!is_address(address) || bracketed != (address.find(':') != std::string_view::npos)) return false;
    unsigned port = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + colon + 1, end, port);
    return read.ec == std::errc() && read.ptr == end && port > 0 && port < 65536;
}

WebSettings read_web_settings(yaml::Fields& root, const std::filesystem::path& file) {
    WebSettings settings;
    if (const auto socket = read_path(root, "socket", file)) settings.socket = *socket;
    if (const auto report = read_path(root, "hooksReport", file)) settings.hooks_report = *report;
    auto web = root.mapping("web");
    if (!web) return settings;
    read_listen(*web, settings);
    read_url(*web, settings);
    if (auto admin = web->mapping("admin")) read_admin(*admin, settings);
    if (auto stale = web->mapping("stale")) {
        settings.stale_is_unready = stale->boolean("readyz", true);
        stale->finish();
    }
    web->finish();
    return settings;
}

std::filesystem::path socket_path(const WebSettings& settings, const std::filesystem::path& state) {
    return settings.socket.empty() ? state / "service.sock" : settings.socket;
}

}  // namespace tidemark::mirror
