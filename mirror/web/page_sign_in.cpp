// Signing in with the administrator's token, and out.
#include "mirror/web/caller.h"
#include "mirror/web/dispatcher.h"
#include "mirror/web/page_call.h"

namespace tidemark::mirror::web {
namespace {

Answer lead_to(std::string address, const std::string& cookie) {
    Answer answer;
    answer.status = 303;
    answer.headers.emplace_back("Location", std::move(address));
    answer.headers.emplace_back("Set-Cookie", cookie);
    return answer;
}

}  // namespace

Answer sign_in_page(const PageCall& call) {
    Html html;
    PageFrame frame{"Sign in", "", &call.visitor, &call.request};
    begin_page(html, frame, call.site);
    html.element("h1", "Sign in");
    if (!call.visitor.can_sign_in) {
        html.element("p",
                     "No token is set up. In the configuration: web.admin.tokenSecretRef names a Secret whose key "
                     "token holds it.");
        return end_page(html, call.site);
    }
    html.open("form", {{"method", "post"}, {"action", "/sign-in"}, {"class", "sign-in"}});
    html.leaf("input", {{"type", "hidden"}, {"name", "back"}, {"value", safe_back(call.request.query_value("back"))}});
    html.open("div").element("label", {{"for", "token"}}, "Token");
    html.leaf("input", {{"type", "password"},
                        {"id", "token"},
                        {"name", "token"},
                        {"required", ""},
                        {"autocomplete", "current-password"},
                        {"aria-describedby", "token-hint"}});
    html.element("span", {{"class", "hint"}, {"id", "token-hint"}},
                 "of the Secret that web.admin.tokenSecretRef names");
    html.close().open("div").element("label", {{"for", "name"}}, "Your name");
    html.leaf("input", {{"type", "text"},
                        {"id", "name"},
                        {"name", "name"},
                        {"maxlength", "64"},
                        {"autocomplete", "username"},
                        {"aria-describedby", "name-hint"}});
    html.element("span", {{"class", "hint"}, {"id", "name-hint"}}, "as events will say who did it");
    html.close().element("button", "Sign in").close();
    return end_page(html, call.site);
}

Answer take_sign_in(Site& site, const Request& request) {
    const Pairs form = parse_form(request.body);
    const auto field = [&](std::string_view name) { return find_only(form, name).value_or(""); };
    const SignIn signed_in = sign_in(site, request, field("token"), field("name"));
    if (signed_in.session.empty()) return refusal(request, 403, signed_in.why_not, "go back and try again");
    return lead_to(safe_back(field("back")), session_cookie(*site.settings(), signed_in.session));
}

Answer take_sign_out(Site& site, const Request& request) {
    const Pairs form = parse_form(request.body);
    const Caller caller = find_caller(site, request);
    if (caller.way == Caller::Way::session) {
        if (auto no = find_refusal(caller, request, *site.settings(), find_only(form, "csrf").value_or("")))
            return std::move(*no);
        site.sessions.close(session_of(request));
    }
    return lead_to("/", session_cookie(*site.settings(), ""));
}

}  // namespace tidemark::mirror::web
