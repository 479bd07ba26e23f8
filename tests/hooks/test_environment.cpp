// What a hook is told: host, repository, pusher, push options, updates, object folders, arguments, rules.
#include <map>

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "hooks/arguments.h"
#include "hooks/host.h"
#include "hooks/object_folders.h"
#include "hooks/rules_file.h"
#include "hooks/updates.h"
#include "mirror/base/error.h"
#include "tests/support/process.h"

using namespace tidemark::hooks;
using tidemark::mirror::Error;
using tidemark::tests::TempFolder;
using tidemark::tests::write_text;

namespace {

using Map = std::map<std::string, std::string>;

Variables variables(Map map) {
    return [map = std::move(map)](const char* name) {
        const auto found = map.find(name);
        return found == map.end() ? std::string() : found->second;
    };
}

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts)
        all += (all.empty() ? "" : " ") + text;
    return all;
}

const Map k_gitea{{"GITEA_REPO_USER_NAME", "Acme"}, {"GITEA_REPO_NAME", "fleet"}, {"GITEA_PUSHER_NAME", "ann"},
                  {"GITEA_PUSHER_ID", "3"},         {"GITEA_KEY_ID", "7"},        {"GITEA_DEPLOY_KEY_ID", "0"},
                  {"GITEA_REPO_IS_WIKI", "false"}};
const Map k_gitlab{{"GL_ID", "user-3"},
                   {"GL_USERNAME", "ann"},
                   {"GL_REPOSITORY", "project-1"},
                   {"GL_PROJECT_PATH", "group/sub/fleet"}};

Map with(Map map, const std::string& name, const std::string& value) {
    map[name] = value;
    return map;
}

std::vector<tidemark::policy::guard::RefUpdate> updates_of(const std::string& text) {
    const TempFolder folder;
    write_text(folder / "input", text);
    const int descriptor = ::open((folder / "input").c_str(), O_RDONLY);
    std::vector<tidemark::policy::guard::RefUpdate> updates;
    try {
        read_updates(descriptor, [&](auto&& update) { updates.push_back(std::move(update)); });
    } catch (...) {
        ::close(descriptor);
        throw;
    }
    ::close(descriptor);
    return updates;
}

const std::string k_one(40, '1');
const std::string k_none(40, '0');

}  // namespace

BOOST_AUTO_TEST_SUITE(hooks_environment)

BOOST_AUTO_TEST_CASE(the_host_is_known_by_its_own_variables) {
    BOOST_TEST((detect_host_kind(variables(k_gitea)) == HostKind::gitea));
    BOOST_TEST((detect_host_kind(variables(k_gitlab)) == HostKind::gitlab));
    BOOST_TEST((detect_host_kind(variables({{"GL_REPO", "fleet"}})) == HostKind::gitolite));
    BOOST_TEST((detect_host_kind(variables({{"SOFT_SERVE_REPO_NAME", "fleet"}})) == HostKind::soft_serve));
    BOOST_TEST((detect_host_kind(variables({{"GIT_DIR", "."}})) == HostKind::git));
    BOOST_TEST((find_host_kind("forgejo") == HostKind::gitea));
    BOOST_TEST(!find_host_kind("github").has_value());
}

BOOST_AUTO_TEST_CASE(a_repository_has_its_hosts_name_and_a_wiki_another_one) {
    const auto gitea = [](const Map& map) { return host_name_of(HostKind::gitea, variables(map)); };
    const auto gitlab = [](const Map& map) { return host_name_of(HostKind::gitlab, variables(map)); };
    BOOST_TEST(gitea(k_gitea) == "Acme/fleet");
    BOOST_TEST(gitea(with(k_gitea, "GITEA_REPO_IS_WIKI", "true")) == "Acme/fleet.wiki");
    BOOST_TEST(gitea(with(k_gitea, "GITEA_REPO_NAME", "")) == "");
    BOOST_TEST(gitlab(k_gitlab) == "group/sub/fleet");
    BOOST_TEST(gitlab(with(k_gitlab, "GL_REPOSITORY", "wiki-1")) == "group/sub/fleet.wiki");
    BOOST_TEST(gitlab(with(k_gitlab, "GL_REPOSITORY", "design-1")) == "group/sub/fleet.design");
    BOOST_TEST(host_name_of(HostKind::gitolite, variables({{"GL_REPO", "ops/fleet"}})) == "ops/fleet");
    BOOST_TEST(host_name_of(HostKind::soft_serve, variables({{"SOFT_SERVE_REPO_NAME", "fleet.git"}})) == "fleet");
    BOOST_TEST(host_name_of(HostKind::git, variables(k_gitea)) == "");
}

