// Logging in: what a 401 asks for, and tokens. The challenge of the first repository of a host serves for all others,
// so that a scan usually goes out with its token at once.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "mirror/http/url.h"
#include "mirror/registry/engine.h"

namespace tidemark::mirror::registry {
namespace {

constexpr std::size_t k_scopes_a_token = 10;
constexpr std::size_t k_jobs_looked_at = 64;
constexpr std::size_t k_scope_limit = 1024;
constexpr std::size_t k_login_body_limit = 64U << 10U;
constexpr std::size_t k_batch_token_limit = 4096;  // longer ones make every request heavy

/// "repository:<name>:<actions>" gives the actions.
std::optional<std::string> actions_of(const std::string& scope) {
    constexpr std::string_view k_prefix = "repository:";
    const auto colon = scope.rfind(':');
    const bool one = scope.find(' ') == std::string::npos;
    if (!scope.starts_with(k_prefix) || colon < k_prefix.size() || !one) return std::nullopt;
    return scope.substr(colon + 1);
}

std::optional<Challenge> read_challenge(const http::Response& response) {
    std::vector<std::string_view> headers;
    for (std::size_t i = 0; i < 8; ++i) {
        const auto header = response.header("WWW-Authenticate", i);
        if (!header) break;
        headers.push_back(*header);
    }
    return choose_challenge(headers);
}

bool is_identity(const Job& job) {
    return job.credential && !job.credential->identity_token.empty();
}

}  // namespace

void Scanner::Engine::take_unauthorized(Job& job, const http::Response& response) {
    GiveUp refusal = job.refusal(response, response.body);
    if (job.foreign || ++job.logins > 4) return give_up(job, std::move(refusal));
    const auto challenge = read_challenge(response);
    if (!challenge && !job.asked_for_login) return ask_for_login(job, std::move(refusal));
    if (!challenge) {
        refusal.message += "; it does not say how to log in";
        return give_up(job, std::move(refusal));
    }
    take_challenge(job, *challenge, response);
}

/// Some registries say how to log in at /v2/ alone; the scope there is not the repository's.
void Scanner::Engine::ask_for_login(Job& job, GiveUp refusal) {
    Gate& gate = *job.host.gate;
    if (!may_go(gate)) {
        const auto go = [this, &job, refusal](Clock::duration waited) {
            job.deadline += waited;
            ask_for_login(job, refusal);
        };
        return hold(gate, {.since = {}, .host = &job.host, .go = go, .refuse = [this, &job](const GiveUp& reason) {
                               end(job, reason);
                           }});
    }
    job.asked_for_login = true;
    http::Request request;
    request.url = job.host.origin() + "/v2/";
    request.body_limit = k_login_body_limit;
    request.timeout = std::max(time_left(job), std::chrono::milliseconds(1));
    request.connect_timeout = m_limits.connect_timeout;
    ++job.requests;
    job.asked = Clock::now();
    start(gate, *job.host.channel, request, [this, &job, refusal = std::move(refusal)](const http::Response& response) {
        auto challenge = response.status == 401 ? read_challenge(response) : std::nullopt;
        if (!challenge) {
            GiveUp reason = refusal;
            reason.message += "; it does not say how to log in";
            return give_up(job, std::move(reason));
        }
        if (challenge->kind == Challenge::Kind::bearer) challenge->scope = "repository:" + job.repository + ":pull";
        take_challenge(job, *challenge, response);
    });
}

void Scanner::Engine::take_challenge(Job& job, const Challenge& challenge, const http::Response& response) {
    GiveUp refusal = job.refusal(response, response.body);
    if (job.sent_credential) {
        refusal.message += "; the credential was refused";
        return give_up(job, std::move(refusal));
    }
    if (challenge.kind == Challenge::Kind::bearer) return take_bearer(job, challenge, response);
    if (basic_authorization(job.credential).empty()) {
        refusal.message += job.credential ? "; it wants a user name and a password, the credential has none"
                                          : "; it wants a credential (secretRef), and there is none";
        return give_up(job, std::move(refusal));
    }
    job.host.login = Login{.kind = Challenge::Kind::basic, .realm = {}, .service = {}, .scope = {}};
    ask(job);
}

void Scanner::Engine::take_bearer(Job& job, const Challenge& challenge, const http::Response& response) {
    Host& host = job.host;
    GiveUp refusal = job.refusal(response, response.body);
    const bool had_token = !job.sent_token_key.empty();
    if (had_token && job.own_token) {
        refusal.message += job.credential ? "; its token server knows the credential, which gives no right to pull here"
                                          : "; there is no credential (secretRef), and anonymous access does not do";
        return give_up(job, std::move(refusal));
    }
    const auto own = http::parse_url(host.origin() + "/");
    const auto realm = own ? http::resolve_url(*own, challenge.realm) : std::nullopt;
    const std::string_view why = realm ? http::refusal_to_follow(*own, *realm) : "it is no URL";
    if (!why.empty() || challenge.scope.size() > k_scope_limit || challenge.service.size() > k_scope_limit) {
        refusal.message +=
            fmt::format("; its token server is not asked: {}", why.empty() ? "its scope is too long" : why);
        return give_up(job, std::move(refusal));
    }

    Login login;
    login.kind = Challenge::Kind::bearer;
    login.realm = realm->to_string();
    login.service = challenge.service;
    const bool same = host.login && host.login->kind == login.kind && host.login->realm == login.realm &&
                      host.login->service == login.service;
    const auto actions = actions_of(challenge.scope);
    if (actions) {
        login.rule = ScopeRule::per_repository;
        login.actions = *actions;
    } else if (challenge.scope.empty() && same && had_token) {
        login.rule = ScopeRule::per_repository;  // a token without a scope did not do
    } else {
        login.scope = challenge.scope;
    }
    login.one_scope_a_token = same && host.login->one_scope_a_token;
    host.login = std::move(login);
    if (had_token) {
        m_tokens.forget(job.sent_token_key, job.sent_token_number);
        job.own_token = true;
    }
    ask(job);
}

void Scanner::Engine::ask_with_token(Job& job) {
    const Login& login = *job.host.login;
    const std::string key =
        TokenStore::key(login.realm, login.service, job.credential_key, login.scope_for(job.repository));
    const TokenStore::Entry* token = m_tokens.find(key, Clock::now());
    if (token == nullptr) return fetch_token(job, key);
    job.sent_token_key = key;
    job.sent_token_number = token->number;
    send(job, SecretString("Bearer " + token->value.reveal()));
}

void Scanner::Engine::fetch_token(Job& job, const std::string& key) {
    if (const auto found = m_fetches.find(key); found != m_fetches.end()) {
        found->second->waiting.push_back(&job);
        return;
    }
    auto fetch = std::make_shared<TokenFetch>();
    fetch->host = &job.host;
    fetch->login = *job.host.login;
    fetch->keys.push_back(key);
    const std::string scope = fetch->login.scope_for(job.repository);
    if (!scope.empty()) fetch->scopes.push_back(scope);
    fetch->waiting.push_back(&job);
    const bool alone = job.own_token || fetch->login.one_scope_a_token || fetch->login.rule == ScopeRule::constant;
    if (!alone) add_scopes_of_waiting_jobs(*fetch, job);
    for (const std::string& each : fetch->keys)
        m_fetches[each] = fetch;
    send_fetch(fetch, is_identity(job));
}

/// One token for several repositories saves most of the token requests.
void Scanner::Engine::add_scopes_of_waiting_jobs(TokenFetch& fetch, const Job& first) {
    const auto now = Clock::now();
    std::size_t looked_at = 0;
    for (const std::unique_ptr<Job>& job : fetch.host->waiting) {
        if (fetch.scopes.size() >= k_scopes_a_token || ++looked_at > k_jobs_looked_at) return;
        if (job->credential_key != first.credential_key) continue;
        const std::string scope = fetch.login.scope_for(job->repository);
        std::string key = TokenStore::key(fetch.login.realm, fetch.login.service, job->credential_key, scope);
        const bool known = m_tokens.find(key, now) != nullptr || m_fetches.count(key) != 0 ||
                           std::find(fetch.keys.begin(), fetch.keys.end(), key) != fetch.keys.end();
        if (known) continue;
        fetch.scopes.push_back(scope);
        fetch.keys.push_back(std::move(key));
    }
}

void Scanner::Engine::send_fetch(const std::shared_ptr<TokenFetch>& fetch, bool by_identity_token) {
    const Login& login = fetch->login;
    const auto realm = http::parse_url(login.realm);
    Gate& gate = realm ? gate_of(*realm) : *fetch->host->gate;
    if (!may_go(gate)) {
        const auto go = [this, fetch, by_identity_token](Clock::duration waited) {
            for (Job* job : fetch->waiting)
                job->deadline += waited;
            send_fetch(fetch, by_identity_token);
        };
        return hold(gate, {.since = {}, .host = fetch->host, .go = go, .refuse = [this, fetch](const GiveUp& reason) {
                               end_fetch(*fetch, reason);
                           }});
    }
    Job& leader = *fetch->waiting.front();
    http::Request request = by_identity_token
                                ? identity_token_request(login.realm, login.service, fetch->scopes, *leader.credential)
                                : token_request(login.realm, login.service, fetch->scopes, leader.credential);
    request.timeout = std::max(time_left(leader), std::chrono::milliseconds(1));
    request.connect_timeout = m_limits.connect_timeout;
    ++leader.requests;
    leader.asked = Clock::now();
    start(gate, *fetch->host->channel, request, [this, fetch, by_identity_token](const http::Response& response) {
        take_token(fetch, by_identity_token, response);
    });
}

void Scanner::Engine::end_fetch(TokenFetch& fetch, const GiveUp& reason) {
    for (const std::string& key : fetch.keys)
        m_fetches.erase(key);
    for (Job* job : std::exchange(fetch.waiting, {}))
        end(*job, reason);
}

GiveUp Scanner::Engine::token_refusal(const Job& job, const Login& login, const http::Response& response) const {
    const auto realm = http::parse_url(login.realm);
    const std::string server = realm ? realm->origin() : login.realm;
    GiveUp reason{ErrorKind::network, 0, {}, response.retry_after};
    if (response.failure != http::Failure::none) {
        reason.message = fmt::format("the token server {} of {} did not answer: {}", server, job.host.name,
                                     job.without_secrets(response.error));
        return reason;
    }
    const bool about_login = response.status >= 400 && response.status <= 403;
    reason.kind = about_login ? ErrorKind::authentication : ErrorKind::refused;
    reason.http_status = response.status;
    const std::string words = job.words_of(response.body);
    const std::string subject = is_refusal_of_all(response.status) ? "" : " for " + job.subject();
    reason.message = fmt::format("the token server {} of {} answered {}{}{}{}", server, job.host.name,
                                 status_text(response.status), subject, words.empty() ? "" : ": ", words);
    if (about_login) {
        reason.message += job.credential ? "; the credential was refused" : "; there is no credential (secretRef)";
    }
    return reason;
}

void Scanner::Engine::take_token(const std::shared_ptr<TokenFetch>& fetch, bool by_identity_token,
                                 const http::Response& response) {
    const std::vector<Job*> waiting = std::exchange(fetch->waiting, {});
    const bool answered = response.failure == http::Failure::none;
    // Servers without the OAuth form: the password, if there is one, does the same.
    const bool no_form = answered && by_identity_token && (response.status == 404 || response.status == 405);
    if (no_form && !basic_authorization(waiting.front()->credential).empty()) {
        fetch->waiting = waiting;
        return send_fetch(fetch, false);
    }
    for (const std::string& key : fetch->keys)
        m_fetches.erase(key);

    if (answered && response.status == 200) {
        const auto token = read_token(response.body);
        if (!token) {
            const GiveUp refusal = token_refusal(*waiting.front(), fetch->login, response);
            for (Job* job : waiting) {
                give_up(*job, {ErrorKind::invalid, 200, refusal.message + ": " + token.message(), {}});
            }
            return;
        }
        const auto now = Clock::now();
        for (const std::string& key : fetch->keys)
            m_tokens.put(key, *token, now);
        if (fetch->keys.size() > 1 && token->value.reveal().size() > k_batch_token_limit && fetch->host->login) {
            fetch->host->login->one_scope_a_token = true;
        }
        for (Job* job : waiting)
            ask(*job);
        return;
    }
    if (answered && fetch->scopes.size() > 1 && response.status < 500 && response.status != 429) {
        // Perhaps only because of another repository in the batch.
        if (fetch->host->login) fetch->host->login->one_scope_a_token = true;
        for (Job* job : waiting) {
            job->own_token = true;
            ask(*job);
        }
        return;
    }
    const bool passes =
        !answered ? response.failure == http::Failure::cut_off : response.status == 429 || response.status >= 500;
    for (Job* job : waiting) {
        GiveUp refusal = token_refusal(*job, fetch->login, response);
        if (passes) {
            try_later(*job, std::move(refusal));
        } else {
            give_up(*job, std::move(refusal));
        }
    }
}

}  // namespace tidemark::mirror::registry
