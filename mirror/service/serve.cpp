#include "mirror/service/serve.h"

#include <algorithm>
#include <exception>
#include <optional>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/notify/notifier.h"
#include "mirror/service/commands.h"
#include "mirror/service/object_reader.h"
#include "mirror/service/registry_access.h"
#include "mirror/service/session.h"
#include "mirror/service/stale_watch.h"
#include "mirror/service/suspensions.h"
#include "mirror/service/watch.h"
#include "mirror/service/work.h"

namespace tidemark::mirror::service {
namespace {

using Clock = std::chrono::steady_clock;
using Instant = Clock::time_point;
using std::chrono::seconds;

/// A worker that says nothing for so long is stuck: it has no more than a few git calls for one automation.
constexpr auto k_longest_silence = std::chrono::minutes(30);
/// After a pass that was lost: doubled each time.
constexpr auto k_first_retry = seconds(1);
constexpr auto k_longest_retry = std::chrono::minutes(5);

std::chrono::sys_seconds wall_clock() {
    return std::chrono::floor<seconds>(std::chrono::system_clock::now());
}

std::size_t count(const policy::ObjectSet& objects) noexcept {
    return objects.image_repositories.size() + objects.image_policies.size() + objects.image_update_automations.size() +
           objects.git_repositories.size();
}

/// Whoever waits for a command does so no longer than the service lives.
class Closing {
public:
    explicit Closing(Orders& orders) : m_orders(orders) {}
    ~Closing() { m_orders.close("the service has stopped; try again when it runs"); }
    Closing(const Closing&) = delete;
    Closing& operator=(const Closing&) = delete;

private:
    Orders& m_orders;
};

class Service {
public:
    Service(const std::function<Configuration()>& read_configuration, Orders& orders, Live& live,
            ServiceManager& manager, const ServeOutput& output)
        : m_read_configuration(read_configuration),
          m_orders(orders),
          m_live(live),
          m_manager(manager),
          m_output(output) {}

    void run() {
        start();
        check_state();
        const std::stop_token stop = m_orders.stop_token();
        while (!stop.stop_requested()) {
            if (m_orders.take_reload()) reload_configuration();
            if (m_reader.has_news()) load();
            take_commands();
            for (const ObjectKey& repository : m_orders.take_scans())
                m_work->wish(Task::scan, repository);
            for (const ObjectKey& automation : m_orders.take_looks())
                m_work->wish(Task::update, automation);
            work();
            m_notifier.turn(m_session.store, {m_session.workspace, &m_session.workspace->secrets}, wall_clock());
            feed_watchdog();
            tell_status();
            publish_facts();
            if (!stop.stop_requested()) m_work->wait(next_step());
        }
        m_manager.send("STOPPING=1");
        m_work->drop();  // what it ends still speaks to us
        m_work.reset();
        m_output.say(Outcome::done, "stopped");
    }

private:
    /// Ready once configuration, state and objects are read, before anything is asked of the network.
    void start() {
        Configuration read = m_read_configuration();
        m_notifier.set_sinks(notify::make_sinks(read.notifications));
        use_store(open_state(read, PassMode::run, store::Check::later));
        m_output.configured(read);
        std::string fingerprint = fingerprint_files(read);
        m_reader.use(std::move(read), std::move(fingerprint));
        m_work.emplace(
            m_session, m_reader, m_orders, m_live,
            Work::Listener{[this](const ReportLine& line) { m_output.report(line); }, [this] { feed_watchdog(); }});
        m_session.scanner->limit_hosts(host_limits(configuration()));
        m_starting = true;
        try {
            read_first_objects();
        } catch (const Error&) {
            if (!m_session.store->wants_check()) throw;
            // A large file that nobody looked through yet: damage, as likely as not.
            m_session.store.reset();
            use_store(open_state(configuration(), PassMode::run));
            read_first_objects();
        }
        m_starting = false;
        m_facts.started = wall_clock();
        m_facts.ready = true;
        m_live.publish(m_session.workspace);
        publish_facts();
        m_manager.send("READY=1");
        tell_status();
    }

    void use_store(store::Store store) {
        m_session.store.emplace(std::move(store));
        m_notifier.listen(*m_session.store);
        if (!m_session.store->warning().empty()) m_output.say(Outcome::held, m_session.store->warning());
    }

