// Real pushes into repositories as each host lays them out, with the real hook.
#include <cstdio>
#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include "tests/hooks/install/host_fixture.h"

namespace fs = std::filesystem;
using namespace tidemark::tests;

namespace {

struct Fixture : HostFixture {
    /// A value set by hand passes, a stripped marker does not, and says where.
    void check_guarded(const std::string& target, const Environment& more = {}) const {
        BOOST_TEST(push_marked(target, "1.0.0", more).exit_code == 0);
        BOOST_TEST(push_marked(target, "1.0.1", more).exit_code == 0);
        const CommandResult refused = push_stripped(target, more);
        BOOST_TEST(refused.exit_code != 0);
        BOOST_TEST(contains(refused.error, "apps/web.yaml:1"), refused.error);
        BOOST_TEST(push_marked(target, "1.0.2", more).exit_code == 0);
    }

    /// A gitolite of its own with acme/fleet; `more` goes to the end of its rc. Gives the folder of repositories.
    fs::path set_up_gitolite(const std::string& more) const {
        const fs::path home = environment.at("HOME");
        run_checked({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", (folder / "dana").string()});
        run_checked({"gitolite", "setup", "-pk", (folder / "dana.pub").string()}, {{}, environment});
        fs::create_directories(home / ".gitolite/local/hooks/repo-specific");
        std::string rc = read_text(home / ".gitolite.rc");
        rc.insert(rc.rfind("\n1;") + 1, more);
        write_text(home / ".gitolite.rc", rc);
        write_text(home / ".gitolite/conf/gitolite.conf",
                   "repo acme/fleet\n    RW+ = dana\nrepo testing\n    RW+ = @all\n");
        run_checked({"gitolite", "compile"}, {{}, environment});
        run_checked({"gitolite", "setup", "--hooks-only"}, {{}, environment});
        return home / "repositories";
    }

    /// Pushes then go as sshd would start them for dana.
    Environment as_gitolite_user() const {
        script(folder / "front",
               "for last; do :; done; export SSH_ORIGINAL_COMMAND=\"$last\" SSH_CONNECTION=\"127.0.0.1 1 127.0.0.1 "
               "2\"; exec /usr/share/gitolite3/gitolite-shell dana");
        return {{"GIT_SSH_COMMAND", (folder / "front").string()}, {"GIT_SSH_VARIANT", "simple"}};
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hooks_hosts, Fixture)

BOOST_AUTO_TEST_CASE(a_plain_repository_is_guarded_and_given_back) {
    const fs::path repository = make_repository("srv/acme/fleet.git");
    const std::string before = listing(repository / "hooks");
    BOOST_TEST(contains(install({"--repository", repository.string(), "--dry-run"}).output,
                        "exec '" + program.string() + "' pre-receive --rules '" + rules.string() + "'"));
    BOOST_TEST(listing(repository / "hooks") == before);
    BOOST_TEST(!fs::exists(rules));
    BOOST_TEST(install({"--repository", repository.string()}).exit_code == 0);
    BOOST_TEST(contains(install({"--repository", repository.string()}).error, "nothing to do"));
    BOOST_TEST(state_of("fleet.git") == "armed");
    check_guarded(repository.string());
    BOOST_TEST(hooks({"remove"}).exit_code == 0);
    BOOST_TEST(listing(repository / "hooks") == before);
    BOOST_TEST(!fs::exists(rules));
}

BOOST_AUTO_TEST_CASE(a_hook_that_was_there_keeps_running) {
    const fs::path repository = make_repository("srv/acme/fleet.git");
    script(repository / "hooks/pre-receive", "cat >> seen; echo old hook; [ ! -e closed ] || exit 4");
    const std::string before = listing(repository / "hooks");
    BOOST_TEST(install({"--repository", (folder / "srv").string()}).exit_code == 0);
    BOOST_TEST(state_of("fleet.git") == "armed");
    check_guarded(repository.string());
    BOOST_TEST(contains(push_marked(repository.string(), "1.1.0").error, "old hook"));
    write_text(repository / "closed", "");
    BOOST_TEST(push_marked(repository.string(), "1.1.1").exit_code != 0);
    BOOST_TEST(contains(read_text(repository / "seen"), "refs/heads/main"));
    BOOST_TEST(hooks({"remove"}).exit_code == 0);
    BOOST_TEST(listing(repository / "hooks") == before);
}

BOOST_AUTO_TEST_CASE(git_is_asked_which_folder_of_hooks_counts) {
    const fs::path repository = make_repository("srv/acme/fleet.git");
    run_checked({"git", "-C", repository.string(), "config", "core.hooksPath", (folder / "central").string()},
                {{}, environment});
    BOOST_TEST(install({"--repository", repository.string()}).exit_code == 0);
    BOOST_TEST(fs::exists(folder / "central/pre-receive"));
    BOOST_TEST(!fs::exists(repository / "hooks/pre-receive"));
    check_guarded(repository.string());
}

BOOST_AUTO_TEST_CASE(gitea_and_forgejo_get_a_file_beside_their_own) {
    const fs::path repository = make_repository("gitea/acme/fleet.git");
    add_gitea_hooks(repository / "hooks");
    make_repository("gitea/acme/other.git");
    const std::string before = listing(repository / "hooks");
    const CommandResult result = install({"--repository", (folder / "gitea").string()});
    BOOST_TEST(result.exit_code == 0);
    BOOST_TEST(contains(result.error, "1 repository passed over: no rules name it"));
    BOOST_TEST(contains(hooks({"list"}).output, "hooks/pre-receive.d/50-tidemark"));
    BOOST_TEST(state_of("fleet.git") == "armed");
    check_guarded(repository.string());
    BOOST_TEST(hooks({"remove"}).exit_code == 0);
    BOOST_TEST(listing(repository / "hooks") == before);
}

BOOST_AUTO_TEST_CASE(a_central_folder_of_the_host_is_followed) {
    const fs::path repository = make_repository("forgejo/acme/fleet.git");
    add_gitea_hooks(repository / "hooks");
    add_gitea_hooks(folder / "forgejo-home/hooks");
    run_checked(
        {"git", "-C", repository.string(), "config", "core.hooksPath", (folder / "forgejo-home/hooks").string()},
        {{}, environment});
    BOOST_TEST(install({"--host", "forgejo", "--repository", repository.string()}).exit_code == 0);
    BOOST_TEST(fs::exists(folder / "forgejo-home/hooks/pre-receive.d/50-tidemark"));
    BOOST_TEST(state_of("fleet.git") == "armed");
    check_guarded(repository.string());
}

BOOST_AUTO_TEST_CASE(gitlab_gets_one_hook_for_the_projects_that_rules_name) {
    const fs::path global = folder / "custom_hooks";
    fs::create_directory(global);
    BOOST_TEST(install({"--host", "gitlab", "--custom-hooks-dir", global.string()}).exit_code == 0);
    BOOST_TEST(fs::exists(global / "pre-receive.d/50-tidemark"));
    BOOST_TEST(state_of("acme/fleet") == "armed");
    // As Gitaly runs it: from the repository, with its own environment and an absolute GIT_DIR.
    const fs::path repository = make_repository("@hashed/6b/86/6b86.git");
    script(repository / "hooks/pre-receive", "GIT_DIR=$PWD; export GIT_DIR; unset GIT_QUARANTINE_PATH; exec " +
                                                 (global / "pre-receive.d/50-tidemark").string());
    const Environment gitaly = {{"GL_ID", "key-7"},
                                {"GL_USERNAME", "dana"},
                                {"GL_PROTOCOL", "ssh"},
                                {"GL_REPOSITORY", "project-1"},
                                {"GL_PROJECT_PATH", "acme/fleet"}};
    check_guarded(repository.string(), gitaly);
    Environment other = gitaly;
    other["GL_PROJECT_PATH"] = "acme/other";
    BOOST_TEST(push_stripped(repository.string(), other).exit_code == 0);
    const CommandResult refused = push_marked(repository.string(), "2.0.0", gitaly);
    BOOST_TEST(refused.exit_code == 0);
    BOOST_TEST(contains(push_stripped(repository.string(), gitaly).error, "GL-HOOK-ERR:"));
    BOOST_TEST(hooks({"remove"}).exit_code == 0);
    BOOST_TEST(!fs::exists(global / "pre-receive.d/50-tidemark"));
}

BOOST_AUTO_TEST_CASE(gitolite_links_the_hook_into_every_repository) {
    if (skip_without({"gitolite", "ssh-keygen"})) return;
    const fs::path repositories = set_up_gitolite("");
    const std::string before = listing(repositories / "acme/fleet.git/hooks");
    const CommandResult result = install({"--repository", repositories.string()});
    BOOST_TEST(result.exit_code == 0, result.error);
    BOOST_TEST(contains(hooks({"list"}).output, "gitolite"));
    BOOST_TEST(state_of("fleet.git") == "armed");
    check_guarded("gitolite:acme/fleet", as_gitolite_user());
    BOOST_TEST(hooks({"remove"}).exit_code == 0);
    BOOST_TEST(listing(repositories / "acme/fleet.git/hooks") == before);
}

BOOST_AUTO_TEST_CASE(gitolites_repo_specific_hooks_are_used_where_they_are_on) {
    if (skip_without({"gitolite", "ssh-keygen"})) return;
    const fs::path home = environment.at("HOME");
    // The rc is Perl: these lines go behind what it sets.
    const fs::path repositories = set_up_gitolite(
        "$RC{LOCAL_CODE} = \"$ENV{HOME}/.gitolite/local\";\n"
        "push @{$RC{ENABLE}}, 'repo-specific-hooks';\n");
    const CommandResult result = install({"--repository", repositories.string()});
    BOOST_TEST(result.exit_code == 0, result.error);
    BOOST_TEST(contains(result.error, "under \"repo acme/fleet\", write: option hook.pre-receive = tidemark"));
    BOOST_TEST(contains(state_of("fleet.git"), "not armed"));
    write_text(home / ".gitolite/conf/gitolite.conf",
               "repo acme/fleet\n    RW+ = dana\n    option hook.pre-receive = tidemark\n");
    run_checked({"gitolite", "compile"}, {{}, environment});
    run_checked({"gitolite", "trigger", "POST_COMPILE"}, {{}, environment});
    BOOST_TEST(state_of("fleet.git") == "armed");
    check_guarded("gitolite:acme/fleet", as_gitolite_user());
    const CommandResult removed = hooks({"remove"});
    BOOST_TEST(contains(removed.error, "take \"option hook.pre-receive = tidemark\" out of gitolite.conf"));
}

BOOST_AUTO_TEST_CASE(another_accounts_repository_is_written_and_proved_as_that_account) {
    if (::geteuid() != 0) {
        std::puts("SKIPPED: only root can work as another account");
        return;
    }
    const fs::path repository = make_repository("srv/acme/fleet.git");
    run_checked({"chown", "-R", "65534:65534", repository.string()});
    fs::permissions(folder / "srv/acme", fs::perms(0755));
    BOOST_TEST(install({"--repository", repository.string()}).exit_code == 0);
    BOOST_TEST(contains(listing(repository / "hooks"), "pre-receive 33261 65534 "));
    BOOST_TEST(state_of("fleet.git") == "armed");
    fs::permissions(rules, fs::perms(0600));
    BOOST_TEST(contains(state_of("fleet.git"), "hook.yaml cannot be read by nobody"));
    fs::permissions(rules, fs::perms(0644));
    fs::permissions(folder / "etc", fs::perms(0700));
    BOOST_TEST(contains(state_of("fleet.git"), "hook.yaml cannot be read by nobody"));
}

BOOST_AUTO_TEST_SUITE_END()
