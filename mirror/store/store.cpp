#include "mirror/store/store.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/SQLiteException.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Statement.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/store/database.h"
#include "mirror/store/schema.h"

namespace tidemark::mirror::store {

using namespace Poco::Data::Keywords;
using Poco::Data::Session;

namespace {

/// Less than a page of SQLite's companions to the file.
constexpr std::uintmax_t k_no_room = 32768;

bool is_full(const std::filesystem::path& folder) {
    std::error_code error;
    const std::filesystem::space_info space = std::filesystem::space(folder, error);
    return !error && space.available < k_no_room;
}

}  // namespace

/// Poco says its own name for it before, and SQLite's words as often as it can.
std::string reason_of(const Poco::Exception& problem, const std::filesystem::path& folder) {
    std::string text = problem.message();
    const std::size_t half = text.find(": ");
    if (half != text.npos && text.substr(0, half) == text.substr(half + 2)) text.resize(half);
    if (text.empty()) return problem.name();
    if (text.find("disk I/O error") != text.npos && is_full(folder)) text += "; the disk is full: make room there";
    return text;
}

void Store::Database::fail(const char* what, const Poco::Exception& problem) const {
    throw Error(ErrorKind::storage,
                fmt::format("{} in the state {}: {}", what, folder.string(), reason_of(problem, folder)));
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

/// Checked at once whatever the caller says: no start is late by it.
constexpr std::uintmax_t k_small_file = std::uintmax_t{16} << 20U;

/// Empty if the file is whole.
std::string find_damage(Session& session) {
    std::string verdict;
    session << "PRAGMA quick_check(1)", into(verdict), now;
    if (verdict == "ok") return {};
    // Its first line only names the database.
    return verdict.substr(verdict.find('\n') + 1);
}

/// Opens, checks and prepares the file. Throws Poco's exceptions for a file that is no sound database.
Session open_for_writing(const std::filesystem::path& file, bool check) {
    // Nobody else's to read, whoever makes it and with whichever umask; SQLite gives its companions the same mode.
    if (const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600); made >= 0) ::close(made);
    Session session = open_session(file);
    session << "PRAGMA journal_mode = WAL", now;
    session << "PRAGMA synchronous = NORMAL", now;
    if (check)
        if (const std::string damage = find_damage(session); !damage.empty()) throw Poco::DataFormatException(damage);
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

Store::Store(const std::filesystem::path& folder, OpenMode mode, Check check)
    : m_database(std::make_unique<Database>()) {
    const std::filesystem::path file = folder / "state.db";
    m_database->folder = folder;
    if (mode == OpenMode::read_only) {
        std::error_code problem;
        const bool exists = std::filesystem::exists(file, problem);
        if (problem)
            throw Error(problem == std::errc::permission_denied ? ErrorKind::permission : ErrorKind::storage,
                        fmt::format("opening the state file {}: {}", file.string(), problem.message()));
        if (!exists) return;
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
    m_database->wants_check = check == Check::later && existed && std::filesystem::file_size(file) > k_small_file;
    try {
        m_database->session.emplace(open_for_writing(file, !m_database->wants_check));
    } catch (const Poco::Data::SQLite::SQLiteException& problem) {
        // Anything but damage (a full disk, a read-only folder) must not cost the file.
        const bool damaged = dynamic_cast<const Poco::Data::SQLite::CorruptImageException*>(&problem) != nullptr ||
                             problem.displayText().find("not a database") != std::string::npos;
        if (!existed || !damaged)
            throw Error(ErrorKind::storage,
                        fmt::format("opening the state file {}: {}", file.string(), reason_of(problem, folder)));
        m_database->warning = set_aside(file, reason_of(problem, folder));
    } catch (const Poco::DataFormatException& problem) {
        m_database->warning = set_aside(file, reason_of(problem, folder));
    } catch (const Poco::Exception& problem) {
        throw Error(ErrorKind::storage,
                    fmt::format("opening the state file {}: {}", file.string(), reason_of(problem, folder)));
    }
    if (!m_database->session)
        m_database->guarded("creating tables", [&] { m_database->session.emplace(open_for_writing(file, false)); });
    if (mode == OpenMode::rehearse) {
        m_database->rehearsal = true;
        m_database->guarded("beginning a rehearsal", [&] { m_database->session->begin(); });
    }
    open_export(existed);
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
bool Store::was_left() const noexcept {
    return m_database->lock && m_database->lock->was_left();
}

bool Store::wants_check() const noexcept {
    return m_database->wants_check;
}

void Store::check() {
    const std::string damage =
        m_database->guarded("checking the file", [&] { return find_damage(*m_database->session); });
    if (!damage.empty())
        throw Error(ErrorKind::storage,
                    fmt::format("the state file in {} is damaged: {}", m_database->folder.string(), damage));
    m_database->wants_check = false;
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
    m_store.m_database->pending_lines.clear();
    try {
        m_store.m_database->session->rollback();
    } catch (const Poco::Exception&) {
        // The change was not committed, which is all that a rollback would add.
    }
}

void Store::Transaction::commit() {
    if (!m_open) return;
    Database& database = *m_store.m_database;
    if (!database.pending_lines.empty()) database.write_export_mark();
    database.guarded("committing a change", [&] { database.session->commit(); });
    database.in_transaction = false;
    m_open = false;
    if (!database.pending_lines.empty()) database.append_pending_lines();
}

}  // namespace tidemark::mirror::store
