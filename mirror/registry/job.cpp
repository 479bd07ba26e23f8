#include "mirror/registry/job.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace tidemark::mirror::registry {
namespace {

ErrorKind kind_of_status(int status) {
    switch (status) {
        case 401:
            return ErrorKind::authentication;
        case 403:
            return ErrorKind::permission;
        case 404:
            return ErrorKind::not_found;
        default:
            return ErrorKind::refused;
    }
}

/// "Bearer x" without its first word.
std::string_view login_of(const SecretString& authorization) {
    const std::string_view text = authorization.reveal();
    return text.substr(std::min(text.find(' ') + 1, text.size()));
}

}  // namespace

Job::Job(Access& access, Host& registry_host)
    : host(registry_host),
      repository(access.name.repository),
      credential(std::move(access.credential)),
      credential_key(credential_id(credential)),
      timeout(access.timeout) {}

std::string Job::without_secrets(std::string text) const {
    const auto hide = [&](std::string_view secret) {
        if (secret.empty()) return;
        for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos;)
            text.replace(at, secret.size(), "***");
    };
    // Also a token that a token server gave.
    hide(login_of(sent_authorization));
    if (!credential) return text;
    hide(login_of(basic_authorization(credential)));
    hide(credential->password.reveal());
    hide(credential->registry_token.reveal());
    hide(credential->identity_token.reveal());
    // As it is in the form that a token server gets.
    hide(http::escape_query(credential->identity_token.reveal()));
    return text;
}

std::string Job::words_of(std::string_view body) const {
    // Before it is cut, as half of a secret would not be known; and after, as JSON may have escaped it.
    return without_secrets(error_words(without_secrets(std::string(body))));
}

GiveUp Job::refusal(const http::Response& response, std::string_view body) const {
    GiveUp reason;
    reason.kind = kind_of_status(response.status);
    reason.http_status = response.status;
    reason.retry_after = response.retry_after;
    const std::string words = words_of(body);
    const std::string server = led_to ? led_to->origin() : host.name;
    const bool whatever = is_refusal_of_all(response.status) && !foreign;
    reason.message = fmt::format("{} answered {}{}{}{}", server, status_text(response.status),
                                 whatever ? "" : " for " + subject(), words.empty() ? "" : ": ", words);
    return reason;
}

bool is_refusal_of_all(int status) noexcept {
    return status == 429 || status == 503;
}

std::string status_text(int status) {
    struct Name {
        int status;
        std::string_view text;
    };
    static constexpr std::array<Name, 22> k_names = {{
        {200, "OK"},
        {204, "No Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {402, "Payment Required"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {407, "Proxy Authentication Required"},
        {408, "Request Timeout"},
        {410, "Gone"},
        {413, "Content Too Large"},
        {429, "Too Many Requests"},
        {500, "Internal Server Error"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
    }};
    const auto* found = std::find_if(k_names.begin(), k_names.end(), [&](const Name& n) { return n.status == status; });
    return found != k_names.end() ? fmt::format("{} {}", status, found->text) : std::to_string(status);
}

}  // namespace tidemark::mirror::registry
