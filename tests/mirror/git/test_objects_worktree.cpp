// The folder that people look at: brought along by differences, never a way out of itself.
#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include "mirror/git/worktree.h"
#include "tests/mirror/git/objects_support.h"

using namespace tidemark::mirror::git;
using namespace tidemark::mirror::git::testing;
namespace fs = std::filesystem;

namespace {

/// A worktree of a few files in a real repository.
struct Fixture {
    TestRepository repository;
    fs::path folder = repository.path("worktrees/web");
    ObjectId stamp{};

    WorktreeUpdate show(const std::map<std::string, std::string>& texts) {
        std::vector<WorktreeFile> files;
        for (const auto& [path, text] : texts)
            files.push_back({path, repository.objects().write_blob(text)});
        ++stamp.bytes[0];
        return update_worktree(repository.objects(), folder, stamp, "apps", std::move(files));
    }

    std::map<std::string, std::string> on_disk() const {
        std::map<std::string, std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator(folder))
            if (!entry.is_directory() || entry.is_symlink())
                found[fs::relative(entry.path(), folder).string()] = read_text(entry.path());
        return found;
    }
};

ino_t inode(const fs::path& path) {
    struct stat status {};
    BOOST_REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status.st_ino;
}

using Texts = std::map<std::string, std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mirror_git_worktree, Fixture)

BOOST_AUTO_TEST_CASE(holds_the_files_after_each_step) {
    const std::vector<Texts> steps = {{{"a.yaml", "1"}, {"d/b.yaml", "1"}, {"d/e/c.yaml", "1"}},
                                      {{"a.yaml", "2"}, {"d/b.yaml", "1"}, {"d/e/c.yaml", "1"}},
                                      {{"a.yaml", "2"}},
                                      {{"a.yaml/now/a/folder", "1"}, {"d", "now a file"}},
                                      {{"a.yaml", "again a file"}, {"d/b.yaml", "1"}},
                                      {}};
    for (const Texts& texts : steps) {
        show(texts);
        BOOST_TEST((on_disk() == texts));
        BOOST_TEST(is_worktree_at(folder, stamp, "apps"));
    }
    BOOST_TEST(!fs::exists(folder / "d"));
}

BOOST_AUTO_TEST_CASE(writes_only_what_changed) {
    show({{"a.yaml", "1"}, {"b.yaml", "1"}});
    const ino_t kept = inode(folder / "b.yaml");
    const WorktreeUpdate update = show({{"a.yaml", "2"}, {"b.yaml", "1"}});
    BOOST_TEST(update.written == 1u);
    BOOST_TEST(!update.rebuilt);
    BOOST_TEST(inode(folder / "b.yaml") == kept);
}

BOOST_AUTO_TEST_CASE(an_unchanged_run_touches_nothing) {
    show({{"a.yaml", "1"}});
    const ino_t record = inode(folder.string() + ".record");
    const ino_t file = inode(folder / "a.yaml");
    const WorktreeUpdate update = update_worktree(repository.objects(), folder, stamp, "apps",
                                                  {{"a.yaml", repository.objects().write_blob("1")}});
    BOOST_TEST(update.written + update.removed == 0u);
    BOOST_TEST(inode(folder.string() + ".record") == record);
    BOOST_TEST(inode(folder / "a.yaml") == file);
}

BOOST_AUTO_TEST_CASE(knows_where_it_stands_only_with_record_and_folder) {
    BOOST_TEST(!is_worktree_at(folder, stamp, "apps"));
    show({{"a.yaml", "1"}});
    BOOST_TEST(is_worktree_at(folder, stamp, "apps"));
    BOOST_TEST(!is_worktree_at(folder, stamp, "apps2"));
    BOOST_TEST(!is_worktree_at(folder, ObjectId{}, "apps"));
    fs::remove_all(folder);
    BOOST_TEST(!is_worktree_at(folder, stamp, "apps"));
    BOOST_TEST(show({{"a.yaml", "1"}}).rebuilt);
    BOOST_TEST((on_disk() == Texts{{"a.yaml", "1"}}));
}

BOOST_AUTO_TEST_CASE(a_damaged_or_missing_record_makes_it_anew) {
    for (const bool damaged : {true, false}) {
        show({{"a.yaml", "1"}, {"b.yaml", "1"}});
        write_text(folder / "stray.yaml", "not ours");
        const fs::path record = folder.string() + ".record";
        if (damaged) {
            write_text(record, read_text(record).substr(0, 60));
        } else {
            fs::remove(record);
        }
        BOOST_TEST(show({{"a.yaml", "1"}}).rebuilt);
        BOOST_TEST((on_disk() == Texts{{"a.yaml", "1"}}));
    }
}

