// `status`: the service, what needs a person, the mirrors and their hooks.
#include <memory>

#include <fmt/format.h>
#include <simdjson.h>

#include "mirror/base/error.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/configuration.h"
#include "mirror/cli/control_places.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/plural.h"
#include "mirror/cli/service_text.h"
#include "mirror/cli/table.h"
#include "mirror/service/suspensions.h"
#include "mirror/service/view.h"
#include "policy/base/timestamp.h"

namespace tidemark::mirror::cli {
namespace {

using Json = simdjson::dom::element;

// Finer exit codes, with --exit-code.
constexpr int k_needs_you = 2;
constexpr int k_not_alive = 3;

struct Status {
    bool running = false;
    std::string version;
    std::chrono::seconds uptime{};
    std::chrono::sys_seconds now{};
    std::size_t objects = 0;
    std::size_t stale = 0;
    std::vector<service::Need> needs;
    std::vector<store::MirrorFacts> mirrors;
    service::HooksView hooks;
};

std::string text_of(Json object, const char* name) {
    std::string_view text;
    return object[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

std::uint64_t number_of(Json object, const char* name) {
    std::uint64_t number = 0;
    return object[name].get(number) == simdjson::SUCCESS ? number : 0;
}

std::chrono::sys_seconds time_of(Json object, const char* name) {
    const auto time = policy::parse_timestamp(text_of(object, name));
    return time ? *time : std::chrono::sys_seconds();
}

template <class Take>
void for_each_item(Json object, const char* name, Take take) {
    simdjson::dom::array items;
    if (object[name].get(items) != simdjson::SUCCESS) return;
    for (const Json item : items)
        take(item);
}

Status status_of_service(ServiceClient& client) {
    const auto answer = client.get("/api/v1/status");
    if (!answer) throw Error(ErrorKind::network, "the service went away while it was asked");
    if (answer->status != 200) throw Error(ErrorKind::network, refusal_of(*answer));
    simdjson::dom::parser parser;
    Json told;
    if (parser.parse(answer->body).get(told) != simdjson::SUCCESS)
        throw Error(ErrorKind::network, "the service's answer is no JSON");
    Status status;
    status.running = true;
    status.version = text_of(told, "version");
    status.uptime = std::chrono::seconds(number_of(told, "uptimeSeconds"));
    status.now = time_of(told, "now");
    status.stale = number_of(told, "stale");
    Json counts;
    if (told["counts"].get(counts) == simdjson::SUCCESS) status.objects = number_of(counts, "objects");
    for_each_item(told, "needs", [&](Json need) {
        status.needs.push_back({{}, text_of(need, "name"), text_of(need, "what"), text_of(need, "next"), {}});
        if (const auto since = time_of(need, "since"); since != std::chrono::sys_seconds())
            status.needs.back().since = since;
    });
    for_each_item(told, "mirrors", [&](Json mirror) {
        status.mirrors.push_back({text_of(mirror, "url"), text_of(mirror, "tip"), "", time_of(mirror, "fetched"),
                                  number_of(mirror, "size"), text_of(mirror, "error")});
    });
    Json hooks;
    if (told["hooks"].get(hooks) != simdjson::SUCCESS) return status;
    for_each_item(hooks, "items", [&](Json hook) {
        bool armed = false;
        if (hook["armed"].get(armed) != simdjson::SUCCESS) armed = false;
        status.hooks.hooks.push_back({text_of(hook, "repository"), text_of(hook, "host"), armed, text_of(hook, "why")});
    });
    return status;
}

/// From the objects' files and the state of the last pass.
Status status_of_state(const Configuration& configuration) {
    Status status;
    status.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    store::Store store(configuration.state, store::OpenMode::read_only);
    service::Workspace workspace = service::load_workspace(configuration, service::Fetch::no);
    service::apply_suspensions(workspace, store, service::VoidSuspensions::remember);
    service::Views views =
        service::read_views({workspace.objects, store, status.now, nullptr, configuration.web.hooks_report});
    status.objects = views.counts.objects;
    status.needs = std::move(views.needs);
    status.mirrors = std::move(views.mirrors);
    status.hooks = std::move(views.hooks);
    return status;
}

std::string uptime_text(std::chrono::seconds uptime) {
    const auto seconds = uptime.count();
    if (seconds < 120) return fmt::format("{} s", seconds);
    if (seconds < 120 * 60) return fmt::format("{} min", seconds / 60);
    if (seconds < 48 * 3600) return fmt::format("{} h", seconds / 3600);
    return fmt::format("{} days", seconds / 86400);
}

std::string head_line(const Status& status) {
    const std::string need = fmt::format("{} of {}", status.needs.size(), plural(status.objects, "object", "objects"));
    const std::string verb = status.needs.size() == 1 ? "needs" : "need";
    if (!status.running) return fmt::format("no service runs; {} {} you as of the last pass\n", need, verb);
    return fmt::format("tidemark {}, up {}, state ok, {} {} you\n", status.version, uptime_text(status.uptime), need,
                       verb);
}

std::string needs_text(const Status& status) {
    if (status.needs.empty()) return "";
    std::size_t width = 0;
    for (const service::Need& need : status.needs)
        width = std::max(width, visible(need.name).size());
    std::string text = "\nNEEDS YOU\n";
    for (const service::Need& need : status.needs) {
        text += fmt::format("  {:<{}}   {}", visible(need.name), width, visible(need.what));
        if (need.since) text += ", since " + age_text(*need.since, status.now);
        text += '\n';
        if (!need.next.empty()) text += fmt::format("  {:<{}}   {}\n", "", width, visible(need.next));
    }
    return text;
}

/// The last part of an address or a path, without ".git".
std::string short_name(std::string_view url) {
    while (url.ends_with('/'))
        url.remove_suffix(1);
    if (url.ends_with(".git")) url.remove_suffix(4);
    return std::string(url.substr(url.find_last_of("/:") + 1));
}

std::string hook_text(const Status& status, const std::string& name) {
    for (const service::HookView& hook : status.hooks.hooks) {
        if (short_name(hook.repository) != name) continue;
        // `hooks verify` writes the whole of it: "armed, warn only until ...", "not armed: ...".
        if (!hook.why.empty()) return hook.why;
        return hook.armed ? "armed" : "not armed";
    }
    return status.hooks.hooks.empty() ? "" : "-";
}

std::string mirrors_text(const Status& status) {
    if (status.mirrors.empty()) return "";
    std::vector<Row> rows;
    for (const store::MirrorFacts& mirror : status.mirrors) {
        const std::string name = short_name(mirror.url);
        const std::size_t id = mirror.tip.rfind(':');
        const std::string tip = mirror.tip.empty() ? "-" : mirror.tip.substr(id == mirror.tip.npos ? 0 : id + 1, 8);
        std::string fetched = age_text(mirror.fetched, status.now);
        if (!mirror.error.empty()) fetched += ", failing";
        rows.push_back({visible(name), visible(tip), fetched, mirror.size == 0 ? "-" : size_text(mirror.size),
                        visible(hook_text(status, name))});
    }
    return "\n" + format_table({"MIRROR", "TIP", "FETCHED", "SIZE", "HOOK"}, rows);
}

int run_status(bool exit_code, const Call& call) {
    const Configuration configuration = configuration_of(call);
    const auto client = find_service(configuration);
    if (!client) require_objects(configuration);
    const Status status = client ? status_of_service(*client) : status_of_state(configuration);
    print(call.streams, head_line(status) + needs_text(status) + mirrors_text(status));
    if (!exit_code) return 0;
    if (!status.running || status.stale > 0) return k_not_alive;
    return status.needs.empty() ? 0 : k_needs_you;
}

}  // namespace

const Command k_status = {
    "status",
    "",
    "the service, what needs you, mirrors and hooks",
    "Says whether the service runs, what needs a person and what to do about it, and how old each mirror is. Without "
    "a\n"
    "running service it tells what the last pass left.\n"
    "\n"
    "With --exit-code, for monitoring: 0 all is well, 2 something needs you, 3 the service does not run or nothing\n"
    "succeeded for too long. 1 stays what it is everywhere: the command failed.\n"
    "\n"
    "  tidemark status\n"
    "  tidemark status --exit-code",
    NamespaceCheck::none,
    [](FlagSet& flags) -> Run {
        auto exit_code = std::make_shared<bool>(false);
        flags.truth("exit-code", *exit_code, "end with 2 or 3 when not all is well");
        return [exit_code](const Call& call) { return run_status(*exit_code, call); };
    },
};

}  // namespace tidemark::mirror::cli
