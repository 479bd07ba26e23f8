#include "mirror/web/dispatcher.h"

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/web/caller.h"
#include "mirror/web/json.h"
#include "mirror/web/page_frame.h"

namespace tidemark::mirror::web {
namespace {

int status_of(ErrorKind kind) noexcept {
    switch (kind) {
        case ErrorKind::usage:
        case ErrorKind::invalid:
            return 400;
        case ErrorKind::not_found:
            return 404;
        case ErrorKind::conflict:
        case ErrorKind::refused:
            return 409;
        case ErrorKind::authentication:
        case ErrorKind::permission:
        case ErrorKind::network:
        case ErrorKind::storage:
        case ErrorKind::internal:
            break;
    }
    return 500;
}

}  // namespace

Pairs strict_headers(const Answer& answer) {
    return {
        {"Content-Security-Policy",
         "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
         "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        // Not no-referrer: browsers would send "Origin: null" with our own forms.
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cache-Control", answer.lasting ? "public, max-age=31536000, immutable" : "no-store"},
    };
}

Answer refusal(const Request& request, int status, std::string_view error, std::string_view next) {
    if (request.path_text.starts_with("/api/")) return error_answer(status, error, next);
    if (wants_page(request)) return error_page(status, error, next);
    if (next.empty()) return plain_answer(status, error);
    return plain_answer(status, fmt::format("{}\n{}", error, next));
}

Answer Dispatcher::answer(Request request, const ReadBody& read_body) const {
    if (!is_own_host(request, *m_site.settings()))
        return refusal(request, 421, "this is not the host that you asked for",
                       "use the address of web.listen, or set web.url to this one");
    if (!split_path(request.path_text, request.path)) return refusal(request, 400, "that is no path", "");
    const Router::Match match = m_router.match(request);
    if (match.allowed.empty()) return refusal(request, 404, "there is no such page", "the overview is at /");
    if (!match.handler) {
        Answer no = refusal(request, 405, "that is not a method of this page", fmt::format("use {}", match.allowed));
        no.headers.emplace_back("Allow", match.allowed);
        return no;
    }
    if (request.method == Method::post) {
        auto body = read_body(match.most_bytes);
        if (!body) return refusal(request, 413, fmt::format("the body is larger than {} bytes", match.most_bytes), "");
        request.body = std::move(*body);
    }
    return handle(*match.handler, request);
}

Answer Dispatcher::handle(const Handler& handler, const Request& request) const {
    try {
        return handler(request);
    } catch (const Error& error) {
        return refusal(request, status_of(error.kind()), error.what(), "");
    } catch (const std::exception&) {
        return refusal(request, 500, "this could not be answered", "try again; the log may say more");
    }
}

}  // namespace tidemark::mirror::web
