#include <chrono>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/mirror/git/remote_fixture.h"

using namespace tidemark::mirror;
using namespace tidemark::mirror::git;
using namespace tidemark::tests;

namespace {

const std::vector<std::string> k_two = {"main", "flux-imageupdates"};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(git_remote_fetch, RemoteFixture)

BOOST_AUTO_TEST_CASE(listing_tells_tips_and_missing_branches) {
    server.commit("main-2", {{"a.yaml", "other\n"}});
    const BranchTips tips = remote().list(k_two);
    BOOST_REQUIRE(tips.size() == 2u);
    BOOST_TEST((tips.at("main") == id_of(first)));
    BOOST_TEST(!tips.at("flux-imageupdates"));
}

BOOST_AUTO_TEST_CASE(the_first_fetch_brings_the_branch_and_nothing_else) {
    server.commit("other", {{"b.yaml", "b: 1\n"}});
    server.git({"tag", "v1", "main"});
    const FetchResult fetched = remote().fetch(k_main);
    BOOST_TEST((fetched.tips.at("main") == id_of(first)));
    BOOST_TEST(fetched.moved == k_main, boost::test_tools::per_element());
    const GitRepository copy(mirror, GitRepository::existing);
    BOOST_TEST(copy.git({"for-each-ref", "--format=%(refname)"}) == "refs/remotes/origin/main\n");
    BOOST_TEST(copy.git({"cat-file", "blob", first + ":a.yaml"}) == "a: 1\n");
}

BOOST_AUTO_TEST_CASE(nothing_moved_is_told) {
    Remote origin = remote();
    origin.fetch(k_main);
    const FetchResult again = origin.fetch(k_main);
    BOOST_TEST(again.moved.empty());
    BOOST_TEST((again.tips.at("main") == id_of(first)));
}

BOOST_AUTO_TEST_CASE(a_moved_branch_follows_also_backwards) {
    Remote origin = remote();
    origin.fetch(k_main);
    const std::string second = server.commit("main", {{"a.yaml", "a: 2\n"}});
    FetchResult fetched = origin.fetch(k_main);
    BOOST_TEST((fetched.tips.at("main") == id_of(second)));
    BOOST_TEST(fetched.moved.size() == 1u);
    server.set_branch("main", first);
    fetched = origin.fetch(k_main, Likely::moved);
    BOOST_TEST((fetched.tips.at("main") == id_of(first)));
    BOOST_TEST(fetched.moved.size() == 1u);
}

BOOST_AUTO_TEST_CASE(branches_come_and_go) {
    Remote origin = remote();
    BOOST_TEST(!origin.fetch(k_two).tips.at("flux-imageupdates"));
    const std::string proposed = server.commit("flux-imageupdates", {{"a.yaml", "a: 3\n"}});
    FetchResult fetched = origin.fetch(k_two);
    BOOST_TEST((fetched.tips.at("flux-imageupdates") == id_of(proposed)));
    BOOST_TEST(fetched.moved == std::vector<std::string>{"flux-imageupdates"}, boost::test_tools::per_element());
    server.delete_branch("flux-imageupdates");
    fetched = origin.fetch(k_two, Likely::moved);
    BOOST_TEST(!fetched.tips.at("flux-imageupdates"));
    BOOST_TEST(fetched.moved == std::vector<std::string>{"flux-imageupdates"}, boost::test_tools::per_element());
    BOOST_TEST(!find_tracked_tip(mirror, "flux-imageupdates"));
    BOOST_TEST(origin.fetch(k_two).moved.empty());
}

BOOST_AUTO_TEST_CASE(an_empty_repository_has_no_branches) {
    const GitRepository empty(root / "empty.git");
    const FetchResult fetched = remote(empty.url()).fetch(k_main);
    BOOST_TEST(!fetched.tips.at("main"));
    BOOST_TEST(fetched.moved.empty());
}

BOOST_AUTO_TEST_CASE(a_missing_repository_is_not_found) {
    const Error error = error_of([&] { remote("file://" + (root / "gone.git").string()).fetch(k_main); });
    BOOST_TEST((error.kind() == ErrorKind::not_found));
    BOOST_TEST(contains(error.what(), "no such repository"), error.what());
    BOOST_TEST(contains(error.what(), "gone.git"), error.what());
}

BOOST_AUTO_TEST_CASE(what_is_no_branch_name_is_refused) {
    for (const char* bad : {"--upload-pack=touch", "a:b", "+a", "a*", ""}) {
        const std::vector<std::string> branches = {bad};
        if (std::string_view(bad) == "+a") continue;  // a plain name for git as well
        BOOST_TEST((error_of([&] { remote().list(branches); }).kind() == ErrorKind::invalid), bad);
        BOOST_TEST((error_of([&] { remote().fetch(branches); }).kind() == ErrorKind::invalid), bad);
    }
}

BOOST_AUTO_TEST_CASE(settings_of_the_user_are_not_read) {
    write_text(folder / "home" / ".gitconfig", "[url \"file:///nowhere/\"]\n\tinsteadOf = file:///\n");
    const std::string home = (folder / "home").string();
    const char* old = ::getenv("HOME");
    const std::string before = old == nullptr ? "" : old;
    ::setenv("HOME", home.c_str(), 1);
    ::setenv("GIT_DIR", "/nowhere", 1);
    BOOST_TEST((remote().list(k_main).at("main") == id_of(first)));
    ::unsetenv("GIT_DIR");
    ::setenv("HOME", before.c_str(), 1);
}

BOOST_AUTO_TEST_CASE(an_object_that_could_leave_a_folder_is_refused) {
    const std::string blob = server.git({"hash-object", "-w", "--stdin"}, "x");
    const std::string tree = server.git({"mktree"}, "100644 blob " + blob.substr(0, 40) + "\t.git\n");
    const std::string commit = server.git({"commit-tree", tree.substr(0, 40), "-m", "evil"});
    server.set_branch("main", commit.substr(0, 40));
    const Error error = error_of([&] { remote().fetch(k_main); });
    BOOST_TEST((error.kind() == ErrorKind::invalid), error.what());
    BOOST_TEST(!find_tracked_tip(mirror, "main"));
}

BOOST_AUTO_TEST_CASE(old_slips_in_history_do_not_shut_a_repository_out) {
    const std::string tree = server.git({"rev-parse", "main^{tree}"}).substr(0, 40);
    const std::string commit = server.git({"hash-object", "-t", "commit", "-w", "--stdin", "--literally"},
                                          "tree " + tree +
                                              "\nauthor A <a> 1700000000 +051800\n"
                                              "committer A<a> 1700000000 +0000\n\nx\n");
    server.set_branch("main", commit.substr(0, 40));
    BOOST_TEST((remote().fetch(k_main).tips.at("main") == id_of(commit.substr(0, 40))));
}

BOOST_AUTO_TEST_SUITE_END()
