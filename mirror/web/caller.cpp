#include "mirror/web/caller.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/web/dispatcher.h"

namespace tidemark::mirror::web {
namespace {

using Clock = Sessions::Clock;

constexpr std::size_t k_shortest_token = 16;
constexpr std::size_t k_longest_name = 64;
constexpr std::string_view k_bearer = "Bearer ";

std::string user_name(uid_t user) {
    std::vector<char> buffer(16384);
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == 0 && found) return found->pw_name;
    return fmt::format("user {}", user);
}

Caller local_caller(const Site& site, const Peer& peer) {
    Caller caller;
    caller.way = Caller::Way::socket;
    caller.who = user_name(peer.user);
    const gid_t group = site.socket_group();
    caller.may_change = peer.user == 0 || peer.user == ::geteuid() || peer.group == group ||
                        std::find(peer.groups.begin(), peer.groups.end(), group) != peer.groups.end();
    if (!caller.may_change)
        caller.why_not =
            fmt::format("{} may only look; root and members of the socket's group may change things", caller.who);
    return caller;
}

/// The administrator's token; empty if there is none. Throws Error if its Secret cannot be used.
SecretString admin_token(const Site& site) {
    const auto settings = site.settings();
    const auto workspace = site.live.workspace();
    if (!settings->token || !workspace) return {};
    const SecretValues values = workspace->secrets.get(*settings->token);
    const auto found = values.find("token");
    std::string token = found == values.end() ? "" : found->second.reveal();
    if (token.ends_with('\n')) token.pop_back();
    SecretString secret(std::move(token));
    if (secret.reveal().size() < k_shortest_token)
        throw Error(ErrorKind::authentication,
                    fmt::format("the Secret {} needs a key `token` of {} bytes or more; nobody can sign in before",
                                settings->token->to_string(), k_shortest_token));
    return secret;
}

Caller bearer_caller(Site& site, const Request& request) {
    Caller caller;
    caller.way = Caller::Way::bearer;
    const auto now = Clock::now();
    if (!site.sessions.may_try(request.peer.address, now)) {
        caller.why_not = "too many wrong tokens came from this address; wait half a minute";
        return caller;
    }
    const SecretString token = admin_token(site);
    caller.may_change = !token.empty() &&
                        equal_in_constant_time(token.reveal(), request.header("authorization").substr(k_bearer.size()));
    if (caller.may_change) {
        caller.who = "administrator (token)";
    } else {
        site.sessions.tried_in_vain(request.peer.address, now);
        caller.why_not = "the token is not the administrator's";
    }
    return caller;
}

/// What the proxy's user has to send back, the same as long as the process lives.
std::string proxy_csrf(const std::string& user) {
    static const std::string k_secret = random_name();
    std::string text;
    for (const char byte : hash_of(k_secret + '\n' + user))
        text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return text;
}

std::optional<Caller> proxy_caller(const WebSettings& settings, const Request& request) {
    if (!settings.proxy) return std::nullopt;
    const ProxySettings& proxy = *settings.proxy;
    if (std::find(proxy.trusted.begin(), proxy.trusted.end(), request.peer.address) == proxy.trusted.end())
        return std::nullopt;
    std::string header = proxy.header;
    std::transform(header.begin(), header.end(), header.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const std::string user(request.header(header));
    if (user.empty()) return std::nullopt;
    Caller caller;
    caller.way = Caller::Way::proxy;
    caller.who = user;
    caller.csrf = proxy_csrf(user);
    caller.may_change = std::find(proxy.users.begin(), proxy.users.end(), user) != proxy.users.end();
    if (!caller.may_change) caller.why_not = fmt::format("{} is not among web.admin.proxy.users", user);
    return caller;
}

std::optional<Caller> session_caller(Site& site, const Request& request) {
    const auto session = site.sessions.find(session_of(request), Clock::now());
    if (!session) return std::nullopt;
    // Reading a page reads no Secret; a change does, as the token may be another by now.
    if (request.method == Method::post && hash_of(admin_token(site).reveal()) != session->token_hash) {
        site.sessions.close(session_of(request));
        return std::nullopt;
    }
    Caller caller;
    caller.way = Caller::Way::session;
    caller.who = session->who;
    caller.csrf = session->csrf;
    caller.may_change = true;
    return caller;
}

/// "host" of "host:port" and "[::1]:port".
std::string_view host_of(std::string_view host) {
    if (host.starts_with('[')) return host.substr(0, std::min(host.find(']') + 1, host.size()));
    return host.substr(0, host.find(':'));
}

std::string_view authority_of(std::string_view url) {
    const std::size_t scheme = url.find("://");
    return scheme == std::string_view::npos ? url : url.substr(scheme + 3);
}

/// Another site's page sends its own origin along; programs send none.
bool is_foreign(const Request& request, const WebSettings& settings) {
    if (request.header("sec-fetch-site") == "cross-site") return true;
    const auto origin = find_only(request.headers, "origin");
    if (!origin) return false;
    const std::string_view authority = authority_of(*origin);
    return authority != request.header("host") && (settings.url.empty() || *origin != settings.url);
}

}  // namespace

Caller find_caller(Site& site, const Request& request) {
    if (request.peer.is_local()) return local_caller(site, request.peer);
    const auto settings = site.settings();
    if (request.header("authorization").starts_with(k_bearer)) return bearer_caller(site, request);
    if (auto caller = proxy_caller(*settings, request)) return *caller;
    if (auto caller = session_caller(site, request)) return *caller;
    Caller nobody;
    nobody.why_not = settings->token || settings->proxy
                         ? "sign in first"
                         : "nobody can sign in: the configuration names no web.admin; use the command line on the host";
    return nobody;
}

std::optional<Answer> find_refusal(const Caller& caller, const Request& request, const WebSettings& settings,
                                   std::string_view csrf) {
    if (caller.way == Caller::Way::nobody || (caller.way == Caller::Way::bearer && !caller.may_change))
        return refusal(request, 401, caller.why_not, settings.token ? "sign in at /sign-in, or send the token" : "");
    if (!caller.may_change) return refusal(request, 403, caller.why_not, "");
    if (caller.csrf.empty()) return std::nullopt;
    if (is_foreign(request, settings))
        return refusal(request, 403, "another site made this request", "open the page and press the button there");
    if (!equal_in_constant_time(caller.csrf, csrf))
        return refusal(request, 403, "the form is too old", "load the page again and press the button there");
    return std::nullopt;
}

bool is_own_host(const Request& request, const WebSettings& settings) {
    if (request.peer.is_local()) return true;
    const std::string_view listen = host_of(settings.listen);
    const bool loopback = listen.starts_with("127.") || listen == "[::1]";
    if (!loopback && settings.url.empty()) return true;
    const std::string_view host = host_of(request.header("host"));
    const std::array<std::string_view, 4> own = {"localhost", "127.0.0.1", "[::1]", listen};
    return std::find(own.begin(), own.end(), host) != own.end() ||
           (!settings.url.empty() && host == host_of(authority_of(settings.url)));
}

SignIn sign_in(Site& site, const Request& request, std::string_view token, std::string_view name) {
    const auto now = Clock::now();
    if (is_foreign(request, *site.settings())) return {"", "another site made this request"};
    if (!site.sessions.may_try(request.peer.address, now))
        return {"", "too many wrong tokens came from this address; wait half a minute"};
    const SecretString wanted = admin_token(site);
    if (wanted.empty()) return {"", "the configuration names no web.admin.tokenSecretRef"};
    if (!equal_in_constant_time(wanted.reveal(), token)) {
        site.sessions.tried_in_vain(request.peer.address, now);
        return {"", "that is not the administrator's token"};
    }
    std::string who;
    for (const char c : name.substr(0, k_longest_name))
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) who += c;
    if (who.empty()) who = "administrator";
    return {site.sessions.open(std::move(who), hash_of(wanted.reveal()), now), ""};
}

std::string session_cookie(const WebSettings& settings, const std::string& session) {
    return fmt::format("tidemark={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", session,
                       session.empty() ? 0 : std::chrono::seconds(Sessions::k_longest).count(),
                       settings.url.starts_with("https://") ? "; Secure" : "");
}

std::string session_of(const Request& request) {
    std::string_view cookies = request.header("cookie");
    while (!cookies.empty()) {
        const std::size_t end = std::min(cookies.find(';'), cookies.size());
        std::string_view cookie = cookies.substr(0, end);
        cookies.remove_prefix(std::min(end + 1, cookies.size()));
        while (cookie.starts_with(' '))
            cookie.remove_prefix(1);
        if (cookie.starts_with("tidemark=")) return std::string(cookie.substr(9));
    }
    return "";
}

}  // namespace tidemark::mirror::web
