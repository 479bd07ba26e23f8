#include "mirror/store/schema.h"

#include <array>
#include <string_view>

#include <Poco/Data/Statement.h>
#include <fmt/format.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::store {
namespace {

using namespace Poco::Data::Keywords;

constexpr int k_version = 3;

constexpr std::array<const char*, 8> k_tables = {
    "CREATE TABLE IF NOT EXISTS tag_lists (object_namespace TEXT NOT NULL, name TEXT NOT NULL, "
    "canonical_name TEXT NOT NULL, exclusion TEXT NOT NULL, body_hash TEXT NOT NULL, scanned BIGINT NOT NULL, "
    "lines TEXT NOT NULL, PRIMARY KEY (object_namespace, name))",
    "CREATE TABLE IF NOT EXISTS decisions (object_namespace TEXT NOT NULL, name TEXT NOT NULL, "
    "spec_hash TEXT NOT NULL, canonical_name TEXT NOT NULL, image TEXT NOT NULL, tag TEXT NOT NULL, "
    "digest TEXT NOT NULL, first_seen BIGINT NOT NULL, decided BIGINT NOT NULL, "
    "unproven INTEGER NOT NULL DEFAULT 0, outdated INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (object_namespace, name))",
    "CREATE INDEX IF NOT EXISTS decisions_by_image ON decisions (canonical_name)",
    "CREATE TABLE IF NOT EXISTS pushes (object_namespace TEXT NOT NULL, name TEXT NOT NULL, branch TEXT NOT NULL, "
    "commit_id TEXT NOT NULL, pushed BIGINT NOT NULL, PRIMARY KEY (object_namespace, name, branch))",
    "CREATE TABLE IF NOT EXISTS writes (object_namespace TEXT NOT NULL, name TEXT NOT NULL, file TEXT NOT NULL, "
    "setter TEXT NOT NULL, value TEXT NOT NULL, commit_id TEXT NOT NULL, "
    "PRIMARY KEY (object_namespace, name, file, setter))",
    "CREATE TABLE IF NOT EXISTS settled (object_namespace TEXT NOT NULL, name TEXT NOT NULL, inputs TEXT NOT NULL, "
    "PRIMARY KEY (object_namespace, name))",
    "CREATE TABLE IF NOT EXISTS backoffs (registry TEXT NOT NULL PRIMARY KEY, until BIGINT NOT NULL, "
    "reason TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS statuses (kind TEXT NOT NULL, object_namespace TEXT NOT NULL, name TEXT NOT NULL, "
    "content TEXT NOT NULL, PRIMARY KEY (kind, object_namespace, name))",
};

}  // namespace

void prepare_schema(Poco::Data::Session& session) {
    session << "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)", now;
    int version = 0;
    session << "SELECT COALESCE(MAX(version), 0) FROM schema_version", into(version), now;
    if (version > k_version)
        throw Error(
            ErrorKind::storage,
            fmt::format("the state was written by a newer tidemark (schema {}, this one knows {}); install that "
                        "version, or remove the state: it costs a rescan",
                        version, k_version));
    if (version == k_version) return;
    session.begin();
    for (const char* table : k_tables)
        session << table, now;
    if (version == 1) session << "ALTER TABLE decisions ADD COLUMN unproven INTEGER NOT NULL DEFAULT 0", now;
    const int current = k_version;
    // Nobody knows which tags the decisions of older versions were made from: all are made again.
    if (version == 1 || version == 2)
        session << "ALTER TABLE decisions ADD COLUMN outdated INTEGER NOT NULL DEFAULT 1", now;
    session << "INSERT INTO schema_version (version) VALUES (?)", bind(current), now;
    session.commit();
}

}  // namespace tidemark::mirror::store
