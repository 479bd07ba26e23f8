// States as older versions left them: what is written here is history and does not change with the code.
#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "mirror/base/error.h"
#include "mirror/store/store.h"
#include "tests/support/temporary_folder.h"

using namespace tidemark;
using namespace tidemark::mirror::store;
using namespace Poco::Data::Keywords;
using policy::ObjectKey;
using policy::ObjectKind;
using tests::TemporaryFolder;

namespace {

const ObjectKey k_web{"flux-system", "web"};
constexpr int k_newest = 5;

std::chrono::sys_seconds at(int count) {
    return std::chrono::sys_seconds(std::chrono::seconds(count));
}

void write_old_state(const std::filesystem::path& folder, int version) {
    Poco::Data::SQLite::Connector::registerConnector();
    Poco::Data::Session session("SQLite", (folder / "state.db").string());
    std::string decision_columns;
    std::string decision_values;
    if (version >= 2) {
        decision_columns += ", unproven INTEGER NOT NULL DEFAULT 0";
        decision_values += ", 1";
    }
    if (version >= 3) {
        decision_columns += ", outdated INTEGER NOT NULL DEFAULT 0";
        decision_values += ", 0";
    }
    const std::vector<std::string> statements = {
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE schema_version (version INTEGER NOT NULL)",
        "CREATE TABLE tag_lists (object_namespace TEXT NOT NULL, name TEXT NOT NULL, canonical_name TEXT NOT NULL, "
        "exclusion TEXT NOT NULL, body_hash TEXT NOT NULL, scanned BIGINT NOT NULL, lines TEXT NOT NULL, "
        "PRIMARY KEY (object_namespace, name))",
        "CREATE TABLE decisions (object_namespace TEXT NOT NULL, name TEXT NOT NULL, spec_hash TEXT NOT NULL, "
        "canonical_name TEXT NOT NULL, image TEXT NOT NULL, tag TEXT NOT NULL, digest TEXT NOT NULL, "
        "first_seen BIGINT NOT NULL, decided BIGINT NOT NULL" +
            decision_columns + ", PRIMARY KEY (object_namespace, name))",
        "CREATE TABLE pushes (object_namespace TEXT NOT NULL, name TEXT NOT NULL, branch TEXT NOT NULL, "
        "commit_id TEXT NOT NULL, pushed BIGINT NOT NULL, PRIMARY KEY (object_namespace, name, branch))",
        "CREATE TABLE writes (object_namespace TEXT NOT NULL, name TEXT NOT NULL, file TEXT NOT NULL, "
        "setter TEXT NOT NULL, value TEXT NOT NULL, commit_id TEXT NOT NULL, "
        "PRIMARY KEY (object_namespace, name, file, setter))",
        "CREATE TABLE settled (object_namespace TEXT NOT NULL, name TEXT NOT NULL, inputs TEXT NOT NULL, "
        "PRIMARY KEY (object_namespace, name))",
        "CREATE TABLE backoffs (registry TEXT NOT NULL PRIMARY KEY, until BIGINT NOT NULL, reason TEXT NOT NULL)",
        "CREATE TABLE statuses (kind TEXT NOT NULL, object_namespace TEXT NOT NULL, name TEXT NOT NULL, "
        "content TEXT NOT NULL, PRIMARY KEY (kind, object_namespace, name))",
        "INSERT INTO decisions VALUES ('flux-system', 'web', 'spec', 'ghcr.io/acme/web', 'ghcr.io/acme/web', '1.1', "
        "'', 5, 6" +
            decision_values + ")",
        "INSERT INTO tag_lists VALUES ('flux-system', 'web', 'ghcr.io/acme/web', '', 'hash', 7, '1.1\t5\n')",
        "INSERT INTO pushes VALUES ('flux-system', 'fleet', 'main', 'abc', 8)",
        "INSERT INTO statuses VALUES ('ImageRepository', 'flux-system', 'web', "
        "'{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"reason\":\"Succeeded\",\"message\":\"fine\","
        "\"time\":9}],\"tagCount\":1}')",
        "INSERT INTO schema_version VALUES (" + std::to_string(version) + ")",
    };
    for (const std::string& statement : statements)
        session << statement, now;
}

int version_of(const std::filesystem::path& folder) {
    Poco::Data::Session session("SQLite", (folder / "state.db").string());
    int version = 0;
    session << "SELECT MAX(version) FROM schema_version", into(version), now;
    return version;
}

/// What every older version knew, and nothing of what came later.
void check_content(Store& store, int version) {
    const Decision decision = store.decisions().at(k_web);
    BOOST_TEST(decision.latest.tag == "1.1");
    BOOST_TEST(decision.unproven == (version >= 2));
    BOOST_TEST(decision.outdated == (version < 3));  // nobody knows which tags it was made from
    BOOST_TEST(store.find_tag_list(k_web)->lines == "1.1\t5\n");
    BOOST_TEST(store.find_push({"flux-system", "fleet"}, "main")->commit_id == "abc");
    BOOST_TEST((store.statuses(ObjectKind::image_repository).at(k_web).last_scan == at(7)));
    BOOST_TEST(store.pins().empty());
    BOOST_TEST(store.suspensions(ObjectKind::image_policy).empty());
    BOOST_TEST(store.events({}).empty());
    BOOST_TEST(store.history(k_web).empty());
    BOOST_TEST(store.values_in_git(k_web).empty());
    BOOST_TEST(store.branch_facts().empty());
    BOOST_TEST(store.request_facts().empty());
    BOOST_TEST(store.mirror_facts().empty());
    BOOST_TEST(store.due_deliveries(at(1000), 10).empty());
}

const std::vector<int> k_older = {1, 2, 3};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_store_schema)

