#include "mirror/store/store.h"

#include <functional>

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/SQLiteException.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/store/lock.h"
#include "mirror/store/prepared.h"
#include "mirror/store/schema.h"
#include "mirror/store/status_json.h"

namespace tidemark::mirror::store {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::Session;
using Poco::Data::Statement;
using std::chrono::sys_seconds;

Poco::Int64 seconds_of(sys_seconds time) {
    return time.time_since_epoch().count();
}
sys_seconds time_of(Poco::Int64 seconds) {
    return sys_seconds(std::chrono::seconds(seconds));
}

/// The reason in SQLite's words, once: Poco says its own name for it before, and SQLite's words as often as it can.
std::string reason_of(const Poco::Exception& problem) {
    std::string text = problem.message();
    const std::size_t half = text.find(": ");
    if (half != text.npos && text.substr(0, half) == text.substr(half + 2)) text.resize(half);
    if (text.empty()) return problem.name();
    return text;
}

/// Runs one access to the database; what goes wrong there becomes our error with what was being done, and where.
template <class Database, class Work>
auto guarded(const Database& database, const char* what, Work work) {
    try {
        return work();
    } catch (const Poco::Exception& problem) {
        throw Error(ErrorKind::storage,
                    fmt::format("{} in the state {}: {}", what, database.folder.string(), reason_of(problem)));
    }
}

Session open_session(const std::filesystem::path& file) {
    Poco::Data::SQLite::Connector::registerConnector();
    Session session("SQLite", file.string(), 5);
    return session;
}

/// Runs a query row by row: the bound variables hold a row when `each` is called.
template <class Each, class... Into>
void for_each_row(Session& session, const std::string& query, Each each, Into... bound) {
    Statement select(session);
    select << query;
    (select.addExtract(bound), ...);
    select, range(0, 1);
    while (!select.done())
        if (select.execute() != 0) each();
}

constexpr const char* k_put_tag_list =
    "INSERT INTO tag_lists (object_namespace, name, canonical_name, exclusion, body_hash, scanned, lines) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (object_namespace, name) DO UPDATE SET "
    "canonical_name = excluded.canonical_name, exclusion = excluded.exclusion, "
    "body_hash = excluded.body_hash, scanned = excluded.scanned, lines = excluded.lines";
constexpr const char* k_find_tag_list =
    "SELECT canonical_name, exclusion, body_hash, scanned, lines FROM tag_lists "
    "WHERE object_namespace = ? AND name = ?";
constexpr const char* k_put_scan_time = "UPDATE tag_lists SET scanned = ? WHERE object_namespace = ? AND name = ?";
constexpr const char* k_put_status =
    "INSERT INTO statuses (kind, object_namespace, name, content) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (kind, object_namespace, name) DO UPDATE SET content = excluded.content";
constexpr const char* k_put_decision =
    "INSERT INTO decisions (object_namespace, name, spec_hash, canonical_name, image, tag, digest, first_seen, "
    "decided, unproven, outdated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (object_namespace, name) DO "
    "UPDATE SET "
    "spec_hash = excluded.spec_hash, canonical_name = excluded.canonical_name, image = excluded.image, "
    "tag = excluded.tag, digest = excluded.digest, first_seen = excluded.first_seen, decided = excluded.decided, "
    "unproven = excluded.unproven, outdated = excluded.outdated";

}  // namespace

struct Store::Database {
    std::filesystem::path folder;
    std::optional<FolderLock> lock;
    std::optional<Session> session;  // absent: nothing was ever written, reading only
    std::string warning;
    bool rehearsal = false;  // one transaction around everything, never committed
    /// What runs for each of many objects. Prepared at its first use.
    std::optional<Prepared> put_tag_list, find_tag_list, put_scan_time, put_status, put_decision;

    Prepared& prepared(std::optional<Prepared>& statement, const char* sql) const {
        return statement ? *statement : statement.emplace(*session, sql);
    }
};

