// Real pushes by ssh and http, into what each host makes of a repository, the check by hand, and the service's notice.
#include <array>
#include <cstring>

#include <boost/test/unit_test.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/hooks/push_fixture.h"

using namespace tidemark::tests;
namespace fs = std::filesystem;

namespace {

constexpr const char* k_lost = "apps/web.yaml:11 lost its marker";

void write_program(const fs::path& file, const std::string& text) {
    write_text(file, text);
    ::chmod(file.c_str(), 0755);
}

struct Fixture : PushFixture {
    Fixture() : target(change(k_stripped, base) + ":refs/heads/main") {}
    std::string target;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(hooks_push_hosts)

BOOST_FIXTURE_TEST_CASE(a_key_that_sshd_noted_may_be_named_in_the_rules, Fixture) {
    if (skip_without({"sshd", "ssh"})) return;
    SshGitServer ssh(folder / "ssh");
    const SshKey key = make_ssh_key(folder / "key", "ed25519");
    ssh.add_key(key, KeyRight::write);
    write_text(folder / "known_hosts", ssh.known_hosts());
    write_text(folder / "id", key.private_key);
    write_text(folder / "id.pub", key.public_key + "\n");
    ::chmod((folder / "id").c_str(), 0600);
    const Environment environment{{"GIT_SSH_COMMAND", fmt::format("ssh -F none -i {0}/id -o IdentitiesOnly=yes -o "
                                                                  "UserKnownHostsFile={0}/known_hosts",
                                                                  folder.path().string())}};
    const std::string option = "tidemark.allow=marker-removed:moved";
    require_refused(push_to(ssh.url(server), {"-o", option, target}, environment), k_lost);
    const std::string printed = run_checked({"ssh-keygen", "-lf", folder / "id.pub"});
    const std::string fingerprint = printed.substr(printed.find("SHA256:"), 50);
    set_rules("    overrides:\n      marker-removed: [\"" + fingerprint + "\"]\n");
    const CommandResult result = push_to(ssh.url(server), {"-o", option, target}, environment);
    BOOST_TEST(result.exit_code == 0, result.error);
    BOOST_TEST(contains(log(), "\"pusher\":\"" + fingerprint + "\""));
}

BOOST_FIXTURE_TEST_CASE(a_web_servers_user_may_be_named_in_the_rules, Fixture) {
    if (skip_without({"python3"})) return;
    HttpGitOptions options;
    options.user = "ann";
    options.password = "s3cret-" + k_canary;
    const HttpGitServer http(folder / "http", folder.path(), options);
    std::string url = http.url(server);
    url.insert(url.find("//") + 2, "ann:" + options.password + "@");
    const std::string option = "tidemark.allow=marker-removed:moved";
    const auto plain_push = [&](std::vector<std::string> arguments) {
        std::vector<std::string> command{"git", "--git-dir=" + client.folder().string(), "push", url};
        command.insert(command.end(), arguments.begin(), arguments.end());
        return run_command(command);
    };
    require_refused(plain_push({target}), k_lost);
    require_refused(plain_push({"-o", option, target}), "ann may not override");
    set_rules("    overrides:\n      marker-removed: [ann]\n");
    BOOST_TEST(plain_push({"-o", option, target}).exit_code == 0);
    BOOST_TEST(contains(log(), "\"identities\":[\"ann\"]"));
}

// As Gitea and Forgejo generate it: every file of pre-receive.d runs with the whole input, the first code that is not 0
// is the answer after all have run.
BOOST_FIXTURE_TEST_CASE(giteas_wrapper_runs_it_among_others, Fixture) {
    const fs::path drop_ins = server.folder() / "hooks/pre-receive.d";
    write_program(server.folder() / "hooks/pre-receive",
                  "#!/bin/sh\ndata=$(cat)\nstatus=0\nfor hook in ${GIT_DIR}/hooks/pre-receive.d/*; do\n"
                  "  test -x \"${hook}\" && test -f \"${hook}\" || continue\n"
                  "  echo \"${data}\" | \"${hook}\"\n  code=$?\n  [ $status -ne 0 ] || status=$code\ndone\n"
                  "exit $status\n");
    write_program(drop_ins / "50-tidemark", script());
    write_program(drop_ins / "gitea", "#!/bin/sh\ncat > '" + (folder / "seen").string() + "'\n");
    Environment gitea{{"GITEA_REPO_USER_NAME", "acme"}, {"GITEA_REPO_NAME", "fleet"}, {"GITEA_PUSHER_NAME", "ann"},
                      {"GITEA_PUSHER_ID", "3"},         {"GITEA_DEPLOY_KEY_ID", "0"}, {"GITEA_REPO_IS_WIKI", "false"}};
    write_text(rules(), "log: " + (folder / "log.jsonl").string() +
                            "\nrepositories:\n  - repository: acme/fleet\n    branches: [{branch: main}]\n"
                            "    overrides: {marker-removed: [ann]}\n");
    require_refused(push({target}, gitea), k_lost);
    BOOST_TEST(contains(read_text(folder / "seen"), "refs/heads/main"));
    const std::string option = "tidemark.allow=marker-removed:moved";
    gitea["GITEA_DEPLOY_KEY_ID"] = "4";
    require_refused(push({"-o", option, target}, gitea), "deploy key 4 may not override");
    gitea["GITEA_REPO_IS_WIKI"] = "true";
    require_quiet(push({target}, gitea));
    require_quiet(push({"--force", base + ":refs/heads/main"}, gitea));
    gitea["GITEA_REPO_IS_WIKI"] = "false";
    gitea["GITEA_DEPLOY_KEY_ID"] = "0";
    BOOST_TEST(push({"-o", option, target}, gitea).exit_code == 0);
    BOOST_TEST(contains(log(), "\"repository\":\"acme/fleet\""));
}

// As Gitaly runs it: from a list of files, an environment of its own with absolute paths and without
// GIT_QUARANTINE_PATH, sorted, and the first that fails ends it.
BOOST_FIXTURE_TEST_CASE(gitlabs_environment_has_its_own_names, Fixture) {
    const fs::path custom = folder / "custom_hooks";
    write_program(custom / "50-tidemark", script());
    write_program(custom / "90-later", "#!/bin/sh\ntouch '" + (folder / "later").string() + "'\n");
    const auto run_as = [&](const std::string& id, const std::string& repository) {
        write_program(
            server.folder() / "hooks/pre-receive",
            fmt::format("#!/bin/sh\ndata=$(cat)\nhere=$(pwd)\nfor hook in '{}'/*; do\n"
                        "  printf '%s\\n' \"$data\" | env -i PATH=\"$PATH\" HOME=/ GIT_DIR=\"$here\" GL_ID={} "
                        "GL_USERNAME=ann GL_PROTOCOL=ssh GL_REPOSITORY={} GL_PROJECT_PATH=acme/fleet "
                        "GIT_OBJECT_DIRECTORY=\"$GIT_OBJECT_DIRECTORY\" "
                        "GIT_ALTERNATE_OBJECT_DIRECTORIES=\"$GIT_ALTERNATE_OBJECT_DIRECTORIES\" "
                        "GIT_PUSH_OPTION_COUNT=1 GIT_PUSH_OPTION_0=tidemark.allow=marker-removed:moved "
                        "\"$hook\" || exit 1\ndone\n",
                        custom.string(), id, repository));
    };
    write_text(rules(),
               "repositories:\n  - repository: acme/fleet\n    branches: [{branch: main}]\n"
               "    overrides: {marker-removed: [ann]}\n");
    run_as("key-7", "project-1");
    const CommandResult result = push({target});
    require_refused(result, "GL-HOOK-ERR: tidemark: refused: apps/web.yaml:11 lost its marker");
    BOOST_TEST(contains(result.error, "key-7 (ann) may not override marker-removed"), result.error);
    BOOST_TEST(!fs::exists(folder / "later"));
    run_as("user-3", "project-1");
    BOOST_TEST(push({target}).exit_code == 0);
    BOOST_TEST(fs::exists(folder / "later"));
    run_as("user-3", "wiki-1");
    require_quiet(push({"--force", base + ":refs/heads/main"}));
}

// Debian's gitolite, with the hook as a repository's own; its programs are called as its ssh entry does.
BOOST_FIXTURE_TEST_CASE(gitolite_runs_it_as_a_repositorys_own_hook, Fixture) {
    if (skip_without({"gitolite", "ssh-keygen"})) return;
    const fs::path home = folder / "home";
    fs::create_directories(home);
    Environment environment{{"HOME", home}, {"USER", "git"}, {"GIT_CONFIG_NOSYSTEM", "1"}};
    const SshKey key = make_ssh_key(folder / "admin-key", "ed25519");
    write_text(folder / "admin.pub", key.public_key + "\n");
    run_checked({"gitolite", "setup", "-pk", folder / "admin.pub"}, {.environment = environment});
    std::string rc = read_text(home / ".gitolite.rc");
    rc.insert(rc.find("ENABLE => ["), "LOCAL_CODE => \"$ENV{HOME}/local\",\n    ");
    rc.insert(rc.find("ENABLE => [") + 11, "\n        'repo-specific-hooks',\n");
    write_text(home / ".gitolite.rc", rc);
    write_program(home / "local/hooks/repo-specific/tidemark", script());
    write_text(home / ".gitolite/conf/gitolite.conf",
               "repo fleet\n    RW+ = ann\n    option hook.pre-receive = tidemark\n");
    run_checked({"gitolite", "compile"}, {.environment = environment});
    run_checked({"gitolite", "trigger", "POST_COMPILE"}, {.environment = environment});

    const fs::path repository = home / "repositories/fleet.git";
    BOOST_REQUIRE(fs::exists(repository / "hooks/pre-receive"));
    run_checked({"git", "--git-dir=" + repository.string(), "config", "receive.advertisePushOptions", "true"});
    environment["GL_USER"] = "ann";
    environment["GL_REPO"] = "fleet";
    environment["GL_BINDIR"] = "/usr/share/gitolite3";
    environment["GL_LIBDIR"] = "/usr/share/gitolite3/lib";
    write_text(rules(),
               "repositories:\n  - repository: fleet\n    branches: [{branch: main}]\n"
               "    overrides: {marker-removed: [ann]}\n");
    BOOST_TEST(push_to(repository, {base + ":refs/heads/main"}, environment).exit_code == 0);
    require_refused(push_to(repository, {target}, environment), k_lost);
    BOOST_TEST(push_to(repository, {"-o", "tidemark.allow=marker-removed:moved", target}, environment).exit_code == 0);
}

BOOST_FIXTURE_TEST_CASE(a_host_that_is_named_is_the_only_one_believed, Fixture) {
    arm(server.folder(), "--host git");
    set_rules("    overrides:\n      marker-removed: [ann]\n");
    const CommandResult result = push({"-o", "tidemark.allow=marker-removed:x", target},
                                      {{"GL_ID", "user-1"}, {"GL_USERNAME", "ann"}, {"GL_PROJECT_PATH", "other/one"}});
    require_refused(result, "may not override marker-removed");
}

BOOST_FIXTURE_TEST_CASE(a_probe_is_refused_with_the_known_line, Fixture) {
    const CommandResult result = push({base + ":refs/tidemark/probe/1"});
    require_refused(result, "tidemark-probe version=");
    BOOST_TEST(contains(result.error, " state=enforced repository=" + fs::canonical(server.folder()).string()));
    fs::remove(rules());
    require_refused(push({base + ":refs/tidemark/probe/1"}), " state=no-rules ");
}

BOOST_FIXTURE_TEST_CASE(check_answers_as_the_hook_does, Fixture) {
    const auto check = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {k_hook_program, "check", "--rules", rules().string(), "--repository",
                                             client.folder().string()});
        return run_command(arguments);
    };
    const std::string stripped = target.substr(0, 40);
    const CommandResult refused = check({"--old", "main", "--new", stripped, "--ref", "main"});
    BOOST_TEST(refused.exit_code == 1);
    BOOST_TEST(contains(refused.error, k_lost), refused.error);
    const CommandResult accepted = check({"--old", base, "--new", change(k_bumped, base), "--ref", "refs/heads/main"});
    BOOST_TEST(accepted.exit_code == 0);
    BOOST_TEST(accepted.output == "The hook would accept this push.\n");
    set_rules("    overrides:\n      marker-removed: [ann]\n");
    BOOST_TEST(check({"--old", "main", "--new", stripped, "--ref", "main", "--pusher", "ann", "--option",
                      "tidemark.allow=marker-removed:x"})
                   .exit_code == 0);
    BOOST_TEST(check({"--old", "none", "--new", "main", "--ref", "flux-imageupdates"}).exit_code == 1);
    BOOST_TEST(check({"--old", "main", "--new", "none", "--ref", "main"}).exit_code == 0);
    BOOST_TEST(contains(check({"--old", "main", "--new", stripped, "--ref", "other"}).output, "is not guarded"));
    BOOST_TEST(check({"--old", "nosuch", "--new", stripped, "--ref", "main"}).exit_code == 2);
    BOOST_TEST(check({"--old", "main"}).exit_code == 2);
}

