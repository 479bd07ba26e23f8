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

}  // namespace

Job::Job(Access& access, Host& registry_host)
    : host(registry_host),
      repository(access.name.repository),
      credential(std::move(access.credential)),
      credential_key(credential_id(credential)),
      timeout(access.timeout) {}

std::string Job::without_secrets(std::string text) const {
    if (!credential) return text;
    const SecretString basic = basic_authorization(credential);
    std::string_view encoded = basic.reveal();
    if (!encoded.empty()) encoded.remove_prefix(std::string_view("Basic ").size());
    const std::array<std::string_view, 4> secrets = {credential->password.reveal(), credential->identity_token.reveal(),
                                                     credential->registry_token.reveal(), encoded};
    for (const std::string_view secret : secrets) {
        if (secret.empty()) continue;
        for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos;)
            text.replace(at, secret.size(), "***");
    }
    return text;
}

GiveUp Job::refusal(const http::Response& response, std::string_view body) const {
    GiveUp reason;
    reason.kind = kind_of_status(response.status);
    reason.http_status = response.status;
    reason.retry_after = response.retry_after;
    const std::string words = without_secrets(error_words(body));
    const std::string asked = led_to ? led_to->origin() : host.name;
    reason.message = fmt::format("{} answered {} for {}{}{}", asked, status_text(response.status), subject(),
                                 words.empty() ? "" : ": ", words);
    return reason;
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
