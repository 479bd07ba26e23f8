// Real pushes by file path: every shape of a push, and of a repository.
#include <algorithm>
#include <atomic>
#include <csignal>

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hooks/deadline.h"
#include "tests/hooks/push_fixture.h"

using namespace tidemark::tests;
namespace fs = std::filesystem;

namespace {

struct Fixture : PushFixture {};
struct OddPath : PushFixture {
    OddPath() : PushFixture("a: b \"c\".git") {}
};

constexpr const char* k_lost = "apps/web.yaml:11 lost its marker";

}  // namespace

BOOST_AUTO_TEST_SUITE(hooks_push)

BOOST_FIXTURE_TEST_CASE(a_stripped_marker_is_refused_and_a_changed_value_passes, Fixture) {
    require_refused(push({change(k_stripped, base) + ":refs/heads/main"}), k_lost);
    BOOST_TEST(*server.tip("main") == base);
    BOOST_TEST(contains(log(), "\"verdict\":\"refused\""));
    require_quiet(push({change(k_bumped, base) + ":refs/heads/main"}));
    BOOST_TEST(contains(log(), "\"verdict\":\"accepted\""));
    struct stat status {};
    BOOST_TEST(::stat((folder / "log.jsonl").c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777) == 0640u);
}

BOOST_FIXTURE_TEST_CASE(other_references_pass_without_a_word_or_a_line_in_the_log, Fixture) {
    const std::string stripped = change(k_stripped, base);
    for (const char* reference : {"refs/heads/other", "refs/tags/v1", "refs/pull/1/head", "refs/merge-requests/1/head",
                                  "refs/for/main", "refs/notes/x", "refs/heads/main2"})
        require_quiet(push({stripped + ":" + reference}));
    BOOST_TEST(log().empty());
}

BOOST_FIXTURE_TEST_CASE(packed_objects_of_a_push_are_read, Fixture) {
    server.git({"config", "receive.unpackLimit", "1"});
    require_refused(push({change(k_stripped, base) + ":refs/heads/main"}), k_lost);
    require_quiet(push({change(k_bumped, base) + ":refs/heads/main"}));
}

BOOST_FIXTURE_TEST_CASE(a_path_with_colons_quotes_and_blanks_is_read, OddPath) {
    require_refused(push({change(k_stripped, base) + ":refs/heads/main"}), k_lost);
    const std::string bumped = change(k_bumped, base);
    require_quiet(push({bumped + ":refs/heads/main"}));
    require_refused(push({change(k_stripped, bumped) + ":refs/heads/main"}), k_lost);
}

BOOST_FIXTURE_TEST_CASE(a_fork_that_borrows_objects_is_read, Fixture) {
    const fs::path fork = folder / "fork.git";
    run_checked({"git", "clone", "--quiet", "--bare", "--shared", server.folder(), fork});
    arm(fork);
    require_refused(push_to(fork, {change(k_stripped, base) + ":refs/heads/main"}), k_lost);
    require_quiet(push_to(fork, {change(k_bumped, base) + ":refs/heads/main"}));
}

BOOST_FIXTURE_TEST_CASE(a_push_to_a_linked_worktree_is_judged, Fixture) {
    const fs::path work = folder / "work";
    run_checked({"git", "clone", "--quiet", server.folder(), work});
    run_checked({"git", "-C", work, "worktree", "add", "--quiet", "-b", "side", folder / "linked"});
    run_checked({"git", "-C", work, "config", "receive.denyCurrentBranch", "ignore"});
    arm(work / ".git");
    require_refused(push_to(folder / "linked", {change(k_stripped, base) + ":refs/heads/main"}), k_lost);
    require_refused(push_to(work, {change(k_stripped, base) + ":refs/heads/main"}), k_lost);
    require_quiet(push_to(folder / "linked", {change(k_bumped, base) + ":refs/heads/main"}));
}

BOOST_FIXTURE_TEST_CASE(deletions_and_the_first_push_pass, Fixture) {
    server.git({"config", "receive.denyDeleteCurrent", "ignore"});
    require_quiet(push({":refs/heads/main"}));
    require_quiet(push({base + ":refs/heads/main"}));
}

