// Who sends a request, and whether they may change anything. Reading is for everybody who gets through.
#pragma once

#include <optional>
#include <string>

#include "mirror/web/exchange.h"
#include "mirror/web/site.h"

namespace tidemark::mirror::web {

struct Caller {
    enum class Way { nobody, socket, bearer, proxy, session };

    Way way = Way::nobody;
    bool may_change = false;
    std::string who;   // "dana"; empty for nobody
    std::string csrf;  // what a form has to carry; empty where browsers add nothing by themselves
    std::string why_not;
};

/// Throws Error where the token's Secret cannot be read.
Caller find_caller(Site& site, const Request& request);

/// nullopt: this caller may change things with this request. Else the refusal: 401 for nobody, 403 for one who may
/// not, a missing CSRF token or a request that another site made.
std::optional<Answer> find_refusal(const Caller& caller, const Request& request, const WebSettings& settings,
                                   std::string_view csrf);

/// Whether the request names one of our own hosts: a page of another one, whose name was made to lead here, does not.
bool is_own_host(const Request& request, const WebSettings& settings);

/// The result of a try to sign in.
struct SignIn {
    std::string session;  // empty: refused
    std::string why_not;
};
SignIn sign_in(Site& site, const Request& request, std::string_view token, std::string_view name);

/// For the browser, to send the session's name with every request; an empty name ends it.
std::string session_cookie(const WebSettings& settings, const std::string& session);
std::string session_of(const Request& request);

}  // namespace tidemark::mirror::web
