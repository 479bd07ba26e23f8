#include <iostream>

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/store/store.h"
#include "tests/support/temporary_folder.h"

using namespace tidemark;
using namespace tidemark::mirror::store;
using mirror::Error;
using mirror::ErrorKind;
using policy::ObjectKey;
using policy::ObjectKind;
using tests::TemporaryFolder;

namespace {

const ObjectKey k_web{"flux-system", "web"};

std::chrono::sys_seconds at(int count) {
    return std::chrono::sys_seconds(std::chrono::seconds(count));
}

TagList some_tags() {
    return {"ghcr.io/acme/web", "", "hash", at(7), "1.1\t5\n1.0\t5\n"};
}

Decision some_decision() {
    return {"spec", "ghcr.io/acme/web", {"ghcr.io/acme/web", "1.1", ""}, at(5), at(6), true};
}

ObjectStatus some_status() {
    ObjectStatus status;
    status.conditions.push_back({"Ready", "False", "ReadOperationFailed", "scan failed: \"x\"\nline 2", at(9)});
    status.last_scan = at(7);  // as some_tags() says
    status.tag_count = 2;
    status.latest_tags = {"1.1", "1.0"};
    status.latest = policy::LatestReference{"web", "1.1", "sha256:1"};
    return status;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_store)

BOOST_AUTO_TEST_CASE(what_was_written_is_there_after_reopening) {
    TemporaryFolder folder;
    {
        Store store(folder.path(), OpenMode::write);
        store.put_tag_list(k_web, some_tags());
        store.put_decision(k_web, some_decision());
        store.put_push(k_web, "main", {"abc", at(8)});
        store.put_status(ObjectKind::image_repository, k_web, some_status());
    }
    Store store(folder.path(), OpenMode::write);
    BOOST_TEST(store.warning().empty());
    BOOST_REQUIRE(store.find_tag_list(k_web).has_value());
    BOOST_TEST(store.find_tag_list(k_web)->lines == some_tags().lines);
    BOOST_TEST((store.decisions().at(k_web) == some_decision()));
    BOOST_TEST(store.find_push(k_web, "main")->commit_id == "abc");
    BOOST_TEST(!store.find_push(k_web, "other").has_value());
    BOOST_TEST((store.statuses(ObjectKind::image_repository).at(k_web) == some_status()));
    BOOST_TEST(store.statuses(ObjectKind::image_policy).empty());
}

BOOST_AUTO_TEST_CASE(writes_settled_inputs_and_back_offs_are_kept_per_object) {
    TemporaryFolder folder;
    Store store(folder.path(), OpenMode::write);
    const Written written{"apps/web.yaml", "flux-system:web", "web:1.1", "abc"};
    store.put_write(k_web, written);
    store.put_write({"other", "web"}, {"x", "y", "z", "c"});
    store.put_settled(k_web, "inputs");
    store.put_backoff("ghcr.io", {at(60), "429"});
    store.put_backoff("quay.io", {at(61), "429"});
    store.remove_backoff("quay.io");
    BOOST_TEST((store.writes(k_web) == std::vector<Written>{written}));
    BOOST_TEST(store.settled().at(k_web) == "inputs");
    BOOST_TEST(store.backoffs().size() == 1u);
    BOOST_TEST((store.backoffs().at("ghcr.io").until == at(60)));
}

BOOST_AUTO_TEST_CASE(one_status_is_what_all_statuses_have_of_it) {
    const TemporaryFolder folder;
    Store store(folder.path(), OpenMode::write);
    store.put_tag_list(k_web, some_tags());
    for (const ObjectKind kind : {ObjectKind::image_repository, ObjectKind::image_policy}) {
        BOOST_TEST(!store.find_status(kind, k_web).has_value());
        store.put_status(kind, k_web, some_status());
        BOOST_REQUIRE(store.find_status(kind, k_web).has_value());
        BOOST_TEST((store.find_status(kind, k_web) == store.statuses(kind).at(k_web)));
        BOOST_TEST(!store.find_status(kind, {"flux-system", "other"}).has_value());
    }
}

BOOST_AUTO_TEST_CASE(one_decision_and_one_head_are_what_all_of_them_have) {
    const TemporaryFolder folder;
    Store store(folder.path(), OpenMode::write);
    BOOST_TEST(!store.find_decision(k_web).has_value());
    BOOST_TEST(!store.find_tag_list_head(k_web).has_value());
    store.put_tag_list(k_web, some_tags());
    store.put_decision(k_web, some_decision());
    BOOST_TEST((store.find_decision(k_web) == some_decision()));
    const TagListHead head = store.find_tag_list_head(k_web).value(), same = store.tag_list_heads().at(k_web);
    BOOST_TEST(head.canonical_name == same.canonical_name);
    BOOST_TEST(head.exclusion == same.exclusion);
    BOOST_TEST(head.body_hash == "hash");
    BOOST_TEST((head.scanned == same.scanned));
    BOOST_TEST(!store.find_decision({"flux-system", "other"}).has_value());
    BOOST_TEST(!store.find_tag_list_head({"flux-system", "other"}).has_value());
}

BOOST_AUTO_TEST_CASE(the_last_scan_of_a_status_is_that_of_its_tags) {
    TemporaryFolder folder;
    Store store(folder.path(), OpenMode::write);
    store.put_tag_list(k_web, some_tags());
    store.put_status(ObjectKind::image_repository, k_web, some_status());
    store.put_scan_time(k_web, at(77));
    BOOST_TEST((store.statuses(ObjectKind::image_repository).at(k_web).last_scan == at(77)));
    BOOST_TEST((store.find_status(ObjectKind::image_repository, k_web)->last_scan == at(77)));
    BOOST_TEST((store.find_tag_list(k_web)->scanned == at(77)));
    BOOST_TEST(store.tag_list_heads().at(k_web).body_hash == "hash");
    store.put_tag_list(k_web, some_tags());  // later by the pass, whatever the clock says
    BOOST_TEST((store.find_tag_list_head(k_web)->scanned == some_tags().scanned));
}

BOOST_AUTO_TEST_CASE(nobody_else_can_read_the_state_whatever_the_umask) {
    const TemporaryFolder folder;
    const mode_t before = ::umask(0);
    {
        Store store(folder.path(), OpenMode::write);
        store.put_decision(k_web, some_decision());
        for (const char* name : {"state.db", "state.db-wal", "export.jsonl", "lock"}) {
            struct stat info {};
            BOOST_TEST_CONTEXT(name) {
                BOOST_REQUIRE(::stat((folder.path() / name).c_str(), &info) == 0);
                BOOST_TEST((info.st_mode & 0777U) == 0600U);
            }
        }
    }
    ::umask(before);
}

BOOST_AUTO_TEST_CASE(a_second_write_replaces_the_first) {
    TemporaryFolder folder;
    Store store(folder.path(), OpenMode::write);
    store.put_tag_list(k_web, some_tags());
    TagList changed = some_tags();
    changed.lines = "2\t1\n";
    store.put_tag_list(k_web, changed);
    store.put_scan_time(k_web, at(99));
    BOOST_TEST(store.find_tag_list(k_web)->lines == "2\t1\n");
    BOOST_TEST((store.find_tag_list(k_web)->scanned == at(99)));
}

BOOST_AUTO_TEST_CASE(a_transaction_that_is_not_committed_leaves_nothing) {
    TemporaryFolder folder;
    Store store(folder.path(), OpenMode::write);
    {
        Store::Transaction transaction(store);
        store.put_tag_list(k_web, some_tags());
    }
    BOOST_TEST(!store.find_tag_list(k_web).has_value());
    Store::Transaction transaction(store);
    store.put_tag_list(k_web, some_tags());
    transaction.commit();
    BOOST_TEST(store.find_tag_list(k_web).has_value());
}

BOOST_AUTO_TEST_CASE(a_rehearsal_sees_what_it_writes_and_leaves_nothing) {
    TemporaryFolder folder;
    {
        Store store(folder.path(), OpenMode::rehearse);
        Store::Transaction transaction(store);
        store.put_decision(k_web, some_decision());
        transaction.commit();
        BOOST_TEST(store.decisions().size() == 1u);
    }
    BOOST_TEST(Store(folder.path(), OpenMode::write).decisions().empty());
}

BOOST_AUTO_TEST_CASE(a_second_writer_is_told_which_process_holds_the_state) {
    TemporaryFolder folder;
    Store store(folder.path(), OpenMode::write);
    BOOST_CHECK_EXCEPTION(Store(folder.path(), OpenMode::write), Error, [](const Error& error) {
        return error.kind() == ErrorKind::conflict &&
               std::string(error.what()).find("process " + std::to_string(::getpid())) != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(a_reader_may_look_while_a_writer_works) {
    TemporaryFolder folder;
    Store writer(folder.path(), OpenMode::write);
    writer.put_decision(k_web, some_decision());
    Store reader(folder.path(), OpenMode::read_only);
    BOOST_TEST(reader.decisions().size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_absent_state_reads_as_empty_and_is_not_made) {
    TemporaryFolder folder;
    Store reader(folder / "state", OpenMode::read_only);
    BOOST_TEST(reader.decisions().empty());
    BOOST_TEST(!reader.find_tag_list(k_web).has_value());
    BOOST_TEST(!std::filesystem::exists(folder / "state"));
}

BOOST_AUTO_TEST_CASE(a_state_that_cannot_be_looked_at_is_an_error_that_names_it) {
    TemporaryFolder folder;
    std::filesystem::create_symlink(folder / "state.db", folder / "state.db");  // leads nowhere, for root as well
    BOOST_CHECK_EXCEPTION(Store(folder.path(), OpenMode::read_only), Error, [](const Error& error) {
        return std::string_view(error.what()).starts_with("opening the state file ");
    });
}

BOOST_AUTO_TEST_CASE(decisions_are_outdated_by_their_image) {
    TemporaryFolder folder;
    Store store(folder.path(), OpenMode::write);
    Decision other = some_decision();
    other.canonical_name = "ghcr.io/acme/other";
    store.put_decision(k_web, some_decision());
    store.put_decision({"apps", "other"}, other);
    store.outdate_decisions(some_decision().canonical_name);
    BOOST_TEST(store.decisions().at(k_web).outdated);
    BOOST_TEST((store.decisions().at({"apps", "other"}) == other));
    store.put_decision(k_web, some_decision());
    BOOST_TEST(!store.decisions().at(k_web).outdated);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_database_is_set_aside) {
    TemporaryFolder folder;
    folder.write("state.db", std::string(5000, 'x'));
    Store store(folder.path(), OpenMode::write);
    BOOST_TEST(store.warning().find("set aside") != std::string::npos);
    const std::size_t reason = store.warning().find("not a database");
    BOOST_TEST(reason != std::string::npos);
    BOOST_TEST(store.warning().find("database", reason + 14) == std::string::npos);  // said once
    BOOST_TEST(store.decisions().empty());
    std::size_t kept = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
        if (entry.path().filename().string().starts_with("state.db.damaged-")) ++kept;
    BOOST_TEST(kept == 1u);
}

BOOST_AUTO_TEST_CASE(a_page_of_garbage_in_the_middle_is_found_at_opening) {
    TemporaryFolder folder;
    {
        Store store(folder.path(), OpenMode::write);
        for (int i = 0; i < 200; ++i)
            store.put_tag_list({"ns", "r" + std::to_string(i)}, some_tags());
    }
    const auto file = folder / "state.db";
    BOOST_REQUIRE(std::filesystem::file_size(file) > 16384u);
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(8192);
    bytes << std::string(8192, '\x5a');
    bytes.close();
    Store store(folder.path(), OpenMode::write);
    BOOST_TEST(store.warning().find("set aside") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(root_leaves_no_files_in_a_folder_of_another_account) {
    if (::geteuid() != 0) {
        std::cout << "SKIPPED: only root can give a folder away\n";
        return;
    }
    const TemporaryFolder folder;
    BOOST_REQUIRE_EQUAL(::chown(folder.path().c_str(), 65534, 65534), 0);
    BOOST_CHECK_EXCEPTION(Store(folder.path(), OpenMode::write), Error, [](const Error& error) {
        return error.kind() == ErrorKind::permission && std::string(error.what()).find("sudo -u ") != std::string::npos;
    });
    BOOST_TEST(std::filesystem::is_empty(folder.path()));
}

BOOST_AUTO_TEST_CASE(a_killed_writer_leaves_the_last_committed_state_and_no_lock) {
    TemporaryFolder folder;
    const pid_t child = ::fork();
    if (child == 0) {
        Store store(folder.path(), OpenMode::write);
        store.put_decision(k_web, some_decision());
        Store::Transaction transaction(store);
        store.put_tag_list(k_web, some_tags());
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_REQUIRE(WIFSIGNALED(status));
    Store store(folder.path(), OpenMode::write);
    BOOST_TEST(store.decisions().size() == 1u);
    BOOST_TEST(!store.find_tag_list(k_web).has_value());
    BOOST_TEST(store.was_left());
}

BOOST_AUTO_TEST_CASE(a_writer_that_ended_well_left_nothing) {
    TemporaryFolder folder;
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(!Store(folder.path(), OpenMode::write).was_left());
    BOOST_TEST(!Store(folder.path(), OpenMode::read_only).was_left());
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_says_so) {
    BOOST_CHECK_EXCEPTION(Store("/proc/tidemark-state", OpenMode::write), Error, [](const Error& error) {
        return std::string(error.what()).find("/proc/tidemark-state") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(a_large_file_is_opened_unchecked_and_its_damage_found_by_the_check) {
    TemporaryFolder folder;
    constexpr std::size_t k_size = std::size_t{20} << 20U;
    {
        Store store(folder.path(), OpenMode::write);
        ObjectStatus status;
        status.canonical_name.assign(k_size, 'x');
        store.put_status(ObjectKind::image_repository, k_web, status);
    }
    {
        Store store(folder.path(), OpenMode::write, Check::later);
        BOOST_TEST(store.wants_check());
        store.check();
        BOOST_TEST(!store.wants_check());
    }
    // One page in the midst of a long value: nothing that opening reads.
    std::string bytes = tests::read_text(folder.path() / "state.db");
    constexpr std::size_t k_page = 4096;
    bytes.replace(bytes.size() / 2 / k_page * k_page, k_page, k_page, '\0');
    folder.write("state.db", bytes);
    {
        Store store(folder.path(), OpenMode::write, Check::later);
        BOOST_TEST(store.warning().empty(), store.warning());
        BOOST_TEST(store.wants_check());
        BOOST_CHECK_THROW(store.check(), Error);
        BOOST_TEST(store.wants_check());
    }
    Store store(folder.path(), OpenMode::write);
    BOOST_TEST(store.warning().find("set aside") != std::string::npos, store.warning());
    BOOST_TEST(!store.wants_check());
}

BOOST_AUTO_TEST_CASE(a_small_file_is_checked_at_once) {
    TemporaryFolder folder;
    { Store store(folder.path(), OpenMode::write); }
    BOOST_TEST(!Store(folder.path(), OpenMode::write, Check::later).wants_check());
}

BOOST_AUTO_TEST_SUITE_END()
