#include "mirror/service/work.h"

#include <algorithm>
#include <utility>

#include "mirror/base/error.h"
#include "mirror/service/automation_plan.h"
#include "mirror/service/pass.h"
#include "mirror/service/schedule_entries.h"
#include "mirror/service/sources.h"

namespace tidemark::mirror::service {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

/// How long decisions wait for scans that are under way; and those that nothing but scans without news ask for.
constexpr auto k_gather = seconds(1);
constexpr auto k_gather_same = seconds(30);
/// Without anything to do, to notice that time goes on.
constexpr auto k_longest_wait = std::chrono::minutes(10);

std::chrono::sys_seconds wall_clock() {
    return std::chrono::floor<seconds>(std::chrono::system_clock::now());
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

}  // namespace

Work::Work(Session& session, ObjectReader& reader, Orders& orders, Live& live, Listener listener)
    : m_session(session),
      m_reader(reader),
      m_orders(orders),
      m_live(live),
      m_listener(std::move(listener)),
      m_rounds(session, orders, live, [this](const ReportLine& line) { take_line(line); }) {
    m_rounds.use_state(reader.configuration().state);
}

void Work::take_line(const ReportLine& line) {
    if (m_memory.is_news(line)) m_listener.news(line);
    m_listener.going_on();
}

// What there is to do

void Work::objects_changed(store::Store* state) {
    const policy::ObjectSet& objects = m_session.workspace->objects;
    m_rounds.objects_changed();
    m_rounds.use_forges(m_reader.configuration().forges);
    m_remotes = AutomationRemotes(objects, m_reader.configuration().state);
    m_schedule.replace(schedule_entries(objects, m_reader.configuration(), m_remotes, state, wall_clock()),
                       Clock::now());
    // Objects that were wanted and are no more, or suspended.
    std::erase_if(m_wanted, [&](const ObjectKey& key) { return !m_schedule.knows(Task::update, key); });
    m_tickets.keep_only(m_schedule);
}

void Work::objects_read() {
    m_schedule.retry_failed(Clock::now());
    m_session.scanner->end_own_pauses();
    m_memory.keep_only(names_of(m_session.workspace->objects));
    m_wanted_at_all = true;
    m_anew = true;  // a policy that was away did not see the tags that came meanwhile
}

void Work::wish(Task task, const ObjectKey& key) {
    m_schedule.wish(task, key, Clock::now());
}

void Work::wish(const std::shared_ptr<Ticket>& ticket, Wish wish) {
    std::erase_if(wish.repositories, [&](const auto& key) { return !m_schedule.knows(Task::scan, key); });
    std::erase_if(wish.automations, [&](const auto& key) { return !m_schedule.knows(Task::update, key); });
    if (wish.repositories.empty() && wish.automations.empty()) return finish(*ticket, m_session);
    if (!wish.repositories.empty()) m_session.scanner->end_own_pauses();
    for (const ObjectKey& key : wish.repositories)
        this->wish(Task::scan, key);
    for (const ObjectKey& key : wish.automations)
        this->wish(Task::update, key);
    m_tickets.add(ticket, std::move(wish));
    m_wanted_at_all = true;
}

Work::Instant Work::next() const {
    const Instant now = Clock::now();
    const Instant due = m_schedule.next().value_or(now + k_longest_wait);
    if (m_gather_until) return std::min(due, *m_gather_until);
    if (m_wanted_at_all) return now;
    if (!m_holds_until) return due;
    return std::min<Instant>(due, now + std::min<seconds>(*m_holds_until - wall_clock(), k_longest_wait));
}

void Work::turn() {
    const Instant now = Clock::now();
    take_scans();
    take_updates();
    take_looks();
    begin_scans(now);
    for (const ObjectKey& key : m_schedule.due(Task::update, now))
        want(key);
    if (is_ripe(now)) decide();
    begin_looks(now);
    begin_source_looks(now);
    m_tickets.end_finished();
}

void Work::drop() {
    m_rounds.drop();
    m_scanned = {};
    m_wanted.clear();
    m_updating.clear();
    m_schedule.lost(Clock::now());
    m_wanted_at_all = m_anew = true;
}

// Scans and decisions

void Work::begin_scans(Instant now) {
    const std::set<ObjectKey> due = m_schedule.due(Task::scan, now);
    if (due.empty()) return;
    for (const ObjectKey& key : due)
        m_schedule.begun(Task::scan, key);
    m_rounds.scan(due, wall_clock());
    take_scans();  // those that cannot be asked at all
}

void Work::take_scans() {
    if (!m_rounds.scanning()) return;
    ScanSummary part = m_rounds.take_scans();
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

/// Whether there is something to decide on. What is being scanned is waited for a little, so that a round of
/// thousands is decided on a few times and not at each answer.
bool Work::is_ripe(Instant now) {
    const bool digests = m_rounds.take_digest_news();
    const bool pin_ended = m_holds_until && *m_holds_until <= wall_clock();
    m_wanted_at_all = m_wanted_at_all || digests || pin_ended;
    const bool news = m_wanted_at_all || !m_scanned.changed.empty() || !m_scanned.not_ready.empty() ||
                      m_tickets.size() > 0 || !startable().empty();
    if (!news && m_scanned.looked_at.empty()) return false;
    const Instant until = now + (news ? k_gather : k_gather_same);
    m_gather_until = std::min(m_gather_until.value_or(until), until);
    return !m_rounds.scanning() || now >= *m_gather_until;
}

void Work::decide() {
    const auto now = wall_clock();
    report_findings(m_session.workspace->objects, [this](const ReportLine& line) { take_line(line); });
    PolicySummary policies = decide_policies(now);
    if (m_orders.stop_token().stop_requested()) return;
    m_tickets.decided(std::exchange(m_scanned, {}).looked_at, m_wanted);
    const std::set<ObjectKey> begun = startable();
    for (const ObjectKey& key : begun)
        m_wanted.erase(key);
    m_updating.insert(begun.begin(), begun.end());
    if (!begun.empty()) m_rounds.update(begun, std::move(policies), now);
    take_updates();
    for (const ReportLine& line : m_memory.end_pass())
        m_listener.news(line);
    m_anew = m_wanted_at_all = false;
    m_gather_until.reset();
    m_live.count_pass();
    publish_turns();
}

/// Decides on the policies whose repositories were scanned, or on all of them, and on those whose choices the
/// automations need that can begin. Choices that moved want further automations, which need further policies.
PolicySummary Work::decide_policies(std::chrono::sys_seconds now) {
    const bool all = m_anew || m_wanted_at_all;
    PolicySummary policies;
    std::set<ObjectKey> looked_at;
    std::set<ObjectKey> next = all ? std::set<ObjectKey>() : policies_of_scans();
    do {
        policies.add(m_rounds.decide(m_scanned, all ? nullptr : &next, m_anew, now));
        if (m_orders.stop_token().stop_requested()) return policies;
        const std::set<ObjectKey> before = m_wanted;
        for (const ObjectKey& key : automations_after(m_wanted, m_rounds.selections(), policies))
            if (!before.contains(key)) want(key);
        looked_at.merge(next);
        next.clear();
        if (all) break;
        for (const ObjectKey& key : startable())
            for (const policy::ImagePolicy* policy : m_rounds.selections().of(key))
                if (!looked_at.contains(policy->metadata.key)) next.insert(policy->metadata.key);
    } while (!next.empty());
    // A pin that nobody asked about now still ends when it ends.
    if (all || policies.holds_until)
        m_holds_until =
            all ? policies.holds_until : std::min(*policies.holds_until, m_holds_until.value_or(*policies.holds_until));
    return policies;
}

std::set<ObjectKey> Work::policies_of_scans() const {
    std::set<ObjectKey> keys;
    for (const auto& [key, policy] : m_session.workspace->objects.image_policies)
        if (m_scanned.looked_at.contains(policy.image_repository)) keys.insert(keys.end(), key);
    return keys;
}

// Automations and remotes

void Work::want(const ObjectKey& automation) {
    if (!m_schedule.knows(Task::update, automation)) return;
    if (m_updating.contains(automation)) return wish(Task::update, automation);
    m_schedule.begun(Task::update, automation);
    m_wanted.insert(automation);
}

/// Those whose remote nobody works on.
std::set<ObjectKey> Work::startable() const {
    std::set<ObjectKey> keys =
        m_remotes.startable(m_wanted, [this](const std::string& remote) { return m_rounds.busy(remote); });
    if (m_session.workspace->incomplete)
        std::erase_if(keys, [this](const ObjectKey& key) { return waits_for_objects(key); });
    return keys;
}

/// An automation's branch would lose what policies propose that were never read.
bool Work::waits_for_objects(const ObjectKey& automation) const {
    const policy::ObjectSet& objects = m_session.workspace->objects;
    try {
        const AutomationBranches branches = find_branches(objects.image_update_automations.at(automation), objects);
        return branches.push != branches.checkout;
    } catch (const Error&) {
        return false;  // it says what is wrong with it
    }
}

void Work::take_updates() {
    const UpdateSummary part = m_rounds.take_updates();
    const Instant now = Clock::now();
    for (const ObjectKey& key : part.looked_at) {
        m_updating.erase(key);
        if (m_schedule.done(Task::update, key, !part.not_ready.contains(key), now)) m_tickets.looked_at(key);
    }
}

void Work::take_looks() {
    for (const RemoteLook& look : m_rounds.take_looks()) {
        m_schedule.done(look.task, look.name, look.problem.empty(), Clock::now());
        if (look.task == Task::objects) {
            m_reader.source_answered(look.name.name, look.problem, look.moved);
            continue;
        }
        // What went wrong is met, and told, by the automations' own looks.
        const auto use = m_remotes.all().find(look.name.name);
        if (!look.moved || use == m_remotes.all().end()) continue;
        for (const ObjectKey& key : use->second.automations)
            wish(Task::update, key);
    }
}

void Work::begin_looks(Instant now) {
    for (const ObjectKey& key : m_schedule.due(Task::ask, now)) {
        const AutomationRemotes::Use& use = m_remotes.all().at(key.name);
        if (m_rounds.busy(key.name)) {
            m_schedule.done(Task::ask, key, true, now);  // what runs there asks as well
            continue;
        }
        m_schedule.begun(Task::ask, key);
        m_rounds.look({Task::ask, key, use.repository, use.branches, false, false, ""});
    }
}

void Work::begin_source_looks(Instant now) {
    for (const ObjectKey& key : m_schedule.due(Task::objects, now)) {
        m_schedule.begun(Task::objects, key);
        m_sources_wanted.insert(key);
    }
    if (m_sources_wanted.empty()) return;
    const Configuration& configuration = m_reader.configuration();
    for (const GitObjects& source : configuration.object_repositories) {
        const ObjectKey key = key_of(source);
        const std::string remote = mirror_path(configuration.state, source.url).string();
        if (!m_sources_wanted.contains(key) || m_rounds.busy(remote)) continue;
        m_sources_wanted.erase(key);
        const policy::GitRepository repository = as_repository(source);
        m_rounds.look({Task::objects, key, repository, {repository.branch}, m_reader.take_damaged(key), false, ""});
    }
}

// What others may know

void Work::count(LiveFacts& facts) const {
    facts.commands_waiting = m_tickets.size();
    facts.scans_waiting = m_rounds.scans_waiting();
    facts.updates_waiting = m_wanted.size() + m_updating.size();
    facts.pauses.clear();
    for (const auto& [host, until] : m_session.scanner->pauses())
        facts.pauses[host] = wall_clock() + std::chrono::ceil<seconds>(until - Clock::now());
}

void Work::publish_turns() {
    Turns turns;
    m_schedule.each([&](Task task, const ObjectKey& key, Instant due) {
        if (task == Task::scan) turns[{policy::ObjectKind::image_repository, key}] = due;
        if (task == Task::update) turns[{policy::ObjectKind::image_update_automation, key}] = due;
    });
    m_live.publish(std::move(turns));
}

}  // namespace tidemark::mirror::service