    void read_first_objects() {
        if (!load()) m_work->objects_changed(&*m_session.store);
    }

    /// What the start had no time for, before anything is decided.
    void check_state() {
        if (!m_session.store->wants_check()) return;
        try {
            m_session.store->check();
        } catch (const Error& error) {
            lose_pass(error.what());
        }
    }

    // Configuration and objects

    const Configuration& configuration() const noexcept { return m_reader.configuration(); }

    void reload_configuration() {
        const auto now = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch());
        m_manager.send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.count()));
        try {
            Configuration read = m_read_configuration();
            if (read.state != configuration().state)
                throw Error(ErrorKind::invalid,
                            fmt::format("another state folder ({}) needs a restart", read.state.string()));
            std::string fingerprint = fingerprint_files(read);
            notify::Sinks sinks = notify::make_sinks(read.notifications);
            Workspace workspace = m_reader.read(read);
            m_output.configured(read);
            m_notifier.set_sinks(std::move(sinks));
            m_reader.use(std::move(read), std::move(fingerprint));
            m_session.scanner->limit_hosts(host_limits(configuration()));
            take(std::move(workspace));
            for (const GitObjects& source : configuration().object_repositories)
                m_work->wish(Task::objects, key_of(source));
            m_output.say(Outcome::done, "the configuration was read again");
            m_facts.not_configured.clear();
        } catch (const Error& error) {
            m_output.say(Outcome::failed,
                         fmt::format("the configuration was not taken, the one before stays in use: {}", error.what()));
            m_facts.not_configured = error.what();
        }
        m_manager.send("READY=1");
    }

    /// Answers whether there is something to work on.
    bool load() {
        const std::string before = m_reader.problem();
        try {
            if (std::optional<Workspace> workspace = m_reader.read()) {
                take(std::move(*workspace));
                return true;
            }
        } catch (const Error& error) {
            if (m_starting && error.kind() == ErrorKind::storage && m_session.store->wants_check()) throw;
            m_reader.set_problem(error.what());
        } catch (const std::exception& error) {
            m_reader.set_problem(error.what());
        }
        for (const ObjectKey& source : m_reader.damaged())
            m_work->wish(Task::objects, source);
        if (m_reader.problem() != before && !m_orders.stop_token().stop_requested())
            m_output.say(Outcome::failed,
                         fmt::format("objects were not read, those of before stay in use: {}", m_reader.problem()));
        return false;
    }

    void take(Workspace workspace) {
        m_reader.set_problem("");
        overlay_suspensions(workspace);
        use(std::move(workspace));
        m_work->objects_read();
        m_output.objects(*m_session.workspace);
    }

    void use(Workspace workspace) {
        m_session.workspace = std::make_shared<const Workspace>(std::move(workspace));
        objects_changed();
    }

    void objects_changed() {
        m_live.publish(m_session.workspace);
        m_work->objects_changed(m_starting ? &*m_session.store : nullptr);
    }

    /// Without a state, after a lost pass, open_store() does it when there is one again.
    void overlay_suspensions(Workspace& workspace) {
        if (m_session.store) apply_suspensions(workspace, *m_session.store, VoidSuspensions::forget);
    }

    void open_store() {
        if (m_session.store) return;
        use_store(open_state(configuration(), PassMode::run));
        Workspace workspace = *m_session.workspace;
        overlay_suspensions(workspace);
        use(std::move(workspace));
    }

    // Commands

    void take_commands() {
        for (const std::shared_ptr<Ticket>& ticket : m_orders.take_commands()) {
            try {
                answer(ticket);
            } catch (const std::exception& error) {
                ticket->answer({false,
                                CommandAnswer::Status::refused,
                                fmt::format("the state failed: {}; try again in a minute", error.what()),
                                {}});
                finish(*ticket, m_session);
            }
        }
    }

    void answer(const std::shared_ptr<Ticket>& ticket) {
        open_store();
        const auto before = m_session.workspace;
        CommandAnswer answer = apply(ticket->command(), m_session, wall_clock());
        if (m_session.workspace != before) objects_changed();  // something is suspended, or no longer
        Wish wish = answer.accepted && answer.wish ? *answer.wish : Wish{};
        ticket->answer(std::move(answer));
        m_work->wish(ticket, std::move(wish));
    }

    // Work

    /// Takes what has come, and begins what is due. Waits for nothing.
    void work() {
        const Instant now = Clock::now();
        if (now < m_work_not_before || m_orders.stop_token().stop_requested()) return;
        try {
            open_store();
            m_work->turn();
            end_losing();
            if (m_stale_watch.look(m_session.workspace->objects, *m_session.store, now, wall_clock()))
                m_facts.stale = m_stale_watch.stale();
        } catch (const std::exception& error) {
            lose_pass(error.what());
        }
    }

    void end_losing() {
        if (m_lost_passes == 0 || !m_work->is_settled()) return;
        m_output.say(Outcome::done, "passes go through again");
        m_lost_passes = 0;
        m_lost_why.clear();
    }

    /// The state itself failed, or something nobody thought of: nothing of the pass is relied on. The state is opened
    /// anew, as a damaged file is then set aside.
    void lose_pass(const std::string& why) {
        const auto wait =
            std::min<Clock::duration>(k_first_retry * (1U << std::min(m_lost_passes, 10U)), k_longest_retry);
        ++m_lost_passes;
        m_work->drop();
        m_session.store.reset();
        m_work_not_before = Clock::now() + wait;
        if (std::exchange(m_lost_why, why) == why || m_orders.stop_token().stop_requested()) return;
        m_output.say(Outcome::failed, fmt::format("the pass was lost, and is tried again: {}", why));
    }

    // Waiting

    Instant next_work() const {
        const Instant due = m_reader.sources_have_news() ? Clock::now() : m_work->next();
        return std::max(due, m_work_not_before);
    }

    Instant next_step() const {
        Instant next = std::min(next_work(), m_reader.next_look());
        if (const auto notice = m_notifier.next()) next = std::min(next, Clock::now() + (*notice - wall_clock()));
        if (m_manager.watchdog_step()) next = std::min(next, Clock::now() + *m_manager.watchdog_step());
        return next;
    }

    /// Only while work moves: a git that outlived its deadline, or a step that hangs, lets the watchdog starve.
    void feed_watchdog() {
        if (m_work->longest_silence() < k_longest_silence) m_manager.alive(Clock::now());
    }

    void tell_status() {
        const auto wait = std::chrono::duration_cast<std::chrono::system_clock::duration>(next_work() - Clock::now());
        const auto next = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() + wait);
        std::string status = fmt::format(
            "STATUS={} objects, {} need you, {}next at {:%H:%M:%S}", count(m_session.workspace->objects),
            m_work->failing() + (m_reader.problem().empty() ? 0U : 1U) + (m_facts.not_configured.empty() ? 0U : 1U),
            stale_words(), fmt::localtime(next));
        if (status == m_status) return;
        m_manager.send(status);
        m_status = std::move(status);
    }

    std::string stale_words() const {
        return m_facts.stale.empty() ? std::string() : fmt::format("{} stale, ", m_facts.stale.size());
    }

    void publish_facts() {
        m_facts.not_loaded = m_reader.problem();
        m_facts.lost_passes = m_lost_passes;
        m_work->count(m_facts);
        m_live.publish(m_facts);
    }

    const std::function<Configuration()>& m_read_configuration;
    Orders& m_orders;
    Live& m_live;
    ServiceManager& m_manager;
    const ServeOutput& m_output;

    Session m_session{std::nullopt, std::make_shared<const Workspace>(Workspace{{}, SecretStore({}, {})})};
    notify::Notifier m_notifier{
        [this] { m_orders.nudge(); },
        [this](bool bad, const std::string& text) { m_output.say(bad ? Outcome::failed : Outcome::done, text); }};
    ObjectReader m_reader;
    StaleWatch m_stale_watch{[this](const ReportLine& line) { m_output.report(line); }};
    bool m_starting = false;

    unsigned m_lost_passes = 0;  // in a row
    std::string m_lost_why;
    Instant m_work_not_before;
    std::string m_status;
    LiveFacts m_facts;
    std::optional<Work> m_work;  // last: what runs there uses the rest
};

}  // namespace

void serve(const std::function<Configuration()>& read_configuration, Orders& orders, Live& live,
           ServiceManager& manager, const ServeOutput& output) {
    const Closing closing(orders);
    Service(read_configuration, orders, live, manager, output).run();
}

}  // namespace tidemark::mirror::service
