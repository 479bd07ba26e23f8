#include <csignal>
#include <memory>

#include "mirror/base/service_manager.h"
#include "mirror/base/signals.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/configuration.h"
#include "mirror/cli/plural.h"
#include "mirror/cli/service_log.h"
#include "mirror/service/push_listener.h"
#include "mirror/service/serve.h"
#include "mirror/web/server.h"

namespace tidemark::mirror::cli {
namespace {

using service::Outcome;

struct Options {
    std::string log;  // --log; empty: as the configuration says
};

int run_serve(const Options& options, const Call& call) {
    service::Orders orders;
    service::Live live;
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
    ServiceLog log(call);
    const auto read_configuration = [&] {
        Configuration configuration = configuration_with_objects(call);
        if (!options.log.empty()) configuration.log = options.log == "json" ? LogFormat::json : LogFormat::text;
        log.set_format(configuration.log);
        return configuration;
    };
    web::LogRing newest;
    web::WebServer server(live, orders, newest, TIDEMARK_VERSION);
    service::PushListener pushes(orders, live);
    service::ServeOutput output;
    output.report = [&](const service::ReportLine& line) {
        log.take(line);
        newest.add(line, false);
    };
    output.say = [&](Outcome outcome, const std::string& text) {
        log.say(outcome, text);
        newest.add({service::Step::objects, outcome, "", text, {}}, true);
    };
    output.objects = [&](const service::Workspace& workspace) {
        log.say(Outcome::begun, describe_workspace(workspace));
    };
    output.configured = [&](const Configuration& configuration) {
        server.configure(configuration);
        pushes.configure(configuration.post_receive);
    };
    service::serve(read_configuration, orders, live, manager, output);
    return 0;
}

Run prepare(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.choice("log", options->log, {"text", "json"}, "form of the log; goes before the configuration's `log`");
    return [options](const Call& call) { return run_serve(*options, call); };
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
    "It answers on its Unix socket, and on web.listen where the configuration names an address: the page at /, the "
    "API\n"
    "below /api/v1, /metrics, /healthz, /readyz.\n"
    "\n"
    "Messages go to the error stream, one line an event, with the time unless journald adds it; a reason is named "
    "when\n"
    "it begins and when it ends. With `--log json` each line is an object: time, level, step, object, message, "
    "details.\n"
    "Under systemd it says when it is ready, what it does, and that it is alive; entries of the journal have their\n"
    "priority and the fields TIDEMARK_STEP and TIDEMARK_OBJECT:\n"
    "\n"
    "  journalctl -u tidemark -p warning TIDEMARK_OBJECT=flux-system/web\n"
    "\n"
    "  tidemark serve --config /etc/tidemark/tidemark.yaml\n"
    "  tidemark serve --objects ./objects --secrets ./secrets --state /var/lib/tidemark",
    NamespaceCheck::none,
    prepare,
};

}  // namespace tidemark::mirror::cli