BOOST_DATA_TEST_CASE(an_older_state_is_brought_forward, k_older, version) {
    TemporaryFolder folder;
    write_old_state(folder.path(), version);
    {
        Store store(folder.path(), OpenMode::write);
        BOOST_TEST(store.warning().empty());
        check_content(store, version);
        store.put_pin(k_web, {"1.1", "root", "", at(9), {}});
    }
    BOOST_TEST(version_of(folder.path()) == k_newest);
    BOOST_TEST(Store(folder.path(), OpenMode::write).pins().size() == 1u);
}

BOOST_DATA_TEST_CASE(a_reader_sees_an_older_state_whole_and_leaves_it_as_it_is, k_older, version) {
    TemporaryFolder folder;
    write_old_state(folder.path(), version);
    Store reader(folder.path(), OpenMode::read_only);
    check_content(reader, version);
    BOOST_TEST(version_of(folder.path()) == version);
    BOOST_CHECK_THROW(reader.put_pin(k_web, {}), mirror::Error);
}

BOOST_AUTO_TEST_CASE(a_state_of_version_4_learns_of_requests_and_keeps_what_was_settled) {
    TemporaryFolder folder;
    Store(folder.path(), OpenMode::write).put_settled(k_web, "inputs");
    {
        Poco::Data::Session session("SQLite", (folder / "state.db").string());
        session << "DROP TABLE request_facts", now;
        session << "UPDATE schema_version SET version = 4", now;
    }
    BOOST_TEST(Store(folder.path(), OpenMode::read_only).request_facts().empty());
    Store store(folder.path(), OpenMode::write);
    store.put_request_facts(k_web, RequestFacts{});
    BOOST_TEST(store.request_facts().size() == 1u);
    BOOST_TEST(store.settled().at(k_web) == "inputs");
    BOOST_TEST(version_of(folder.path()) == k_newest);
}

BOOST_AUTO_TEST_CASE(a_file_without_anything_reads_as_empty) {
    TemporaryFolder folder;
    folder.write("state.db", "");
    Store reader(folder.path(), OpenMode::read_only);
    BOOST_TEST(reader.decisions().empty());
    BOOST_TEST(reader.events({}).empty());
    BOOST_TEST(Store(folder.path(), OpenMode::write).warning().empty());
}

BOOST_AUTO_TEST_CASE(a_state_of_a_newer_version_is_left_alone) {
    TemporaryFolder folder;
    write_old_state(folder.path(), k_newest + 1);
    for (const OpenMode mode : {OpenMode::write, OpenMode::read_only})
        BOOST_CHECK_EXCEPTION(Store(folder.path(), mode), mirror::Error, [](const mirror::Error& error) {
            return std::string(error.what()).find("newer tidemark (schema 6, this one knows 5)") != std::string::npos;
        });
}

BOOST_AUTO_TEST_SUITE_END()
