#include "mirror/service/request_notes.h"

#include <exception>
#include <utility>

#include <fmt/format.h>

#include "mirror/service/forges.h"

namespace tidemark::mirror::service {
namespace {

/// Whether there is anything that a request could be for.
bool proposes(const AutomationPlan& plan, const store::BranchFacts* branch) {
    return plan.push_branch != plan.checkout_branch && branch && branch->push == plan.push_branch &&
           branch->checkout == plan.checkout_branch && !branch->push_tip.empty() && branch->ahead > 0;
}

bool about_the_same(const store::RequestFacts& a, const store::RequestFacts& b) {
    return a.repository == b.repository && a.push == b.push && a.checkout == b.checkout;
}

void take(store::RequestFacts& facts, forge::OpenRequest&& open) {
    facts.number = open.number;
    facts.reference = std::move(open.reference);
    facts.title = std::move(open.title);
    facts.url = std::move(open.url);
    facts.author = std::move(open.author);
    facts.draft = open.draft;
    facts.opened = open.opened;
}

}  // namespace

RequestNotes::RequestNotes(const UpdateStep& step) : m_step(step) {
    if (step.forges) m_known = step.store.request_facts();
}

void RequestNotes::look(const AutomationPlan& plan, const store::BranchFacts* branch) {
    if (!m_step.forges || m_step.mode != PassMode::run) return;
    // A copy: the configuration may be another one when the answer comes.
    const std::optional<ForgeSettings> forge = m_step.forges->find(plan.source->shown_url());
    if (forge && proposes(plan, branch)) return ask(plan, *forge);
    forget(plan.automation->metadata.key);
}

void RequestNotes::ask(const AutomationPlan& plan, const ForgeSettings& forge) {
    const ObjectKey& key = plan.automation->metadata.key;
    const auto known = m_known.find(key);
    const store::RequestFacts before = known == m_known.end() ? store::RequestFacts() : known->second;
    store::RequestFacts now;
    now.push = plan.push_branch;
    now.checkout = plan.checkout_branch;
    now.repository = before.repository;
    try {
        RequestAnswer answer =
            m_step.forges->ask(forge, {plan.source->shown_url(), plan.push_branch, plan.checkout_branch},
                               m_step.sources.secrets(), m_step.stop);
        now.repository = std::move(answer.repository);
        if (answer.open) take(now, std::move(*answer.open));
        now.asked = m_step.now;
    } catch (const std::exception& error) {
        if (m_step.stop.stop_requested()) return;
        if (about_the_same(before, now)) now = before;  // what it said last
        now.problem = error.what();
    }
    tell(key, before, now);
    m_known[key] = std::move(now);
    m_changed.insert(key);
}

void RequestNotes::forget(const ObjectKey& automation) {
    const auto known = m_known.find(automation);
    if (known == m_known.end()) return;
    m_step.report({Step::request, Outcome::same, automation.to_string(), "nothing is proposed", {}});
    m_known.erase(known);
    m_changed.insert(automation);
}

void RequestNotes::tell(const ObjectKey& automation, const store::RequestFacts& before,
                        const store::RequestFacts& now) const {
    const std::string name = automation.to_string();
    if (!now.problem.empty())
        return m_step.report({Step::request, Outcome::held, name, "the forge could not be asked: " + now.problem, {}});
    const bool moved = (about_the_same(before, now) ? before.number : 0) != now.number;
    const Outcome outcome = moved ? Outcome::done : Outcome::same;
    if (now.number != 0)
        return m_step.report(
            {Step::request, outcome, name, fmt::format("{} is open: {}", now.reference, now.title), {}});
    m_step.report({Step::request, outcome, name, moved ? before.reference + " is no longer open" : "none is open", {}});
}

void RequestNotes::write() {
    for (const ObjectKey& automation : std::exchange(m_changed, {})) {
        const auto known = m_known.find(automation);
        if (known == m_known.end()) {
            m_step.store.remove_request_facts(automation);
        } else {
            m_step.store.put_request_facts(automation, known->second);
        }
    }
}

}  // namespace tidemark::mirror::service
