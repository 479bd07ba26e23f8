#include "mirror/web/metrics.h"

#include <map>

#include <fmt/format.h>

#include "mirror/web/dispatcher.h"
#include "mirror/web/json.h"

namespace tidemark::mirror::web {
namespace {

using service::ImageState;
using service::Views;
using std::chrono::sys_seconds;

/// The text format, version 0.0.4.
class Exposition {
public:
    using Labels = std::initializer_list<std::pair<std::string_view, std::string>>;

    void family(std::string_view name, std::string_view type, std::string_view help) {
        m_name = name;
        m_text += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
    }

    template <class Number>
    void sample(Labels labels, Number value) {
        m_text += m_name;
        if (labels.size() > 0) {
            m_text += '{';
            bool first = true;
            for (const auto& [label, text] : labels) {
                m_text += fmt::format("{}{}=\"{}\"", first ? "" : ",", label, escaped(text));
                first = false;
            }
            m_text += '}';
        }
        m_text += fmt::format(" {}\n", value);
    }

    std::string take() { return std::move(m_text); }

private:
    static std::string escaped(const std::string& text) {
        std::string result;
        for (const char c : valid_utf8(text)) {
            if (c == '\\' || c == '"') result += '\\';
            if (c == '\n') {
                result += "\\n";
            } else {
                result += c;
            }
        }
        return result;
    }

