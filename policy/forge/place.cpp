#include "policy/forge/place.h"

#include <algorithm>
#include <charconv>

namespace tidemark::policy {
namespace {

constexpr std::size_t k_host_limit = 255;
constexpr std::size_t k_path_limit = 1024;

bool is_alphanumeric(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// What all forges allow in a name, and what means itself in a URL's path.
bool is_name(std::string_view text) noexcept {
    return !text.empty() && text != "." && text != ".." && std::all_of(text.begin(), text.end(), [](char c) {
        return is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
    });
}

bool is_host_name(std::string_view text) noexcept {
    if (text.starts_with('[')) {
        return text.size() > 3 && text.ends_with(']') &&
               text.substr(1, text.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
    }
    return is_name(text) && text.front() != '-';
}

/// "git.example" and "3000" of "git.example:3000".
std::pair<std::string_view, std::string_view> split_port(std::string_view text) noexcept {
    const std::size_t bracket = text.rfind(']');
    const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon == std::string_view::npos) return {text, {}};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

bool is_port(std::string_view text) noexcept {
    unsigned port = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, port);
    return read.ec == std::errc() && read.ptr == end && port > 0 && port < 65536;
}

std::string_view without_slashes(std::string_view path) noexcept {
    while (path.starts_with('/'))
        path.remove_prefix(1);
    while (path.ends_with('/'))
        path.remove_suffix(1);
    return path;
}

/// The number of names in a path; 0: something in it is none.
std::size_t count_names(std::string_view path) noexcept {
    for (std::size_t count = 1;; ++count) {
        const std::size_t slash = path.find('/');
        if (!is_name(path.substr(0, slash))) return 0;
        if (slash == std::string_view::npos) return count;
        path.remove_prefix(slash + 1);
    }
}

}  // namespace

std::optional<std::string> forge_host(std::string_view text) {
    const auto [name, port] = split_port(text);
    const bool has_port = name.size() != text.size();
    if (text.size() > k_host_limit || !is_host_name(name) || (has_port && !is_port(port))) return std::nullopt;
    std::string host(port == "22" || port == "80" || port == "443" ? name : text);
    std::transform(host.begin(), host.end(), host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return host;
}

bool is_loopback_host(std::string_view host) noexcept {
    const std::string_view name = split_port(host).first;
    return name == "localhost" || name == "[::1]" ||
           (name.starts_with("127.") && name.find_first_not_of("0123456789.") == std::string_view::npos);
}

std::optional<RemotePlace> find_remote_place(std::string_view git_url) {
    const std::size_t scheme_end = git_url.find("://");
    const std::string_view scheme = git_url.substr(0, std::min(scheme_end, git_url.size()));
    if (scheme != "ssh" && scheme != "https" && scheme != "http") return std::nullopt;
    std::string_view rest = git_url.substr(scheme_end + 3);
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    std::string_view authority = rest.substr(0, slash);
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
    std::string_view path = without_slashes(rest.substr(slash));
    if (path.ends_with(".git")) path.remove_suffix(4);
    std::optional<std::string> host = forge_host(authority);
    if (!host || path.size() > k_path_limit || count_names(path) == 0) return std::nullopt;
    return RemotePlace{std::move(*host), std::string(path), scheme == "ssh"};
}

std::optional<std::string> repository_on_forge(const RemotePlace& place, std::string_view forge_path, Nesting nesting) {
    std::string_view path = place.path;
    forge_path = without_slashes(forge_path);
    if (!place.ssh && !forge_path.empty()) {
        if (!path.starts_with(forge_path)) return std::nullopt;
        path.remove_prefix(forge_path.size());
        if (!path.starts_with('/')) return std::nullopt;
        path.remove_prefix(1);
    }
    const std::size_t names = count_names(path);
    if (names < 2 || (nesting == Nesting::owner && names > 2)) return std::nullopt;
    return std::string(path);
}

}  // namespace tidemark::policy