namespace {

/// Opens, checks and prepares the file. Throws Poco's exceptions for a file that is no sound database.
Session open_for_writing(const std::filesystem::path& file) {
    Session session = open_session(file);
    session << "PRAGMA journal_mode = WAL", now;
    session << "PRAGMA synchronous = NORMAL", now;
    std::string verdict;
    session << "PRAGMA quick_check(1)", into(verdict), now;
    if (verdict != "ok") throw Poco::DataFormatException(verdict);
    prepare_schema(session);
    return session;
}

/// Moves a damaged file and its companions out of the way; answers what to tell people.
std::string set_aside(const std::filesystem::path& file, const std::string& reason) {
    const auto stamp =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
    const std::filesystem::path aside = fmt::format("{}.damaged-{}", file.string(), stamp.count());
    std::error_code error;
    std::filesystem::rename(file, aside, error);
    if (error)
        throw Error(ErrorKind::storage, fmt::format("the state file {} is damaged ({}) and cannot be set aside: {}",
                                                    file.string(), reason, error.message()));
    std::filesystem::remove(file.string() + "-wal", error);
    std::filesystem::remove(file.string() + "-shm", error);
    return fmt::format("the state file was damaged ({}); it was set aside as {} and is rebuilt by this scan", reason,
                       aside.string());
}

}  // namespace

Store::Store(const std::filesystem::path& folder, OpenMode mode) : m_database(std::make_unique<Database>()) {
    const std::filesystem::path file = folder / "state.db";
    m_database->folder = folder;
    if (mode == OpenMode::read_only) {
        if (!std::filesystem::exists(file)) return;
        guarded(*m_database, "opening", [&] {
            m_database->session.emplace(open_session(file));
            *m_database->session << "PRAGMA query_only = 1", now;
        });
        return;
    }
    create_folder(folder, 0700);
    m_database->lock.emplace(folder);
    const bool existed = std::filesystem::exists(file);
    try {
        m_database->session.emplace(open_for_writing(file));
    } catch (const Poco::Data::SQLite::SQLiteException& problem) {
        // Anything but damage (a full disk, a read-only folder) must not cost the file.
        const bool damaged = dynamic_cast<const Poco::Data::SQLite::CorruptImageException*>(&problem) != nullptr ||
                             problem.displayText().find("not a database") != std::string::npos;
        if (!existed || !damaged)
            throw Error(ErrorKind::storage,
                        fmt::format("opening the state file {}: {}", file.string(), reason_of(problem)));
        m_database->warning = set_aside(file, reason_of(problem));
    } catch (const Poco::DataFormatException& problem) {
        m_database->warning = set_aside(file, reason_of(problem));
    } catch (const Poco::Exception& problem) {
        throw Error(ErrorKind::storage,
                    fmt::format("opening the state file {}: {}", file.string(), reason_of(problem)));
    }
    if (!m_database->session)
        guarded(*m_database, "creating tables", [&] { m_database->session.emplace(open_for_writing(file)); });
    if (mode == OpenMode::rehearse) {
        m_database->rehearsal = true;
        guarded(*m_database, "beginning a rehearsal", [&] { m_database->session->begin(); });
    }
}

Store::~Store() {
    if (!m_database || !m_database->rehearsal) return;
    try {
        m_database->session->rollback();
    } catch (const Poco::Exception&) {
        // Closing the database drops the transaction as well.
    }
}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

const std::string& Store::warning() const noexcept {
    return m_database->warning;
}

std::map<ObjectKey, TagListHead> Store::tag_list_heads() {
    std::map<ObjectKey, TagListHead> all;
    if (!m_database->session) return all;
    guarded(*m_database, "reading scans", [&] {
        ObjectKey key;
        TagListHead head;
        Poco::Int64 scanned = 0;
        for_each_row(
            *m_database->session,
            "SELECT object_namespace, name, canonical_name, exclusion, body_hash, scanned FROM tag_lists",
            [&] {
                head.scanned = time_of(scanned);
                all[key] = head;
            },
            into(key.object_namespace), into(key.name), into(head.canonical_name), into(head.exclusion),
            into(head.body_hash), into(scanned));
    });
    return all;
}

std::optional<TagList> Store::find_tag_list(const ObjectKey& repository) {
    if (!m_database->session) return std::nullopt;
    return guarded(*m_database, "reading tags", [&]() -> std::optional<TagList> {
        TagList list;
        const bool found = m_database->prepared(m_database->find_tag_list, k_find_tag_list)
                               .find(
                                   [&](const Prepared& row) {
                                       list.canonical_name = row.text(0);
                                       list.exclusion = row.text(1);
                                       list.body_hash = row.text(2);
                                       list.scanned = time_of(row.number(3));
                                       list.lines = row.text(4);
                                   },
                                   repository.object_namespace, repository.name);
        return found ? std::optional(std::move(list)) : std::nullopt;
    });
}

