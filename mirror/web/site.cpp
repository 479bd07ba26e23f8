#include "mirror/web/site.h"

namespace tidemark::mirror::web {

std::shared_ptr<const Snapshot> Site::snapshot() {
    const std::lock_guard reading(m_reading);
    const auto begun = std::chrono::steady_clock::now();
    if (m_snapshot && begun - m_snapshot_time < k_snapshot_age) return m_snapshot;
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->workspace = live.workspace();
    if (!snapshot->workspace) return nullptr;
    snapshot->facts = live.facts();
    const Stores::Lease store = stores.lease();
    snapshot->views =
        service::read_views({snapshot->workspace->objects, *store, now(), &snapshot->facts, settings()->hooks_report});
    m_snapshot = std::move(snapshot);
    // From its end: where reading takes long, not every request may begin another one.
    m_snapshot_time = std::chrono::steady_clock::now();
    return m_snapshot;
}

void Site::forget_snapshot() {
    const std::lock_guard reading(m_reading);
    m_snapshot.reset();
}

}  // namespace tidemark::mirror::web
