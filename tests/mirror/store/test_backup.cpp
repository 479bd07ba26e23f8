#include <fstream>

#include <boost/test/unit_test.hpp>

#include "mirror/base/error.h"
#include "mirror/store/backup.h"
#include "mirror/store/store.h"
#include "tests/support/temporary_folder.h"

using namespace tidemark;
using namespace tidemark::mirror::store;
using mirror::Error;
using mirror::ErrorKind;
using tests::TemporaryFolder;

namespace {

const ObjectKey k_web{"flux-system", "web"};

std::function<bool(const Error&)> says(ErrorKind kind, const std::string& words) {
    return [=](const Error& error) {
        BOOST_TEST_INFO(error.what());
        return error.kind() == kind && std::string(error.what()).find(words) != std::string::npos;
    };
}

struct State {
    TemporaryFolder folder;
    std::filesystem::path path() const { return folder / "state"; }
    std::filesystem::path backup() const { return folder / "backup.db"; }
    void pin(const std::string& tag) const { Store(path(), OpenMode::write).put_pin(k_web, {tag, "anna", "", {}, {}}); }
    std::string pinned() const { return Store(path(), OpenMode::read_only).pins().at(k_web).tag; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_store_backup)

BOOST_FIXTURE_TEST_CASE(a_backup_made_beside_a_writer_brings_back_what_was_committed, State) {
    {
        Store writer(path(), OpenMode::write);
        writer.put_pin(k_web, {"1", "anna", "", {}, {}});
        Store::Transaction open(writer);
        writer.put_pin(k_web, {"2", "anna", "", {}, {}});
        back_up(path(), backup());
        open.commit();
        BOOST_CHECK_EXCEPTION(restore(path(), backup()), Error, says(ErrorKind::conflict, "is in use by process"));
    }
    BOOST_TEST(pinned() == "2");
    BOOST_CHECK_EXCEPTION(back_up(path(), backup()), Error, says(ErrorKind::invalid, "exists"));
    const Restored restored = restore(path(), backup());
    BOOST_TEST(restored.kept.size() == 2u);  // the state and its export
    for (const std::filesystem::path& kept : restored.kept)
        BOOST_TEST(std::filesystem::exists(kept), kept.string());
    BOOST_TEST(pinned() == "1");
    Store store(path(), OpenMode::write);
    BOOST_TEST(store.warning() == "");
    BOOST_TEST(store.tidy_export() == "");
    BOOST_TEST(tests::read_text(path() / "export.jsonl").find("\"tag\":\"1\"") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(what_is_no_whole_backup_is_refused_and_changes_nothing, State) {
    pin("1");
    back_up(path(), backup());
    pin("2");
    const std::string whole = tests::read_text(backup());
    const std::vector<std::string> damaged = {"", std::string(9000, 'x'), whole.substr(0, whole.size() / 2),
                                              whole.substr(0, 4096) + std::string(12288, 'Z') + whole.substr(16384)};
    for (const std::string& bytes : damaged) {
        const std::filesystem::path file = folder.write("damaged.db", bytes);
        BOOST_CHECK_EXCEPTION(restore(path(), file), Error, says(ErrorKind::invalid, "the state is as it was"));
        BOOST_TEST(pinned() == "2");
        BOOST_TEST(!std::filesystem::exists(path() / "state.db.restoring"));
    }
    BOOST_CHECK_EXCEPTION(restore(path(), folder / "none"), Error, says(ErrorKind::not_found, "no backup"));
}

BOOST_FIXTURE_TEST_CASE(a_backup_goes_into_a_folder_without_a_state, State) {
    pin("1");
    back_up(path(), backup());
    std::filesystem::remove_all(path());
    BOOST_TEST(restore(path(), backup()).kept.empty());
    BOOST_TEST(pinned() == "1");
}

BOOST_FIXTURE_TEST_CASE(each_file_of_the_state_is_told_whole_or_not, State) {
    BOOST_CHECK_EXCEPTION(verify(path()), Error, says(ErrorKind::not_found, "there is no state in"));
    BOOST_CHECK_EXCEPTION(back_up(path(), backup()), Error, says(ErrorKind::not_found, "there is no state in"));
    pin("1");
    std::vector<Verdict> verdicts = verify(path());
    BOOST_REQUIRE(verdicts.size() == 2u);
    BOOST_TEST(verdicts[0].whole);
    BOOST_TEST(verdicts[1].text == "whole, 1 line");
    std::ofstream(path() / "export.jsonl", std::ios::app) << "x\n";
    std::fstream bytes(path() / "state.db", std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(4096);
    bytes << std::string(16384, '\x5a');
    bytes.close();
    verdicts = verify(path());
    BOOST_TEST(!verdicts[0].whole);
    BOOST_TEST(verdicts[0].text.find("tidemark state restore FILE") != std::string::npos);
    BOOST_TEST(!verdicts[1].whole);
    BOOST_TEST(verdicts[1].text.find("1 of 2 lines are damaged: line 2") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
