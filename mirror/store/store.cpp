#include "mirror/store/store.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/SQLiteException.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Statement.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/store/database.h"
#include "mirror/store/schema.h"

namespace tidemark::mirror::store {

using namespace Poco::Data::Keywords;
using Poco::Data::Session;

/// Poco says its own name for it before, and SQLite's words as often as it can.
std::string reason_of(const Poco::Exception& problem) {
    std::string text = problem.message();
    const std::size_t half = text.find(": ");
    if (half != text.npos && text.substr(0, half) == text.substr(half + 2)) text.resize(half);
    if (text.empty()) return problem.name();
    return text;
}

void Store::Database::fail(const char* what, const Poco::Exception& problem) const {
    throw Error(ErrorKind::storage, fmt::format("{} in the state {}: {}", what, folder.string(), reason_of(problem)));
}

std::int64_t Store::Database::changes() const {
    return sqlite3_changes64(Poco::Data::SQLite::Utility::dbHandle(*session));
}

namespace {

Session open_session(const std::filesystem::path& file) {
    Poco::Data::SQLite::Connector::registerConnector();
    Session session("SQLite", file.string(), 5);
    return session;
}

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
        m_database->guarded("opening", [&] {
            m_database->session.emplace(open_session(file));
            complete_schema(*m_database->session);
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
        m_database->guarded("creating tables", [&] { m_database->session.emplace(open_for_writing(file)); });
    if (mode == OpenMode::rehearse) {
        m_database->rehearsal = true;
        m_database->guarded("beginning a rehearsal", [&] { m_database->session->begin(); });
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

Store::Transaction::Transaction(Store& store) : m_store(store) {
    if (m_store.m_database->rehearsal) {
        m_open = false;
        return;
    }
    m_store.m_database->guarded("beginning a change", [&] { m_store.m_database->session->begin(); });
    m_store.m_database->in_transaction = true;
}

Store::Transaction::~Transaction() {
    if (!m_open) return;
    m_store.m_database->in_transaction = false;
    try {
        m_store.m_database->session->rollback();
    } catch (const Poco::Exception&) {
        // The change was not committed, which is all that a rollback would add.
    }
}

void Store::Transaction::commit() {
    if (!m_open) return;
    m_store.m_database->guarded("committing a change", [&] { m_store.m_database->session->commit(); });
    m_store.m_database->in_transaction = false;
    m_open = false;
}

}  // namespace tidemark::mirror::store
