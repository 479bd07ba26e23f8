// What automations did, and how every object stands.
#include "mirror/store/database.h"
#include "mirror/store/export_lines.h"

namespace tidemark::mirror::store {
namespace {

constexpr const char* k_find_status =
    "SELECT content FROM statuses WHERE kind = ? AND object_namespace = ? AND name = ?";
constexpr const char* k_put_status =
    "INSERT INTO statuses (kind, object_namespace, name, content) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (kind, object_namespace, name) DO UPDATE SET content = excluded.content";

}  // namespace

std::optional<Push> Store::find_push(const ObjectKey& automation, const std::string& branch) {
    std::optional<Push> push;
    m_database->each(
        "reading the last push",
        "SELECT commit_id, pushed FROM pushes WHERE object_namespace = ? AND name = ? AND branch = ?",
        [&](const Prepared& row) {
            push = Push{row.text(0), time_of(row.number(1))};
        },
        automation.object_namespace, automation.name, branch);
    return push;
}

void Store::put_push(const ObjectKey& automation, const std::string& branch, const Push& push) {
    Change change(*this, m_database->in_transaction);
    m_database->run("writing a push",
                    "INSERT INTO pushes (object_namespace, name, branch, commit_id, pushed) VALUES "
                    "(?, ?, ?, ?, ?) ON CONFLICT (object_namespace, name, branch) DO UPDATE SET "
                    "commit_id = excluded.commit_id, pushed = excluded.pushed",
                    automation.object_namespace, automation.name, branch, push.commit_id, seconds_of(push.pushed));
    m_database->remember(push_line(automation, branch, push));
    change.commit();
}

std::vector<Written> Store::writes(const ObjectKey& automation) {
    std::vector<Written> all;
    m_database->each(
        "reading written values",
        "SELECT file, setter, value, commit_id FROM writes WHERE object_namespace = ? AND name = ?",
        [&](const Prepared& row) {
            all.push_back({row.text(0), row.text(1), row.text(2), row.text(3)});
        },
        automation.object_namespace, automation.name);
    return all;
}

void Store::put_write(const ObjectKey& automation, const Written& written) {
    Change change(*this, m_database->in_transaction);
    m_database->run("writing a written value",
                    "INSERT INTO writes (object_namespace, name, file, setter, value, commit_id) VALUES "
                    "(?, ?, ?, ?, ?, ?) ON CONFLICT (object_namespace, name, file, setter) DO UPDATE SET "
                    "value = excluded.value, commit_id = excluded.commit_id",
                    automation.object_namespace, automation.name, written.file, written.setter, written.value,
                    written.commit_id);
    m_database->remember(write_line(automation, written));
    change.commit();
}

std::map<ObjectKey, std::string> Store::settled() {
    std::map<ObjectKey, std::string> all;
    m_database->each("reading settled automations", "SELECT object_namespace, name, inputs FROM settled",
                     [&](const Prepared& row) {
                         all[{row.text(0), row.text(1)}] = row.text(2);
                     });
    return all;
}

void Store::put_settled(const ObjectKey& automation, const std::string& inputs) {
    m_database->run("writing a settled automation",
                    "INSERT INTO settled (object_namespace, name, inputs) VALUES (?, ?, ?) "
                    "ON CONFLICT (object_namespace, name) DO UPDATE SET inputs = excluded.inputs",
                    automation.object_namespace, automation.name, inputs);
}

std::map<ObjectKey, ObjectStatus> Store::statuses(policy::ObjectKind kind) {
    std::map<ObjectKey, ObjectStatus> all;
    StatusReader reader;
    m_database->each(
        "reading statuses", "SELECT object_namespace, name, content FROM statuses WHERE kind = ?",
        [&](const Prepared& row) {
            if (auto status = reader.read(row.text(2))) all[{row.text(0), row.text(1)}] = std::move(*status);
        },
        kind_name(kind));
    if (kind == policy::ObjectKind::image_repository) {
        for (const auto& [key, head] : tag_list_heads())
            if (const auto found = all.find(key); found != all.end()) found->second.last_scan = head.scanned;
    }
    return all;
}

std::optional<ObjectStatus> Store::find_status(policy::ObjectKind kind, const ObjectKey& object) {
    if (!m_database->session) return std::nullopt;
    std::optional<ObjectStatus> status = m_database->guarded("reading a status", [&] {
        std::optional<ObjectStatus> found;
        m_database->prepared(m_database->find_status, k_find_status)
            .find([&](const Prepared& row) { found = m_database->status_reader.read(row.text(0)); }, kind_name(kind),
                  object.object_namespace, object.name);
        return found;
    });
    if (status && kind == policy::ObjectKind::image_repository)
        if (const auto head = find_tag_list_head(object)) status->last_scan = head->scanned;
    return status;
}

void Store::put_status(policy::ObjectKind kind, const ObjectKey& object, const ObjectStatus& status) {
    m_database->guarded("writing a status", [&] {
        const std::string content = to_json(status);
        m_database->prepared(m_database->put_status, k_put_status)
            .run(kind_name(kind), object.object_namespace, object.name, content);
    });
}

}  // namespace tidemark::mirror::store
