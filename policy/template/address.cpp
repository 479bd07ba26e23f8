#include "policy/template/address.h"

#include <algorithm>

namespace tidemark::policy::message {
namespace {

// What stays as it is beside letters, digits and "-_.~", by part.
constexpr std::string_view k_kept_in_path = "$&+,/:;=@";
constexpr std::string_view k_kept_in_host = "!$&'()*+,;=:[]<>\"";
constexpr std::string_view k_kept_in_user = "$&+,;=";
constexpr std::string_view k_kept_in_fragment = "$&+,/:;=?@!()*";

bool is_letter_byte(char byte) noexcept {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}
bool is_digit_byte(char byte) noexcept {
    return byte >= '0' && byte <= '9';
}

int hexadecimal_value(char byte) noexcept {
    if (is_digit_byte(byte)) return byte - '0';
    if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
    return -1;
}

std::string encoded(std::string_view text, std::string_view kept) {
    constexpr std::string_view k_digits = "0123456789ABCDEF";
    constexpr std::string_view k_plain = "-_.~";
    std::string result;
    for (const char byte : text) {
        if (is_letter_byte(byte) || is_digit_byte(byte) || k_plain.find(byte) != std::string_view::npos ||
            kept.find(byte) != std::string_view::npos) {
            result += byte;
        } else {
            const auto code = static_cast<unsigned char>(byte);
            result += '%';
            result += k_digits[code >> 4];
            result += k_digits[code & 15];
        }
    }
    return result;
}

Result<std::string> decoded(std::string_view text) {
    std::string result;
    for (std::size_t index = 0; index < text.size(); ++index) {
        if (text[index] != '%') {
            result += text[index];
            continue;
        }
        const int high = index + 2 < text.size() ? hexadecimal_value(text[index + 1]) : -1;
        const int low = index + 2 < text.size() ? hexadecimal_value(text[index + 2]) : -1;
        if (high < 0 || low < 0)
            return Problem{"invalid URL escape \"" + std::string(text.substr(index, 3)) + "\"", std::nullopt};
        result += static_cast<char>(static_cast<unsigned char>(high * 16 + low));
        index += 2;
    }
    return result;
}

bool is_port(std::string_view text) {
    return text.empty() || (text.front() == ':' && std::all_of(text.begin() + 1, text.end(), is_digit_byte));
}

bool holds_only(std::string_view text, std::string_view signs) {
    return std::all_of(text.begin(), text.end(), [&](char byte) {
        return is_letter_byte(byte) || is_digit_byte(byte) || static_cast<signed char>(byte) < 0 ||
               signs.find(byte) != std::string_view::npos;
    });
}

/// The scheme off the front of the text; empty where there is none.
Result<std::string> take_scheme(std::string_view& text) {
    constexpr std::string_view k_signs = "+-.";
    for (std::size_t index = 0; index < text.size(); ++index) {
        const char byte = text[index];
        if (byte == ':') {
            if (index == 0) return Problem{"missing protocol scheme", std::nullopt};
            std::string scheme(text.substr(0, index));
            std::transform(scheme.begin(), scheme.end(), scheme.begin(), [](char letter) {
                return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
            });
            text.remove_prefix(index + 1);
            return scheme;
        }
        const bool later = index > 0 && (is_digit_byte(byte) || k_signs.find(byte) != std::string_view::npos);
        if (!is_letter_byte(byte) && !later) break;
    }
    return std::string();
}

Result<std::string> parse_host(std::string_view host) {
    const std::size_t bracket = host.rfind('[');
    if (bracket != std::string_view::npos) {
        const std::size_t end = host.rfind(']');
        if (bracket > 0) return Problem{"invalid IP-literal", std::nullopt};
        if (end == std::string_view::npos) return Problem{"missing ']' in host", std::nullopt};
        if (!is_port(host.substr(end + 1))) return Problem{"invalid port after host", std::nullopt};
        if (host.substr(0, end).find(':') == std::string_view::npos) return Problem{"invalid host", std::nullopt};
    } else if (const std::size_t colon = host.find(':'); colon != std::string_view::npos) {
        if (!is_port(host.substr(colon))) return Problem{"invalid port after host", std::nullopt};
    }
    if (!holds_only(host, "-_.~!$&'()*+,;=:[]<>\"%")) return Problem{"invalid character in host name", std::nullopt};
    return decoded(host);
}

std::optional<Problem> parse_authority(std::string_view authority, Address& address) {
    const std::size_t at = authority.rfind('@');
    Result<std::string> host = parse_host(at == std::string_view::npos ? authority : authority.substr(at + 1));
    if (!host) return host.problem();
    address.host = std::move(host).value();
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view user = authority.substr(0, at);
    if (!holds_only(user, "-_.:~!$&'()*+,;=%@")) return Problem{"invalid userinfo", std::nullopt};
    const std::size_t colon = user.find(':');
    Result<std::string> name = decoded(user.substr(0, colon));
    if (!name) return name.problem();
    address.user = std::move(name).value();
    if (colon == std::string_view::npos) return std::nullopt;
    Result<std::string> password = decoded(user.substr(colon + 1));
    if (!password) return password.problem();
    address.password = std::move(password).value();
    return std::nullopt;
}

}  // namespace

std::string Address::hostname() const {
    if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
    const std::size_t colon = host.rfind(':');
    return colon != std::string::npos && is_port(std::string_view(host).substr(colon)) ? host.substr(0, colon) : host;
}

Result<Address> parse_address(std::string_view text) {
    Address address;
    if (const std::size_t mark = text.find('#'); mark != std::string_view::npos) {
        Result<std::string> fragment = decoded(text.substr(mark + 1));
        if (!fragment) return fragment.problem();
        address.fragment = std::move(fragment).value();
        text = text.substr(0, mark);
    }
    if (std::any_of(text.begin(), text.end(), [](char byte) { return (byte >= 0 && byte < ' ') || byte == 0x7F; }))
        return Problem{"invalid control character in URL", std::nullopt};
    Result<std::string> scheme = take_scheme(text);
    if (!scheme) return scheme.problem();
    address.scheme = std::move(scheme).value();
    if (const std::size_t mark = text.find('?'); mark != std::string_view::npos) {
        address.query = text.substr(mark + 1);
        text = text.substr(0, mark);
    }
    if (!text.starts_with('/')) {
        if (!address.scheme.empty()) {
            address.opaque = text;
            return address;
        }
        if (text.substr(0, text.find('/')).find(':') != std::string_view::npos)
            return Problem{"first path segment in URL cannot contain colon", std::nullopt};
    }
    if ((!address.scheme.empty() || !text.starts_with("///")) && text.starts_with("//")) {
        text.remove_prefix(2);
        const std::size_t slash = std::min(text.find('/'), text.size());
        if (std::optional<Problem> problem = parse_authority(text.substr(0, slash), address))
            return std::move(*problem);
        text.remove_prefix(slash);
    }
    Result<std::string> path = decoded(text);
    if (!path) return path.problem();
    address.path = std::move(path).value();
    return address;
}

std::string encoded_user(const Address& address) {
    if (!address.user) return {};
    std::string text = encoded(*address.user, k_kept_in_user);
    if (address.password) text += ":" + encoded(*address.password, k_kept_in_user);
    return text;
}

std::string to_string(const Address& address) {
    std::string text;
    if (!address.scheme.empty()) text = address.scheme + ":";
    if (!address.opaque.empty()) {
        text += address.opaque;
    } else {
        const bool authority = !address.host.empty() || address.user;
        if (authority || (!address.scheme.empty() && !address.path.empty())) text += "//";
        if (address.user) text += encoded_user(address) + "@";
        text += encoded(address.host, k_kept_in_host);
        const std::string path = address.path == "*" ? "*" : encoded(address.path, k_kept_in_path);
        if (!path.empty() && path[0] != '/' && !address.host.empty()) text += '/';
        if (text.empty() && path.substr(0, path.find('/')).find(':') != std::string::npos) text += "./";
        text += path;
    }
    if (!address.query.empty()) text += "?" + address.query;
    if (!address.fragment.empty()) text += "#" + encoded(address.fragment, k_kept_in_fragment);
    return text;
}

}  // namespace tidemark::policy::message
