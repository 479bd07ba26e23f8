// Local copies of remotes, and the hooks on the host's repositories.
#include <algorithm>

#include <fmt/format.h>

#include "mirror/web/page_call.h"

namespace tidemark::mirror::web {
namespace {

using service::Views;

/// "main 8d01e77a21b4" of "main@sha1:8d01e77...".
std::string tip_words(const std::string& tip) {
    const std::size_t at = tip.rfind('@');
    const std::size_t colon = tip.rfind(':');
    if (at == std::string::npos || colon == std::string::npos || colon < at) return tip.empty() ? "-" : tip;
    return fmt::format("{} {}", tip.substr(0, at), short_id(std::string_view(tip).substr(colon + 1)));
}

void write_head(Html& html, std::initializer_list<std::string_view> words) {
    html.open("thead").open("tr");
    for (const std::string_view word : words)
        html.element("th", {{"scope", "col"}}, word);
    html.close().close().open("tbody");
}

}  // namespace

void write_mirror_table(Html& html, const Views& views) {
    if (views.mirrors.empty()) {
        html.element("p", "No remote was fetched yet.");
        return;
    }
    open_wide(html, "Mirrors");
    html.open("table", {{"class", "cards"}}).element("caption", count_text(views.mirrors.size(), "mirror"));
    write_head(html, {"Mirror", "Tip", "Fetched", "Size"});
    for (const store::MirrorFacts& mirror : views.mirrors) {
        html.open("tr").open("th", {{"scope", "row"}}).element("span", {{"class", "name"}}, mirror.url);
        if (!mirror.error.empty()) html.text(" ").element("span", {{"class", "below bad"}}, mirror.error);
        html.close().open("td", {{"data-label", "Tip"}}).element("span", {{"class", "tag"}}, tip_words(mirror.tip));
        html.close().open("td", {{"data-label", "Fetched"}, {"class", "when"}});
        write_time(html, mirror.fetched, views.now);
        html.close().open("td", {{"data-label", "Size"}, {"class", "number"}});
        html.text(mirror.size == 0 ? "-" : size_text(mirror.size));
        html.close().close();
    }
    html.close().close().close();
}

void write_hook_table(Html& html, const Views& views) {
    if (!views.hooks.problem.empty()) html.element("p", {{"class", "said bad"}}, views.hooks.problem);
    if (!views.hooks.reported) {
        html.open("p", {{"class", "quiet"}}).text("No report on hooks is here. On the Git host: ");
        html.element("code", "tidemark hooks verify --report FILE").text(".").close();
        return;
    }
    open_wide(html, "Hooks");
    html.open("table", {{"class", "cards"}});
    html.element("caption",
                 fmt::format("{}, verified {}", count_text(views.hooks.hooks.size(), "hook"), views.hooks.time));
    write_head(html, {"Hook on", "Host", "State", "Why"});
    for (const service::HookView& hook : views.hooks.hooks) {
        html.open("tr").open("th", {{"scope", "row"}}).element("span", {{"class", "name"}}, hook.repository).close();
        html.element("td", {{"data-label", "Host"}}, hook.host).open("td", {{"data-label", "State"}});
        if (hook.armed) {
            write_mark(html, "state good", "●", "armed");
        } else {
            write_mark(html, "state bad", "▲", "not armed");
        }
        html.close().element("td", {{"data-label", "Why"}}, hook.why.empty() ? "-" : hook.why).close();
    }
    html.close().close().close();
}

Answer mirrors_page(const PageCall& call) {
    const Views& views = call.now.views;
    Html html;
    begin_live_page(html, call, "Mirrors and hooks", "/mirrors", views.counts);
    html.element("h1", "Mirrors and hooks").element("h2", "Mirrors");
    write_mirror_table(html, views);
    html.element("h2", "Hooks");
    write_hook_table(html, views);
    return end_page(html, call.site);
}

}  // namespace tidemark::mirror::web
