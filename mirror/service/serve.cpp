#include "mirror/service/serve.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/notify/notifier.h"
#include "mirror/service/commands.h"
#include "mirror/service/conditions.h"
#include "mirror/service/pass.h"
#include "mirror/service/report_memory.h"
#include "mirror/service/schedule.h"
#include "mirror/service/session.h"
#include "mirror/service/suspensions.h"
#include "mirror/service/watch.h"
#include "policy/image/reference.h"

namespace tidemark::mirror::service {
namespace {

using Clock = std::chrono::steady_clock;
using Instant = Clock::time_point;
using std::chrono::seconds;

/// How often files are looked at; looking may take this part of the time at most.
constexpr auto k_look_step = seconds(2);
constexpr auto k_settle_step = std::chrono::milliseconds(200);
constexpr int k_look_share = 200;
/// After a pass that was lost: doubled each time.
constexpr auto k_first_retry = seconds(1);
constexpr auto k_longest_retry = std::chrono::minutes(5);
/// Without anything to do, to notice that time goes on.
constexpr auto k_longest_wait = std::chrono::minutes(10);

std::chrono::sys_seconds wall_clock() {
    return std::chrono::floor<seconds>(std::chrono::system_clock::now());
}

ObjectKey key_of(const GitObjects& source) {
    return {"", fmt::format("{}\n{}\n{}", source.url, source.branch, source.path)};
}

std::set<std::string> names_of(const policy::ObjectSet& objects) {
    std::set<std::string> names;
    const auto add = [&](const auto& kind) {
        for (const auto& [key, object] : kind)
            names.insert(key.to_string());
    };
    add(objects.image_repositories);
    add(objects.image_policies);
    add(objects.image_update_automations);
    return names;
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
    ~Service() { end_tickets(); }

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
            look_at_objects();
            take_commands();
            for (const ObjectKey& repository : m_orders.take_scans())
                m_schedule.wish(Task::scan, repository, Clock::now());
            if (!stop.stop_requested()) work();
            m_notifier.turn(m_session.store, {m_session.workspace, &m_session.workspace->secrets}, wall_clock());
            m_manager.alive(Clock::now());
            tell_status();
            publish_facts();
            m_orders.wait_until(next_step());
        }
        m_manager.send("STOPPING=1");
        m_output.say(Outcome::done, "stopped");
    }

private:
    /// Ready once configuration, state and objects are read, before anything is asked of the network.
    void start() {
        m_configuration = m_read_configuration();
        notify::Sinks sinks = notify::make_sinks(m_configuration.notifications);
        m_notifier.set_sinks(std::move(sinks));
        use_store(open_state(m_configuration, PassMode::run, store::Check::later));
        m_output.configured(m_configuration);
        m_fingerprint = fingerprint_files(m_configuration);
        m_next_look = Clock::now() + k_look_step;
        m_starting = true;
        try {
            read_first_objects();
        } catch (const Error&) {
            if (!m_session.store->wants_check()) throw;
            // A large file that nobody looked through yet: damage, as likely as not.
            m_session.store.reset();
            use_store(open_state(m_configuration, PassMode::run));
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
        try {
            take(load_workspace(m_configuration, Fetch::no, &m_last_good), Clock::now());
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::storage && m_session.store->wants_check()) throw;
            // A Git source that was never fetched is fetched by the first step, which says what it cannot get.
            if (m_configuration.object_repositories.empty()) not_loaded(error.what());
            schedule_objects(Clock::now());
        }
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

    void reload_configuration() {
        const auto now = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch());
        m_manager.send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.count()));
        try {
            Configuration configuration = m_read_configuration();
            if (configuration.state != m_configuration.state)
                throw Error(ErrorKind::invalid,
                            fmt::format("another state folder ({}) needs a restart", configuration.state.string()));
            const std::string fingerprint = fingerprint_files(configuration);
            notify::Sinks sinks = notify::make_sinks(configuration.notifications);
            Workspace workspace = load_workspace(configuration, Fetch::yes, &m_last_good, m_orders.stop_token());
            m_output.configured(configuration);
            m_notifier.set_sinks(std::move(sinks));
            m_configuration = std::move(configuration);
            m_fingerprint = fingerprint;
            take(std::move(workspace), Clock::now());
            m_output.say(Outcome::done, "the configuration was read again");
        } catch (const Error& error) {
            m_output.say(Outcome::failed,
                         fmt::format("the configuration was not taken, the one before stays in use: {}", error.what()));
        }
        m_manager.send("READY=1");
    }

    void look_at_objects() {
        const Instant now = Clock::now();
        const std::set<ObjectKey> sources = m_schedule.due(Task::objects, now);
        const bool edited = now >= m_next_look && find_edit(now);
        if (!edited && sources.empty()) return;
        bool ok = true;
        try {
            const Fetch fetch = sources.empty() ? Fetch::no : Fetch::yes;
            Workspace workspace = load_workspace(m_configuration, fetch, &m_last_good, m_orders.stop_token());
            if (edited || workspace.digest != m_session.workspace->digest || !m_not_loaded.empty()) {
                take(std::move(workspace), Clock::now());
            } else {
                overlay_suspensions(workspace);
                // Equal but for what was found out on the way.
                m_session.workspace = std::make_shared<const Workspace>(std::move(workspace));
                m_live.publish(m_session.workspace);
            }
        } catch (const std::exception& error) {
            ok = false;
            not_loaded(error.what());
        }
        for (const ObjectKey& source : sources)
            m_schedule.done(Task::objects, source, ok, Clock::now());
    }

    /// Files that are being written are left to settle: an edit is one when nothing moved since the last look.
    bool find_edit(Instant now) {
        const std::string fingerprint = fingerprint_files(m_configuration);
        const bool moved = std::exchange(m_fingerprint, fingerprint) != fingerprint;
        const Clock::duration step = moved ? Clock::duration(k_settle_step) : Clock::duration(k_look_step);
        m_next_look = Clock::now() + std::max(step, (Clock::now() - now) * k_look_share);
        return std::exchange(m_moving, moved) && !moved;
    }

    void not_loaded(const std::string& why) {
        if (m_orders.stop_token().stop_requested() || m_not_loaded == why) return;
        m_not_loaded = why;
        m_output.say(Outcome::failed, fmt::format("objects were not read, those of before stay in use: {}", why));
    }

    void take(Workspace workspace, Instant now) {
        m_not_loaded.clear();
        overlay_suspensions(workspace);
        m_session.workspace = std::make_shared<const Workspace>(std::move(workspace));
        m_live.publish(m_session.workspace);
        schedule_objects(now);
        m_schedule.retry_failed(now);
        m_memory.keep_only(names_of(m_session.workspace->objects));
        m_work_wanted = true;
        m_anew = true;  // a policy that was away did not see the tags that came meanwhile
        m_output.objects(*m_session.workspace);
    }

    /// Without a state, after a lost pass, open_store() does it when there is one again.
    void overlay_suspensions(Workspace& workspace) {
        if (m_session.store) apply_suspensions(workspace, *m_session.store, VoidSuspensions::forget);
    }

    void open_store() {
        if (m_session.store) return;
        use_store(open_state(m_configuration, PassMode::run));
        Workspace workspace = *m_session.workspace;
        overlay_suspensions(workspace);
        m_session.workspace = std::make_shared<const Workspace>(std::move(workspace));
        m_live.publish(m_session.workspace);
        schedule_objects(Clock::now());
    }

    void schedule_objects(Instant now) {
        std::vector<Schedule::Entry> entries;
        add_repositories(entries);
        add_automations(entries);
        for (const GitObjects& source : m_configuration.object_repositories)
            entries.push_back({Task::objects, key_of(source), source.interval, ""});
        m_schedule.replace(entries, now);
    }

    void add_repositories(std::vector<Schedule::Entry>& entries) {
        std::map<ObjectKey, store::TagListHead> heads;
        if (m_starting) heads = m_session.store->tag_list_heads();
        for (const auto& [key, repository] : m_session.workspace->objects.image_repositories) {
            if (repository.suspend) continue;
            entries.push_back({Task::scan, key, repository.interval, repository.metadata.spec_hash});
            const auto head = heads.find(key);
            const auto name = policy::parse_repository_name(repository.image);
            if (head != heads.end() && name && name->canonical() == head->second.canonical_name)
                entries.back().age = wall_clock() - head->second.scanned;
        }
    }

    void add_automations(std::vector<Schedule::Entry>& entries) {
        std::map<ObjectKey, store::ObjectStatus> statuses;
        if (m_starting) statuses = m_session.store->statuses(policy::ObjectKind::image_update_automation);
        const policy::ObjectSet& objects = m_session.workspace->objects;
        for (const auto& [key, automation] : objects.image_update_automations) {
            if (automation.suspend) continue;
            std::string version = automation.metadata.spec_hash;
            if (const auto source = objects.git_repositories.find(automation.source);
                source != objects.git_repositories.end())
                version += source->second.metadata.spec_hash;
            entries.push_back({Task::update, key, automation.interval, std::move(version)});
            // Soon after a start all are looked at: the process before may have been cut between choice and push.
            if (statuses.contains(key)) entries.back().age = 2 * automation.interval;
        }
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
                end(*ticket);
            }
        }
    }

    void answer(const std::shared_ptr<Ticket>& ticket) {
        open_store();
        const auto before = m_session.workspace;
        CommandAnswer answer = apply(ticket->command(), m_session, wall_clock());
        if (m_session.workspace != before) {  // something is suspended, or no longer
            m_live.publish(m_session.workspace);
            schedule_objects(Clock::now());
        }
        const bool accepted = answer.accepted;
        const Wish wish = answer.wish.value_or(Wish{});
        ticket->answer(std::move(answer));
        if (!accepted || (wish.repositories.empty() && wish.automations.empty())) return end(*ticket);
        for (const ObjectKey& key : wish.repositories)
            m_schedule.wish(Task::scan, key, Clock::now());
        for (const ObjectKey& key : wish.automations)
            m_schedule.wish(Task::update, key, Clock::now());
        m_tickets.push_back(ticket);
        m_work_wanted = true;
    }

    void end_tickets() {
        for (const std::shared_ptr<Ticket>& ticket : std::exchange(m_tickets, {}))
            end(*ticket);
    }

    void end(Ticket& ticket) {
        const Command& command = ticket.command();
        const store::Condition* ready = nullptr;
        store::ObjectStatus status;
        try {
            if (m_session.store) {
                auto statuses = m_session.store->statuses(command.kind);
                if (const auto found = statuses.find(command.object); found != statuses.end())
                    status = std::move(found->second);
            }
            ready = ready_condition(status);
        } catch (const Error&) {
            // What the state cannot say is unknown.
        }
        ticket.finish(ready ? ready->status : "Unknown", ready ? ready->message : "", is_suspended(command));
    }

    bool is_suspended(const Command& command) const {
        const policy::ObjectSet& objects = m_session.workspace->objects;
        const auto suspended = [&](const auto& kind) {
            const auto found = kind.find(command.object);
            return found != kind.end() && found->second.suspend;
        };
        switch (command.kind) {
            case policy::ObjectKind::image_repository:
                return suspended(objects.image_repositories);
            case policy::ObjectKind::image_policy:
                return suspended(objects.image_policies);
            case policy::ObjectKind::image_update_automation:
                return suspended(objects.image_update_automations);
            case policy::ObjectKind::git_repository:
            case policy::ObjectKind::secret:
                break;
        }
        return false;
    }

    // Work

    void work() {
        const Instant now = Clock::now();
        if (now < m_work_not_before) return;
        PassRequest request;
        request.live = &m_live;
        request.now = wall_clock();
        request.repositories = m_schedule.due(Task::scan, now);
        request.automations = m_schedule.due(Task::update, now);
        if (!m_work_wanted && request.repositories->empty() && request.automations->empty()) return;
        // What a lost pass left undone, and what the process before did, is not known.
        if (m_lost_passes > 0) request.automations.reset();
        request.decide_anew = m_anew;
        request.stop = m_orders.stop_token();
        try {
            open_store();
            const PassSummary summary =
                run_pass(m_configuration, m_session, request, [this](const ReportLine& line) { take_line(line); });
            if (request.stop.stop_requested()) return;
            finish_pass(request, summary);
        } catch (const std::exception& error) {
            lose_pass(error.what());
        }
    }

    void take_line(const ReportLine& line) {
        m_manager.alive(Clock::now());
        if (m_memory.is_news(line)) m_output.report(line);
    }

    void finish_pass(const PassRequest& request, const PassSummary& summary) {
        for (const ReportLine& line : m_memory.end_pass())
            m_output.report(line);
        const Instant now = Clock::now();
        for (const ObjectKey& key : *request.repositories) {
            const auto until = summary.scans.not_before.find(key);
            const auto rest = until == summary.scans.not_before.end() ? seconds(0) : until->second - wall_clock();
            m_schedule.done(Task::scan, key, !summary.scans.not_ready.contains(key), now, rest);
        }
        std::set<ObjectKey> automations = summary.updates.looked_at;
        if (request.automations) automations.insert(request.automations->begin(), request.automations->end());
        for (const ObjectKey& key : automations)
            m_schedule.done(Task::update, key, !summary.updates.not_ready.contains(key), now);
        if (m_lost_passes > 0) m_output.say(Outcome::done, "passes go through again");
        m_lost_passes = 0;
        m_lost_why.clear();
        m_anew = false;
        m_work_wanted = false;
        m_live.count_pass();
        publish_turns();
        end_tickets();
    }

    /// The state itself failed, or something nobody thought of: nothing of the pass is relied on. The state is opened
    /// anew, as a damaged file is then set aside.
    void lose_pass(const std::string& why) {
        const auto wait =
            std::min<Clock::duration>(k_first_retry * (1U << std::min(m_lost_passes, 10U)), k_longest_retry);
        ++m_lost_passes;
        m_session.store.reset();
        m_work_not_before = Clock::now() + wait;
        m_work_wanted = m_anew = true;
        if (std::exchange(m_lost_why, why) == why || m_orders.stop_token().stop_requested()) return;
        m_output.say(Outcome::failed, fmt::format("the pass was lost, and is tried again: {}", why));
    }

    // Waiting

    Instant next_work() const {
        const Instant soon = Clock::now();
        const Instant due = m_work_wanted ? soon : m_schedule.next().value_or(soon + k_longest_wait);
        return std::max(due, m_work_not_before);
    }

    Instant next_step() const {
        Instant next = std::min(next_work(), m_next_look);
        if (const auto notice = m_notifier.next()) next = std::min(next, Clock::now() + (*notice - wall_clock()));
        if (m_manager.watchdog_step()) next = std::min(next, Clock::now() + *m_manager.watchdog_step());
        return next;
    }

    void tell_status() {
        const auto wait = std::chrono::duration_cast<std::chrono::system_clock::duration>(next_work() - Clock::now());
        const auto next = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() + wait);
        std::string status =
            fmt::format("STATUS={} objects, {} need you, next at {:%H:%M:%S}", count(m_session.workspace->objects),
                        m_memory.failing() + (m_not_loaded.empty() ? 0 : 1), fmt::localtime(next));
        if (status == m_status) return;
        m_manager.send(status);
        m_status = std::move(status);
    }

    void publish_facts() {
        m_facts.not_loaded = m_not_loaded;
        m_facts.lost_passes = m_lost_passes;
        m_facts.commands_waiting = m_tickets.size();
        m_live.publish(m_facts);
    }

    void publish_turns() {
        Turns turns;
        m_schedule.each([&](Task task, const ObjectKey& key, Instant due) {
            if (task == Task::scan) turns[{policy::ObjectKind::image_repository, key}] = due;
            if (task == Task::update) turns[{policy::ObjectKind::image_update_automation, key}] = due;
        });
        m_live.publish(std::move(turns));
    }

    const std::function<Configuration()>& m_read_configuration;
    Orders& m_orders;
    Live& m_live;
    ServiceManager& m_manager;
    const ServeOutput& m_output;

    Configuration m_configuration;
    Session m_session{std::nullopt, std::make_shared<const Workspace>(Workspace{{}, SecretStore({}, {})})};
    notify::Notifier m_notifier{
        [this] { m_orders.nudge(); },
        [this](bool bad, const std::string& text) { m_output.say(bad ? Outcome::failed : Outcome::done, text); }};
    LastGood m_last_good;
    Schedule m_schedule;
    ReportMemory m_memory;
    bool m_starting = false;

    std::string m_fingerprint;
    Instant m_next_look;
    bool m_moving = false;     // files were not the same at the last two looks
    std::string m_not_loaded;  // why the objects could not be read at the last try

    bool m_work_wanted = false;  // whatever is due
    bool m_anew = true;          // as PassRequest::decide_anew
    unsigned m_lost_passes = 0;  // in a row
    std::string m_lost_why;
    Instant m_work_not_before;
    std::vector<std::shared_ptr<Ticket>> m_tickets;  // answered; the pass that they wished for is still to come
    std::string m_status;
    LiveFacts m_facts;
};

}  // namespace

void serve(const std::function<Configuration()>& read_configuration, Orders& orders, Live& live,
           ServiceManager& manager, const ServeOutput& output) {
    const Closing closing(orders);
    Service(read_configuration, orders, live, manager, output).run();
}

}  // namespace tidemark::mirror::service
