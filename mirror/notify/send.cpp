#include "mirror/notify/send.h"

#include <algorithm>
#include <exception>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/http/url.h"
#include "mirror/notify/outgoing.h"

namespace tidemark::mirror::notify {
namespace {

constexpr std::chrono::milliseconds k_step{200};
constexpr std::size_t k_words_limit = 200;
/// Shorter values are no secrets, and would be found everywhere.
constexpr std::size_t k_shortest_secret = 4;

/// A server may repeat what it was sent.
std::string without_secrets(std::string text, const SecretValues& secret) {
    for (const auto& [key, value] : secret) {
        const std::string& hidden = value.reveal();
        if (hidden.size() < k_shortest_secret) continue;
        for (std::size_t at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at))
            text.replace(at, hidden.size(), "***");
    }
    return text;
}

/// With the login that was made of them: a server may repeat that as well.
SecretValues with_login(SecretValues secret, const SecretString& authorization) {
    const std::string& header = authorization.reveal();
    const std::size_t blank = header.find(' ');
    if (blank != std::string::npos) secret["login"] = SecretString(header.substr(blank + 1));
    return secret;
}

/// The server's own words on one line. Not where the whole address is the secret: parts of it may come back.
std::string words_of(const SinkSettings& settings, std::string_view body, const SecretValues& secret) {
    if (settings.address.empty()) return {};
    std::string words = clean_text(without_secrets(std::string(body), secret), k_words_limit);
    std::replace(words.begin(), words.end(), '\n', ' ');
    return words.empty() ? words : ": " + words;
}

std::string why(http::Failure failure, const std::string& error) {
    if (failure == http::Failure::timed_out) return "no answer in time";
    return error.empty() ? "no answer" : error;
}

SendResult judge(const SinkSettings& settings, const http::Response& response, const SecretValues& secret) {
    SendResult result;
    result.retry_after = response.retry_after;
    if (response.failure != http::Failure::none && response.failure != http::Failure::too_large) {
        result.error = without_secrets(why(response.failure, response.error), secret);
        return result;
    }
    result.delivered = response.status >= 200 && response.status < 300;
    if (result.delivered) return result;
    // What is wrong with this notice stays wrong; what is wrong with address or login somebody will mend.
    const int status = response.status;
    result.refused = status == 400 || status == 413 || status == 415 || status == 422;
    const bool redirect = status >= 300 && status < 400;
    result.error = fmt::format(
        "the server answered {}{}", status,
        redirect ? ", which leads elsewhere; give the address it leads to" : words_of(settings, response.body, secret));
    return result;
}

SendResult send_request(const SinkSettings& settings, const Outgoing& outgoing, const SecretValues& secret,
                        const std::stop_token& stop) {
    http::Client client({1, 1});
    SendResult result;
    result.error = "stopped before it was sent";
    const auto& request = std::get<http::Request>(outgoing.content);
    const SecretValues hidden = with_login(secret, request.authorization);
    client.start(client.channel(outgoing.tls, {}), request,
                 [&](const http::Response& response) { result = judge(settings, response, hidden); });
    while (client.active() > 0 && !stop.stop_requested())
        client.step(k_step);
    return result;
}

SendResult try_to_send(const Sink& sink, const Notice& notice, const SecretValues& secret, std::chrono::sys_seconds now,
                       const std::stop_token& stop) {
    const Outgoing outgoing = compose(sink, notice, secret, now);
    const auto* mail = std::get_if<http::Mail>(&outgoing.content);
    if (!mail) return send_request(sink.settings, outgoing, secret, stop);
    http::send_mail(*mail, stop);
    return {.delivered = true, .refused = false, .error = {}, .retry_after = {}};
}

}  // namespace

SendResult send(const Sink& sink, const Notice& notice, const SecretStore& secrets, std::chrono::sys_seconds now,
                std::stop_token stop) noexcept {
    SendResult result;
    SecretValues secret;
    try {
        secret = secret_values(sink.settings, secrets);
        return try_to_send(sink, notice, secret, now, stop);
    } catch (const std::exception& error) {
        result.error = without_secrets(clean_text(error.what(), 1000), secret);
        std::replace(result.error.begin(), result.error.end(), '\n', ' ');
    }
    return result;
}

}  // namespace tidemark::mirror::notify
