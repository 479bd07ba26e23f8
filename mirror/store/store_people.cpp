// What people said about objects: it stands until they say otherwise.
#include "mirror/store/database.h"
#include "mirror/store/export_lines.h"

namespace tidemark::mirror::store {

std::map<ObjectKey, Pin> Store::pins() {
    std::map<ObjectKey, Pin> all;
    m_database->each("reading pins", "SELECT object_namespace, name, tag, who, reason, pinned, until FROM pins",
                     [&](const Prepared& row) {
                         all[{row.text(0), row.text(1)}] = {row.text(2), row.text(3), row.text(4),
                                                            time_of(row.number(5)), optional_time_of(row.number(6))};
                     });
    return all;
}

void Store::put_pin(const ObjectKey& policy, const Pin& pin) {
    Change change(*this, m_database->in_transaction);
    m_database->run("writing a pin",
                    "INSERT INTO pins (object_namespace, name, tag, who, reason, pinned, until) VALUES "
                    "(?, ?, ?, ?, ?, ?, ?) ON CONFLICT (object_namespace, name) DO UPDATE SET tag = excluded.tag, "
                    "who = excluded.who, reason = excluded.reason, pinned = excluded.pinned, until = excluded.until",
                    policy.object_namespace, policy.name, pin.tag, pin.who, pin.reason, seconds_of(pin.when),
                    seconds_of(pin.until));
    m_database->remember(pin_line(policy, &pin));
    change.commit();
}

bool Store::remove_pin(const ObjectKey& policy) {
    Change change(*this, m_database->in_transaction);
    m_database->run("removing a pin", "DELETE FROM pins WHERE object_namespace = ? AND name = ?",
                    policy.object_namespace, policy.name);
    const bool was_there = m_database->changes() > 0;
    if (was_there) m_database->remember(pin_line(policy, nullptr));
    change.commit();
    return was_there;
}

std::map<ObjectKey, Suspension> Store::suspensions(policy::ObjectKind kind) {
    std::map<ObjectKey, Suspension> all;
    m_database->each(
        "reading suspensions",
        "SELECT object_namespace, name, suspended, spec_suspended, who, reason, since FROM suspensions "
        "WHERE kind = ?",
        [&](const Prepared& row) {
            all[{row.text(0), row.text(1)}] = {row.number(2) != 0, row.number(3) != 0, row.text(4), row.text(5),
                                               time_of(row.number(6))};
        },
        kind_name(kind));
    return all;
}

void Store::put_suspension(policy::ObjectKind kind, const ObjectKey& object, const Suspension& suspension) {
    Change change(*this, m_database->in_transaction);
    m_database->run("writing a suspension",
                    "INSERT INTO suspensions (kind, object_namespace, name, suspended, spec_suspended, who, reason, "
                    "since) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, object_namespace, name) DO UPDATE SET "
                    "suspended = excluded.suspended, spec_suspended = excluded.spec_suspended, who = excluded.who, "
                    "reason = excluded.reason, since = excluded.since",
                    kind_name(kind), object.object_namespace, object.name, suspension.suspended ? 1 : 0,
                    suspension.spec_suspended ? 1 : 0, suspension.who, suspension.reason, seconds_of(suspension.when));
    m_database->remember(suspension_line(kind, object, suspension));
    change.commit();
}

std::optional<BranchReset> Store::find_branch_reset(const ObjectKey& automation) {
    std::optional<BranchReset> reset;
    m_database->each(
        "reading a branch reset",
        "SELECT branch, tip, who, given FROM branch_resets WHERE object_namespace = ? AND name = ?",
        [&](const Prepared& row) {
            reset = BranchReset{row.text(0), row.text(1), row.text(2), time_of(row.number(3))};
        },
        automation.object_namespace, automation.name);
    return reset;
}

void Store::put_branch_reset(const ObjectKey& automation, const BranchReset& reset) {
    m_database->run("writing a branch reset",
                    "INSERT INTO branch_resets (object_namespace, name, branch, tip, who, given) VALUES "
                    "(?, ?, ?, ?, ?, ?) ON CONFLICT (object_namespace, name) DO UPDATE SET branch = excluded.branch, "
                    "tip = excluded.tip, who = excluded.who, given = excluded.given",
                    automation.object_namespace, automation.name, reset.branch, reset.tip, reset.who,
                    seconds_of(reset.when));
}

void Store::remove_branch_reset(const ObjectKey& automation) {
    m_database->run("removing a branch reset", "DELETE FROM branch_resets WHERE object_namespace = ? AND name = ?",
                    automation.object_namespace, automation.name);
}

}  // namespace tidemark::mirror::store