void Store::put_tag_list(const ObjectKey& repository, const TagList& list) {
    guarded(*m_database, "writing tags", [&] {
        m_database->prepared(m_database->put_tag_list, k_put_tag_list)
            .run(repository.object_namespace, repository.name, list.canonical_name, list.exclusion, list.body_hash,
                 seconds_of(list.scanned), list.lines);
    });
}

void Store::put_scan_time(const ObjectKey& repository, sys_seconds scanned) {
    guarded(*m_database, "writing a scan's time", [&] {
        m_database->prepared(m_database->put_scan_time, k_put_scan_time)
            .run(seconds_of(scanned), repository.object_namespace, repository.name);
    });
}

std::map<ObjectKey, Decision> Store::decisions() {
    std::map<ObjectKey, Decision> all;
    if (!m_database->session) return all;
    guarded(*m_database, "reading decisions", [&] {
        ObjectKey key;
        Decision decision;
        Poco::Int64 first_seen = 0;
        Poco::Int64 decided = 0;
        Poco::Int64 unproven = 0;
        Poco::Int64 outdated = 0;
        for_each_row(
            *m_database->session,
            "SELECT object_namespace, name, spec_hash, canonical_name, image, tag, digest, first_seen, decided, "
            "unproven, outdated FROM decisions",
            [&] {
                decision.first_seen = time_of(first_seen);
                decision.decided = time_of(decided);
                decision.unproven = unproven != 0;
                decision.outdated = outdated != 0;
                all[key] = decision;
            },
            into(key.object_namespace), into(key.name), into(decision.spec_hash), into(decision.canonical_name),
            into(decision.latest.name), into(decision.latest.tag), into(decision.latest.digest), into(first_seen),
            into(decided), into(unproven), into(outdated));
    });
    return all;
}

void Store::put_decision(const ObjectKey& policy, const Decision& decision) {
    guarded(*m_database, "writing a decision", [&] {
        m_database->prepared(m_database->put_decision, k_put_decision)
            .run(policy.object_namespace, policy.name, decision.spec_hash, decision.canonical_name,
                 decision.latest.name, decision.latest.tag, decision.latest.digest, seconds_of(decision.first_seen),
                 seconds_of(decision.decided), Poco::Int64{decision.unproven ? 1 : 0},
                 Poco::Int64{decision.outdated ? 1 : 0});
    });
}

void Store::outdate_decisions(const std::string& canonical_name) {
    guarded(*m_database, "marking decisions", [&] {
        *m_database->session << "UPDATE decisions SET outdated = 1 WHERE canonical_name = ?", bind(canonical_name), now;
    });
}

std::optional<Push> Store::find_push(const ObjectKey& automation, const std::string& branch) {
    if (!m_database->session) return std::nullopt;
    return guarded(*m_database, "reading the last push", [&]() -> std::optional<Push> {
        Push push;
        Poco::Int64 pushed = 0;
        Statement select(*m_database->session);
        select << "SELECT commit_id, pushed FROM pushes WHERE object_namespace = ? AND name = ? AND branch = ?",
            into(push.commit_id), into(pushed), bind(automation.object_namespace), bind(automation.name), bind(branch);
        if (select.execute() == 0) return std::nullopt;
        push.pushed = time_of(pushed);
        return push;
    });
}

void Store::put_push(const ObjectKey& automation, const std::string& branch, const Push& push) {
    guarded(*m_database, "writing a push", [&] {
        *m_database->session << "INSERT INTO pushes (object_namespace, name, branch, commit_id, pushed) VALUES "
                                "(?, ?, ?, ?, ?) ON CONFLICT (object_namespace, name, branch) DO UPDATE SET "
                                "commit_id = excluded.commit_id, pushed = excluded.pushed",
            bind(automation.object_namespace), bind(automation.name), bind(branch), bind(push.commit_id),
            bind(seconds_of(push.pushed)), now;
    });
}

std::vector<Written> Store::writes(const ObjectKey& automation) {
    std::vector<Written> all;
    if (!m_database->session) return all;
    guarded(*m_database, "reading written values", [&] {
        Written row;
        Statement select(*m_database->session);
        select << "SELECT file, setter, value, commit_id FROM writes WHERE object_namespace = ? AND name = ?",
            into(row.file), into(row.setter), into(row.value), into(row.commit_id), bind(automation.object_namespace),
            bind(automation.name), range(0, 1);
        while (!select.done())
            if (select.execute() != 0) all.push_back(row);
    });
    return all;
}

