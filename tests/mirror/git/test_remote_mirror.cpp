#include <chrono>
#include <filesystem>
#include <span>
#include <string>

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include "mirror/git/damage.h"
#include "mirror/git/leftover_processes.h"
#include "mirror/git/remote_environment.h"
#include "tests/mirror/git/remote_fixture.h"

using namespace tidemark::mirror;
using namespace tidemark::mirror::git;
using namespace tidemark::tests;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(git_remote_mirror)

BOOST_AUTO_TEST_CASE(a_new_mirror_is_a_repository_that_git_accepts) {
    const TempFolder folder;
    ensure_bare(folder / "deep" / "mirror.git");
    const GitRepository repository(folder / "deep" / "mirror.git", GitRepository::existing);
    BOOST_TEST(repository.git({"rev-parse", "--is-bare-repository"}) == "true\n");
    BOOST_TEST(repository.git({"config", "gc.auto"}) == "0\n");
}

BOOST_AUTO_TEST_CASE(changed_settings_are_undone_and_objects_stay) {
    RemoteFixture fixture;
    fixture.remote().fetch(k_main);
    write_text(fixture.mirror / "config", "[core]\n\tsshCommand = touch /tmp/x\n");
    ensure_bare(fixture.mirror);
    BOOST_TEST(!contains(read_text(fixture.mirror / "config"), "sshCommand"));
    BOOST_TEST((find_tracked_tip(fixture.mirror, "main") == id_of(fixture.first)));
}

BOOST_AUTO_TEST_CASE(a_killed_creation_is_finished) {
    const TempFolder folder;
    fs::create_directories(folder / "mirror.git" / "objects");
    write_text(folder / "mirror.git" / "HEAD.lock", "");
    ensure_bare(folder / "mirror.git");
    BOOST_TEST(fs::exists(folder / "mirror.git" / "HEAD"));
}

BOOST_AUTO_TEST_CASE(a_folder_with_something_else_is_left_alone) {
    const TempFolder folder;
    write_text(folder / "mirror.git" / "letter.txt", "dear");
    const Error error = error_of([&] { ensure_bare(folder / "mirror.git"); });
    BOOST_TEST((error.kind() == ErrorKind::invalid));
    BOOST_TEST(contains(error.what(), "something else"));
    write_text(folder / "file.git", "dear");
    const Error of_file = error_of([&] { ensure_bare(folder / "file.git"); });
    BOOST_TEST((of_file.kind() == ErrorKind::invalid));
    BOOST_TEST(contains(of_file.what(), "something else"));
}

BOOST_AUTO_TEST_CASE(tracked_tips_are_found_loose_and_packed) {
    RemoteFixture fixture;
    fixture.server.commit("feature/x", {{"b.yaml", "b: 1\n"}});
    const std::vector<std::string> both = {"main", "feature/x"};
    const FetchResult fetched = fixture.remote().fetch(both);
    GitRepository(fixture.mirror, GitRepository::existing).git({"pack-refs", "--all"});
    BOOST_TEST((find_tracked_tip(fixture.mirror, "main") == fetched.tips.at("main")));
    BOOST_TEST((find_tracked_tip(fixture.mirror, "feature/x") == fetched.tips.at("feature/x")));
    BOOST_TEST(!find_tracked_tip(fixture.mirror, "x"));
    BOOST_TEST(!find_tracked_tip(fixture.mirror, "../../HEAD"));
}

