// A tree with the chosen values: only marked files that differ are read, only what changes is written.
#include <boost/test/unit_test.hpp>

#include "mirror/git/rewrite.h"
#include "mirror/git/tree.h"
#include "tests/mirror/git/objects_support.h"

using namespace tidemark;
using namespace tidemark::mirror::git;
using namespace tidemark::mirror::git::testing;

namespace {

policy::SetterValues values(std::map<std::string, std::string, std::less<>> wanted) {
    return {std::move(wanted), {}};
}

struct Rewritten {
    ObjectId before;
    TreeRewrite result;
};

Rewritten rewrite(TestRepository& repository, const TestFiles& files, const policy::SetterValues& wanted,
                  const std::string& update_path = "") {
    MarkerIndex index(repository.path("index"), update_path);
    Rewritten rewritten;
    rewritten.before = repository.tree(files);
    index.update(repository.objects(), rewritten.before);
    rewritten.result = rewrite_tree(repository.objects(), index, wanted);
    return rewritten;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_git_rewrite)

BOOST_AUTO_TEST_CASE(writes_the_value_and_leaves_all_other_bytes) {
    TestRepository repository;
    const TestFiles files = {{"apps/web.yaml", {marked_manifest("nginx:1.0"), k_mode_executable}},
                             {"apps/same.yaml", {marked_manifest("nginx:2.0")}},
                             {"apps/other.yaml", {marked_manifest("x:1", "other:policy")}},
                             {"plain.yaml", {plain_manifest("p")}}};
    const auto [before, result] = rewrite(repository, files, values({{"flux-system:web", "nginx:2.0"}}), "./apps");
    BOOST_REQUIRE_EQUAL(result.changes.size(), 1u);
    BOOST_TEST(result.changes[0].file == "web.yaml");
    BOOST_TEST(result.changes[0].old_value == "nginx:1.0");
    BOOST_TEST(result.changes[0].new_value == "nginx:2.0");
    BOOST_REQUIRE_EQUAL(result.files.size(), 1u);
    BOOST_TEST(result.files[0].path == "apps/web.yaml");
    BOOST_TEST(repository.objects().read_blob(result.files[0].after) == marked_manifest("nginx:2.0"));
    TestFiles expected = files;
    expected["apps/web.yaml"].bytes = marked_manifest("nginx:2.0");
    BOOST_TEST((result.tree == repository.tree(expected)));
}

BOOST_AUTO_TEST_CASE(with_nothing_to_change_the_tree_is_the_same) {
    TestRepository repository;
    const auto [before, result] =
        rewrite(repository, {{"a.yaml", {marked_manifest("nginx:1.0")}}}, values({{"flux-system:web", "nginx:1.0"}}));
    BOOST_TEST((result.tree == before));
    BOOST_TEST(result.changes.empty());
    BOOST_TEST(result.files.empty());
}

BOOST_AUTO_TEST_CASE(changes_come_sorted_by_file) {
    TestRepository repository;
    TestFiles files;
    for (const char* path : {"b.yaml", "a/z.yaml", "a.yaml", "a/b/c.yaml"})
        files[path].bytes = marked_manifest("nginx:1.0");
    const auto [before, result] = rewrite(repository, files, values({{"flux-system:web", "nginx:2.0"}}));
    std::vector<std::string> order;
    for (const auto& change : result.changes)
        order.push_back(change.file);
    const std::vector<std::string> expected{"a/b/c.yaml", "a/z.yaml", "a.yaml", "b.yaml"};
    BOOST_TEST(order == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_link_writes_its_target_once) {
    TestRepository repository;
    const auto [before, result] = rewrite(repository,
                                          {{"apps/one.yaml", {"../base/image.txt", k_mode_link}},
                                           {"apps/two.yaml", {"../base/image.txt", k_mode_link}},
                                           {"base/image.txt", {marked_manifest("nginx:1.0")}}},
                                          values({{"flux-system:web", "nginx:2.0"}}), "apps");
    BOOST_REQUIRE_EQUAL(result.files.size(), 1u);
    BOOST_TEST(result.files[0].path == "base/image.txt");
    BOOST_TEST(result.changes[0].file == "one.yaml");
    const auto target = find_path(repository.objects(), result.tree, "apps/two.yaml");
    BOOST_REQUIRE(target.has_value());
    BOOST_TEST(repository.objects().read_blob(target->id) == marked_manifest("nginx:2.0"));
}

BOOST_AUTO_TEST_CASE(an_unreadable_file_stops_only_itself) {
    TestRepository repository;
    const auto [before, result] = rewrite(repository,
                                          {{"broken.yaml", {"a:\n\t- broken\n" + marked_manifest("nginx:1.0")}},
                                           {"fine.yaml", {marked_manifest("nginx:1.0")}}},
                                          values({{"flux-system:web", "nginx:2.0"}}));
    BOOST_REQUIRE_EQUAL(result.files.size(), 1u);
    BOOST_TEST(result.files[0].path == "fine.yaml");
}

BOOST_AUTO_TEST_CASE(names_setters_that_no_policy_offers) {
    TestRepository repository;
    MarkerIndex index(repository.path("index"), "apps");
    index.update(repository.objects(),
                 repository.tree({{"apps/a.yaml", {marked_manifest("nginx:1.0", "flux-system:wbe")}},
                                  {"apps/b.yaml", {marked_manifest("nginx:1.0")}}}));
    const auto findings = find_unknown_setters(index, values({{"flux-system:web", "nginx:2.0"}}));
    BOOST_REQUIRE_EQUAL(findings.size(), 1u);
    BOOST_TEST(findings[0].subject == "flux-system:wbe");
    BOOST_TEST(findings[0].place.file == "a.yaml");
    BOOST_TEST(findings[0].place.line == 6u);
}

BOOST_AUTO_TEST_SUITE_END()
