#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include "hooks/install/gitaly.h"
#include "hooks/install/repositories.h"
#include "mirror/base/error.h"
#include "tests/support/git_servers.h"
#include "tests/support/process.h"

namespace fs = std::filesystem;
using namespace tidemark::hooks;
using namespace tidemark::tests;
using tidemark::mirror::Error;

namespace {

fs::path make_bare(const fs::path& path) {
    return fs::canonical(GitRepository(path).folder());
}

std::string shown(const std::vector<fs::path>& paths, const fs::path& root) {
    std::string text;
    for (const fs::path& path : paths)
        text += fs::relative(path, fs::canonical(root)).string() + " ";
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hooks_repositories)

BOOST_AUTO_TEST_CASE(one_a_glob_or_a_folder_name_repositories) {
    const TempFolder folder;
    for (const char* name : {"acme/fleet.git", "acme/apps.git", "deep/er/infra.git"})
        make_bare(folder / name);
    run_checked({"git", "init", "-q", (folder / "work").string()});
    fs::create_directory_symlink(folder / "acme", folder / "linked");
    const std::string root = folder.path().string();
    BOOST_TEST(shown(find_repositories(root), root) == "acme/apps.git acme/fleet.git deep/er/infra.git work/.git ");
    BOOST_TEST(shown(find_repositories(root + "/acme/fl*.git"), root) == "acme/fleet.git ");
    BOOST_TEST(shown(find_repositories(root + "/acme/fleet.git"), root) == "acme/fleet.git ");
    BOOST_TEST(shown(find_repositories(root + "/work"), root) == "work/.git ");
    BOOST_TEST(shown(find_repositories(root + "/linked"), root) == "acme/apps.git acme/fleet.git ");
    fs::create_directory(folder / "empty");
    BOOST_CHECK_THROW(find_repositories(root + "/empty"), Error);
    BOOST_CHECK_THROW(find_repositories(root + "/none*"), Error);
}

BOOST_AUTO_TEST_CASE(hosts_are_known_by_what_they_leave_in_a_repository) {
    const TempFolder folder;
    const fs::path plain = make_bare(folder / "plain.git");
    const fs::path gitea = make_bare(folder / "gitea.git");
    write_text(gitea / "hooks/pre-receive.d/gitea", "#!/bin/sh\n\"/usr/bin/gitea\" hook pre-receive\n");
    const fs::path forgejo = make_bare(folder / "forgejo.git");
    write_text(forgejo / "hooks/pre-receive.d/gitea", "#!/bin/sh\n\"/usr/bin/forgejo\" hook pre-receive\n");
    const fs::path gitolite = make_bare(folder / "gitolite.git");
    fs::create_symlink("/nowhere/.gitolite/hooks/common/update", gitolite / "hooks/update");
    const fs::path gitlab = make_bare(folder / "@hashed/6b/86/6b86.git");
    BOOST_TEST(to_string(recognise_host(plain)) == "git");
    BOOST_TEST(to_string(recognise_host(gitea)) == "gitea");
    BOOST_TEST(to_string(recognise_host(forgejo)) == "forgejo");
    BOOST_TEST(to_string(recognise_host(gitolite)) == "gitolite");
    BOOST_TEST(to_string(recognise_host(gitlab)) == "gitlab");
}

BOOST_AUTO_TEST_CASE(host_names_are_the_last_two_parts_of_a_path) {
    BOOST_TEST(host_name_of("/srv/gitea/acme/fleet.git") == "acme/fleet");
    BOOST_TEST(host_name_of("/home/dana/fleet/.git") == "dana/fleet");
    BOOST_TEST(host_name_of("/fleet.git") == "fleet");
}

BOOST_AUTO_TEST_CASE(gitalys_configuration_tells_storages_and_global_hooks) {
    const TempFolder folder;
    write_text(folder / "config.toml",
               "bin_dir = \"/opt/gitaly/bin\"\n[[storage]]\nname = \"default\"\npath = \"/srv/one\"\n"
               "[[storage]]\nname = 'second'\npath = '/srv/two'\n[hooks]\ncustom_hooks_dir = \"/srv/hooks\" # ours\n");
    const GitalyConfiguration gitaly = read_gitaly_configuration(folder / "config.toml");
    BOOST_TEST(gitaly.custom_hooks_dir == "/srv/hooks");
    BOOST_REQUIRE_EQUAL(gitaly.storages.size(), 2U);
    BOOST_TEST(gitaly.storages[1].name == "second");
    BOOST_TEST(gitaly.storages[1].path == "/srv/two");
    write_text(folder / "broken.toml", "[hooks\n");
    try {
        read_gitaly_configuration(folder / "broken.toml");
        BOOST_FAIL("was read");
    } catch (const Error& error) {
        BOOST_TEST(std::string(error.what()).find("broken.toml:1: ") != std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
