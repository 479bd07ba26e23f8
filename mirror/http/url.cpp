#include "mirror/http/url.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>

#include <arpa/inet.h>

#include "mirror/http/handle.h"

namespace tidemark::mirror::http {
namespace {

constexpr std::size_t k_url_limit = 8192;

struct CurlTextDeleter {
    void operator()(char* text) const noexcept { libcurl().free(text); }
};

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
    char* text = nullptr;
    if (libcurl().url_get(url, which, &text, flags) != CURLUE_OK || text == nullptr) return {};
    const std::unique_ptr<char, CurlTextDeleter> owner(text);
    return text;
}

bool set(CURLU* url, const std::string& text) {
    return text.size() <= k_url_limit && text.find('\0') == std::string::npos &&
           libcurl().url_set(url, CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER | CURLU_PATH_AS_IS) == CURLUE_OK;
}

std::optional<Url> read_parts(CURLU* handle) {
    Url url;
    url.scheme = part(handle, CURLUPART_SCHEME);
    url.host = part(handle, CURLUPART_HOST);
    url.port = part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    url.path = part(handle, CURLUPART_PATH);
    url.query = part(handle, CURLUPART_QUERY);
    if ((url.scheme != "http" && url.scheme != "https") || url.host.empty()) return std::nullopt;
    std::transform(url.host.begin(), url.host.end(), url.host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (url.path.empty()) url.path = "/";
    return url;
}

bool is_private_v4(std::uint32_t address) noexcept {
    const auto in = [address](std::uint32_t network, unsigned bits) {
        return (address >> (32 - bits)) == (network >> (32 - bits));
    };
    return in(0x00000000, 8) || in(0x0a000000, 8) || in(0x7f000000, 8) || in(0xa9fe0000, 16) || in(0xac100000, 12) ||
           in(0xc0a80000, 16) || in(0x64400000, 10);
}

bool is_private_v6(const std::array<unsigned char, 16>& address) noexcept {
    const bool zeros_to_10 = std::all_of(address.begin(), address.begin() + 10, [](unsigned char b) { return b == 0; });
    const auto v4 = static_cast<std::uint32_t>(address[12]) << 24U | static_cast<std::uint32_t>(address[13]) << 16U |
                    static_cast<std::uint32_t>(address[14]) << 8U | address[15];
    if (zeros_to_10 && address[10] == 0xff && address[11] == 0xff) return is_private_v4(v4);
    if (zeros_to_10 && address[10] == 0 && address[11] == 0 && v4 <= 1) return true;  // :: and ::1
    return (address[0] & 0xfeU) == 0xfc || (address[0] == 0xfe && (address[1] & 0xc0U) == 0x80);
}

bool is_loopback_host(std::string_view host) noexcept {
    return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]";
}

}  // namespace

std::string Url::origin() const {
    std::string text = scheme + "://" + host;
    if (port != (scheme == "https" ? "443" : "80")) text += ":" + port;
    return text;
}

std::string Url::to_string() const {
    std::string text = origin() + path;
    if (!query.empty()) text += "?" + query;
    return text;
}

bool Url::same_origin(const Url& other) const noexcept {
    return scheme == other.scheme && host == other.host && port == other.port;
}

std::optional<Url> parse_url(const std::string& text) {
    const UrlHandle handle(libcurl().url());
    if (!handle || !set(handle.get(), text)) return std::nullopt;
    return read_parts(handle.get());
}

std::optional<Url> resolve_url(const Url& base, const std::string& reference) {
    const UrlHandle handle(libcurl().url());
    if (!handle || !set(handle.get(), base.to_string()) || !set(handle.get(), reference)) return std::nullopt;
    return read_parts(handle.get());
}

bool is_private_host(std::string_view host) noexcept {
    if (is_loopback_host(host)) return true;
    std::array<char, 64> text{};
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    host = host.substr(0, host.find('%'));  // the zone of a link-local address
    if (host.size() >= text.size()) return false;
    std::copy(host.begin(), host.end(), text.begin());
    in_addr v4{};
    if (inet_pton(AF_INET, text.data(), &v4) == 1) return is_private_v4(ntohl(v4.s_addr));
    std::array<unsigned char, 16> v6{};
    return inet_pton(AF_INET6, text.data(), v6.data()) == 1 && is_private_v6(v6);
}

std::string_view refusal_to_follow(const Url& from, const Url& to) noexcept {
    if (from.scheme == "https" && to.scheme != "https") return "it leads from https to plain http";
    const bool own = from.host == to.host || (is_loopback_host(from.host) && is_loopback_host(to.host));
    if (is_private_host(to.host) && !own) return "it leads to a private address that is not the registry's own";
    return {};
}

std::string escape_query(std::string_view text) {
    constexpr std::string_view k_hex = "0123456789ABCDEF";
    std::string escaped;
    escaped.reserve(text.size() + 16);
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        if (plain) {
            escaped.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        escaped.push_back('%');
        escaped.push_back(k_hex[byte >> 4U]);
        escaped.push_back(k_hex[byte & 0xfU]);
    }
    return escaped;
}

}  // namespace tidemark::mirror::http