BOOST_AUTO_TEST_CASE(people_have_their_names_and_deploy_keys_never_have) {
    const auto gitea = [](const Map& map) { return pusher_of(HostKind::gitea, variables(map)); };
    const auto gitlab = [](const Map& map) { return pusher_of(HostKind::gitlab, variables(map)); };
    BOOST_TEST(joined(gitea(k_gitea).identities) == "ann user-3 key-7");
    const auto deploy = gitea(with(k_gitea, "GITEA_DEPLOY_KEY_ID", "4"));
    BOOST_TEST(joined(deploy.identities) == "deploy-key:4");
    BOOST_TEST(deploy.name == "deploy key 4");
    BOOST_TEST(joined(gitlab(k_gitlab).identities) == "user-3 ann");
    const auto key = gitlab(with(k_gitlab, "GL_ID", "key-7"));
    BOOST_TEST(joined(key.identities) == "key-7");
    BOOST_TEST(key.name == "key-7 (ann)");
    BOOST_TEST(joined(pusher_of(HostKind::gitolite, variables({{"GL_USER", "ann"}})).identities) == "ann");
    BOOST_TEST(pusher_of(HostKind::gitolite, variables({})).identities.empty());
}

BOOST_AUTO_TEST_CASE(plain_git_believes_a_web_server_or_sshd_and_not_the_client) {
    const auto git = [](const Map& map) { return joined(pusher_of(HostKind::git, variables(map)).identities); };
    BOOST_TEST(git({{"GATEWAY_INTERFACE", "CGI/1.1"}, {"REMOTE_USER", "ann"}}) == "ann");
    BOOST_TEST(git({{"REQUEST_METHOD", "POST"}}) == "");
    BOOST_TEST(git({{"REMOTE_USER", "ann"}, {"GITEA_PUSHER_NAME", "bob"}, {"GL_ID", "user-1"}}).starts_with("unix:"));

    const TempFolder folder;
    // The fingerprint is what `ssh-keygen -l` prints of this key.
    write_text(folder / "auth",
               "publickey ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl\n"
               "password\npublickey ssh-ed25519 !!\npublickey\n");
    const std::string ssh = git({{"SSH_CONNECTION", "127.0.0.1 1 127.0.0.1 22"},
                                 {"REMOTE_USER", "ann"},
                                 {"REQUEST_METHOD", "POST"},
                                 {"SSH_USER_AUTH", (folder / "auth").string()}});
    BOOST_TEST(ssh.starts_with("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU unix:"));
    BOOST_TEST(git({{"SSH_CONNECTION", "x"}, {"SSH_USER_AUTH", "/nonexistent"}}).starts_with("unix:"));
}

BOOST_AUTO_TEST_CASE(overrides_are_push_options_with_a_rule_and_a_reason) {
    const Overrides overrides =
        read_overrides({"ci.skip", "tidemark.allow=marker-removed:we move: soon", "tidemark.allow=marker-broken",
                        "tidemark.allow=all", "tidemark.alow=x"});
    BOOST_REQUIRE(overrides.requests.size() == 2u);
    BOOST_TEST(overrides.requests[0].reason == "we move: soon");
    BOOST_TEST(overrides.requests[1].reason == "");
    BOOST_TEST(overrides.notes.size() == 2u);
    const auto options = push_options(
        variables({{"GIT_PUSH_OPTION_COUNT", "2"}, {"GIT_PUSH_OPTION_0", "a"}, {"GIT_PUSH_OPTION_1", "b"}}));
    BOOST_TEST(joined(options) == "a b");
    BOOST_TEST(push_options(variables({})).empty());
    BOOST_TEST(push_options(variables({{"GIT_PUSH_OPTION_COUNT", "99999999999"}})).size() == 1000u);
}

BOOST_AUTO_TEST_CASE(updates_are_read_as_git_writes_them) {
    const auto updates = updates_of(k_none + " " + k_one + " refs/heads/a b\xff\n" + std::string(64, '1') + " " +
                                    std::string(64, '0') + " refs/heads/x\n");
    BOOST_REQUIRE(updates.size() == 2u);
    BOOST_TEST(updates[0].creates());
    BOOST_TEST(updates[0].reference == "refs/heads/a b\xff");
    BOOST_TEST(updates[1].deletes());
    BOOST_TEST(updates_of("").empty());
    std::string many;
    for (int i = 0; i < 3000; ++i)
        many += k_one + " " + k_none + " refs/heads/branch-" + std::to_string(i) + "\n";
    BOOST_TEST(updates_of(many).size() == 3000u);
}

