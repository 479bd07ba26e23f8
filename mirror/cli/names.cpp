#include "mirror/cli/names.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::cli {
namespace {

bool is_small_alphanumeric(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

[[noreturn]] void refuse(const std::string& message) {
    throw Error(ErrorKind::usage, message);
}

bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The scheme of a URL, without the colon; empty if none is written (RFC 3986, section 3.1).
std::string_view scheme_of_url(std::string_view url) noexcept {
    const std::size_t end = url.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
    if (end == std::string_view::npos || url[end] != ':' || !is_letter(url.front())) return {};
    return url.substr(0, end);
}

/// Why a URL cannot be read; empty if it can. Only what people get wrong: the server says the rest.
std::string url_problem(std::string_view url, std::string_view scheme) {
    if (scheme.empty()) {
        const std::string_view first = url.substr(0, url.find('/'));
        return first.find(':') == std::string_view::npos ? "" : "first path segment in URL cannot contain colon";
    }
    std::string_view rest = url.substr(scheme.size() + 1);
    if (!rest.starts_with("//")) return "";
    rest.remove_prefix(2);
    std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
    for (const char c : authority) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) return "invalid control character in URL";
        if (std::string_view(" \"<>\\^`{|}").find(c) != std::string_view::npos) {
            return fmt::format("invalid character \"{}\" in host name", c);
        }
    }
    return "";
}

}  // namespace

bool is_dns_label(std::string_view text) noexcept {
    if (text.empty() || text.size() > 63) return false;
    if (!is_small_alphanumeric(text.front()) || !is_small_alphanumeric(text.back())) return false;
    return std::all_of(text.begin(), text.end(), [](char c) { return is_small_alphanumeric(c) || c == '-'; });
}

const std::string& object_name(const std::vector<std::string>& arguments) {
    if (arguments.empty()) refuse("name is required");
    const std::string& name = arguments.front();
    if (name.size() < 2 || !is_dns_label(name)) {
        refuse(
            fmt::format("name '{}' is invalid, it should adhere to standard defined in RFC 1123, the name can only "
                        "contain alphanumeric characters or '-'",
                        name));
    }
    return name;
}

policy::Labels parse_labels(const std::vector<std::string>& texts) {
    policy::Labels labels;
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || text.find('=', equals + 1) != std::string::npos) {
            refuse(fmt::format("invalid label format '{}', must be key=value", text));
        }
        const std::string key = text.substr(0, equals);
        const std::string value = text.substr(equals + 1);
        if (const auto checked = policy::check_label_key(key); !checked) {
            refuse(fmt::format("invalid label '{}': [{}]", key, checked.message()));
        }
        if (const auto checked = policy::check_label_value(value); !checked) {
            refuse(fmt::format("invalid label value '{}': [{}]", value, checked.message()));
        }
        labels[key] = value;
    }
    return labels;
}

std::string git_url_scheme(const std::string& url) {
    if (url.empty()) refuse("url is required");
    const std::string_view written = scheme_of_url(url);
    if (const std::string problem = url_problem(url, written); !problem.empty()) {
        // The address is shown without a password that may stand in it.
        refuse(fmt::format("git URL parse failed: parse \"{}\": {}", url, problem));
    }
    std::string scheme(written);
    std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (scheme != "ssh" && scheme != "http" && scheme != "https") {
        refuse(fmt::format("git URL scheme '{}' not supported, can be: ssh, http and https", scheme));
    }
    return scheme;
}

}  // namespace tidemark::mirror::cli
