#include "mirror/store/prepared.h"

#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <sqlite3.h>

namespace tidemark::mirror::store {

Prepared::Prepared(const Poco::Data::Session& session, const char* sql) {
    sqlite3* database = Poco::Data::SQLite::Utility::dbHandle(session);
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    m_statement.reset(statement);
    if (code != SQLITE_OK) Poco::Data::SQLite::Utility::throwException(database, code, sqlite3_errmsg(database));
}

Prepared::Rewind::~Rewind() {
    sqlite3_reset(m_statement.m_statement.get());
    sqlite3_clear_bindings(m_statement.m_statement.get());
}

void Prepared::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_finalize(statement);
}

std::string Prepared::text(int column) const {
    const unsigned char* bytes = sqlite3_column_text(m_statement.get(), column);
    if (bytes == nullptr) return {};
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column));
    return {reinterpret_cast<const char*>(bytes), size};
}

std::int64_t Prepared::number(int column) const {
    return sqlite3_column_int64(m_statement.get(), column);
}

void Prepared::bind(int place, std::string_view text) {
    // A null pointer would be SQL's NULL.
    const char* bytes = text.data() != nullptr ? text.data() : "";
    check(sqlite3_bind_text64(m_statement.get(), place, bytes, text.size(), nullptr, SQLITE_UTF8));
}

void Prepared::bind(int place, std::int64_t number) {
    check(sqlite3_bind_int64(m_statement.get(), place, number));
}

bool Prepared::step() {
    const int code = sqlite3_step(m_statement.get());
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) check(code);
    return false;
}

void Prepared::check(int code) const {
    if (code == SQLITE_OK) return;
    sqlite3* database = sqlite3_db_handle(m_statement.get());
    Poco::Data::SQLite::Utility::throwException(database, code, sqlite3_errmsg(database));
}

}  // namespace tidemark::mirror::store
