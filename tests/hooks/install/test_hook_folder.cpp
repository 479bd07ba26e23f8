#include <cstdio>
#include <filesystem>
#include <map>
#include <string>

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "hooks/install/hook_folder.h"
#include "mirror/base/error.h"
#include "tests/support/process.h"

namespace fs = std::filesystem;
using namespace tidemark::hooks;
using namespace tidemark::tests;
using tidemark::mirror::Error;

namespace {

/// A folder of hooks and a program in the guard's place that writes down what it read.
struct Fixture {
    Fixture() {
        fs::create_directory(hooks);
        script(program, "cat > " + (folder / "guard").string() + "; exit ${GUARD_EXIT:-0}");
    }

    void script(const fs::path& file, const std::string& text) const {
        write_text(file, "#!/bin/sh\n" + text + "\n");
        fs::permissions(file, fs::perms(0755));
    }
    HookProgram start() const { return {program.string(), (folder / "hook.yaml").string()}; }
    std::size_t install() const {
        const Steps steps = steps_to_install(place, k_pre_receive, start());
        for (const Step& step : steps)
            step.perform();
        return steps.size();
    }
    void remove() const {
        for (const Step& step : steps_to_remove(place, k_pre_receive))
            step.perform();
    }
    std::string fault() const { return find_fault(place, k_pre_receive, start()); }
    /// As Git runs it: from the repository, by a relative path.
    int run(const std::string& input, const Environment& environment = {}) const {
        return run_command({"hooks/pre-receive"}, {input, environment, folder.path()}).exit_code;
    }
    std::string seen(const std::string& name) const {
        return fs::exists(folder / name) ? read_text(folder / name) : "nothing";
    }
    /// Every path below the hooks with mode and content or target.
    std::map<std::string, std::string> state() const {
        std::map<std::string, std::string> entries;
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(hooks)) {
            struct stat status {};
            ::lstat(entry.path().c_str(), &status);
            std::string content = entry.is_symlink()        ? fs::read_symlink(entry.path()).string()
                                  : entry.is_regular_file() ? read_text(entry.path())
                                                            : "";
            entries[entry.path().string()] = std::to_string(status.st_mode) + " " + content;
        }
        return entries;
    }

    TempFolder folder;
    fs::path hooks = folder / "hooks";
    fs::path program = folder / "guard-program";
    HookFolder place{hooks, FolderStyle::git};
};

const std::string k_pushed = "1 2 refs/heads/main\n3 4 refs/heads/side\n";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hooks_hook_folder, Fixture)

BOOST_AUTO_TEST_CASE(an_empty_folder_gets_one_file_and_gets_it_once) {
    const auto before = state();
    BOOST_TEST(install() == 1U);
    BOOST_TEST(install() == 0U);
    BOOST_TEST(fault() == "");
    BOOST_TEST(run(k_pushed) == 0);
    BOOST_TEST(seen("guard") == k_pushed);
    BOOST_TEST(run(k_pushed, {{"GUARD_EXIT", "3"}}) == 3);
    remove();
    BOOST_TEST((state() == before));
}

BOOST_AUTO_TEST_CASE(a_hook_that_was_there_runs_first_and_reads_the_same) {
    script(hooks / "pre-receive", "cat > old; exit ${OLD_EXIT:-0}");
    const auto before = state();
    install();
    BOOST_TEST(fault() == "");
    BOOST_TEST(install() == 0U);
    BOOST_TEST(run(k_pushed) == 0);
    BOOST_TEST(seen("old") == k_pushed);
    BOOST_TEST(seen("guard") == k_pushed);
    fs::remove(folder / "guard");
    BOOST_TEST(run(k_pushed, {{"OLD_EXIT", "7"}}) == 7);
    BOOST_TEST(seen("guard") == "nothing");
    BOOST_TEST(run(k_pushed, {{"GUARD_EXIT", "9"}}) == 9);
    remove();
    BOOST_TEST((state() == before));
}