void Store::put_write(const ObjectKey& automation, const Written& written) {
    guarded(*m_database, "writing a written value", [&] {
        *m_database->session << "INSERT INTO writes (object_namespace, name, file, setter, value, commit_id) VALUES "
                                "(?, ?, ?, ?, ?, ?) ON CONFLICT (object_namespace, name, file, setter) DO UPDATE SET "
                                "value = excluded.value, commit_id = excluded.commit_id",
            bind(automation.object_namespace), bind(automation.name), bind(written.file), bind(written.setter),
            bind(written.value), bind(written.commit_id), now;
    });
}

std::map<ObjectKey, std::string> Store::settled() {
    std::map<ObjectKey, std::string> all;
    if (!m_database->session) return all;
    guarded(*m_database, "reading settled automations", [&] {
        ObjectKey key;
        std::string inputs;
        for_each_row(
            *m_database->session, "SELECT object_namespace, name, inputs FROM settled", [&] { all[key] = inputs; },
            into(key.object_namespace), into(key.name), into(inputs));
    });
    return all;
}

void Store::put_settled(const ObjectKey& automation, const std::string& inputs) {
    guarded(*m_database, "writing a settled automation", [&] {
        *m_database->session << "INSERT INTO settled (object_namespace, name, inputs) VALUES (?, ?, ?) "
                                "ON CONFLICT (object_namespace, name) DO UPDATE SET inputs = excluded.inputs",
            bind(automation.object_namespace), bind(automation.name), bind(inputs), now;
    });
}

std::map<std::string, Backoff> Store::backoffs() {
    std::map<std::string, Backoff> all;
    if (!m_database->session) return all;
    guarded(*m_database, "reading back-offs", [&] {
        std::string registry;
        Backoff backoff;
        Poco::Int64 until = 0;
        for_each_row(
            *m_database->session, "SELECT registry, until, reason FROM backoffs",
            [&] {
                backoff.until = time_of(until);
                all[registry] = backoff;
            },
            into(registry), into(until), into(backoff.reason));
    });
    return all;
}

void Store::put_backoff(const std::string& registry, const Backoff& backoff) {
    guarded(*m_database, "writing a back-off", [&] {
        *m_database->session << "INSERT INTO backoffs (registry, until, reason) VALUES (?, ?, ?) "
                                "ON CONFLICT (registry) DO UPDATE SET until = excluded.until, reason = excluded.reason",
            bind(registry), bind(seconds_of(backoff.until)), bind(backoff.reason), now;
    });
}

void Store::remove_backoff(const std::string& registry) {
    guarded(*m_database, "removing a back-off",
            [&] { *m_database->session << "DELETE FROM backoffs WHERE registry = ?", bind(registry), now; });
}

std::map<ObjectKey, ObjectStatus> Store::statuses(policy::ObjectKind kind) {
    std::map<ObjectKey, ObjectStatus> all;
    if (!m_database->session) return all;
    guarded(*m_database, "reading statuses", [&] {
        ObjectKey key;
        std::string content;
        StatusReader reader;
        const std::string query =
            fmt::format("SELECT object_namespace, name, content FROM statuses WHERE kind = '{}'", kind_name(kind));
        for_each_row(
            *m_database->session, query,
            [&] {
                if (auto status = reader.read(content)) all[key] = std::move(*status);
            },
            into(key.object_namespace), into(key.name), into(content));
    });
    if (kind == policy::ObjectKind::image_repository) {
        for (const auto& [key, head] : tag_list_heads())
            if (const auto found = all.find(key); found != all.end()) found->second.last_scan = head.scanned;
    }
    return all;
}

void Store::put_status(policy::ObjectKind kind, const ObjectKey& object, const ObjectStatus& status) {
    guarded(*m_database, "writing a status", [&] {
        const std::string content = to_json(status);
        m_database->prepared(m_database->put_status, k_put_status)
            .run(kind_name(kind), object.object_namespace, object.name, content);
    });
}

Store::Transaction::Transaction(Store& store) : m_store(store) {
    if (m_store.m_database->rehearsal) {
        m_open = false;
        return;
    }
    guarded(*m_store.m_database, "beginning a change", [&] { m_store.m_database->session->begin(); });
}

Store::Transaction::~Transaction() {
    if (!m_open) return;
    try {
        m_store.m_database->session->rollback();
    } catch (const Poco::Exception&) {
        // The change was not committed, which is all that a rollback would add.
    }
}

void Store::Transaction::commit() {
    if (!m_open) return;
    guarded(*m_store.m_database, "committing a change", [&] { m_store.m_database->session->commit(); });
    m_open = false;
}

}  // namespace tidemark::mirror::store
