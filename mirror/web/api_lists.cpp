#include <algorithm>

#include "mirror/web/api.h"
#include "mirror/web/dispatcher.h"
#include "mirror/web/json.h"
#include "mirror/web/list_query.h"

namespace tidemark::mirror::web {
namespace {

using policy::ObjectKey;
using service::AutomationView;
using service::ImageDetail;
using service::ImageView;
using service::ReadyView;
using service::RepositoryView;

constexpr std::size_t k_limit = 500;
constexpr std::size_t k_most = 20'000;

JsonText& write_name(JsonText& json, const ObjectKey& key) {
    return json.member("namespace", key.object_namespace).member("name", key.name);
}

void write_ready(JsonText& json, const ReadyView& ready) {
    json.key("ready").begin_object();
    json.member("status", ready.status).member("reason", ready.reason).member("message", ready.message);
    json.key("since");
    ready.since.time_since_epoch().count() == 0 ? json.null() : json.value(ready.since);
    json.end_object();
}

void write_fields(JsonText& json, const ImageView& image) {
    write_name(json, image.policy).member("repository", image.repository.to_string()).member("image", image.image);
    json.member("state", to_string(image.state)).list("inGit", image.in_git);
    json.member("candidate", image.candidate).member("digest", image.digest).member("newest", image.newest);
    json.member("held", image.held).member("heldUntil", image.held_until);
    json.key("pin");
    if (image.pin) {
        json.begin_object().member("tag", image.pin->tag).member("by", image.pin->by);
        json.member("reason", image.pin->reason).member("until", image.pin->until).end_object();
    } else {
        json.null();
    }
    json.member("suspended", image.suspended).member("scanned", image.scanned);
    write_ready(json, image.ready);
    json.member("stale", image.stale).member("needs", image.needs);
}

void write(JsonText& json, const ImageView& image) {
    json.begin_object();
    write_fields(json, image);
    json.end_object();
}

void write(JsonText& json, const RepositoryView& repository) {
    write_name(json.begin_object(), repository.key).member("image", repository.image);
    json.member("suspended", repository.suspended).member("scanned", repository.scanned);
    json.member("tags", std::uint64_t{repository.tags});
    write_ready(json, repository.ready);
    json.member("stale", repository.stale).member("needs", repository.needs).end_object();
}

void write_branch(JsonText& json, const std::optional<store::BranchFacts>& branch) {
    json.key("branch");
    if (!branch) {
        json.null();
        return;
    }
    json.begin_object().member("checkout", branch->checkout).member("checkoutTip", branch->checkout_tip);
    json.member("push", branch->push).member("pushTip", branch->push_tip);
    json.member("ahead", std::uint64_t{branch->ahead}).member("behind", std::uint64_t{branch->behind});
    json.member("foreign", std::uint64_t{branch->foreign}).list("remoteWords", branch->remote_words);
    json.member("looked", branch->looked).end_object();
}

void write_request(JsonText& json, const std::optional<store::RequestFacts>& request) {
    json.key("request");
    if (!request) {
        json.null();
        return;
    }
    json.begin_object().member("repository", request->repository);
    json.member("state", request->number != 0 ? "open" : request->asked ? "none" : "unknown");
    json.member("number", std::uint64_t{static_cast<std::uint64_t>(request->number)});
    json.member("reference", request->reference).member("title", request->title).member("url", request->url);
    json.member("author", request->author).member("draft", request->draft).member("opened", request->opened);
    json.member("asked", request->asked).member("problem", request->problem).end_object();
}

std::vector<std::string> names_of(const std::vector<ObjectKey>& keys) {
    std::vector<std::string> names;
    for (const ObjectKey& key : keys)
        names.push_back(key.to_string());
    return names;
}

std::vector<std::string> names_of(const policy::SelectedPolicies& policies) {
    std::vector<std::string> names;
    for (const policy::ImagePolicy* policy : policies)
        names.push_back(policy->metadata.key.to_string());
    return names;
}

void write(JsonText& json, const AutomationView& automation) {
    write_name(json.begin_object(), automation.key).member("source", automation.source.to_string());
    json.member("url", automation.url).member("suspended", automation.suspended);
    write_branch(json, automation.branch);
    write_request(json, automation.request);
    json.member("lastRun", automation.last_run).member("lastPush", automation.last_push);
    json.member("lastCommit", automation.last_commit).list("policies", names_of(*automation.policies));
    write_ready(json, automation.ready);
    json.member("stale", automation.stale).member("needs", automation.needs).end_object();
}

void write(JsonText& json, const store::MirrorFacts& mirror) {
    json.begin_object().member("url", mirror.url).member("tip", mirror.tip).member("fetched", mirror.fetched);
    json.member("size", mirror.size).member("error", mirror.error).end_object();
}

void write(JsonText& json, const service::HookView& hook) {
    json.begin_object().member("repository", hook.repository).member("host", hook.host);
    json.member("armed", hook.armed).member("why", hook.why).end_object();
}

void write(JsonText& json, const service::Need& need) {
    json.begin_object().key("kind");
    need.kind ? json.value(kind_name(*need.kind)) : json.null();
    json.member("name", need.name).member("what", need.what).member("next", need.next);
    json.member("since", need.since).end_object();
}

template <class Items>
void write_items(JsonText& json, std::string_view name, const Items& items) {
    json.key(name).begin_list();
    for (const auto& item : items)
        if constexpr (std::is_pointer_v<std::decay_t<decltype(item)>>)
            write(json, *item);
        else
            write(json, item);
    json.end_list();
}

template <class Items>
Answer list_answer(const Items& items, const ListQuery& query) {
    JsonText json;
    json.begin_object().member("total", std::uint64_t{items.size()}).member("offset", std::uint64_t{query.offset});
    json.member("limit", std::uint64_t{query.limit});
    write_items(json, "items", page_of(items, query));
    json.end_object();
    return json_answer(200, json);
}

void write_counts(JsonText& json, const service::Counts& counts) {
    const std::pair<const char*, std::size_t> named[] = {{"images", counts.images},
                                                         {"current", counts.current},
                                                         {"behind", counts.behind},
                                                         {"unmarked", counts.unmarked},
                                                         {"held", counts.held},
                                                         {"suspended", counts.suspended},
                                                         {"failing", counts.failing},
                                                         {"stale", counts.stale},
                                                         {"waiting", counts.waiting},
                                                         {"repositories", counts.repositories},
                                                         {"automations", counts.automations},
                                                         {"objects", counts.objects}};
    json.key("counts").begin_object();
    for (const auto& [name, number] : named)
        json.member(name, std::uint64_t{number});
    json.end_object();
}

Answer status(const Site& site, const Snapshot& snapshot) {
    const service::Views& views = snapshot.views;
    JsonText json;
    json.begin_object().member("version", site.version).member("started", snapshot.facts.started);
    json.member("uptimeSeconds", std::int64_t{(views.now - snapshot.facts.started).count()}).member("now", views.now);
    json.member("ready", snapshot.facts.ready).member("stale", std::uint64_t{snapshot.facts.stale.size()});
    write_counts(json, views.counts);
    write_items(json, "needs", views.needs);
    write_items(json, "mirrors", views.mirrors);
    json.key("hooks").begin_object().member("reported", views.hooks.reported).member("time", views.hooks.time);
    json.member("problem", views.hooks.problem);
    write_items(json, "items", views.hooks.hooks);
    json.end_object().end_object();
    return json_answer(200, json);
}

void write_trace(JsonText& json, const ImageDetail& detail) {
    const policy::SelectionTrace& trace = detail.trace;
    json.key("trace").begin_object().member("tags", std::uint64_t{trace.tags});
    json.member("notMatching", std::uint64_t{trace.not_matching});
    json.member("sameExtract", std::uint64_t{trace.same_extract});
    json.member("notAVersion", std::uint64_t{trace.not_a_version});
    json.member("outOfRange", std::uint64_t{trace.out_of_range});
    json.member("numberless", std::uint64_t{trace.numberless}).list("best", trace.best).end_object();
}

Answer image(Site& site, const Snapshot& snapshot, const Request& request) {
    const auto store = site.stores.lease();
    const auto detail = read_image({snapshot.workspace->objects, *store, snapshot.views.now, &snapshot.facts},
                                   snapshot.views, {request.names[0], request.names[1]});
    if (!detail) return refusal(request, 404, "there is no ImagePolicy of that name", "GET /api/v1/images lists all");
    JsonText json;
    json.begin_object();
    write_fields(json, detail->image);
    json.member("selection", detail->selection);
    write_trace(json, *detail);
    json.key("tags").begin_list();
    for (const service::TagView& tag : detail->tags)
        json.begin_object().member("tag", tag.tag).member("seen", tag.seen).end_object();
    json.end_list().key("history").begin_list();
    for (const store::HistoryEntry& entry : detail->history) {
        json.begin_object().member("tag", entry.tag).member("digest", entry.digest).member("chosen", entry.chosen);
        json.member("written", entry.written).member("commit", entry.commit_id).end_object();
    }
    json.end_list().key("values").begin_list();
    for (const store::ValueInGit& value : detail->values)
        json.begin_object()
            .member("file", value.file)
            .member("setter", value.setter)
            .member("value", value.value)
            .end_object();
    json.end_list().list("automations", names_of(detail->automations)).end_object();
    return json_answer(200, json);
}

template <class View>
bool fits(const View& view, const ListQuery& query, std::initializer_list<std::string_view> texts) {
    if (query.filter == "needs" && view.needs.empty()) return false;
    if (query.filter == "suspended" && !view.suspended) return false;
    if (query.filter == "failing" && !view.ready.failed()) return false;
    if (query.filter == "stale" && view.stale.empty()) return false;
    return contains(query.text, texts);
}

Answer repositories(const Snapshot& snapshot, const ListQuery& query) {
    std::vector<const RepositoryView*> chosen;
    for (const RepositoryView& view : snapshot.views.repositories)
        if (fits(view, query, {view.key.to_string(), view.image})) chosen.push_back(&view);
    return list_answer(chosen, query);
}

Answer automations(const Snapshot& snapshot, const ListQuery& query) {
    std::vector<const AutomationView*> chosen;
    for (const AutomationView& view : snapshot.views.automations)
        if (fits(view, query, {view.key.to_string(), view.url})) chosen.push_back(&view);
    return list_answer(chosen, query);
}

Answer automation(const Snapshot& snapshot, const Request& request) {
    for (const AutomationView& view : snapshot.views.automations) {
        if (view.key != ObjectKey{request.names[0], request.names[1]}) continue;
        JsonText json;
        write(json, view);
        return json_answer(200, json);
    }
    return refusal(request, 404, "there is no ImageUpdateAutomation of that name", "GET /api/v1/automations lists all");
}

/// A handler that is given the snapshot, or answers that there is none yet.
template <class Work>
Handler with_snapshot(Site& site, Work work) {
    return [&site, work](const Request& request) {
        const auto snapshot = site.snapshot();
        if (!snapshot) return refusal(request, 503, "the service is starting", "try again in a moment");
        return work(*snapshot, request);
    };
}

}  // namespace

void add_api_lists(Router& router, Site& site) {
    const auto get = [&](std::string_view path, auto work) {
        router.add(Method::get, path, with_snapshot(site, work));
    };
    const auto query_of = [](const Request& request) { return read_list_query(request, k_limit, k_most); };
    get("/api/v1/status", [&site](const Snapshot& snapshot, const Request&) { return status(site, snapshot); });
    get("/api/v1/images", [query_of](const Snapshot& snapshot, const Request& request) {
        const ListQuery query = query_of(request);
        return list_answer(choose_images(snapshot.views.images, query), query);
    });
    get("/api/v1/images/*/*",
        [&site](const Snapshot& snapshot, const Request& request) { return image(site, snapshot, request); });
    get("/api/v1/repositories", [query_of](const Snapshot& snapshot, const Request& request) {
        return repositories(snapshot, query_of(request));
    });
    get("/api/v1/automations", [query_of](const Snapshot& snapshot, const Request& request) {
        return automations(snapshot, query_of(request));
    });
    get("/api/v1/automations/*/*", automation);
    get("/api/v1/mirrors", [query_of](const Snapshot& snapshot, const Request& request) {
        return list_answer(snapshot.views.mirrors, query_of(request));
    });
    get("/api/v1/hooks", [query_of](const Snapshot& snapshot, const Request& request) {
        return list_answer(snapshot.views.hooks.hooks, query_of(request));
    });
}

}  // namespace tidemark::mirror::web
