#include "mirror/store/backup.h"

#include <chrono>
#include <optional>
#include <system_error>

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <fmt/format.h>
#include <simdjson.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/store/database.h"
#include "mirror/store/export_file.h"
#include "mirror/store/export_lines.h"
#include "mirror/store/lock.h"
#include "mirror/store/schema.h"

namespace tidemark::mirror::store {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::Session;
using std::filesystem::path;

constexpr std::size_t k_damages_told = 3;

Session open(const path& file) {
    Poco::Data::SQLite::Connector::registerConnector();
    return Session("SQLite", file.string(), 5);
}

path state_file(const path& folder) {
    path file = folder / "state.db";
    if (!std::filesystem::exists(file))
        throw Error(ErrorKind::not_found,
                    fmt::format("there is no state in {}; name its folder with --state", folder.string()));
    return file;
}

/// Empty if the file is a whole state that this version can use.
std::string find_damage(const path& file) {
    try {
        Session session = open(file);
        session << "PRAGMA query_only = 1", now;
        std::vector<std::string> damages;
        session << fmt::format("PRAGMA integrity_check({})", k_damages_told), into(damages), now;
        if (damages != std::vector<std::string>{"ok"}) return fmt::format("{}", fmt::join(damages, "; "));
        if (schema_version(session) == 0) return "it is no state of tidemark";
    } catch (const Poco::Exception& problem) {
        return reason_of(problem, file.parent_path());
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

void rename_or_throw(const path& from, const path& to) {
    std::error_code error;
    std::filesystem::rename(from, to, error);
    if (error)
        throw Error(ErrorKind::storage,
                    fmt::format("renaming {} to {}: {}", from.string(), to.string(), error.message()));
}

void copy_or_throw(const path& from, const path& to) {
    std::error_code error;
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing, error);
    if (!error)
        std::filesystem::permissions(to, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                                     error);
    if (!error) return;
    const std::string reason = error.message();
    std::filesystem::remove(to, error);
    throw Error(ErrorKind::storage, fmt::format("copying {} to {}: {}", from.string(), to.string(), reason));
}

Verdict verify_export(const path& file) {
    std::size_t lines = 0;
    std::size_t bad = 0;
    std::string places;
    simdjson::dom::parser parser;
    read_lines(file, [&](std::optional<std::string_view> line, std::size_t number) {
        ++lines;
        if (line && read_line(parser, *line)) return;
        if (++bad <= k_damages_told) places += fmt::format("{} {}", bad > 1 ? "," : "", number);
    });
    if (bad == 0) return {file, true, fmt::format("whole, {} line{}", lines, lines == 1 ? "" : "s")};
    return {file, false,
            fmt::format("{} of {} lines are damaged: line{}{}; the next pass does not mend them: remove the file, and "
                        "that pass writes it anew",
                        bad, lines, places, bad > k_damages_told ? ", ..." : "")};
}

}  // namespace

void back_up(const path& folder, const path& target) {
    const path file = state_file(folder);
    if (std::filesystem::exists(target))
        throw Error(ErrorKind::invalid, fmt::format("{} exists; name a file that does not", target.string()));
    const path draft = fmt::format("{}.part", target.string());
    std::error_code ignored;
    std::filesystem::remove(draft, ignored);
    try {
        Session session = open(file);
        std::string name = draft.string();
        session << "VACUUM INTO ?", use(name), now;
    } catch (const Poco::Exception& problem) {
        std::filesystem::remove(draft, ignored);
        throw Error(ErrorKind::storage, fmt::format("copying the state {} to {}: {}", file.string(), target.string(),
                                                    reason_of(problem, target.parent_path())));
    }
    std::filesystem::permissions(draft, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                                 ignored);
    if (const std::string damage = find_damage(draft); !damage.empty()) {
        std::filesystem::remove(draft, ignored);
        throw Error(ErrorKind::storage, fmt::format("the copy of {} is not whole: {}", file.string(), damage));
    }
    rename_or_throw(draft, target);
}

Restored restore(const path& folder, const path& backup) {
    if (!std::filesystem::is_regular_file(backup))
        throw Error(ErrorKind::not_found, fmt::format("there is no backup {}", backup.string()));
    create_folder(folder, 0700);
    const FolderLock lock(folder);
    const path file = folder / "state.db";
    const path draft = folder / "state.db.restoring";
    copy_or_throw(backup, draft);
    if (const std::string damage = find_damage(draft); !damage.empty()) {
        std::error_code ignored;
        std::filesystem::remove(draft, ignored);
        throw Error(ErrorKind::invalid,
                    fmt::format("the backup {} is not used: {}; the state is as it was", backup.string(), damage));
    }
    Restored restored;
    const auto stamp =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
    // The export would be that of the state which goes; the next pass writes it anew.
    for (const char* name : {"state.db-wal", "state.db", "export.jsonl"}) {
        const path before = folder / name;
        if (!std::filesystem::exists(before)) continue;
        const std::string end = fmt::format(".replaced-{}", stamp.count());
        const bool companion = before.string().ends_with("-wal");
        restored.kept.push_back(companion ? path(file.string() + end + "-wal") : path(before.string() + end));
        rename_or_throw(before, restored.kept.back());
    }
    std::error_code ignored;
    std::filesystem::remove(file.string() + "-shm", ignored);
    rename_or_throw(draft, file);
    return restored;
}

std::vector<Verdict> verify(const path& folder) {
    const path file = state_file(folder);
    std::vector<Verdict> verdicts;
    const std::string damage = find_damage(file);
    const std::uintmax_t size = std::filesystem::file_size(file);
    verdicts.push_back(
        damage.empty()
            ? Verdict{file, true, fmt::format("whole, {} KiB", (size + 1023) / 1024)}
            : Verdict{file, false,
                      fmt::format("{}; the next run sets it aside and builds another; or put a backup in its place: "
                                  "tidemark state restore FILE",
                                  damage)});
    const path lines = folder / "export.jsonl";
    if (std::filesystem::exists(lines)) {
        verdicts.push_back(verify_export(lines));
    } else {
        verdicts.push_back({lines, true, "not there yet; the next pass writes it"});
    }
    return verdicts;
}

}  // namespace tidemark::mirror::store
