// Automations: the table of them, and one with all that is known of it.
#include <algorithm>

#include <fmt/format.h>

#include "mirror/web/forms.h"
#include "mirror/web/page_call.h"
#include "mirror/web/svg_branch.h"

namespace tidemark::mirror::web {
namespace {

using policy::ObjectKind;
using service::AutomationView;

/// "flux-imageupdates: 1 ahead of main, 0 behind".
std::string branch_words(const store::BranchFacts& branch) {
    if (branch.push == branch.checkout) return fmt::format("pushes to {} itself", branch.push);
    if (branch.push_tip.empty())
        return fmt::format("{} is not there, as nothing waits for {}", branch.push, branch.checkout);
    std::string words =
        fmt::format("{}: {} ahead of {}, {} behind", branch.push, branch.ahead, branch.checkout, branch.behind);
    if (branch.foreign > 0) words += fmt::format(", {} of other people", count_text(branch.foreign, "commit"));
    return words;
}

void write_branch(Html& html, const AutomationView& automation) {
    if (!automation.branch) {
        html.element("span", {{"class", "quiet"}}, "not looked at yet");
        return;
    }
    const store::BranchFacts& branch = *automation.branch;
    const bool apart = branch.push != branch.checkout && !branch.push_tip.empty();
    if (apart) write_branch_picture(html, branch.ahead, branch.behind, branch.foreign);
    html.element("span", branch_words(branch));
}

/// "#12 Update images" with a link to it, or "none open": as the forge said last.
void write_request(Html& html, const store::RequestFacts& request) {
    if (request.number != 0) {
        if (request.url.empty()) {
            html.text(request.reference);
        } else {
            html.open("a", {{"href", request.url}, {"rel", "noreferrer"}}).text(request.reference).close();
        }
        html.text(" ").element("span", request.title);
        if (request.draft) html.text(" ").element("span", {{"class", "quiet"}}, "(draft)");
    } else if (request.asked) {
        html.element("span", {{"class", "quiet"}}, "none open");
    }
}

void write_request_problem(Html& html, const store::RequestFacts& request) {
    if (request.problem.empty()) return;
    html.text(" ").element("span", {{"class", "below bad"}}, "could not be asked: " + request.problem);
}

/// All of it, with who opened it and since when that is known.
void write_request_facts(Html& html, const store::RequestFacts& request, std::chrono::sys_seconds now) {
    html.element("dt", "Request").open("dd");
    write_request(html, request);
    if (request.number != 0 && request.opened) {
        html.text(request.author.empty() ? ", opened " : fmt::format(", opened by {} ", request.author));
        write_time(html, request.opened, now);
    }
    if (request.asked) {
        html.text(request.problem.empty() ? ", asked " : ", last answer ");
        write_time(html, request.asked, now);
    }
    write_request_problem(html, request);
    html.close();
}

void write_remote_words(Html& html, const AutomationView& automation) {
    if (!automation.branch || automation.branch->remote_words.empty()) return;
    html.open("pre", {{"class", "words"}, {"tabindex", "0"}, {"aria-label", "The remote's words"}});
    bool first = true;
    for (const std::string& line : automation.branch->remote_words) {
        if (!first) html.text("\n");
        first = false;
        html.text(line);
    }
    html.close();
}

const AutomationView* find(const service::Views& views, const policy::ObjectKey& key) {
    const auto found = std::find_if(views.automations.begin(), views.automations.end(),
                                    [&](const AutomationView& automation) { return automation.key == key; });
    return found == views.automations.end() ? nullptr : &*found;
}

void write_fact(Html& html, std::string_view name, std::string_view content) {
    if (content.empty()) return;
    html.element("dt", name).open("dd");
    write_sentence(html, content);
    html.close();
}

void write_facts(Html& html, const AutomationView& automation, std::chrono::sys_seconds now) {
    html.open("dl", {{"class", "facts"}}).element("dt", "State").open("dd");
    write_ready(html, automation.ready, automation.stale, automation.suspended);
    if (automation.ready.since.time_since_epoch().count() > 0) {
        html.text(" ");
        write_span(html, automation.ready.since, now);
    }
    html.close();
    write_fact(html, "Said", automation.ready.message);
    write_fact(html, "Stale", automation.stale);
    write_fact(html, "Next", automation.needs);
    html.element("dt", "Branch").open("dd");
    write_branch(html, automation);
    html.close();
    if (automation.request) write_request_facts(html, *automation.request, now);
    write_fact(html, "Remote", automation.url);
    html.element("dt", "Last commit").open("dd");
    if (automation.last_commit.empty()) {
        html.text("none");
    } else {
        write_commit(html, automation.url, automation.last_commit);
        html.text(", pushed ");
        write_time(html, automation.last_push, now);
    }
    html.close().element("dt", "Last look").open("dd");
    write_time(html, automation.last_run, now);
    html.close();
    if (automation.branch && !automation.branch->remote_words.empty()) {
        html.element("dt", "The remote said").open("dd");
        write_remote_words(html, automation);
        html.close();
    }
    html.close();
}

void write_policies(Html& html, const AutomationView& automation, const service::Views& views) {
    html.element("h2", "Images");
    const policy::SelectedPolicies& policies = *automation.policies;
    if (policies.empty()) {
        html.element("p", "It selects no image policy: look at its policySelector.");
        return;
    }
    open_wide(html, "Images of this automation");
    html.open("table").element("caption", fmt::format("{} selected", count_text(policies.size(), "image")));
    html.open("thead").open("tr");
    for (const std::string_view word : {"Image", "State", "In Git", "Candidate"})
        html.element("th", {{"scope", "col"}}, word);
    html.close().close().open("tbody");
    for (std::size_t shown = 0; shown < std::min(policies.size(), k_page_limit); ++shown) {
        const policy::ObjectKey& key = policies[shown]->metadata.key;
        auto image = std::lower_bound(
            views.images.begin(), views.images.end(), key,
            [](const service::ImageView& each, const policy::ObjectKey& wanted) { return each.policy < wanted; });
        if (image != views.images.end() && image->policy != key) image = views.images.end();
        html.open("tr").open("th", {{"scope", "row"}});
        write_object(html, ObjectKind::image_policy, key);
        html.close().open("td");
        if (image != views.images.end()) write_state(html, image->state);
        html.close().open("td", {{"class", "tag"}});
        if (image != views.images.end())
            for (std::size_t i = 0; i < image->in_git.size(); ++i)
                html.text(i > 0 ? ", " : "").text(image->in_git[i]);
        html.close().element("td", {{"class", "tag"}}, image != views.images.end() ? image->candidate : "");
        html.close();
    }
    html.close().close().close();
    if (policies.size() > k_page_limit) html.element("p", fmt::format("The first {} are shown.", k_page_limit));
}

}  // namespace

void write_automation_table(Html& html, const std::vector<const AutomationView*>& automations,
                            std::chrono::sys_seconds now) {
    if (automations.empty()) {
        html.element("p", "There is no ImageUpdateAutomation among the objects: nothing is written to Git.");
        return;
    }
    open_wide(html, "Automations");
    html.open("table", {{"class", "cards"}}).element("caption", count_text(automations.size(), "automation"));
    html.open("thead").open("tr");
    // Where no forge is asked there is nothing to say of requests.
    const bool requests = std::any_of(automations.begin(), automations.end(),
                                      [](const AutomationView* each) { return each->request.has_value(); });
    for (const std::string_view word :
         {"Automation", "State", "Branch", "Request", "Last commit", "Last push", "The remote said"})
        if (requests || word != "Request") html.element("th", {{"scope", "col"}}, word);
    html.close().close().open("tbody");
    for (const AutomationView* automation : automations) {
        html.open("tr").open("th", {{"scope", "row"}});
        write_object(html, ObjectKind::image_update_automation, automation->key);
        html.text(" ").element("span", {{"class", "below"}}, automation->url);
        html.close().open("td", {{"data-label", "State"}});
        write_ready(html, automation->ready, automation->stale, automation->suspended);
        html.close().open("td", {{"data-label", "Branch"}});
        write_branch(html, *automation);
        html.close();
        if (requests) {
            html.open("td", {{"data-label", "Request"}}).open("span", {{"class", "why"}});
            if (automation->request) {
                write_request(html, *automation->request);
                write_request_problem(html, *automation->request);
            } else {
                html.text("-");
            }
            html.close().close();
        }
        html.open("td", {{"data-label", "Last commit"}});
        if (automation->last_commit.empty()) {
            html.element("span", {{"class", "quiet"}}, "none");
        } else {
            write_commit(html, automation->url, automation->last_commit);
        }
        html.close().open("td", {{"data-label", "Last push"}, {"class", "when"}});
        write_time(html, automation->last_push, now);
        html.close().open("td", {{"data-label", "The remote said"}});
        if (automation->branch && !automation->branch->remote_words.empty()) {
            html.element("span", {{"class", "why"}}, automation->branch->remote_words.front());
        } else {
            html.element("span", {{"class", "quiet"}}, "-");
        }
        html.close().close();
    }
    html.close().close().close();
}

Answer automations_page(const PageCall& call) {
    const service::Views& views = call.now.views;
    const ListQuery query = read_page_query(call.request);
    std::vector<const AutomationView*> chosen;
    for (const AutomationView& automation : views.automations)
        if (contains(query.text, {automation.key.to_string(), automation.url})) chosen.push_back(&automation);
    const PageRange range = page_range(query, chosen.size());
    Html html;
    begin_live_page(html, call, "Automations", "/automations", views.counts);
    html.element("h1", "Automations");
    write_search(html, "/automations", query.text, "Automations");
    html.open("div", {{"id", "list"}});
    const auto from = [&](std::size_t place) { return chosen.begin() + static_cast<std::ptrdiff_t>(place); };
    if (chosen.empty() && !views.automations.empty()) {
        html.element("p", "No automation is like that.");
    } else {
        write_automation_table(html, {from(range.first), from(range.last)}, views.now);
    }
    write_page_links(html, "/automations", query, range);
    html.close();
    return end_page(html, call.site);
}

Answer automation_page(const PageCall& call) {
    const service::Views& views = call.now.views;
    const policy::ObjectKey key{call.request.names.at(0), call.request.names.at(1)};
    const AutomationView* automation = find(views, key);
    if (!automation)
        return error_page(404, fmt::format("there is no ImageUpdateAutomation {}", key.to_string()),
                          "the overview lists those there are");
    Html html;
    begin_live_page(html, call, key.to_string(), "", views.counts);
    html.element("p", {{"class", "kind"}}, "Automation").element("h1", {{"class", "name"}}, key.to_string());
    write_facts(html, *automation, views.now);
    write_automation_forms(html, call, *automation);
    write_policies(html, *automation, views);
    const Stores::Lease store = call.site.stores.lease();
    write_recent_events(html, *store, ObjectKind::image_update_automation, key, views.now);
    return end_page(html, call.site);
}

}  // namespace tidemark::mirror::web
