#include "mirror/web/page_frame.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "mirror/web/assets.h"
#include "mirror/web/page_address.h"
#include "mirror/web/page_words.h"

namespace tidemark::mirror::web {
namespace {

struct Link {
    std::string_view path, words;
};
constexpr std::array<Link, 4> k_links = {{
    {"/", "Overview"},
    {"/automations", "Automations"},
    {"/mirrors", "Mirrors"},
    {"/events", "Events"},
}};

void write_head(Html& html, std::string_view title) {
    html.open("html", {{"lang", "en"}}).open("head").leaf("meta", {{"charset", "utf-8"}});
    html.leaf("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
    html.leaf("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
    html.element("title", fmt::format("{} · Tidemark", title));
    html.leaf("link", {{"rel", "icon"}, {"href", icon().path}, {"type", "image/svg+xml"}});
    html.leaf("link", {{"rel", "stylesheet"}, {"href", style().path}});
    html.element("script", {{"src", script().path}, {"defer", ""}}, "");
    html.close();
}

void write_visitor(Html& html, const Visitor& visitor, const Request* request) {
    html.open("div", {{"class", "visitor"}});
    if (!visitor.name.empty()) {
        html.open("span").text("Signed in as ").element("strong", visitor.name).close();
        if (visitor.has_session) {
            html.open("form", {{"method", "post"}, {"action", "/sign-out"}});
            html.leaf("input", {{"type", "hidden"}, {"name", "csrf"}, {"value", visitor.csrf_token}});
            html.element("button", {{"class", "plain"}}, "Sign out").close();
        }
    } else if (visitor.can_sign_in) {
        const bool back = request && request->path_text != "/sign-in";
        html.element("a", {{"href", back ? with_pair("/sign-in", "back", request->path_text) : "/sign-in"}}, "Sign in");
    }
    html.close();
}

/// `here` is empty on a page that is not among the links.
void write_header(Html& html, const PageFrame& frame) {
    html.open("div").element("a", {{"class", "skip"}, {"href", "#main"}}, "Skip to content").close();
    html.open("header", {{"class", "top"}});
    html.element("a", {{"class", "brand"}, {"href", "/"}}, "Tidemark");
    html.open("nav", {{"aria-label", "Pages"}}).open("ul");
    for (const Link& link : k_links) {
        const bool current = link.path == frame.here;
        html.open("li")
            .element("a", {{"href", link.path}, {current ? "aria-current" : "", "page"}}, link.words)
            .close();
    }
    html.close().close();
    if (frame.visitor) write_visitor(html, *frame.visitor, frame.request);
    html.close();
}

/// What became of a command: looked up by its number, so that an address cannot put words into the page.
void write_said(Html& html, const Request& request, Site& site) {
    const std::string_view text = request.query_value("said");
    std::uint64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || problem != std::errc() || end != text.data() + text.size()) return;
    const auto ticket = site.orders.find_ticket(number);
    if (!ticket) return;
    const service::TicketState state = ticket->state();
    const bool refused = state.answer && !state.answer->accepted;
    const bool failed = state.finished && state.ready == "False" && !state.suspended;
    html.open("div", {{"class", refused || failed ? "said bad" : "said"},
                      {"role", "status"},
                      {"data-finished", state.finished ? "true" : "false"}});
    const std::string object = ticket->command().object.to_string();
    const std::string_view verb = to_string(ticket->command().verb);
    if (!state.answer) {
        html.element("p", fmt::format("{} {}: the service has it, and answers in a moment.", verb, object));
    } else if (refused) {
        html.element("p", fmt::format("Not done: {}.", state.answer->message));
    } else {
        html.element("p", fmt::format("Done: {}.", state.answer->message));
        if (!state.finished) html.element("p", {{"class", "quiet"}}, "The service works on it.");
        if (failed) html.element("p", state.message);
    }
    html.close();
}

}  // namespace

void begin_page(Html& html, const PageFrame& frame, Site& site) {
    write_head(html, frame.title);
    html.open("body", {{frame.refresh > 0 ? "data-refresh" : "", std::to_string(frame.refresh)}});
    write_header(html, frame);
    html.open("main", {{"id", "main"}, {"tabindex", "-1"}});
    if (frame.request) write_said(html, *frame.request, site);
}

Answer end_page(Html& html, Site& site) {
    html.close();
    html.element("p", {{"id", "news"}, {"class", "unseen"}, {"role", "status"}}, "");
    html.element("p", {{"id", "away"}, {"hidden", ""}, {"role", "alert"}}, "");
    html.open("footer").open("p").text(fmt::format("tidemark {}", site.version));
    const service::LiveFacts facts = site.live.facts();
    if (facts.started.time_since_epoch().count() > 0) {
        html.text(", started ");
        write_time(html, facts.started, Site::now());
    }
    html.text(". Times are UTC. ").element("a", {{"href", "/api/v1/status"}}, "The same as JSON");
    html.text(" · ").element("a", {{"href", "/metrics"}}, "Metrics").close();
    Answer answer;
    answer.content_type = "text/html; charset=utf-8";
    answer.body = "<!DOCTYPE html>\n" + html.take() + "\n";
    return answer;
}

Answer error_page(int status, std::string_view error, std::string_view next) {
    Html html;
    write_head(html, status == 404 ? "Not found" : "Not done");
    html.open("body");
    write_header(html, PageFrame{});
    html.open("main", {{"id", "main"}, {"tabindex", "-1"}});
    html.element("h1", status == 404 ? "Not found" : "That did not work");
    std::string sentence(error);
    if (!sentence.empty() && sentence.front() >= 'a' && sentence.front() <= 'z')
        sentence.front() = static_cast<char>(sentence.front() - 'a' + 'A');
    html.element("p", sentence + ".");
    if (!next.empty()) html.element("p", fmt::format("Next: {}.", next));
    html.open("p").element("a", {{"href", "/"}}, "To the overview").close();
    Answer answer;
    answer.status = status;
    answer.content_type = "text/html; charset=utf-8";
    answer.body = "<!DOCTYPE html>\n" + html.take() + "\n";
    return answer;
}

bool wants_page(const Request& request) noexcept {
    return !request.path_text.starts_with("/api/") &&
           request.header("accept").find("text/html") != std::string_view::npos;
}

}  // namespace tidemark::mirror::web
