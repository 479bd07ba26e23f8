// `events` and `logs`: what happened, and what the running service says.
#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <simdjson.h>

#include "mirror/base/error.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/configuration.h"
#include "mirror/cli/control_places.h"
#include "mirror/cli/event_reader.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/service_text.h"

namespace tidemark::mirror::cli {
namespace {

using Json = simdjson::dom::element;

constexpr std::size_t k_most = 10'000;

struct Options {
    bool follow = false;
    std::string limit = "50";
};

std::size_t read_limit(const std::string& text) {
    std::size_t number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9' || number > k_most) throw Error(ErrorKind::usage, "--limit takes a number: " + text);
        number = number * 10 + static_cast<std::size_t>(c - '0');
    }
    if (text.empty() || number == 0) throw Error(ErrorKind::usage, "--limit takes a number from 1 on");
    return std::min(number, k_most);
}

int run_events(const Options& options, const Call& call) {
    const std::size_t limit = read_limit(options.limit);
    EventReader reader(configuration_of(call));
    std::int64_t last = 0;
    const auto show = [&](const std::vector<store::Event>& events) {
        for (const store::Event& event : events) {
            print(call.streams, event_line(event));
            last = std::max(last, event.id);
        }
        std::fflush(call.streams.out);
    };
    show(reader.newest(limit));
    if (last == 0 && !options.follow) say_done(call.streams, "nothing has happened yet");
    while (options.follow)
        show(reader.after(last));
    return 0;
}

std::string text_of(Json object, const char* name) {
    std::string_view text;
    return object[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

std::string log_line(Json line) {
    const std::string level = text_of(line, "level");
    const char* symbol = level == "error" ? "✗" : level == "warning" ? "⚠️ " : "✔";
    std::string text =
        fmt::format("{}  {} {:<7} {:<29} {}\n", text_of(line, "time"), symbol, visible(text_of(line, "step")),
                    visible(text_of(line, "subject")), visible(text_of(line, "message")));
    simdjson::dom::array details;
    if (line["details"].get(details) == simdjson::SUCCESS)
        for (const Json detail : details) {
            std::string_view words;
            if (detail.get(words) == simdjson::SUCCESS) text += fmt::format("{:<24}{}\n", "", visible(words));
        }
    return text;
}

int run_logs(const Options& options, const Call& call) {
    const auto service = find_service(configuration_of(call));
    if (!service)
        throw Error(ErrorKind::not_found,
                    "no service runs here; what it wrote before: journalctl -u tidemark, and tidemark events");
    const std::size_t limit = read_limit(options.limit);
    std::uint64_t last = 0;
    bool first = true;
    simdjson::dom::parser parser;
    do {
        const auto answer = service->get(fmt::format("/api/v1/logs?after={}&wait={}", last, first ? 0 : 20));
        if (!answer) break;
        if (answer->status != 200) throw Error(ErrorKind::network, refusal_of(*answer));
        Json told;
        simdjson::dom::array items;
        if (parser.parse(answer->body).get(told) != simdjson::SUCCESS || told["items"].get(items) != simdjson::SUCCESS)
            throw Error(ErrorKind::network, "the service's answer is no list");
        std::size_t skip = first && items.size() > limit ? items.size() - limit : 0;
        for (const Json line : items) {
            std::uint64_t id = 0;
            if (line["id"].get(id) == simdjson::SUCCESS) last = std::max(last, id);
            if (skip > 0) {
                --skip;
                continue;
            }
            print(call.streams, log_line(line));
        }
        std::fflush(call.streams.out);
        first = false;
    } while (options.follow);
    return 0;
}

std::shared_ptr<Options> add_flags(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.truth("follow", options->follow, "go on and show what comes", 'f');
    flags.text("limit", options->limit, "how many of the past (default 50)");
    return options;
}

}  // namespace

const Command k_events = {
    "events",
    "",
    "what happened: choices, pushes, refusals, what people did",
    "Shows the newest events of the state, the latest at the end: what was chosen and pushed, what was refused and "
    "why,\n"
    "what people did and their reasons. The newest 10,000 are kept. A running service is asked over its socket; "
    "without\n"
    "one the state is read.\n"
    "\n"
    "  tidemark events\n"
    "  tidemark events --follow",
    NamespaceCheck::none,
    [](FlagSet& flags) -> Run {
        return [options = add_flags(flags)](const Call& call) { return run_events(*options, call); };
    },
};

const Command k_logs = {
    "logs",
    "",
    "what the running service says",
    "Shows the last lines of the running service's log, of which it keeps 1,000. All of it: journalctl -u tidemark.\n"
    "\n"
    "  tidemark logs --limit 200\n"
    "  tidemark logs --follow",
    NamespaceCheck::none,
    [](FlagSet& flags) -> Run {
        return [options = add_flags(flags)](const Call& call) { return run_logs(*options, call); };
    },
};

}  // namespace tidemark::mirror::cli
