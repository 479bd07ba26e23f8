#include "mirror/store/schema.h"

#include <array>
#include <string>
#include <string_view>

#include <Poco/Data/Statement.h>
#include <fmt/format.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::store {
namespace {

using namespace Poco::Data::Keywords;

constexpr int k_version = 5;

struct Table {
    const char* name;
    const char* columns;
};

constexpr std::array<Table, 20> k_tables = {{
    {"tag_lists",
     "object_namespace TEXT NOT NULL, name TEXT NOT NULL, canonical_name TEXT NOT NULL, exclusion TEXT NOT NULL, "
     "body_hash TEXT NOT NULL, scanned BIGINT NOT NULL, lines TEXT NOT NULL, PRIMARY KEY (object_namespace, name)"},
    {"decisions",
     "object_namespace TEXT NOT NULL, name TEXT NOT NULL, spec_hash TEXT NOT NULL, canonical_name TEXT NOT NULL, "
     "image TEXT NOT NULL, tag TEXT NOT NULL, digest TEXT NOT NULL, first_seen BIGINT NOT NULL, "
     "decided BIGINT NOT NULL, unproven INTEGER NOT NULL DEFAULT 0, outdated INTEGER NOT NULL DEFAULT 0, "
     "PRIMARY KEY (object_namespace, name)"},
    {"pushes",
     "object_namespace TEXT NOT NULL, name TEXT NOT NULL, branch TEXT NOT NULL, commit_id TEXT NOT NULL, "
     "pushed BIGINT NOT NULL, PRIMARY KEY (object_namespace, name, branch)"},
    {"writes",
     "object_namespace TEXT NOT NULL, name TEXT NOT NULL, file TEXT NOT NULL, setter TEXT NOT NULL, "
     "value TEXT NOT NULL, commit_id TEXT NOT NULL, PRIMARY KEY (object_namespace, name, file, setter)"},
    {"settled",
     "object_namespace TEXT NOT NULL, name TEXT NOT NULL, inputs TEXT NOT NULL, PRIMARY KEY (object_namespace, name)"},
    {"backoffs", "registry TEXT NOT NULL PRIMARY KEY, until BIGINT NOT NULL, reason TEXT NOT NULL"},
    {"statuses",
     "kind TEXT NOT NULL, object_namespace TEXT NOT NULL, name TEXT NOT NULL, content TEXT NOT NULL, "
     "PRIMARY KEY (kind, object_namespace, name)"},
    // Since version 4
    {"pins",
     "object_namespace TEXT NOT NULL, name TEXT NOT NULL, tag TEXT NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL, "
     "pinned BIGINT NOT NULL, until BIGINT NOT NULL, PRIMARY KEY (object_namespace, name)"},
    {"suspensions",
     "kind TEXT NOT NULL, object_namespace TEXT NOT NULL, name TEXT NOT NULL, suspended INTEGER NOT NULL, "
     "spec_suspended INTEGER NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL, since BIGINT NOT NULL, "
     "PRIMARY KEY (kind, object_namespace, name)"},
    {"branch_resets",
     "object_namespace TEXT NOT NULL, name TEXT NOT NULL, branch TEXT NOT NULL, tip TEXT NOT NULL, who TEXT NOT NULL, "
     "given BIGINT NOT NULL, PRIMARY KEY (object_namespace, name)"},
    {"events",
     "id INTEGER NOT NULL PRIMARY KEY, happened BIGINT NOT NULL, severity INTEGER NOT NULL, kind TEXT NOT NULL, "
     "object_namespace TEXT NOT NULL, name TEXT NOT NULL, reason TEXT NOT NULL, message TEXT NOT NULL, "
     "who TEXT NOT NULL, content TEXT NOT NULL"},
    {"deliveries",
     "id INTEGER NOT NULL PRIMARY KEY, event BIGINT NOT NULL, sink TEXT NOT NULL, attempts INTEGER NOT NULL, "
     "next_try BIGINT NOT NULL, last_error TEXT NOT NULL, newest BIGINT NOT NULL, events BIGINT NOT NULL"},
    {"history",
     "id INTEGER NOT NULL PRIMARY KEY, object_namespace TEXT NOT NULL, name TEXT NOT NULL, tag TEXT NOT NULL, "
     "digest TEXT NOT NULL, chosen BIGINT NOT NULL, written BIGINT NOT NULL, commit_id TEXT NOT NULL"},
    {"values_in_git",
     "object_namespace TEXT NOT NULL, name TEXT NOT NULL, content TEXT NOT NULL, "
     "PRIMARY KEY (object_namespace, name)"},
    {"branch_facts",
     "object_namespace TEXT NOT NULL, name TEXT NOT NULL, checkout_branch TEXT NOT NULL, checkout_tip TEXT NOT NULL, "
     "push_branch TEXT NOT NULL, push_tip TEXT NOT NULL, commits_ahead BIGINT NOT NULL, "
     "commits_behind BIGINT NOT NULL, commits_foreign BIGINT NOT NULL, remote_words TEXT NOT NULL, url TEXT NOT NULL, "
     "looked BIGINT NOT NULL, PRIMARY KEY (object_namespace, name)"},
    {"mirror_facts",
     "url TEXT NOT NULL PRIMARY KEY, tip TEXT NOT NULL, path TEXT NOT NULL, fetched BIGINT NOT NULL, "
     "size BIGINT NOT NULL, error TEXT NOT NULL"},
    // Since version 5
    {"request_facts",
     "object_namespace TEXT NOT NULL, name TEXT NOT NULL, repository TEXT NOT NULL, push_branch TEXT NOT NULL, "
     "checkout_branch TEXT NOT NULL, number BIGINT NOT NULL, reference TEXT NOT NULL, title TEXT NOT NULL, "
     "url TEXT NOT NULL, author TEXT NOT NULL, draft INTEGER NOT NULL, opened BIGINT NOT NULL, asked BIGINT NOT NULL, "
     "problem TEXT NOT NULL, PRIMARY KEY (object_namespace, name)"},
    // When a list was seen again as it is: writing that beside its tags would write them all anew.
    {"scan_times",
     "object_namespace TEXT NOT NULL, name TEXT NOT NULL, scanned BIGINT NOT NULL, "
     "PRIMARY KEY (object_namespace, name)"},
    {"marks", "name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL"},
    {"schema_version", "version INTEGER NOT NULL"},
}};

constexpr std::array<const char*, 4> k_indexes = {
    "CREATE INDEX IF NOT EXISTS decisions_by_image ON decisions (canonical_name)",
    "CREATE INDEX IF NOT EXISTS events_by_object ON events (object_namespace, name, id)",
    "CREATE INDEX IF NOT EXISTS deliveries_by_sink ON deliveries (sink, next_try)",
    "CREATE INDEX IF NOT EXISTS history_by_policy ON history (object_namespace, name, id)",
};

bool has_table(Poco::Data::Session& session, const std::string& name) {
    int count = 0;
    session << "SELECT COUNT(*) FROM main.sqlite_master WHERE type = 'table' AND name = ?", into(count), useRef(name),
        now;
    return count > 0;
}

}  // namespace