BOOST_FIXTURE_TEST_CASE(a_running_service_is_told_and_a_missing_one_is_not_missed, Fixture) {
    const std::string path = (folder / "hook.sock").string();
    set_rules("", "socket: " + path + "\n");
    server.set_hook("post-receive",
                    fmt::format("#!/bin/sh\nexec '{}' post-receive --rules '{}'\n", k_hook_program, rules().string()));
    const std::string bumped = change(k_bumped, base);
    require_quiet(push({bumped + ":refs/heads/main"}));

    const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    BOOST_REQUIRE(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    BOOST_REQUIRE(::listen(listener, 5) == 0);
    require_quiet(push({bumped + ":refs/tags/v1"}));
    require_quiet(push({"--force", base + ":refs/heads/main"}));
    const int connection = ::accept(listener, nullptr, nullptr);
    std::array<char, 4096> line{};
    const ssize_t size = ::read(connection, line.data(), line.size());
    const std::string told(line.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    BOOST_TEST(told.starts_with("{\"event\":\"push\",\"host\":\"git\",\"path\":\""), told);
    BOOST_TEST(told.ends_with("\"refs\":[{\"ref\":\"refs/heads/main\",\"old\":\"" + bumped + "\",\"new\":\"" + base +
                              "\"}]}\n"),
               told);
    pollfd more{listener, POLLIN, 0};
    BOOST_TEST(::poll(&more, 1, 0) == 0);  // the tag was not worth a word
    ::close(connection);
    ::close(listener);
}

BOOST_FIXTURE_TEST_CASE(the_static_program_runs_where_there_is_nothing_else, Fixture) {
    if (skip_unless_static()) return;
    if (skip_without({"unshare", "chroot"})) return;
    const fs::path root = folder / "root";
    fs::create_directories(root);
    fs::copy_file(k_hook_program, root / "tidemark-hook");
    run_checked({"git", "clone", "--quiet", "--bare", client.folder(), root / "srv.git"});
    write_text(root / "hook.yaml", "repositories:\n  - repository: /srv.git\n    branches: [{branch: main}]\n");
    run_checked(
        {"git", "--git-dir=" + (root / "srv.git").string(), "fetch", "--quiet", client.folder(), target.substr(0, 40)});
    const std::vector<std::string> command{"unshare",        "-r",          "chroot",  root,
                                           "/tidemark-hook", "pre-receive", "--rules", "/hook.yaml"};
    const CommandResult result = run_command(
        command,
        {.input = base + " " + target.substr(0, 40) + " refs/heads/main\n", .environment = {{"GIT_DIR", "/srv.git"}}});
    if (contains(result.error, "unshare: ")) {
        std::puts(("SKIPPED: " + result.error).c_str());
        return;
    }
    BOOST_TEST(result.exit_code == 1);
    BOOST_TEST(contains(result.error, k_lost), result.error);
}

BOOST_AUTO_TEST_SUITE_END()