BOOST_FIXTURE_TEST_CASE(forced_and_unrelated_histories_are_judged_by_their_trees, Fixture) {
    const std::string bumped = change(k_bumped, base);
    require_quiet(push({bumped + ":refs/heads/main"}));
    require_refused(push({"--force", change(k_stripped, base) + ":refs/heads/main"}), k_lost);
    require_refused(push({"--force", change(k_stripped, "") + ":refs/heads/main"}), k_lost);
    require_quiet(push({"--force", base + ":refs/heads/main"}));
    require_quiet(push({"--force", change(k_marked, "") + ":refs/heads/main"}));
}

BOOST_FIXTURE_TEST_CASE(main_does_not_come_into_the_automation_branch, Fixture) {
    const std::string automation = change(k_bumped, base, "Bump");
    require_quiet(push({automation + ":refs/heads/flux-imageupdates"}));
    const std::string moved = client.loose_commit(base, {{"README", "moved\n"}}, "Move main");
    const std::string rule = "flux-imageupdates may not contain commits of main";
    require_refused(push({moved + ":refs/heads/main", "+" + moved + ":refs/heads/flux-imageupdates"}), rule);
    require_quiet(push({moved + ":refs/heads/main"}));
    require_refused(push({"--force", moved + ":refs/heads/flux-imageupdates"}), rule);
    const std::string merge =
        client.git({"commit-tree", "-p", automation, "-p", moved, "-m", "Merge main", automation + "^{tree}"})
            .substr(0, 40);
    require_refused(push({merge + ":refs/heads/flux-imageupdates"}), "merge " + merge.substr(0, 7));
    require_refused(push({client.loose_commit(automation, {{"README", "x\n"}}) + ":refs/heads/flux-imageupdates"}),
                    "git cherry-pick");
    require_quiet(push({":refs/heads/flux-imageupdates"}));
    require_quiet(push({change(k_bumped, moved, "Rebuilt") + ":refs/heads/flux-imageupdates"}));
}

BOOST_FIXTURE_TEST_CASE(odd_entries_of_a_tree_stop_nothing, Fixture) {
    std::string stream = "blob\nmark :1\ndata <<E\nnginx\nE\n";
    stream += "commit refs/heads/odd\ncommitter A <a@b> 1700000000 +0000\ndata 3\nOdd\nfrom " + base + "\n";
    stream += "M 120000 :1 apps/link.yaml\nM 160000 " + base + " apps/sub.yaml\nM 100755 :1 apps/run.yaml\n";
    stream += "M 100644 :1 \"apps/\\377\\033[2J.yaml\"\nM 100644 :1 \"apps/new\\nline.yaml\"\n";
    stream +=
        fmt::format("M 100644 inline apps/huge.yaml\ndata {}\n", 20'000'000) + std::string(20'000'000, 'a') + "\n";
    client.git({"fast-import", "--quiet"}, stream + "done\n");
    require_quiet(push({"refs/heads/odd:refs/heads/main"}));
}

BOOST_FIXTURE_TEST_CASE(control_characters_reach_neither_terminal_nor_log, Fixture) {
    const std::string file = "apps/\x1b[2J\x07.yaml";
    const std::string first = client.loose_commit(base, {{file, k_marked}}, "\x1b]0;title\x07");
    require_quiet(push({first + ":refs/heads/main"}));
    const CommandResult result = push({client.loose_commit(first, {{file, k_stripped}}) + ":refs/heads/main"});
    require_refused(result, "apps/\\x1b[2J\\x07.yaml:11 lost its marker");
    BOOST_TEST(!contains(log(), "\x1b"));
    BOOST_TEST(!contains(log(), "\x07"));
}

