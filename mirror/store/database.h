// What the files of Store share: the open database, and how a statement is run on it. For those files only.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <Poco/Data/Session.h>
#include <Poco/Exception.h>

#include "mirror/store/export_file.h"
#include "mirror/store/lock.h"
#include "mirror/store/prepared.h"
#include "mirror/store/status_json.h"
#include "mirror/store/store.h"

namespace tidemark::mirror::store {

inline std::int64_t seconds_of(std::chrono::sys_seconds time) {
    return time.time_since_epoch().count();
}
inline std::chrono::sys_seconds time_of(std::int64_t seconds) {
    return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}
/// No time is kept as 0.
inline std::int64_t seconds_of(const std::optional<std::chrono::sys_seconds>& time) {
    return time ? seconds_of(*time) : 0;
}
inline std::optional<std::chrono::sys_seconds> optional_time_of(std::int64_t seconds) {
    return seconds == 0 ? std::nullopt : std::optional(time_of(seconds));
}

/// The reason in SQLite's words, once, and plainer where those say little.
std::string reason_of(const Poco::Exception& problem, const std::filesystem::path& folder);

struct Store::Database {
    std::filesystem::path folder;
    std::optional<FolderLock> lock;
    std::optional<Poco::Data::Session> session;  // absent: nothing was ever written, reading only
    std::string warning;
    bool wants_check = false;
    bool rehearsal = false;       // one transaction around everything, never committed
    bool in_transaction = false;  // of the caller's
    EventListener event_listener;

    // The export (store_export.cpp): its lines go out when what they tell is committed.
    std::optional<ExportFile> exported;
    std::string pending_lines;
    std::int64_t export_size = -1;  // as we left it; -1: it has to be written anew
    std::int64_t export_base = 0;   // when it was last written anew
    bool reading_back = false;
    /// To be told once the open change is committed.
    void remember(const std::string& line) {
        if (!rehearsal && !reading_back) pending_lines += line;
    }
    /// In the change: how long the export will be then.
    void write_export_mark();
    void append_pending_lines();
    std::optional<std::int64_t> mark(const std::string& name) const;
    void put_mark(const std::string& name, std::int64_t value) const;

    /// What runs for each of many objects. Prepared at its first use.
    std::optional<Prepared> put_tag_list, find_tag_list, find_tag_list_head, put_scan_time, put_status, find_status,
        put_decision, find_decision;
    StatusReader status_reader;  // of find_status

    Prepared& prepared(std::optional<Prepared>& statement, const char* sql) const {
        return statement ? *statement : statement.emplace(*session, sql);
    }

    /// Runs one access to the database; what goes wrong there becomes our error with what was being done, and where.
    template <class Work>
    auto guarded(const char* what, Work work) const {
        try {
            return work();
        } catch (const Poco::Exception& problem) {
            fail(what, problem);
        }
    }

    /// Runs a statement that answers no rows.
    template <class... Values>
    void run(const char* what, const char* sql, const Values&... values) const {
        guarded(what, [&] { Prepared(*session, sql).run(values...); });
    }

    /// Runs a query; `take(row)` is called for each of its rows. There are none where nothing was ever written.
    template <class Take, class... Values>
    void each(const char* what, const char* sql, Take take, const Values&... values) const {
        if (!session) return;
        guarded(what, [&] { Prepared(*session, sql).each(take, values...); });
    }

    /// How many rows the last statement changed.
    std::int64_t changes() const;

private:
    [[noreturn]] void fail(const char* what, const Poco::Exception& problem) const;
};

/// A change that takes several statements: the caller's transaction if one is open, else one of its own.
class Change {
public:
    Change(Store& store, bool in_transaction) {
        if (!in_transaction) m_own.emplace(store);
    }
    void commit() {
        if (m_own) m_own->commit();
    }

private:
    std::optional<Store::Transaction> m_own;
};

}  // namespace tidemark::mirror::store