int schema_version(Poco::Data::Session& session) {
    int version = 0;
    if (has_table(session, "schema_version"))
        session << "SELECT COALESCE(MAX(version), 0) FROM schema_version", into(version), now;
    if (version > k_version)
        throw Error(
            ErrorKind::storage,
            fmt::format("the state was written by a newer tidemark (schema {}, this one knows {}); install that "
                        "version, or remove the state: it costs a rescan",
                        version, k_version));
    return version;
}

void prepare_schema(Poco::Data::Session& session) {
    const int version = schema_version(session);
    if (version == k_version) return;
    session.begin();
    for (const Table& table : k_tables)
        session << fmt::format("CREATE TABLE IF NOT EXISTS {} ({})", table.name, table.columns), now;
    if (version == 1) session << "ALTER TABLE decisions ADD COLUMN unproven INTEGER NOT NULL DEFAULT 0", now;
    const int current = k_version;
    // Nobody knows which tags the decisions of older versions were made from: all are made again.
    if (version == 1 || version == 2)
        session << "ALTER TABLE decisions ADD COLUMN outdated INTEGER NOT NULL DEFAULT 1", now;
    // What version 4 remembers of Git is learned at a look.
    if (version > 0 && version < 4) session << "DELETE FROM settled", now;
    for (const char* index : k_indexes)
        session << index, now;
    session << "INSERT INTO schema_version (version) VALUES (?)", bind(current), now;
    session.commit();
}

void complete_schema(Poco::Data::Session& session) {
    const int version = schema_version(session);
    if (version == k_version) return;
    // A temporary table or view goes before one of the file that has the same name.
    for (const Table& table : k_tables)
        if (!has_table(session, table.name))
            session << fmt::format("CREATE TEMP TABLE {} ({})", table.name, table.columns), now;
    if (version == 1)
        session << "CREATE TEMP VIEW decisions AS SELECT *, 0 AS unproven, 1 AS outdated FROM main.decisions", now;
    if (version == 2) session << "CREATE TEMP VIEW decisions AS SELECT *, 1 AS outdated FROM main.decisions", now;
}

}  // namespace tidemark::mirror::store
