#include "mirror/service/serve.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/git/damage.h"
#include "mirror/notify/notifier.h"
#include "mirror/service/automation_plan.h"
#include "mirror/service/commands.h"
#include "mirror/service/conditions.h"
#include "mirror/service/pass.h"
#include "mirror/service/registry_access.h"
#include "mirror/service/report_memory.h"
#include "mirror/service/rounds.h"
#include "mirror/service/schedule.h"
#include "mirror/service/session.h"
#include "mirror/service/stale_watch.h"
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
/// How long decisions wait for scans that are under way; and those that nothing but scans without news ask for.
constexpr auto k_gather = seconds(1);
constexpr auto k_gather_same = seconds(30);
/// A worker that says nothing for so long is stuck: it has no more than a few git calls for one automation.
constexpr auto k_longest_silence = std::chrono::minutes(30);
/// After a pass that was lost: doubled each time.
constexpr auto k_first_retry = seconds(1);
constexpr auto k_longest_retry = std::chrono::minutes(5);
/// Without anything to do, to notice that time goes on.
constexpr auto k_longest_wait = std::chrono::minutes(10);

std::chrono::sys_seconds wall_clock() {
    return std::chrono::floor<seconds>(std::chrono::system_clock::now());
}

ObjectKey key_of(const GitObjects& source) {
    return {"", source_name(source)};
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
    ~Service() { end_tickets(true); }

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
            for (const ObjectKey& automation : m_orders.take_looks())
                m_schedule.wish(Task::update, automation, Clock::now());
            work();
            m_notifier.turn(m_session.store, {m_session.workspace, &m_session.workspace->secrets}, wall_clock());
            feed_watchdog();
            tell_status();
            publish_facts();
            if (!stop.stop_requested()) m_rounds->wait(next_step());
        }
        m_manager.send("STOPPING=1");
        m_rounds.reset();
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
        m_rounds.emplace(m_session, m_orders, m_live, [this](const ReportLine& line) { take_line(line); });
        m_rounds->use_state(m_configuration.state);
        m_session.scanner->limit_hosts(host_limits(m_configuration));
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
        if (!load()) schedule_objects(Clock::now());
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
            Workspace workspace = load_workspace(configuration, Fetch::no, &m_last_good, {}, &m_problems);
            m_output.configured(configuration);
            m_notifier.set_sinks(std::move(sinks));
            m_configuration = std::move(configuration);
            m_fingerprint = fingerprint;
            m_session.scanner->limit_hosts(host_limits(m_configuration));
            take(std::move(workspace), Clock::now());
            for (const GitObjects& source : m_configuration.object_repositories)
                m_schedule.wish(Task::objects, key_of(source), Clock::now());
            m_output.say(Outcome::done, "the configuration was read again");
        } catch (const Error& error) {
            m_output.say(Outcome::failed,
                         fmt::format("the configuration was not taken, the one before stays in use: {}", error.what()));
        }
        m_manager.send("READY=1");
    }

    void look_at_objects() {
        const Instant now = Clock::now();
        const bool edited = now >= m_next_look && find_edit(now);
        if (edited || std::exchange(m_sources_moved, false)) load();
    }

    /// From the folders, and from the Git sources as they were fetched last. Answers whether there is something to
    /// work on.
    bool load() {
        try {
            take(load_workspace(m_configuration, Fetch::no, &m_last_good, {}, &m_problems), Clock::now());
            return true;
        } catch (const git::DamagedRepository& damage) {
            for (const GitObjects& source : m_configuration.object_repositories) {
                if (mirror_path(m_configuration.state, source.url) != damage.folder()) continue;
                m_renew.insert(key_of(source));
                m_schedule.wish(Task::objects, key_of(source), Clock::now());
            }
            not_loaded(std::string(damage.what()) + "; it is cloned anew");
        } catch (const Error& error) {
            if (m_starting && error.kind() == ErrorKind::storage && m_session.store->wants_check()) throw;
            not_loaded(error.what());
        } catch (const std::exception& error) {
            not_loaded(error.what());
        }
        return false;
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
        use(std::move(workspace), now);
        m_schedule.retry_failed(now);
        m_session.scanner->end_own_pauses();
        m_memory.keep_only(names_of(m_session.workspace->objects));
        m_work_wanted = true;
        m_anew = true;  // a policy that was away did not see the tags that came meanwhile
        m_output.objects(*m_session.workspace);
    }

    void use(Workspace workspace, Instant now) {
        m_session.workspace = std::make_shared<const Workspace>(std::move(workspace));
        m_live.publish(m_session.workspace);
        m_rounds->objects_changed();
        schedule_objects(now);
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
        use(std::move(workspace), Clock::now());
    }

    void schedule_objects(Instant now) {
        std::vector<Schedule::Entry> entries;
        add_repositories(entries);
        add_automations(entries);
        for (const GitObjects& source : m_configuration.object_repositories)
            entries.push_back({Task::objects, key_of(source), source.interval, ""});
        add_remotes(entries);
        m_schedule.replace(entries, now);
        forget_gone();
    }

    /// Each remote is asked where its branches are as often as the most impatient GitRepository wants it.
    void add_remotes(std::vector<Schedule::Entry>& entries) {
        m_remotes.clear();
        m_remote_of.clear();
        const policy::ObjectSet& objects = m_session.workspace->objects;
        for (const auto& [key, automation] : objects.image_update_automations) {
            if (automation.suspend || first_error(automation.metadata.findings)) continue;
            try {
                const AutomationBranches branches = find_branches(automation, objects);
                RemoteUse& use = m_remotes[mirror_path(m_configuration.state, branches.repository->url).string()];
                if (use.automations.empty() || branches.repository->interval < use.repository.interval)
                    use.repository = *branches.repository;
                use.branches.insert({branches.checkout, branches.push});
                use.automations.insert(key);
                m_remote_of.insert(key);
            } catch (const Error&) {
                continue;  // the automation says it
            }
        }
        for (const auto& [remote, use] : m_remotes) {
            entries.push_back({Task::ask, {"", remote}, use.repository.interval, ""});
            entries.back().age = std::chrono::nanoseconds(0);  // its automations are looked at first
        }
    }

    /// Objects that were wanted and are no more, or suspended.
    void forget_gone() {
        std::erase_if(m_wanted, [&](const ObjectKey& key) { return !m_schedule.knows(Task::update, key); });
        for (OpenTicket& open : m_tickets) {
            std::erase_if(open.repositories, [&](const auto& key) { return !m_schedule.knows(Task::scan, key); });
            std::erase_if(open.automations, [&](const auto& key) { return !m_schedule.knows(Task::update, key); });
        }
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
            m_rounds->objects_changed();
            schedule_objects(Clock::now());
        }
        OpenTicket open{ticket, {}, {}, false};
        if (answer.accepted && answer.wish) {
            open.repositories = answer.wish->repositories;
            open.automations = answer.wish->automations;
        }
        ticket->answer(std::move(answer));
        std::erase_if(open.repositories, [&](const auto& key) { return !m_schedule.knows(Task::scan, key); });
        std::erase_if(open.automations, [&](const auto& key) { return !m_schedule.knows(Task::update, key); });
        if (open.repositories.empty() && open.automations.empty()) return end(*ticket);
        if (!open.repositories.empty()) m_session.scanner->end_own_pauses();
        for (const ObjectKey& key : open.repositories)
            m_schedule.wish(Task::scan, key, Clock::now());
        for (const ObjectKey& key : open.automations)
            m_schedule.wish(Task::update, key, Clock::now());
        open.decided = open.repositories.empty();
        m_tickets.push_back(std::move(open));
        m_work_wanted = true;
    }

    /// Those whose work is over.
    void end_tickets(bool all = false) {
        for (auto open = m_tickets.begin(); open != m_tickets.end();) {
            if (!all && !(open->decided && open->automations.empty())) {
                ++open;
                continue;
            }
            end(*open->ticket);
            open = m_tickets.erase(open);
        }
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

    /// Takes what has come, and begins what is due. Waits for nothing.
    void work() {
        const Instant now = Clock::now();
        if (now < m_work_not_before || m_orders.stop_token().stop_requested()) return;
        try {
            open_store();
            take_scans();
            take_updates();
            take_looks();
            begin_scans(now);
            want_automations(now);
            if (is_ripe(now)) decide();
            begin_looks(now);
            end_tickets();
            end_losing();
            if (m_stale_watch.look(m_session.workspace->objects, *m_session.store, now, wall_clock()))
                m_facts.stale = m_stale_watch.stale();
        } catch (const std::exception& error) {
            lose_pass(error.what());
        }
    }

    void take_line(const ReportLine& line) {
        if (m_memory.is_news(line)) m_output.report(line);
        feed_watchdog();
    }

    void begin_scans(Instant now) {
        const std::set<ObjectKey> due = m_schedule.due(Task::scan, now);
        if (due.empty()) return;
        for (const ObjectKey& key : due)
            m_schedule.begun(Task::scan, key);
        m_rounds->scan(due, wall_clock());
        take_scans();  // those that cannot be asked at all
    }

    void take_scans() {
        if (!m_rounds->scanning()) return;
        ScanSummary part = m_rounds->take_scans();
        const Instant now = Clock::now();
        for (const ObjectKey& key : part.looked_at) {
            const auto until = part.not_before.find(key);
            const auto rest = until == part.not_before.end()
                                  ? seconds(0)
                                  : std::min<seconds>(until->second - wall_clock(), k_longest_pause);
            const auto pause = part.left_alone.find(key);
            m_schedule.done(Task::scan, key, !part.not_ready.contains(key), now, rest,
                            pause == part.left_alone.end() ? seconds(0) : pause->second);
        }
        m_scanned.changed.merge(part.changed);
        m_scanned.not_ready.merge(part.not_ready);
        m_scanned.looked_at.merge(part.looked_at);
    }

    void take_updates() {
        const UpdateSummary part = m_rounds->take_updates();
        const Instant now = Clock::now();
        for (const ObjectKey& key : part.looked_at) {
            m_updating.erase(key);
            if (!m_schedule.done(Task::update, key, !part.not_ready.contains(key), now)) continue;
            for (OpenTicket& open : m_tickets)
                open.automations.erase(key);
        }
    }

    void take_looks() {
        for (const RemoteLook& look : m_rounds->take_looks()) {
            const Instant now = Clock::now();
            m_schedule.done(look.task, look.name, look.problem.empty(), now);
            if (look.task == Task::ask) {
                // What went wrong is met, and told, by the automations' own looks.
                const auto use = m_remotes.find(look.name.name);
                if (!look.moved || use == m_remotes.end()) continue;
                for (const ObjectKey& key : use->second.automations)
                    m_schedule.wish(Task::update, key, now);
                continue;
            }
            const bool other = m_problems[look.name.name] != look.problem;
            m_problems[look.name.name] = look.problem;
            if (look.moved || other || m_session.workspace->incomplete || !m_not_loaded.empty()) m_sources_moved = true;
        }
    }

    void want_automations(Instant now) {
        for (const ObjectKey& key : m_schedule.due(Task::update, now))
            want(key);
    }

    void want(const ObjectKey& key) {
        if (!m_schedule.knows(Task::update, key)) return;
        if (m_updating.contains(key)) return m_schedule.wish(Task::update, key, Clock::now());
        m_schedule.begun(Task::update, key);
        m_wanted.insert(key);
    }

    /// Those whose remote nobody works on.
    std::set<ObjectKey> startable() const {
        std::set<ObjectKey> keys;
        if (m_wanted.empty()) return keys;
        for (const auto& [remote, use] : m_remotes) {
            if (m_rounds->busy(remote)) continue;
            for (const ObjectKey& key : use.automations)
                if (m_wanted.contains(key) && !waits_for_objects(key)) keys.insert(key);
        }
        for (const ObjectKey& key : m_wanted)
            if (!m_remote_of.contains(key)) keys.insert(key);  // it says what is wrong with it
        return keys;
    }

    /// An automation's branch would lose what policies propose that were never read.
    bool waits_for_objects(const ObjectKey& key) const {
        if (!m_session.workspace->incomplete) return false;
        const policy::ObjectSet& objects = m_session.workspace->objects;
        const AutomationBranches branches = find_branches(objects.image_update_automations.at(key), objects);
        return branches.push != branches.checkout;
    }

    /// Whether there is something to decide on. What is being scanned is waited for a little, so that a round of
    /// thousands is decided on a few times and not at each answer.
    bool is_ripe(Instant now) {
        const bool digests = m_rounds->take_digest_news();
        const bool pin_ended = m_holds_until && *m_holds_until <= wall_clock();
        m_work_wanted = m_work_wanted || digests || pin_ended;
        const bool news = m_work_wanted || !m_scanned.changed.empty() || !m_scanned.not_ready.empty() ||
                          !m_tickets.empty() || !startable().empty();
        if (!news && m_scanned.looked_at.empty()) return false;
        const Instant until = now + (news ? k_gather : k_gather_same);
        m_gather_until = std::min(m_gather_until.value_or(until), until);
        return !m_rounds->scanning() || now >= *m_gather_until;
    }

    void decide() {
        const auto now = wall_clock();
        const policy::ObjectSet& objects = m_session.workspace->objects;
        report_findings(objects, [this](const ReportLine& line) { take_line(line); });
        PolicySummary policies = m_rounds->decide(m_scanned, m_anew, now);
        if (m_orders.stop_token().stop_requested()) return;
        m_holds_until = policies.holds_until;
        const std::set<ObjectKey> before = m_wanted;
        for (const ObjectKey& key : automations_after(m_wanted, m_rounds->selections(), policies))
            if (!before.contains(key)) want(key);
        note_decided();
        const std::set<ObjectKey> now_begun = startable();
        for (const ObjectKey& key : now_begun)
            m_wanted.erase(key);
        m_updating.insert(now_begun.begin(), now_begun.end());
        if (!now_begun.empty()) m_rounds->update(now_begun, std::move(policies), now);
        take_updates();
        for (const ReportLine& line : m_memory.end_pass())
            m_output.report(line);
        m_anew = m_work_wanted = false;
        m_gather_until.reset();
        m_live.count_pass();
        publish_turns();
    }

    /// A ticket whose repositories are all decided on waits for the automations that this brought.
    void note_decided() {
        const std::set<ObjectKey> scanned = std::exchange(m_scanned, {}).looked_at;
        for (OpenTicket& open : m_tickets) {
            for (const ObjectKey& key : scanned)
                open.repositories.erase(key);
            if (open.decided || !open.repositories.empty()) continue;
            open.decided = true;
            open.automations.insert(m_wanted.begin(), m_wanted.end());
        }
    }

    void begin_looks(Instant now) {
        for (const ObjectKey& key : m_schedule.due(Task::ask, now)) {
            const RemoteUse& use = m_remotes.at(key.name);
            if (m_rounds->busy(key.name)) {
                m_schedule.done(Task::ask, key, true, now);  // what runs there asks as well
                continue;
            }
            m_schedule.begun(Task::ask, key);
            m_rounds->look({Task::ask, key, use.repository, use.branches, false, false, ""});
        }
        for (const ObjectKey& key : m_schedule.due(Task::objects, now)) {
            m_schedule.begun(Task::objects, key);
            m_sources_wanted.insert(key);
        }
        for (const GitObjects& source : m_configuration.object_repositories) {
            const ObjectKey key = key_of(source);
            if (!m_sources_wanted.contains(key) ||
                m_rounds->busy(mirror_path(m_configuration.state, source.url).string()))
                continue;
            m_sources_wanted.erase(key);
            const policy::GitRepository repository = as_repository(source);
            m_rounds->look({Task::objects, key, repository, {repository.branch}, m_renew.erase(key) > 0, false, ""});
        }
    }

    void end_losing() {
        if (m_lost_passes == 0 || m_work_wanted || m_rounds->scanning() || !m_updating.empty()) return;
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
        m_rounds->drop();
        m_session.store.reset();
        m_scanned = {};
        m_wanted.clear();
        m_updating.clear();
        m_schedule.lost(Clock::now());
        m_work_not_before = Clock::now() + wait;
        m_work_wanted = m_anew = true;
        if (std::exchange(m_lost_why, why) == why || m_orders.stop_token().stop_requested()) return;
        m_output.say(Outcome::failed, fmt::format("the pass was lost, and is tried again: {}", why));
    }

    // Waiting

    Instant next_work() const {
        const Instant soon = Clock::now();
        Instant due = m_schedule.next().value_or(soon + k_longest_wait);
        if (m_gather_until) {
            due = std::min(due, *m_gather_until);
        } else if (m_work_wanted || m_sources_moved) {
            due = soon;
        } else if (m_holds_until) {
            due = std::min<Instant>(due, soon + std::min<seconds>(*m_holds_until - wall_clock(), k_longest_wait));
        }
        return std::max(due, m_work_not_before);
    }

    Instant next_step() const {
        Instant next = std::min(next_work(), m_next_look);
        if (const auto notice = m_notifier.next()) next = std::min(next, Clock::now() + (*notice - wall_clock()));
        if (m_manager.watchdog_step()) next = std::min(next, Clock::now() + *m_manager.watchdog_step());
        return next;
    }

    /// Only while work moves: a git that outlived its deadline, or a step that hangs, lets the watchdog starve.
    void feed_watchdog() {
        if (m_rounds->longest_silence() < k_longest_silence) m_manager.alive(Clock::now());
    }

    void tell_status() {
        const auto wait = std::chrono::duration_cast<std::chrono::system_clock::duration>(next_work() - Clock::now());
        const auto next = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() + wait);
        std::string status =
            fmt::format("STATUS={} objects, {} need you, {}next at {:%H:%M:%S}", count(m_session.workspace->objects),
                        m_memory.failing() + (m_not_loaded.empty() ? 0 : 1), stale_words(), fmt::localtime(next));
        if (status == m_status) return;
        m_manager.send(status);
        m_status = std::move(status);
    }

    std::string stale_words() const {
        return m_facts.stale.empty() ? std::string() : fmt::format("{} stale, ", m_facts.stale.size());
    }

    void publish_facts() {
        m_facts.not_loaded = m_not_loaded;
        m_facts.lost_passes = m_lost_passes;
        m_facts.commands_waiting = m_tickets.size();
        m_facts.scans_waiting = m_rounds->scans_waiting();
        m_facts.updates_waiting = m_wanted.size() + m_updating.size();
        m_facts.pauses.clear();
        for (const auto& [host, until] : m_session.scanner->pauses())
            m_facts.pauses[host] = wall_clock() + std::chrono::ceil<seconds>(until - Clock::now());
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
    StaleWatch m_stale_watch{[this](const ReportLine& line) { m_output.report(line); }};
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
    struct OpenTicket {
        std::shared_ptr<Ticket> ticket;
        std::set<ObjectKey> repositories;  // to be scanned and decided on
        std::set<ObjectKey> automations;   // to be looked at
        bool decided = false;
    };
    std::vector<OpenTicket> m_tickets;  // answered; what they wished for is not over

    struct RemoteUse {
        policy::GitRepository repository;
        std::set<std::string> branches;
        std::set<ObjectKey> automations;
    };
    std::map<std::string, RemoteUse> m_remotes;  // by mirror
    std::set<ObjectKey> m_remote_of;             // automations that have one

    ScanSummary m_scanned;           // and not decided on
    std::set<ObjectKey> m_wanted;    // automations to look at when their remote is free
    std::set<ObjectKey> m_updating;  // and those that are looked at
    std::optional<Instant> m_gather_until;
    std::optional<std::chrono::sys_seconds> m_holds_until;  // what was decided, as pins end then
    std::set<ObjectKey> m_sources_wanted;  // Git sources of objects to be fetched when their remote is free
    std::set<ObjectKey> m_renew;           // and those whose mirror is damaged
    SourceProblems m_problems;
    bool m_sources_moved = false;
    std::string m_status;
    LiveFacts m_facts;
    std::optional<Rounds> m_rounds;  // last: what runs there uses the rest
};

}  // namespace

void serve(const std::function<Configuration()>& read_configuration, Orders& orders, Live& live,
           ServiceManager& manager, const ServeOutput& output) {
    const Closing closing(orders);
    Service(read_configuration, orders, live, manager, output).run();
}

}  // namespace tidemark::mirror::service
