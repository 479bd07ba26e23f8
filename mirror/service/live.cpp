#include "mirror/service/live.h"

namespace tidemark::mirror::service {
namespace {

constexpr int k_too_many_requests = 429;

}  // namespace

std::shared_ptr<const Workspace> Live::workspace() const {
    const std::lock_guard lock(m_mutex);
    return m_workspace;
}

std::shared_ptr<const Turns> Live::turns() const {
    const std::lock_guard lock(m_mutex);
    return m_turns;
}

LiveFacts Live::facts() const {
    const std::lock_guard lock(m_mutex);
    return m_facts;
}

Counters Live::counters() const {
    const std::lock_guard lock(m_mutex);
    return m_counters;
}

void Live::publish(std::shared_ptr<const Workspace> workspace) {
    const std::lock_guard lock(m_mutex);
    m_workspace.swap(workspace);  // the old one goes with the argument, after the lock
}

void Live::publish(Turns turns) {
    auto shared = std::make_shared<const Turns>(std::move(turns));
    const std::lock_guard lock(m_mutex);
    m_turns.swap(shared);
}

void Live::publish(LiveFacts facts) {
    const std::lock_guard lock(m_mutex);
    std::swap(m_facts, facts);
}

void Live::count_scan(const std::string& host, const std::string& result, int http_status) {
    const std::lock_guard lock(m_mutex);
    ++m_counters.scans[{host, result}];
    if (http_status == k_too_many_requests) ++m_counters.too_many_requests[host];
}

void Live::count_push(const std::string& result) {
    const std::lock_guard lock(m_mutex);
    ++m_counters.pushes[result];
}

void Live::count_commit() {
    const std::lock_guard lock(m_mutex);
    ++m_counters.commits;
}

void Live::count_push_notice(const std::string& result) {
    const std::lock_guard lock(m_mutex);
    ++m_counters.push_notices[result];
}

void Live::count_pass() {
    const std::lock_guard lock(m_mutex);
    ++m_counters.passes;
}

}  // namespace tidemark::mirror::service
