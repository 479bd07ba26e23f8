#include "policy/image/registry.h"

#include <algorithm>
#include <array>

#include <arpa/inet.h>

#include "policy/image/reference.h"

namespace tidemark::policy {
namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), is_digit);
}

/// inet_pton reads its text only: no name service, no network.
bool parse_address(int family, std::string_view text, void* address) noexcept {
    std::array<char, 64> copy{};
    if (text.size() >= copy.size() || text.find('\0') != std::string_view::npos) return false;
    std::copy(text.begin(), text.end(), copy.begin());
    return inet_pton(family, copy.data(), address) == 1;
}

/// Nothing, or a colon and digits, or a colon alone. No range check: neither does Go.
bool is_optional_port(std::string_view text) noexcept {
    return text.empty() || (text.front() == ':' && all_digits(text.substr(1)));
}

bool is_bracketed_ipv6(std::string_view text) noexcept {
    const std::size_t close = text.rfind(']');
    if (close == std::string_view::npos || !is_optional_port(text.substr(close + 1))) return false;
    in6_addr address{};
    return parse_address(AF_INET6, text.substr(1, close - 1), &address);
}

/// 10/8, 172.16/12, 192.168/16.
bool is_private_ipv4(std::string_view host) noexcept {
    std::array<unsigned char, 4> bytes{};
    if (!parse_address(AF_INET, host, bytes.data())) return false;
    return bytes[0] == 10 || (bytes[0] == 172 && (bytes[1] & 0xF0) == 16) || (bytes[0] == 192 && bytes[1] == 168);
}

/// "x.localhost", with at most five digits of port.
bool is_under_localhost(std::string_view registry) noexcept {
    const std::size_t colon = registry.rfind(':');
    if (colon != std::string_view::npos) {
        const std::string_view port = registry.substr(colon + 1);
        if (port.empty() || port.size() > 5 || !all_digits(port)) return false;
        registry = registry.substr(0, colon);
    }
    return registry.ends_with(".localhost");
}

}  // namespace

bool is_registry(std::string_view text) noexcept {
    const bool clean = std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > ' ' && byte != 0x7F && std::string_view("%@?#\\^{|}`/").find(c) == std::string_view::npos;
    });
    if (!clean) return false;
    if (const std::size_t open = text.rfind('['); open != std::string_view::npos) {
        return open == 0 && is_bracketed_ipv6(text);
    }
    const std::size_t colon = text.rfind(':');
    return colon == std::string_view::npos || is_optional_port(text.substr(colon));
}

std::string_view scheme_of(std::string_view registry) noexcept {
    const bool near = is_private_ipv4(registry.substr(0, registry.find(':'))) || registry.starts_with("localhost:") ||
                      is_under_localhost(registry) || registry.find("127.0.0.1") != std::string_view::npos ||
                      registry.find("::1") != std::string_view::npos;
    return near ? "http" : "https";
}

}  // namespace tidemark::policy
