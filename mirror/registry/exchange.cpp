// The questions of all jobs and the answers that concern every job alike.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "mirror/registry/engine.h"
#include "policy/base/duration.h"

namespace tidemark::mirror::registry {
namespace {

constexpr unsigned k_good_before_growth = 16;
constexpr std::chrono::milliseconds k_tls_probe{3000};  // for a host that may speak plain http

bool passes(int status) {
    constexpr int k_statuses[] = {408, 429, 499, 500, 502, 503, 504, 522};
    return std::find(std::begin(k_statuses), std::end(k_statuses), status) != std::end(k_statuses);
}

bool redirects(const http::Response& response) {
    constexpr int k_statuses[] = {301, 302, 303, 307, 308};
    return std::find(std::begin(k_statuses), std::end(k_statuses), response.status) != std::end(k_statuses) &&
           response.header("Location").has_value();
}

/// Equal but for numbers: libcurl's words hold milliseconds.
bool same_words(std::string one, std::string other) {
    const auto drop_digits = [](std::string& text) {
        std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
    };
    drop_digits(one);
    drop_digits(other);
    return one == other;
}

/// What libcurl's failure means for people, and what to do about it.
std::string explain(const Job& job, const http::Response& response) {
    const std::string& name = job.led_to ? job.led_to->host : job.host.name;
    switch (response.failure) {
        case http::Failure::certificate:
            return fmt::format("the certificate of {} is not accepted: {}; is its authority in ca.crt (certSecretRef)?",
                               name, response.error);
        case http::Failure::tls:
            return fmt::format("TLS with {} failed: {}", name, response.error);
        case http::Failure::tls_refused:
            return fmt::format(
                "{} refused the TLS connection: {}; does it want a client certificate (tls.crt, tls.key)?", name,
                response.error);
        case http::Failure::proxy:
            return fmt::format("the proxy does not connect to {}: {}; does it want another login (proxySecretRef)?",
                               name, response.error);
        case http::Failure::unreachable:
            return fmt::format("{} cannot be reached: {}", name, response.error);
        case http::Failure::cut_off:
            return fmt::format("{} cut its answer for {} off: {}", name, job.subject(), response.error);
        case http::Failure::too_large:
            return fmt::format("the answer of {} for {} is larger than is read", name, job.subject());
        case http::Failure::timed_out:
        case http::Failure::none:
        case http::Failure::other:
            break;
    }
    return fmt::format("asking {} for {} failed: {}", name, job.subject(), response.error);
}

}  // namespace

std::chrono::milliseconds Scanner::Engine::time_left(const Job& job) const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(job.deadline - Clock::now());
}

GiveUp Scanner::Engine::out_of_time(const Job& job) const {
    return {ErrorKind::network,
            0,
            fmt::format("{} did not answer for {} within {}", job.led_to ? job.led_to->host : job.host.name,
                        job.subject(), policy::format_duration(job.timeout)),
            {}};
}

void Scanner::Engine::ask(Job& job) {
    job.sent_token_key.clear();
    job.sent_credential = false;
    if (time_left(job) <= std::chrono::milliseconds(0)) return give_up(job, out_of_time(job));
    const std::optional<Login>& login = job.host.login;
    const Credential* credential = job.credential ? &*job.credential : nullptr;
    if (job.foreign) return send(job, {});
    if (credential != nullptr && !credential->registry_token.empty()) {
        job.sent_credential = true;
        return send(job, SecretString("Bearer " + credential->registry_token.reveal()));
    }
    if (!login) return send(job, {});
    if (login->kind == Challenge::Kind::bearer) return ask_with_token(job);
    SecretString authorization = basic_authorization(job.credential);
    job.sent_credential = !authorization.empty();
    send(job, std::move(authorization));
}

void Scanner::Engine::send(Job& job, SecretString authorization) {
    Gate& gate = gate_of(job);
    if (!may_go(gate)) return hold(gate, job);
    const Question question = job.question();
    http::Request request;
    request.method = question.method;
    request.url = job.led_to ? job.led_to->to_string() : job.host.origin() + question.path;
    request.accept = question.accept;
    job.sent_authorization = authorization;
    request.authorization = std::move(authorization);
    request.body_limit = question.body_limit;
    request.timeout = time_left(job);
    request.connect_timeout = m_limits.connect_timeout;
    const bool probing = job.host.may_be_plain && !job.host.answered && job.host.scheme == "https";
    if (probing) request.connect_timeout = std::min(request.connect_timeout, k_tls_probe);
    ++job.requests;
    job.asked = Clock::now();
    start(gate, *job.host.channel, request, [this, &job](const http::Response& response) { take(job, response); });
}

