#include <csignal>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "mirror/base/service_manager.h"
#include "mirror/base/signals.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/configuration.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/pass_report.h"
#include "mirror/cli/plural.h"
#include "mirror/service/serve.h"

namespace tidemark::mirror::cli {
namespace {

using service::Outcome;

/// The log: `run`'s own lines on the error stream, each with its time unless journald adds one.
class Log {
public:
    explicit Log(const Call& call) : m_streams(call.streams), m_timed(call.environment.get("JOURNAL_STREAM").empty()) {}

    void take(const service::ReportLine& line) {
        stamp();
        // More than one object would make it count the unchanged ones, which the service does not report at all.
        PassReport(m_streams, 1).take(line);
        std::fflush(m_streams.err);
    }

    void say(Outcome outcome, std::string text) {
        stamp();
        text = one_line(std::move(text));
        switch (outcome) {
            case Outcome::begun:
                say_doing(m_streams, text);
                break;
            case Outcome::held:
                say_warning(m_streams, text);
                break;
            case Outcome::failed:
                say_failed(m_streams, text);
                break;
            case Outcome::done:
            case Outcome::same:
            case Outcome::skipped:
                say_done(m_streams, text);
                break;
        }
        std::fflush(m_streams.err);
    }

private:
    /// All that is wrong with a configuration comes as lines; an event is one.
    static std::string one_line(std::string text) {
        for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n', end))
            text.replace(end, 1, "; ");
        return visible(text);
    }

    void stamp() {
        if (m_timed) fmt::print(m_streams.err, "{:%Y-%m-%dT%H:%M:%SZ} ", fmt::gmtime(std::time(nullptr)));
    }

    const Streams& m_streams;
    bool m_timed;
};

int run_serve(const Call& call) {
    service::Orders orders;
    // A reader of our messages that goes away is no reason to end.
    std::signal(SIGPIPE, SIG_IGN);
    const SignalThread signals({SIGTERM, SIGINT, SIGHUP}, [&](int signal) {
        if (signal == SIGHUP) {
            orders.reload();
        } else {
            orders.stop();
        }
    });
    ServiceManager manager([&](const char* name) { return std::string(call.environment.get(name)); });
    Log log(call);
    service::ServeOutput output;
    output.report = [&](const service::ReportLine& line) { log.take(line); };
    output.say = [&](Outcome outcome, const std::string& text) { log.say(outcome, text); };
    output.objects = [&](const service::Workspace& workspace) {
        log.say(Outcome::begun, describe_workspace(workspace));
    };
    service::serve([&] { return configuration_with_objects(call); }, orders, manager, output);
    return 0;
}

Run prepare(FlagSet&) {
    return run_serve;
}

}  // namespace

const Command k_serve = {
    "serve",
    "",
    "the service: passes over whatever is due, until it is stopped",
    "Does what `run` does, again and again: each registry repository is scanned and each automation looked at when "
    "its\n"
    "interval is over, an automation also at once when one of its policies chose another tag. What fails is tried at\n"
    "growing distances; a registry that asked to be left alone is left alone.\n"
    "\n"
    "Object files are read again when they change, object repositories at their interval. A file with an error stays "
    "in\n"
    "use as it was before the edit, and is named. SIGHUP reads the configuration again; one that does not validate\n"
    "leaves the old one in use. SIGTERM and SIGINT end it with 0, within seconds: what was begun is taken up by the "
    "next\n"
    "start. It holds the lock of the state folder, so `run` and `plan` on the same state are refused.\n"
    "\n"
    "Messages go to the error stream, one line an event, with the time unless journald adds it; a reason is named "
    "when\n"
    "it begins and when it ends. Under systemd it says when it is ready, what it does, and that it is alive.\n"
    "\n"
    "  tidemark serve --config /etc/tidemark/tidemark.yaml\n"
    "  tidemark serve --objects ./objects --secrets ./secrets --state /var/lib/tidemark",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