BOOST_AUTO_TEST_CASE(an_interrupted_update_is_made_good) {
    show({{"a.yaml", "1"}, {"b.yaml", "1"}});
    std::vector<WorktreeFile> files = {{"a.yaml", repository.objects().write_blob("2")}, {"b.yaml", ObjectId{}}};
    BOOST_CHECK_THROW(update_worktree(repository.objects(), folder, stamp, "apps", files), std::exception);
    BOOST_TEST(!is_worktree_at(folder, stamp, "apps"));
    BOOST_TEST(show({{"a.yaml", "1"}, {"b.yaml", "1"}}).rebuilt);
    BOOST_TEST((on_disk() == Texts{{"a.yaml", "1"}, {"b.yaml", "1"}}));
}

BOOST_AUTO_TEST_CASE(no_path_leads_out) {
    const Texts hostile = {{"../out.yaml", "x"},
                           {"/abs.yaml", "x"},
                           {"a/../../out.yaml", "x"},
                           {".git/config", "x"},
                           {"a/.GIT/x", "x"},
                           {"a//b.yaml", "x"},
                           {".", "x"},
                           {"", "x"},
                           {"a/", "x"},
                           {"fine.yaml", "ok"},
                           {"fine.yaml/below", "x"},
                           {std::string("n\0n", 3), "x"}};
    const WorktreeUpdate update = show(hostile);
    BOOST_TEST(update.findings.size() == hostile.size() - 1);
    BOOST_TEST((on_disk() == Texts{{"fine.yaml", "ok"}}));
    BOOST_TEST(!fs::exists(folder.parent_path() / "out.yaml"));
    BOOST_TEST(!fs::exists("/abs.yaml"));
}

BOOST_AUTO_TEST_CASE(a_link_put_there_by_somebody_is_not_followed) {
    const fs::path victim = repository.path("victim");
    fs::create_directory(victim);
    write_text(victim / "b.yaml", "precious");
    for (const bool removing : {false, true}) {
        show({{"a.yaml", "1"}, {"d/b.yaml", "1"}});
        fs::remove_all(folder / "d");
        fs::create_directory_symlink(victim, folder / "d");
        show(removing ? Texts{{"a.yaml", "1"}} : Texts{{"a.yaml", "1"}, {"d/b.yaml", "2"}});
        BOOST_TEST(read_text(victim / "b.yaml") == "precious");
    }
    show({{"a.yaml", "1"}});
    fs::remove(folder / "a.yaml");
    fs::create_symlink(victim / "b.yaml", folder / "a.yaml");
    show({{"a.yaml", "2"}});
    BOOST_TEST(read_text(victim / "b.yaml") == "precious");
    BOOST_TEST(read_text(folder / "a.yaml") == "2");
    BOOST_TEST(!fs::is_symlink(folder / "a.yaml"));
}

BOOST_AUTO_TEST_CASE(the_folder_itself_as_a_link_is_replaced) {
    const fs::path victim = repository.path("victim");
    fs::create_directories(folder.parent_path());
    fs::create_directory(victim);
    write_text(victim / "keep", "precious");
    fs::create_directory_symlink(victim, folder);
    show({{"a.yaml", "1"}});
    BOOST_TEST(!fs::is_symlink(folder));
    BOOST_TEST(read_text(victim / "keep") == "precious");
    BOOST_TEST(!fs::exists(victim / "a.yaml"));
}

BOOST_AUTO_TEST_CASE(something_in_the_way_is_cleared_by_making_it_anew) {
    show({{"a.yaml", "1"}});
    fs::create_directories(folder / "b.yaml" / "somebody's");
    write_text(folder / "b.yaml" / "somebody's" / "file", "x");
    BOOST_TEST(show({{"a.yaml", "1"}, {"b.yaml", "1"}}).rebuilt);
    BOOST_TEST((on_disk() == Texts{{"a.yaml", "1"}, {"b.yaml", "1"}}));
}

BOOST_AUTO_TEST_CASE(executable_files_stay_executable) {
    ++stamp.bytes[0];
    update_worktree(repository.objects(), folder, stamp, "",
                    {{"run.yaml", repository.objects().write_blob("1"), k_mode_executable}});
    BOOST_TEST(((fs::status(folder / "run.yaml").permissions() & fs::perms::owner_exec) != fs::perms::none));
}

BOOST_AUTO_TEST_SUITE_END()