void Scanner::Engine::take(Job& job, const http::Response& response) {
    if (response.failure != http::Failure::none) return take_silence(job, response);
    note_answer(job);
    if (response.status == 401) return take_unauthorized(job, response);
    if (redirects(response)) return follow(job, response);
    if (passes(response.status)) return try_later(job, job.refusal(response, response.body));
    job.host.refusals = 0;
    job.host.gate->refusals.succeed(job.asked);
    job.tries = 0;
    job.redirects = 0;
    job.logins = 0;
    if (job.take(response) == Progress::finished) return finish(job);
    ask(job);
}

void Scanner::Engine::note_answer(Job& job) {
    if (job.foreign) return;
    Host& host = job.host;
    host.answered = true;
    host.answered_tls = host.answered_tls || host.scheme == "https";
    host.silences = 0;
    host.silence.reset();
    if (host.window < widest_window(host) && ++host.good >= k_good_before_growth) {
        host.good = 0;
        ++host.window;
    }
}

void Scanner::Engine::take_silence(Job& job, const http::Response& response) {
    if (response.status != 0) note_answer(job);
    if (fall_back_to_plain(job, response)) return ask(job);
    GiveUp reason{ErrorKind::network, 0, job.without_secrets(explain(job, response)), {}};
    if (!job.plain_reason.empty() && response.status == 0 && !same_words(job.plain_reason, response.error)) {
        reason.message += fmt::format(" (plain http; before that, https: {})", job.plain_reason);
    }
    switch (response.failure) {
        case http::Failure::timed_out:
            if (time_left(job) <= std::chrono::milliseconds(50)) reason = out_of_time(job);
            return give_up(job, std::move(reason));
        case http::Failure::too_large:
            reason.kind = ErrorKind::invalid;
            reason.http_status = response.status;
            return give_up(job, std::move(reason));
        case http::Failure::proxy:
        case http::Failure::unreachable:
        case http::Failure::tls:
        case http::Failure::tls_refused:
        case http::Failure::certificate:
            if (!job.foreign) {
                job.host.answered = false;
                if (!job.host.answered_tls) job.host.scheme = "https";
            }
            return give_up(job, std::move(reason));
        case http::Failure::cut_off:
            return try_later(job, std::move(reason));
        case http::Failure::none:
        case http::Failure::other:
            return give_up(job, std::move(reason));
    }
}

/// True: the host may speak plain http, https did not work, and the question goes out again.
bool Scanner::Engine::fall_back_to_plain(Job& job, const http::Response& response) {
    Host& host = job.host;
    const bool no_tls = response.failure == http::Failure::tls || response.failure == http::Failure::unreachable ||
                        response.failure == http::Failure::cut_off || response.failure == http::Failure::timed_out;
    const bool may = host.may_be_plain && !host.answered_tls && !job.foreign && host.scheme == "https";
    if (!may || !no_tls || time_left(job) <= std::chrono::milliseconds(0)) return false;
    job.plain_reason = response.error;
    host.scheme = "http";
    host.answered = false;
    return true;
}

void Scanner::Engine::follow(Job& job, const http::Response& response) {
    const auto refuse = [&](std::string_view why) {
        give_up(job,
                {ErrorKind::refused,
                 response.status,
                 fmt::format("{} redirects {} elsewhere, which is not followed: {}", job.host.name, job.subject(), why),
                 {}});
    };
    if (++job.redirects > m_limits.redirects) return refuse("there were too many redirects");
    const auto own = http::parse_url(job.host.origin() + "/");
    const auto from = job.led_to ? job.led_to : http::parse_url(job.host.origin() + job.question().path);
    const auto location = response.header("Location");
    const auto to = from ? http::resolve_url(*from, std::string(*location)) : std::nullopt;
    if (!to || !own) return refuse("its Location cannot be read");
    if (const auto why = http::refusal_to_follow(*from, *to); !why.empty()) return refuse(why);
    job.foreign = job.foreign || !to->same_origin(*own);
    job.led_to = *to;
    ask(job);
}

void Scanner::Engine::try_later(Job& job, GiveUp reason) {
    if (is_refusal_of_all(reason.http_status) && !reason.retry_after && !job.foreign)
        return back_off(job, std::move(reason));
    Host& host = job.host;
    const auto now = Clock::now();
    auto delay = m_limits.retry_delay;
    for (unsigned i = 0; i < job.tries; ++i)
        delay *= 3;
    ++job.tries;
    if (reason.retry_after) delay = std::min(*reason.retry_after, std::chrono::seconds(24 * 3600));
    if (reason.retry_after && !job.foreign) {
        host.gate->silent_until = std::max(host.gate->silent_until, now + delay);
        host.gate->reason = reason;
        host.window = std::max(1U, host.window / 2);
    }
    const bool last = job.tries >= m_limits.tries || delay > m_limits.longest_wait || now + delay >= job.deadline ||
                      host.refusals >= k_patience;
    if (last) {
        ++host.refusals;
        give_up(job, std::move(reason));
        return refuse_waiting(*host.gate);
    }
    m_timers.emplace(now + delay, &job);
}

}  // namespace tidemark::mirror::registry