BOOST_AUTO_TEST_CASE(leftovers_of_a_killed_git_are_swept) {
    RemoteFixture fixture;
    fixture.remote().fetch(k_main);
    for (const char* name : {"packed-refs.lock", "refs/remotes/origin/main.lock", "objects/pack/tmp_pack_abc",
                             "objects/ab/tmp_obj_def", "objects/tmp_objdir-incoming-1/pack/x.pack"}) {
        write_text(fixture.mirror / name, "");
    }
    BOOST_TEST(sweep_leftovers(fixture.mirror) == 5u);
    BOOST_TEST(sweep_leftovers(fixture.mirror) == 0u);
    fixture.server.commit("main", {{"a.yaml", "a: 2\n"}});
    BOOST_TEST(fixture.remote().fetch(k_main).moved.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_damaged_mirror_is_named_and_cloned_anew) {
    struct Case {
        const char* name;
        void (*damage)(const fs::path& reference, const fs::path& commit);
    };
    const Case cases[] = {
        {"an empty reference", [](const fs::path& reference, const fs::path&) { write_text(reference, ""); }},
        {"a garbled reference", [](const fs::path& reference, const fs::path&) { write_text(reference, "what?\n"); }},
        {"a reference to nothing",
         [](const fs::path& reference, const fs::path&) { write_text(reference, std::string(40, '1') + "\n"); }},
        {"a commit that was cut", [](const fs::path&, const fs::path& commit) { fs::resize_file(commit, 10); }},
        {"an empty commit", [](const fs::path&, const fs::path& commit) { fs::resize_file(commit, 0); }},
    };
    for (const Case& each : cases) {
        BOOST_TEST_CONTEXT(each.name) {
            RemoteFixture fixture;
            fixture.remote().fetch(k_main);
            const std::string pushed = fixture.commit_in_mirror(fixture.first, "a: 2\n");
            const PushUpdate update{id_of(pushed), "main", id_of(fixture.first)};
            BOOST_TEST_REQUIRE(fixture.remote().push(std::span(&update, 1)).ok());
            const fs::path commit = fixture.mirror / "objects" / pushed.substr(0, 2) / pushed.substr(2);
            fs::permissions(commit, fs::perms::owner_all);
            each.damage(fixture.mirror / "refs/remotes/origin/main", commit);
            const std::string third = fixture.server.commit("main", {{"a.yaml", "a: 3\n"}});
            try {
                fixture.remote().fetch(k_main);
                BOOST_ERROR("the damage was not noticed");
            } catch (const DamagedRepository& error) {
                BOOST_TEST(contains(error.what(), "the repository " + fixture.mirror.string() + " is damaged: "));
            }
            discard_mirror(fixture.mirror);
            BOOST_TEST(!fs::exists(fixture.mirror));
            ensure_bare(fixture.mirror);
            BOOST_TEST((fixture.remote().fetch(k_main).tips.at("main") == id_of(third)));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_a_killed_removal_left_is_swept) {
    RemoteFixture fixture;
    const fs::path rest = fixture.mirror.string() + ".damaged";
    write_text(rest / "objects/pack/x.pack", "");
    BOOST_TEST(sweep_leftovers(fixture.mirror) == 1u);
    BOOST_TEST(!fs::exists(rest));
    BOOST_TEST(fs::exists(fixture.mirror));
}

BOOST_AUTO_TEST_CASE(many_small_packs_become_one) {
    RemoteFixture fixture;
    fixture.remote().fetch(k_main);
    BOOST_TEST(!compact(fixture.mirror, std::chrono::seconds(30)));
    for (int i = 0; i < 50; ++i)
        write_text(fixture.mirror / "objects/17" / std::to_string(i), "");
    BOOST_TEST(compact(fixture.mirror, std::chrono::seconds(30)));
    BOOST_TEST((find_tracked_tip(fixture.mirror, "main") == id_of(fixture.first)));
}

BOOST_AUTO_TEST_CASE(private_folders_go_with_their_owner_or_at_the_next_sweep) {
    const TempFolder folder;
    fs::path gone;
    {
        const PrivateFolder living(folder.path());
        gone = living.path();
        const fs::path key = living.write("identity", "secret");
        BOOST_TEST((fs::status(key).permissions() == (fs::perms::owner_read | fs::perms::owner_write)));
        BOOST_TEST((fs::status(gone).permissions() == fs::perms::owner_all));
        fs::create_directories(folder / "tidemark-git-dead");
        const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
        fs::last_write_time(folder / "tidemark-git-dead", long_ago);
        fs::last_write_time(gone, long_ago);
        // Just now by a process that is gone, by one that runs, and by one that had our number before.
        const std::string another = "tidemark-git-" + std::to_string(::getppid()) + "-living";
        fs::create_directories(folder / "tidemark-git-999999999-killed");
        fs::create_directories(folder / another);
        fs::create_directories(folder / ("tidemark-git-" + std::to_string(::getpid()) + "-before"));
        BOOST_TEST(sweep_private_folders(folder.path()) == 3u);
        BOOST_TEST(fs::exists(key));
        BOOST_TEST(fs::exists(folder / another));
    }
    BOOST_TEST(!fs::exists(gone));
}

BOOST_AUTO_TEST_CASE(processes_that_a_killed_one_left_in_a_mirror_are_ended) {
    const TempFolder folder;
    fs::create_directories(folder / "state/mirrors");
    fs::create_directories(folder / "other/mirrors");
    fs::create_directory_symlink(folder / "state", folder / "link");
    // Started is what runs with its own environment: until its exec a child still shows that of this test.
    const auto start = [&](const fs::path& git_folder) {
        Process process({"/bin/sleep", "60"}, folder / "log", {{"GIT_DIR", git_folder.string()}});
        const fs::path environment = "/proc/" + std::to_string(process.pid()) + "/environ";
        wait_until([&] { return read_text(environment).find(git_folder.string()) != std::string::npos; },
                   "the environment of a process", std::chrono::seconds(60));
        return process;
    };
    Process left = start(folder / "state/mirrors/web.git");
    Process by_link = start(folder / "link/mirrors/api.git");
    Process others = start(folder / "other/mirrors/web.git");
    BOOST_TEST(end_leftover_processes(folder / "state/mirrors") == 2u);
    BOOST_TEST(!left.running());
    BOOST_TEST(!by_link.running());
    BOOST_TEST(others.running());
    BOOST_TEST(end_leftover_processes(folder / "state/mirrors") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
