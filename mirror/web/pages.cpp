#include "mirror/web/pages.h"

#include <algorithm>

#include <fmt/format.h>

#include "mirror/web/assets.h"
#include "mirror/web/caller.h"
#include "mirror/web/forms.h"
#include "mirror/web/page_call.h"

namespace tidemark::mirror::web {
namespace {

using Page = Answer (*)(const PageCall& call);

Visitor find_visitor(Site& site, const Request& request) {
    const Caller caller = find_caller(site, request);
    return {caller.who, caller.may_change, caller.way == Caller::Way::session, site.settings()->token.has_value(),
            caller.csrf};
}

Answer asset(const Request& request) {
    const auto found = std::find_if(k_assets.begin(), k_assets.end(),
                                    [&](const Asset& each) { return each.path == request.path_text; });
    // Of another version of the program: what the page needs now has another name.
    if (found == k_assets.end()) return plain_answer(404, "there is no such file");
    Answer answer;
    answer.content_type = found->content_type;
    answer.body = found->body;
    answer.lasting = true;
    return answer;
}

}  // namespace

void begin_live_page(Html& html, const PageCall& call, std::string title, std::string_view here,
                     const service::Counts& counts) {
    constexpr std::size_t k_many = 1000;
    PageFrame frame{std::move(title), here, &call.visitor, &call.request, counts.images > k_many ? 20U : 5U};
    begin_page(html, frame, call.site);
}

void open_wide(Html& html, std::string_view label) {
    html.open("div", {{"class", "wide"}, {"role", "region"}, {"tabindex", "0"}, {"aria-label", label}});
}

void write_search(Html& html, std::string_view path, std::string_view search, std::string_view label) {
    html.open("form", {{"class", "filters"},
                       {"method", "get"},
                       {"action", path},
                       {"role", "search"},
                       {"aria-label", label},
                       {"data-live", "list"}});
    html.open("div").element("label", {{"for", "q"}}, "Search");
    html.leaf("input", {{"type", "search"},
                        {"id", "q"},
                        {"name", "q"},
                        {"value", search},
                        {"autocomplete", "off"},
                        {"spellcheck", "false"},
                        {"maxlength", "200"}});
    html.close().element("button", "Show").close();
}

void write_page_links(Html& html, std::string_view path, const ListQuery& query, const PageRange& range) {
    if (range.pages == 1) return;
    const auto link = [&](std::size_t page, std::string_view words, std::string_view rel) {
        ListQuery other = query;
        other.offset = (page - 1) * query.limit;
        html.element("a", {{"href", list_address(path, other)}, {"rel", rel}}, words).text(" ");
    };
    html.open("nav", {{"class", "pages"}, {"aria-label", "Pages of the list"}});
    if (range.page > 1) link(range.page - 1, "Previous", "prev");
    html.element("span", fmt::format("Page {} of {}", range.page, range.pages)).text(" ");
    if (range.page < range.pages) link(range.page + 1, "Next", "next");
    html.close();
}

void add_pages(Router& router, Site& site) {
    const auto add = [&](std::string_view path, Page page) {
        router.add(Method::get, path, [&site, page](const Request& request) {
            const auto snapshot = site.snapshot();
            if (!snapshot)
                return error_page(503, "the service starts: its objects are not read yet",
                                  "look again in a few seconds");
            return page({site, request, find_visitor(site, request), *snapshot});
        });
    };
    add("/", overview_page);
    add("/images/*/*", image_page);
    add("/automations", automations_page);
    add("/automations/*/*", automation_page);
    add("/mirrors", mirrors_page);
    add("/events", events_page);
    add("/sign-in", sign_in_page);
    const auto add_post = [&](std::string_view path, Answer (*take)(Site&, const Request&)) {
        router.add(Method::post, path, [&site, take](const Request& request) { return take(site, request); });
    };
    add_post("/commands", take_command);
    add_post("/sign-in", take_sign_in);
    add_post("/sign-out", take_sign_out);
    router.add(Method::get, "/assets/*/*", asset);
}

}  // namespace tidemark::mirror::web
