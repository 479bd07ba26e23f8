// What registries answered: tag lists, decisions made from them, registries that want to be left alone.
#include "mirror/store/database.h"
#include "mirror/store/export_lines.h"

namespace tidemark::mirror::store {
namespace {

using std::chrono::sys_seconds;

constexpr const char* k_put_tag_list =
    "INSERT INTO tag_lists (object_namespace, name, canonical_name, exclusion, body_hash, scanned, lines) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (object_namespace, name) DO UPDATE SET "
    "canonical_name = excluded.canonical_name, exclusion = excluded.exclusion, "
    "body_hash = excluded.body_hash, scanned = excluded.scanned, lines = excluded.lines";
constexpr const char* k_find_tag_list =
    "SELECT canonical_name, exclusion, body_hash, COALESCE(scan_times.scanned, tag_lists.scanned), lines "
    "FROM tag_lists LEFT JOIN scan_times USING (object_namespace, name) WHERE object_namespace = ? AND name = ?";
constexpr const char* k_find_tag_list_head =
    "SELECT canonical_name, exclusion, body_hash, COALESCE(scan_times.scanned, tag_lists.scanned) "
    "FROM tag_lists LEFT JOIN scan_times USING (object_namespace, name) WHERE object_namespace = ? AND name = ?";
constexpr const char* k_put_scan_time =
    "INSERT INTO scan_times (object_namespace, name, scanned) VALUES (?, ?, ?) "
    "ON CONFLICT (object_namespace, name) DO UPDATE SET scanned = excluded.scanned";
constexpr const char* k_find_decision =
    "SELECT spec_hash, canonical_name, image, tag, digest, first_seen, decided, unproven, outdated FROM decisions "
    "WHERE object_namespace = ? AND name = ?";
constexpr const char* k_put_decision =
    "INSERT INTO decisions (object_namespace, name, spec_hash, canonical_name, image, tag, digest, first_seen, "
    "decided, unproven, outdated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (object_namespace, name) DO "
    "UPDATE SET "
    "spec_hash = excluded.spec_hash, canonical_name = excluded.canonical_name, image = excluded.image, "
    "tag = excluded.tag, digest = excluded.digest, first_seen = excluded.first_seen, decided = excluded.decided, "
    "unproven = excluded.unproven, outdated = excluded.outdated";

/// From the columns that begin there, in the order of the table.
Decision decision_of(const Prepared& row, int first) {
    return {row.text(first),
            row.text(first + 1),
            {row.text(first + 2), row.text(first + 3), row.text(first + 4)},
            time_of(row.number(first + 5)),
            time_of(row.number(first + 6)),
            row.number(first + 7) != 0,
            row.number(first + 8) != 0};
}

}  // namespace

std::map<ObjectKey, TagListHead> Store::tag_list_heads() {
    std::map<ObjectKey, TagListHead> all;
    m_database->each(
        "reading scans",
        "SELECT object_namespace, name, canonical_name, exclusion, body_hash, "
        "COALESCE(scan_times.scanned, tag_lists.scanned) "
        "FROM tag_lists LEFT JOIN scan_times USING (object_namespace, name)",
        [&](const Prepared& row) {
            all[{row.text(0), row.text(1)}] = {row.text(2), row.text(3), row.text(4), time_of(row.number(5))};
        });
    return all;
}

std::optional<TagListHead> Store::find_tag_list_head(const ObjectKey& repository) {
    if (!m_database->session) return std::nullopt;
    return m_database->guarded("reading a scan", [&] {
        std::optional<TagListHead> head;
        m_database->prepared(m_database->find_tag_list_head, k_find_tag_list_head)
            .find(
                [&](const Prepared& row) {
                    head = TagListHead{row.text(0), row.text(1), row.text(2), time_of(row.number(3))};
                },
                repository.object_namespace, repository.name);
        return head;
    });
}

std::optional<TagList> Store::find_tag_list(const ObjectKey& repository) {
    if (!m_database->session) return std::nullopt;
    return m_database->guarded("reading tags", [&]() -> std::optional<TagList> {
        std::optional<TagList> list;
        m_database->prepared(m_database->find_tag_list, k_find_tag_list)
            .find(
                [&](const Prepared& row) {
                    list = TagList{row.text(0), row.text(1), row.text(2), time_of(row.number(3)), row.text(4)};
                },
                repository.object_namespace, repository.name);
        return list;
    });
}

void Store::put_tag_list(const ObjectKey& repository, const TagList& list) {
    Change change(*this, m_database->in_transaction);
    if (!m_database->reading_back) {
        const std::optional<TagList> before = find_tag_list(repository);
        m_database->remember(tags_line(repository, before ? &*before : nullptr, list));
    }
    m_database->guarded("writing tags", [&] {
        m_database->prepared(m_database->put_tag_list, k_put_tag_list)
            .run(repository.object_namespace, repository.name, list.canonical_name, list.exclusion, list.body_hash,
                 seconds_of(list.scanned), list.lines);
    });
    put_scan_time(repository, list.scanned);
    change.commit();
}

void Store::put_scan_time(const ObjectKey& repository, sys_seconds scanned) {
    m_database->guarded("writing a scan's time", [&] {
        m_database->prepared(m_database->put_scan_time, k_put_scan_time)
            .run(repository.object_namespace, repository.name, seconds_of(scanned));
    });
}

std::map<ObjectKey, Decision> Store::decisions() {
    std::map<ObjectKey, Decision> all;
    m_database->each("reading decisions",
                     "SELECT object_namespace, name, spec_hash, canonical_name, image, tag, digest, first_seen, "
                     "decided, unproven, outdated FROM decisions",
                     [&](const Prepared& row) {
                         all[{row.text(0), row.text(1)}] = decision_of(row, 2);
                     });
    return all;
}

std::optional<Decision> Store::find_decision(const ObjectKey& policy) {
    if (!m_database->session) return std::nullopt;
    return m_database->guarded("reading a decision", [&] {
        std::optional<Decision> decision;
        m_database->prepared(m_database->find_decision, k_find_decision)
            .find([&](const Prepared& row) { decision = decision_of(row, 0); }, policy.object_namespace, policy.name);
        return decision;
    });
}

void Store::put_decision(const ObjectKey& policy, const Decision& decision) {
    Change change(*this, m_database->in_transaction);
    m_database->guarded("writing a decision", [&] {
        m_database->prepared(m_database->put_decision, k_put_decision)
            .run(policy.object_namespace, policy.name, decision.spec_hash, decision.canonical_name,
                 decision.latest.name, decision.latest.tag, decision.latest.digest, seconds_of(decision.first_seen),
                 seconds_of(decision.decided), decision.unproven ? 1 : 0, decision.outdated ? 1 : 0);
    });
    m_database->remember(decision_line(policy, decision));
    change.commit();
}

void Store::outdate_decisions(const std::string& canonical_name) {
    m_database->run("marking decisions", "UPDATE decisions SET outdated = 1 WHERE canonical_name = ?", canonical_name);
}

std::map<std::string, Backoff> Store::backoffs() {
    std::map<std::string, Backoff> all;
    m_database->each("reading back-offs", "SELECT registry, until, reason FROM backoffs", [&](const Prepared& row) {
        all[row.text(0)] = {time_of(row.number(1)), row.text(2)};
    });
    return all;
}

void Store::put_backoff(const std::string& registry, const Backoff& backoff) {
    m_database->run("writing a back-off",
                    "INSERT INTO backoffs (registry, until, reason) VALUES (?, ?, ?) "
                    "ON CONFLICT (registry) DO UPDATE SET until = excluded.until, reason = excluded.reason",
                    registry, seconds_of(backoff.until), backoff.reason);
}

void Store::remove_backoff(const std::string& registry) {
    m_database->run("removing a back-off", "DELETE FROM backoffs WHERE registry = ?", registry);
}

}  // namespace tidemark::mirror::store