BOOST_AUTO_TEST_CASE(lines_that_git_does_not_write_are_refused) {
    for (const std::string& line :
         {std::string("\n"), k_one + "\n", k_one + " " + k_one + " \n", k_one + " " + k_one + "0 refs/heads/a\n",
          std::string(40, 'g') + " " + k_one + " refs/heads/a\n", k_one + " " + std::string(64, '1') + " refs/heads/a",
          k_one + " " + k_one + std::string(" refs\0x\n", 8),
          k_one + " " + k_one + " refs/heads/" + std::string(100'000, 'a') + "\n"})
        BOOST_CHECK_THROW(updates_of(line), Error);
}

BOOST_AUTO_TEST_CASE(object_folders_are_unquoted_as_git_quotes_them) {
    const auto folders = [](const std::string& list) {
        std::string all;
        for (const auto& folder : split_object_folders(list))
            all += "[" + folder.string() + "]";
        return all;
    };
    BOOST_TEST(folders("/a b:/c") == "[/a b][/c]");
    BOOST_TEST(folders("\"/a:b\\\"\\\\\\303\\251\\n\":/c") == "[/a:b\"\\\xc3\xa9\n][/c]");
    BOOST_TEST(folders("") == "");
    BOOST_TEST(folders("::/a:") == "[/a]");
    BOOST_TEST(folders("#comment:/a") == "[/a]");
    BOOST_TEST(folders("\"/open:/b") == "[\"/open][/b]");
    BOOST_TEST(folders("\"/bad\\q\":/b") == "[\"/bad\\q\"][/b]");
    const auto pushed = pushed_object_folders(variables(
        {{"GIT_OBJECT_DIRECTORY", "/o"}, {"GIT_QUARANTINE_PATH", "/q"}, {"GIT_ALTERNATE_OBJECT_DIRECTORIES", "/r"}}));
    BOOST_TEST((pushed == std::vector<std::filesystem::path>{"/q", "/r"}));
    BOOST_TEST((pushed_object_folders(variables({{"GIT_OBJECT_DIRECTORY", "/o"}})) ==
                std::vector<std::filesystem::path>{"/o"}));
    BOOST_TEST(pushed_object_folders(variables({})).empty());
}

BOOST_AUTO_TEST_CASE(the_git_folder_is_absolute_and_the_one_all_worktrees_share) {
    const TempFolder folder;
    const auto real = std::filesystem::canonical(folder.path());
    std::filesystem::create_directories(folder / "a.git/worktrees/w");
    write_text(folder / "a.git/worktrees/w/commondir", "../..\n");
    std::filesystem::create_directory_symlink(folder / "a.git", folder / "link.git");
    const auto found = [](const std::filesystem::path& path) {
        return find_git_folder(variables({{"GIT_DIR", path.string()}}));
    };
    BOOST_TEST(found(folder / "link.git") == (real / "a.git").string());
    BOOST_TEST(found(folder / "a.git/worktrees/w") == (real / "a.git").string());
    BOOST_TEST(find_git_folder(variables({})) == std::filesystem::current_path().string());
    BOOST_CHECK_THROW(found(folder / "none"), Error);
}

BOOST_AUTO_TEST_CASE(rules_that_cannot_be_used_say_why_and_what_could_be_read) {
    const TempFolder folder;
    const std::string file = (folder / "hook.yaml").string();
    BOOST_TEST(load_rules(file).problem.find("hook.yaml") != std::string::npos);
    write_text(file, "repositories:\n  - repository: /srv/a\n    branches: [{branch: main}]\n");
    const LoadedRules good = load_rules(file);
    BOOST_TEST(good.problem == "");
    BOOST_TEST(find_rules(good.rules, {"/srv/a", ""}) != nullptr);
    BOOST_TEST(find_rules(good.rules, {"/srv/a/.git", ""}) != nullptr);
    BOOST_TEST(find_rules(good.rules, {"/srv/b/.git", ""}) == nullptr);
    write_text(file, "repositories:\n  - repository: /srv/a\n    branches: [{branch: main}]\n    owners: us\n");
    const LoadedRules bad = load_rules(file);
    BOOST_TEST(bad.problem.find("hook.yaml:4:") != std::string::npos);
    BOOST_TEST(find_rules(bad.rules, {"/srv/a", ""}) != nullptr);
}

BOOST_AUTO_TEST_CASE(arguments_are_read_strictly) {
    const auto hook = std::get<PreReceive>(read_arguments({"pre-receive", "--rules", "/r", "--host=gitlab"}));
    BOOST_TEST(hook.options.rules == "/r");
    BOOST_TEST((hook.options.host == HostKind::gitlab));
    BOOST_TEST(std::get<PostReceive>(read_arguments({"post-receive"})).options.rules == "/etc/tidemark/hook.yaml");
    const auto check = std::get<CheckOptions>(
        read_arguments({"check", "--old", "a", "--new", "b", "--ref", "main", "--option", "x", "--option", "y"}));
    BOOST_TEST(joined(check.push_options) == "x y");
    for (const char* command : {"pre-receive", "post-receive", "check"}) {
        BOOST_TEST(std::get<Show>(read_arguments({command, "--help"})).text.find("Usage: ") != std::string::npos);
        BOOST_CHECK_THROW(read_arguments({command, "--rule"}), Error);
        BOOST_CHECK_THROW(read_arguments({command, "extra"}), Error);
    }
    BOOST_TEST(std::get<Show>(read_arguments({"version"})).text.starts_with("tidemark-hook version "));
    BOOST_CHECK_THROW(read_arguments({}), Error);
    BOOST_CHECK_THROW(read_arguments({"pre-recieve"}), Error);
    BOOST_CHECK_THROW(read_arguments({"pre-receive", "--host", "github"}), Error);
    BOOST_CHECK_THROW(read_arguments({"check", "--old", "a", "--new", "b"}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