BOOST_FIXTURE_TEST_CASE(an_override_needs_a_named_person_and_a_reason, Fixture) {
    const std::string target = change(k_stripped, base) + ":refs/heads/main";
    const std::string option = "tidemark.allow=marker-removed";
    require_refused(push({"-o", option + ":because", target}), "may not override marker-removed");
    set_rules(fmt::format("    overrides:\n      marker-removed: [\"unix:{}\"]\n",
                          run_checked({"id", "-un"}).substr(0, run_checked({"id", "-un"}).size() - 1)));
    require_refused(push({"-o", option, target}), "needs a reason");
    const CommandResult result = push({"-o", option + ":it moves to another repository", target});
    BOOST_TEST(result.exit_code == 0, result.error);
    BOOST_TEST(contains(result.error, "tidemark: allowed: apps/web.yaml:11"));
    BOOST_TEST(contains(log(), "\"reason\":\"it moves to another repository\""));
}

BOOST_FIXTURE_TEST_CASE(warnings_let_the_push_through, Fixture) {
    set_rules("    warn-until: 2999-01-01T00:00:00Z\n");
    const CommandResult result = push({change(k_stripped, base) + ":refs/heads/main"});
    BOOST_TEST(result.exit_code == 0);
    BOOST_TEST(contains(result.error, "tidemark: warning: apps/web.yaml:11 lost its marker"), result.error);
    BOOST_TEST(contains(result.error, "from 2999-01-01T00:00:00Z on it is refused"), result.error);
}

BOOST_FIXTURE_TEST_CASE(without_usable_rules_only_what_they_still_guard_is_refused, Fixture) {
    const std::string stripped = change(k_stripped, base);
    write_text(rules(), read_text(rules()) + "    owners: x\n");
    require_refused(push({stripped + ":refs/heads/main"}), "could not be judged: the guard's rules cannot be used: ");
    const CommandResult other = push({stripped + ":refs/heads/other"});
    BOOST_TEST(other.exit_code == 0);
    BOOST_TEST(contains(other.error, "tidemark: warning: nothing was checked"), other.error);
    BOOST_TEST(contains(other.error, "hook.yaml:9:5"), other.error);
    fs::remove(rules());
    const CommandResult missing = push({stripped + ":refs/heads/main"});
    BOOST_TEST(missing.exit_code == 0);
    BOOST_TEST(contains(missing.error, "No such file"), missing.error);
}

BOOST_FIXTURE_TEST_CASE(a_hook_that_is_called_wrongly_refuses, Fixture) {
    arm(server.folder(), "--rulez x");
    require_refused(push({change(k_bumped, base) + ":refs/heads/main"}), "tidemark-hook --help");
}

BOOST_FIXTURE_TEST_CASE(a_sha256_repository_is_answered_by_on_error, Fixture) {
    const fs::path other = folder / "sha256.git";
    run_checked({"git", "init", "--quiet", "--bare", "--object-format=sha256", "--initial-branch=main", other});
    arm(other);
    const fs::path work = folder / "sha256";
    run_checked({"git", "init", "--quiet", "--object-format=sha256", "--initial-branch=main", work});
    run_checked({"git", "-C", work, "-c", "user.name=a", "-c", "user.email=b", "commit", "--quiet", "--allow-empty",
                 "-m", "x"});
    const std::vector<std::string> command{"git", "-C", work, "push", other, "main"};
    require_refused(run_command(command), "SHA-256 repository");
    set_rules("    on-error: allow\n");
    const CommandResult result = run_command(command);
    BOOST_TEST(result.exit_code == 0);
    BOOST_TEST(contains(result.error, "went through unjudged: this is a SHA-256 repository"), result.error);
}

BOOST_FIXTURE_TEST_CASE(an_extension_that_libgit2_does_not_know_is_answered_by_on_error, Fixture) {
    server.git({"config", "core.repositoryformatversion", "1"});
    server.git({"config", "extensions.worktreeConfig", "true"});
    require_refused(push({change(k_bumped, base) + ":refs/heads/main"}), "could not be judged");
}