BOOST_AUTO_TEST_CASE(a_hook_that_reads_nothing_does_not_break_the_chain) {
    script(hooks / "pre-receive", "exit 0");
    install();
    std::string many;
    for (int i = 0; i < 20'000; ++i)
        many += k_pushed;
    BOOST_TEST(run(many) == 0);
    BOOST_TEST(seen("guard").size() == many.size());
}

BOOST_AUTO_TEST_CASE(a_linked_hook_stays_a_link) {
    script(hooks / "shared.sh", "cat > old");
    fs::create_symlink("shared.sh", hooks / "pre-receive");
    const auto before = state();
    install();
    BOOST_TEST(run(k_pushed) == 0);
    BOOST_TEST(seen("old") == k_pushed);
    remove();
    BOOST_TEST((state() == before));
}

BOOST_AUTO_TEST_CASE(a_hook_that_git_would_not_run_is_not_run_by_the_chain_either) {
    script(hooks / "pre-receive", "exit 1");
    fs::permissions(hooks / "pre-receive", fs::perms(0644));
    const auto before = state();
    install();
    BOOST_TEST(run(k_pushed) == 0);
    BOOST_TEST(seen("guard") == k_pushed);
    remove();
    BOOST_TEST((state() == before));
}

BOOST_AUTO_TEST_CASE(a_cut_off_installation_is_finished_by_the_next_one) {
    script(hooks / "pre-receive", "cat > old");
    const auto before = state();
    steps_to_install(place, k_pre_receive, start()).front().perform();
    BOOST_TEST(run(k_pushed) == 0);
    install();
    BOOST_TEST(fault() == "");
    BOOST_TEST(run(k_pushed) == 0);
    BOOST_TEST(seen("guard") == k_pushed);
    remove();
    BOOST_TEST((state() == before));
}

BOOST_AUTO_TEST_CASE(a_host_that_runs_drop_ins_gets_one_with_the_mode_of_its_own) {
    script(hooks / "pre-receive", "name=$(basename $0); for h in hooks/${name}.d/*; do $h || exit 1; done");
    script(hooks / "pre-receive.d/gitea", "exit 0");
    fs::permissions(hooks / "pre-receive.d/gitea", fs::perms(0700));
    const auto before = state();
    BOOST_TEST(install() == 1U);
    struct stat status {};
    BOOST_REQUIRE_EQUAL(::stat((hooks / "pre-receive.d/50-tidemark").c_str(), &status), 0);
    BOOST_TEST((status.st_mode & 0777) == 0700U);
    BOOST_TEST(fault() == "");
    remove();
    BOOST_TEST((state() == before));
}

BOOST_AUTO_TEST_CASE(without_the_program_or_the_guard_nothing_is_let_through) {
    script(hooks / "pre-receive", "cat > old");
    install();
    fs::permissions(hooks / "pre-receive.d/50-tidemark", fs::perms(0644));
    BOOST_TEST(run(k_pushed) == 1);
    BOOST_TEST(fault().find("lost its run bit") != std::string::npos);
    fs::remove(hooks / "pre-receive.d/50-tidemark");
    BOOST_TEST(run(k_pushed) == 1);
    install();
    BOOST_TEST(run(k_pushed) == 0);
    fs::remove(program);
    BOOST_TEST(run(k_pushed) == 127);
}

BOOST_AUTO_TEST_CASE(faults_are_named) {
    BOOST_TEST(fault().find("hooks/pre-receive is missing") != std::string::npos);
    install();
    write_text(hooks / "pre-receive", read_text(hooks / "pre-receive") + "exit 0\n");
    BOOST_TEST(fault().find("was changed") != std::string::npos);
    BOOST_TEST(install() == 1U);
    fs::rename(hooks / "pre-receive", folder / "elsewhere");
    fs::create_symlink(folder / "elsewhere", hooks / "pre-receive");
    BOOST_TEST(fault().find("is a link") != std::string::npos);
    BOOST_TEST(install() == 1U);
    BOOST_TEST(fault() == "");
}

BOOST_AUTO_TEST_CASE(what_a_person_must_decide_is_left_alone) {
    script(hooks / "pre-receive", "exit 0");
    script(hooks / "pre-receive.d/dormant", "exit 1");
    const auto before = state();
    BOOST_CHECK_THROW(install(), Error);
    BOOST_TEST((state() == before));
    fs::remove_all(hooks / "pre-receive.d");
    install();
    script(hooks / "pre-receive", "echo mine now");
    BOOST_CHECK_THROW(install(), Error);
}

BOOST_AUTO_TEST_CASE(names_with_quotes_and_blanks_are_quoted) {
    const fs::path odd = folder / "it's a program";
    script(odd, "cat > /dev/null; printf %s \"$*\" > args");
    const HookProgram names{odd.string(), "/etc/a 'b'.yaml"};
    for (const Step& step : steps_to_install(place, k_pre_receive, names))
        step.perform();
    BOOST_TEST(run(k_pushed) == 0);
    BOOST_TEST(seen("args") == "pre-receive --rules /etc/a 'b'.yaml");
}

BOOST_AUTO_TEST_CASE(files_belong_to_the_folders_owner) {
    if (::geteuid() != 0) {
        std::puts("SKIPPED: only root can give folders to others");
        return;
    }
    BOOST_REQUIRE_EQUAL(::chown(hooks.c_str(), 65534, 65534), 0);
    fs::permissions(folder.path(), fs::perms(0755));
    install();
    struct stat status {};
    BOOST_REQUIRE_EQUAL(::lstat((hooks / "pre-receive").c_str(), &status), 0);
    BOOST_TEST(status.st_uid == 65534U);
    BOOST_TEST(status.st_gid == 65534U);
}

BOOST_AUTO_TEST_SUITE_END()
