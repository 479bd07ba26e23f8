#include "mirror/service/rounds.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "mirror/base/error.h"
#include "mirror/git/damage.h"
#include "mirror/git/remote_mirror.h"

namespace tidemark::mirror::service {
namespace {

registry::Scanner& scanner_of(Session& session) {
    if (!session.scanner) session.scanner = std::make_unique<registry::Scanner>();
    return *session.scanner;
}

git::BranchTips tracked_tips(const Source& source, const std::set<std::string>& branches) {
    git::BranchTips tips;
    for (const std::string& branch : branches)
        tips[branch] = git::find_tracked_tip(source.mirror(), branch);
    return tips;
}

}  // namespace

Rounds::Rounds(Session& session, Orders& orders, Live& live, Reporter report)
    : m_session(session),
      m_orders(orders),
      m_live(live),
      m_report(std::move(report)),
      m_selections(std::make_shared<const policy::Selections>(session.workspace->objects)),
      m_scanner(scanner_of(session)),
      m_digests(m_scanner),
      m_stop_asked(orders.stop_token(),
                   [this] {
                       const std::lock_guard lock(m_stop_mutex);
                       m_stop.request_stop();
                   }),
      m_workers(m_turn, [&orders] { orders.nudge(); }) {
    orders.set_waker([this] { m_scanner.wake(); });
}

Rounds::~Rounds() {
    m_orders.set_waker({});
    drop();
}

void Rounds::scan(const std::set<ObjectKey>& repositories, std::chrono::sys_seconds now) {
    const auto workspace = m_session.workspace;
    const ScanStep step{workspace->objects, workspace->secrets, *m_session.store, m_scanner, m_report, now,
                        &repositories,      m_stop.get_token(), &m_live};
    m_scans.push_back({workspace, std::make_unique<ScanRound>(step)});
}

ScanSummary Rounds::take_scans() {
    ScanSummary all;
    for (auto scanning = m_scans.begin(); scanning != m_scans.end();) {
        scanning->round->store(true);
        ScanSummary part = scanning->round->take();
        all.changed.merge(part.changed);
        all.not_ready.merge(part.not_ready);
        all.looked_at.merge(part.looked_at);
        all.not_before.merge(part.not_before);
        all.left_alone.merge(part.left_alone);
        scanning = scanning->round->ended() ? m_scans.erase(scanning) : std::next(scanning);
    }
    m_digests.forget(all.looked_at);
    return all;
}

PolicySummary Rounds::decide(const ScanSummary& scans, const std::set<ObjectKey>* only, bool anew,
                             std::chrono::sys_seconds now) {
    const Workspace& workspace = *m_session.workspace;
    return decide_policies({workspace.objects, workspace.secrets, *m_session.store, m_scanner, m_report, now, scans,
                            only, anew, m_stop.get_token(), &m_digests, [this](const ObjectKey& repository) {
                                return std::any_of(m_scans.begin(), m_scans.end(), [&](const Scanning& scanning) {
                                    return scanning.round->waits_for(repository);
                                });
                            }});
}

void Rounds::use_forges(const std::vector<ForgeSettings>& forges) {
    m_forges.use(forges);
    m_forges_are_new = true;
}

void Rounds::update(const std::set<ObjectKey>& automations, PolicySummary policies, std::chrono::sys_seconds now) {
    // What forges said while there were some.
    if (std::exchange(m_forges_are_new, false) && m_forges.none()) m_session.store->remove_request_facts();
    const auto workspace = m_session.workspace;
    Updating& updating = m_updates.emplace_back(
        Updating{workspace, m_selections, std::move(policies),
                 Sources(m_state, workspace->secrets, MirrorUse::write, m_stop.get_token(), &m_turn), nullptr});
    updating.round = std::make_unique<UpdateRound>(
        UpdateStep{workspace->objects, *m_selections, updating.sources, *m_session.store, m_proofs, m_state, m_report,
                   now, PassMode::run, updating.policies.candidates, updating.policies.held, &automations,
                   m_stop.get_token(), &m_live, m_forges.none() ? nullptr : &m_forges},
        m_workers);
}

UpdateSummary Rounds::take_updates() {
    UpdateSummary all;
    for (auto updating = m_updates.begin(); updating != m_updates.end();) {
        UpdateSummary part = updating->round->take();
        all.looked_at.merge(part.looked_at);
        all.not_ready.merge(part.not_ready);
        updating = updating->round->ended() ? m_updates.erase(updating) : std::next(updating);
    }
    return all;
}

void Rounds::look(RemoteLook look) {
    const auto workspace = m_session.workspace;
    const std::string remote = mirror_path(m_state, look.repository.url).string();
    Looking& looking = m_looks.emplace_back(
        Looking{workspace, Sources(m_state, workspace->secrets, MirrorUse::write, m_stop.get_token(), &m_turn), remote,
                std::move(look), false});
    m_workers.start(remote, [this, &looking] {
        run(looking);
        return looking.look.problem.empty();
    });
}

void Rounds::run(Looking& looking) {
    RemoteLook& look = looking.look;
    try {
        Source& source = looking.sources.open(look.repository);
        for (const std::string& branch : look.branches)
            source.need(branch);
        if (look.renew) source.renew();
        const git::BranchTips before = tracked_tips(source, look.branches);
        if (look.task == Task::ask) {
            look.moved = source.list() != before;
        } else {
            const git::BranchTips& tips = source.tips();
            look.moved = look.renew || tips != before;
            for (const auto& [branch, tip] : tips)
                if (!tip) look.problem = source.shown_url() + " has no branch " + branch;
        }
    } catch (const std::exception& error) {
        look.problem = error.what();
    }
    looking.ended = true;
}

std::vector<RemoteLook> Rounds::take_looks() {
    std::vector<RemoteLook> ended;
    for (auto looking = m_looks.begin(); looking != m_looks.end();) {
        if (!looking->ended || m_workers.busy(looking->remote)) {
            ++looking;
            continue;
        }
        ended.push_back(std::move(looking->look));
        looking = m_looks.erase(looking);
    }
    return ended;
}

void Rounds::objects_changed() {
    m_selections = std::make_shared<const policy::Selections>(m_session.workspace->objects);
    m_proofs.forget();
    for (Scanning& scanning : m_scans)
        scanning.round->keep_only(m_session.workspace->objects);
}

void Rounds::wait(std::chrono::steady_clock::time_point until) {
    const LeavesTurn waiting(&m_turn);
    if (m_scans.empty() && !m_digests.waiting()) return m_orders.wait_until(until);
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    m_scanner.step(std::max(rest, std::chrono::milliseconds(0)));
}

void Rounds::drop() {
    m_stop.request_stop();
    while (m_workers.unfinished() > 0)
        m_workers.wait();
    m_scanner.cancel();
    m_digests.cancelled();
    m_proofs.forget();
    m_scans.clear();
    m_updates.clear();
    m_looks.clear();
    const std::lock_guard lock(m_stop_mutex);
    m_stop = std::stop_source();
    if (m_orders.stop_token().stop_requested()) m_stop.request_stop();
}

}  // namespace tidemark::mirror::service