BOOST_FIXTURE_TEST_CASE(a_damaged_object_ends_in_an_answer, Fixture) {
    set_rules("", "deadline: 500ms\n");
    const std::string blob = server.git({"rev-parse", base + ":" + k_file}).substr(0, 40);
    const fs::path object = server.folder() / "objects" / blob.substr(0, 2) / blob.substr(2);
    fs::permissions(object, fs::perms::owner_write, fs::perm_options::add);
    const std::string stripped = change(k_stripped, base);
    require_quiet(push({stripped + ":refs/heads/other"}));
    fs::resize_file(object, 10);
    // git itself finds this one out before it asks the hook, so the hook is asked directly.
    const CommandResult result = run_command(
        {k_hook_program, "pre-receive", "--rules", rules()},
        {.input = base + " " + stripped + " refs/heads/main\n", .environment = {{"GIT_DIR", server.folder()}}});
    BOOST_TEST(result.exit_code == 1);
    BOOST_TEST(contains(result.error, "could not be judged"), result.error);
    BOOST_TEST(contains(log(), "\"failure\""));
}

BOOST_FIXTURE_TEST_CASE(an_object_larger_than_a_hooks_memory_is_answered_by_on_error, Fixture) {
    if (skip_unless_static()) return;
    const std::string target = change(k_bumped, base, std::string(40'000'000, 'x')) + ":refs/heads/main";
    require_refused(push({target}), "could not be judged");
    set_rules("    on-error: allow\n");
    const CommandResult result = push({target});
    BOOST_TEST(result.exit_code == 0, result.error);
    BOOST_TEST(contains(result.error, "went through unjudged"), result.error);
}

BOOST_FIXTURE_TEST_CASE(an_unguarded_push_opens_nothing_but_the_rules, Fixture) {
    if (skip_unless_static() || skip_without({"strace"})) return;
    const std::string line = base + " " + change(k_stripped, base) + " refs/heads/";
    const auto opened = [&](const std::string& branch) {
        const CommandResult result =
            run_command({"strace", "-o", folder / "trace", "-e", "trace=openat,open,socket", k_hook_program,
                         "pre-receive", "--rules", rules()},
                        {.input = line + branch + "\n", .environment = {{"GIT_DIR", server.folder()}}});
        return read_text(folder / "trace");
    };
    const std::string other = opened("other");
    BOOST_TEST(std::count(other.begin(), other.end(), '\n') == 2, other);  // the rules, the end
    BOOST_TEST(contains(other, "hook.yaml"), other);
    BOOST_TEST(!contains(opened("main"), "socket("));
}

BOOST_FIXTURE_TEST_CASE(limits_are_answered_by_on_error, Fixture) {
    set_rules("", "limits: {bytes: 10}\n");
    require_refused(push({change(k_bumped, base) + ":refs/heads/main"}), "could not be judged");
}

BOOST_FIXTURE_TEST_CASE(a_log_that_cannot_be_written_changes_nothing, Fixture) {
    write_text(rules(), "log: /nonexistent/log\n" + read_text(rules()).substr(read_text(rules()).find('\n') + 1));
    require_refused(push({change(k_stripped, base) + ":refs/heads/main"}), k_lost);
    require_quiet(push({change(k_bumped, base) + ":refs/heads/main"}));
}

BOOST_AUTO_TEST_CASE(the_deadline_ends_a_process_that_spins) {
    const TempFolder folder;
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(ends[1], STDERR_FILENO);
        sigset_t all;
        ::sigfillset(&all);
        ::sigprocmask(SIG_BLOCK, &all, nullptr);
        const tidemark::hooks::Deadline deadline(std::chrono::milliseconds(20), {"too late\n", "line\n", ends[1], 7});
        for (std::atomic<unsigned> i = 0;; ++i) {
        }
    }
    ::close(ends[1]);
    std::string said(100, '\0');
    std::size_t size = 0;
    for (ssize_t got = 1; got > 0; size += static_cast<std::size_t>(std::max<ssize_t>(got, 0)))
        got = ::read(ends[0], said.data() + size, said.size() - size);
    ::close(ends[0]);
    int status = 0;
    BOOST_TEST(::waitpid(child, &status, 0) == child);
    BOOST_TEST(WEXITSTATUS(status) == 7);
    BOOST_TEST(said.substr(0, size) == "line\ntoo late\n");
}

BOOST_AUTO_TEST_SUITE_END()