    std::string_view m_name;
    std::string m_text;
};

void add_success(Exposition& out, std::string_view kind, const policy::ObjectKey& key,
                 std::optional<sys_seconds> time) {
    if (!time || time->time_since_epoch().count() == 0) return;
    out.sample({{"kind", std::string(kind)}, {"namespace", key.object_namespace}, {"name", key.name}},
               time->time_since_epoch().count());
}

void add_objects(Exposition& out, const Views& views) {
    out.family("tidemark_object_last_success_timestamp_seconds", "gauge",
               "When an object was last scanned or looked at with success.");
    for (const service::RepositoryView& view : views.repositories)
        add_success(out, "ImageRepository", view.key, view.scanned);
    for (const service::AutomationView& view : views.automations)
        if (!view.ready.failed()) add_success(out, "ImageUpdateAutomation", view.key, view.last_run);
    out.family("tidemark_object_ready", "gauge",
               "1 if an object is ready, 0 if it is not; suspended ones are left out.");
    const auto ready = [&](std::string_view kind, const policy::ObjectKey& key, const service::ReadyView& state,
                           bool suspended) {
        if (!suspended && state.status != "Unknown")
            out.sample({{"kind", std::string(kind)}, {"namespace", key.object_namespace}, {"name", key.name}},
                       state.failed() ? 0 : 1);
    };
    for (const service::RepositoryView& view : views.repositories)
        ready("ImageRepository", view.key, view.ready, view.suspended);
    for (const service::AutomationView& view : views.automations)
        ready("ImageUpdateAutomation", view.key, view.ready, view.suspended);
    out.family("tidemark_mirror_last_fetch_timestamp_seconds", "gauge", "When a remote last answered.");
    for (const store::MirrorFacts& mirror : views.mirrors)
        if (mirror.fetched.time_since_epoch().count() > 0)
            out.sample({{"url", mirror.url}}, mirror.fetched.time_since_epoch().count());
    out.family("tidemark_mirror_size_bytes", "gauge", "Size of a mirror on disk.");
    for (const store::MirrorFacts& mirror : views.mirrors)
        out.sample({{"url", mirror.url}}, mirror.size);
    out.family("tidemark_hook_armed", "gauge", "1 if a repository's hook was found armed, 0 if not.");
    for (const service::HookView& hook : views.hooks.hooks)
        out.sample({{"repository", hook.repository}}, hook.armed ? 1 : 0);
}

std::string_view held_reason(const service::ImageView& image) {
    if (image.suspended) return "suspended";
    if (image.pin) return "pin";
    return "lower";
}

void add_images(Exposition& out, const Views& views) {
    std::map<std::string_view, std::size_t> held = {{"pin", 0}, {"lower", 0}, {"suspended", 0}};
    for (const service::ImageView& image : views.images)
        if (image.state == ImageState::held || image.state == ImageState::suspended) ++held[held_reason(image)];
    out.family("tidemark_images", "gauge", "Images by state.");
    const service::Counts& counts = views.counts;
    const std::pair<ImageState, std::size_t> states[] = {
        {ImageState::failing, counts.failing},     {ImageState::stale, counts.stale},
        {ImageState::suspended, counts.suspended}, {ImageState::held, counts.held},
        {ImageState::behind, counts.behind},       {ImageState::unmarked, counts.unmarked},
        {ImageState::waiting, counts.waiting},     {ImageState::current, counts.current}};
    for (const auto& [state, number] : states)
        out.sample({{"state", std::string(to_string(state))}}, number);
    out.family("tidemark_images_outdated", "gauge", "Images whose value in Git is not the candidate.");
    out.sample({}, counts.behind + counts.held);
    out.family("tidemark_held", "gauge", "Images whose candidate is not written, by reason.");
    for (const auto& [reason, number] : held)
        out.sample({{"reason", std::string(reason)}}, number);
    out.family("tidemark_needs", "gauge", "Things that need a person.");
    out.sample({}, views.needs.size());
}

void add_counters(Exposition& out, const service::Counters& counters) {
    out.family("tidemark_scans_total", "counter", "Scans since the start, by registry host and result.");
    for (const auto& [name, number] : counters.scans)
        out.sample({{"host", name.first}, {"result", name.second}}, number);
    out.family("tidemark_registry_throttled_total", "counter", "Answers 429 of a registry since the start.");
    for (const auto& [host, number] : counters.too_many_requests)
        out.sample({{"host", host}}, number);
    out.family("tidemark_pushes_total", "counter",
               "Pushes since the start, by result: ok, or the class of the refusal.");
    for (const auto& [result, number] : counters.pushes)
        out.sample({{"result", result}}, number);
    out.family("tidemark_push_notices_total", "counter",
               "What post-receive hooks said since the start: known, unknown or malformed.");
    for (const auto& [result, number] : counters.push_notices)
        out.sample({{"result", result}}, number);
    out.family("tidemark_commits_total", "counter", "Commits that reached a remote since the start.");
    out.sample({}, counters.commits);
    out.family("tidemark_passes_total", "counter", "Passes since the start.");
    out.sample({}, counters.passes);
}

void add_service(Exposition& out, const Site& site, const service::LiveFacts& facts) {
    out.family("tidemark_build_info", "gauge", "Always 1; the version is a label.");
    out.sample({{"version", site.version}}, 1);
    out.family("tidemark_start_time_seconds", "gauge", "When the service started.");
    out.sample({}, facts.started.time_since_epoch().count());
    out.family("tidemark_queue_length", "gauge", "What is asked for and not done yet.");
    out.sample({{"queue", "scans"}}, facts.scans_waiting);
    out.sample({{"queue", "updates"}}, facts.updates_waiting);
    out.sample({{"queue", "commands"}}, facts.commands_waiting);
    out.family("tidemark_stale_objects", "gauge", "Objects without a success for three intervals.");
    out.sample({}, facts.stale.size());
    out.family("tidemark_registry_paused_until_timestamp_seconds", "gauge",
               "Registry hosts that are left alone, and until when.");
    for (const auto& [host, until] : facts.pauses)
        out.sample({{"host", host}}, until.time_since_epoch().count());
    out.family("tidemark_lost_passes", "gauge", "Passes that were lost in a row.");
    out.sample({}, facts.lost_passes);
}

Answer metrics(Site& site, const Request& request) {
    const auto snapshot = site.snapshot();
    if (!snapshot) return refusal(request, 503, "the service is starting", "");
    Exposition out;
    add_service(out, site, snapshot->facts);
    add_images(out, snapshot->views);
    add_counters(out, site.live.counters());
    add_objects(out, snapshot->views);
    Answer answer;
    answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
    answer.body = out.take();
    return answer;
}

}  // namespace

void add_metrics(Router& router, Site& site) {
    router.add(Method::get, "/metrics", [&site](const Request& request) { return metrics(site, request); });
}

}  // namespace tidemark::mirror::web
