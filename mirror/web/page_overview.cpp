// The first page: how things stand in one sentence, what needs a person, images, automations, mirrors, hooks.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "mirror/web/page_call.h"

namespace tidemark::mirror::web {
namespace {

using service::Need;
using service::Views;

constexpr std::size_t k_needs_open = 20;
constexpr std::size_t k_needs_listed = 200;
constexpr std::size_t k_automations = 50;
constexpr std::size_t k_mirrors = 50;

/// "310 images current, 2 need you, 5 held", each number with its list.
void write_summary(Html& html, const Views& views) {
    struct Part {
        std::size_t count;
        std::string_view words, href;
    };
    const service::Counts& counts = views.counts;
    const std::array<Part, 7> parts = {{
        {views.needs.size(), views.needs.size() == 1 ? "needs you" : "need you", "#needs"},
        {counts.held, "held", "/?filter=held#images"},
        {counts.behind, "behind", "/?filter=behind#images"},
        {counts.unmarked, "without a marker", "/?filter=unmarked#images"},
        {counts.stale, "stale", "/?filter=stale#images"},
        {counts.suspended, "suspended", "/?filter=suspended#images"},
        {counts.waiting, "waiting for a first scan", "/?filter=waiting#images"},
    }};
    html.open("p", {{"id", "summary"}, {"class", "summary"}});
    html.element("a", {{"href", "/?filter=current#images"}},
                 fmt::format("{} {} current", counts.current, counts.images == 1 ? "image" : "images"));
    for (const Part& part : parts)
        if (part.count > 0)
            html.text(", ").element("a", {{"href", part.href}}, fmt::format("{} {}", part.count, part.words));
    html.text(".").close();
}

void write_need(Html& html, const Need& need, std::chrono::sys_seconds now) {
    html.open("li").open("p", {{"class", "what"}});
    if (!need.name.empty()) {
        const std::size_t slash = need.name.find('/');
        const std::string path =
            need.kind && slash != std::string::npos
                ? object_path(*need.kind, {need.name.substr(0, slash), need.name.substr(slash + 1)})
                : "";
        if (path.empty()) {
            html.element("strong", {{"class", "name"}}, need.name);
        } else {
            html.element("a", {{"class", "name"}, {"href", path}}, need.name);
        }
        html.text(" ");
    }
    write_sentence(html, need.what);
    if (need.since) {
        html.text(", ");
        write_span(html, *need.since, now);
    }
    html.close();
    if (!need.next.empty()) {
        html.open("p", {{"class", "next"}}).element("span", {{"class", "quiet"}}, "Next: ");
        write_sentence(html, need.next);
        html.close();
    }
    html.close();
}

void write_needs(Html& html, const Views& views) {
    if (views.needs.empty()) return;
    html.open("section", {{"id", "needs"}});
    html.element("h2", "Needs you");
    html.open("ul", {{"class", "needs"}});
    const std::size_t open = std::min(views.needs.size(), k_needs_open);
    for (std::size_t i = 0; i < open; ++i)
        write_need(html, views.needs[i], views.now);
    html.close();
    if (const std::size_t listed = std::min(views.needs.size(), k_needs_listed); listed > open) {
        html.open("details", {{"id", "more-needs"}});
        html.element("summary", fmt::format("{} more", views.needs.size() - open));
        html.open("ul", {{"class", "needs"}});
        for (std::size_t i = open; i < listed; ++i)
            write_need(html, views.needs[i], views.now);
        html.close();
        if (views.needs.size() > listed)
            html.open("p").text("All of them: ").element("a", {{"href", "/api/v1/status"}}, "as JSON").close();
        html.close();
    }
    html.close();
}

void write_automations(Html& html, const Views& views) {
    html.open("section", {{"id", "automations"}});
    html.element("h2", "Automations");
    std::vector<const service::AutomationView*> shown;
    for (const service::AutomationView& automation : views.automations)
        if (shown.size() < k_automations) shown.push_back(&automation);
    write_automation_table(html, shown, views.now);
    if (views.automations.size() > shown.size())
        html.open("p")
            .element("a", {{"href", "/automations"}}, fmt::format("All {} automations", views.automations.size()))
            .close();
    html.close();
}

void write_mirrors(Html& html, const Views& views) {
    html.open("section", {{"id", "mirrors"}});
    html.element("h2", "Mirrors and hooks");
    if (views.mirrors.size() > k_mirrors) {
        html.open("p")
            .element("a", {{"href", "/mirrors"}}, fmt::format("{} mirrors and their hooks", views.mirrors.size()))
            .close();
    } else {
        write_mirror_table(html, views);
        write_hook_table(html, views);
    }
    html.close();
}

}  // namespace

Answer overview_page(const PageCall& call) {
    const Views& views = call.now.views;
    Html html;
    begin_live_page(html, call, "Overview", "/", views.counts);
    html.element("h1", {{"class", "unseen"}}, "Overview");
    write_summary(html, views);
    if (!call.now.facts.not_loaded.empty())
        html.element(
            "p", {{"class", "said bad"}},
            fmt::format("The objects could not be read, those of before stay in use: {}", call.now.facts.not_loaded));
    write_needs(html, views);
    write_image_table(html, call, views);
    write_automations(html, views);
    write_mirrors(html, views);
    return end_page(html, call.site);
}

}  // namespace tidemark::mirror::web
