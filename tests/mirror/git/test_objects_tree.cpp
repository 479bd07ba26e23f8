// Reading, resolving, comparing and rewriting trees, hostile ones included.
#include <boost/test/unit_test.hpp>

#include "mirror/base/error.h"
#include "mirror/git/tree.h"
#include "mirror/git/tree_files.h"
#include "tests/mirror/git/objects_support.h"

using namespace tidemark::mirror;
using namespace tidemark::mirror::git;
using namespace tidemark::mirror::git::testing;

namespace {

std::vector<std::string> differences(TestRepository& repository, const std::optional<ObjectId>& before,
                                     const ObjectId& after, std::vector<std::string>* refused = nullptr) {
    std::vector<std::string> lines;
    compare_trees(
        repository.objects(), before, after, "",
        [&](TreeDifference&& difference) {
            const bool was = difference.old_mode != 0;
            const bool is = difference.new_mode != 0;
            lines.push_back((was && is ? "~ " : was ? "- " : "+ ") + difference.path);
        },
        [&](const std::string& path, bool) {
            if (refused != nullptr) refused->push_back(path);
        });
    return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_git_tree)

BOOST_AUTO_TEST_CASE(tells_only_what_two_trees_do_not_have_in_common) {
    TestRepository repository;
    const ObjectId before =
        repository.tree({{"a.yaml", {"1"}}, {"same/x", {"s"}}, {"b/c", {"1"}}, {"b/d", {"1"}}, {"e", {"1"}}});
    const ObjectId after =
        repository.tree({{"a.yaml", {"2"}}, {"same/x", {"s"}}, {"b/c", {"1"}}, {"b/new", {"1"}}, {"e/f", {"1"}}});
    const Lines expected{"~ a.yaml", "- b/d", "+ b/new", "- e", "+ e/f"};
    BOOST_TEST(differences(repository, before, after) == expected, boost::test_tools::per_element());
    BOOST_TEST(differences(repository, after, after).empty());
}

BOOST_AUTO_TEST_CASE(a_change_of_mode_is_a_difference) {
    TestRepository repository;
    const ObjectId before = repository.tree({{"a", {"1"}}});
    const ObjectId after = repository.tree({{"a", {"1", k_mode_executable}}});
    BOOST_TEST(differences(repository, before, after) == Lines{"~ a"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(names_that_could_leave_a_folder_are_not_entered) {
    TestRepository repository;
    const ObjectId inside = repository.tree({{"x.yaml", {"1"}}});
    for (const std::string name : {"..", ".", ".git", ".GiT", "a/b", ""}) {
        std::vector<std::string> refused;
        const ObjectId tree = repository.raw_tree({{name, inside}});
        BOOST_TEST_CONTEXT("name \"" << name << "\"") {
            BOOST_TEST(differences(repository, std::nullopt, tree, &refused).empty());
            BOOST_TEST(refused.size() == 1u);
            BOOST_TEST(!find_path(repository.objects(), tree, name + "/x.yaml").has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_tree_that_is_too_deep_is_left) {
    TestRepository repository;
    ObjectId tree = repository.tree({{"x.yaml", {"1"}}});
    for (int i = 0; i < 300; ++i)
        tree = repository.raw_tree({{"d", tree}});
    std::vector<std::string> refused;
    BOOST_TEST(differences(repository, std::nullopt, tree, &refused).empty());
    BOOST_TEST(refused.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_tree_that_unfolds_without_end_is_an_error) {
    TestRepository repository;
    ObjectId tree = repository.tree({{"readme", {"1"}}});
    for (int level = 0; level < 12; ++level) {
        std::vector<std::pair<std::string, ObjectId>> entries;
        for (int i = 0; i < 100; ++i)
            entries.emplace_back(std::to_string(100 + i), tree);
        tree = repository.raw_tree(entries);
    }
    BOOST_CHECK_THROW(differences(repository, std::nullopt, tree), Error);
}

BOOST_AUTO_TEST_CASE(damaged_trees_are_an_error) {
    for (const std::string bytes : {"1", "100644 a", "100644 a\0short", "x a", "12345678 a"}) {
        TreeEntries entries(bytes);
        BOOST_CHECK_THROW(entries.next(), Error);
    }
}

BOOST_AUTO_TEST_CASE(paths_are_resolved_within_the_tree) {
    TestRepository repository;
    const ObjectId tree = repository.tree({{"apps/web.yaml", {"1"}},
                                           {"link", {"apps", k_mode_link}},
                                           {"up", {"../../../apps", k_mode_link}},
                                           {"root", {"/apps", k_mode_link}},
                                           {"out", {"/etc/passwd", k_mode_link}},
                                           {"loop", {"loop", k_mode_link}},
                                           {"deep/link", {"../link/web.yaml", k_mode_link}}});
    const auto resolve = [&](std::string_view path) {
        const auto found = find_path(repository.objects(), tree, path);
        return found ? found->path : std::string("-");
    };
    const std::vector<std::pair<std::string, std::string>> table = {{"", ""},
                                                                    {".", ""},
                                                                    {"/", ""},
                                                                    {"./apps", "apps"},
                                                                    {"apps/", "apps"},
                                                                    {"/apps", "apps"},
                                                                    {"../../apps", "apps"},
                                                                    {"apps/../apps", "apps"},
                                                                    {"apps/web.yaml", "apps/web.yaml"},
                                                                    {"link", "apps"},
                                                                    {"link/web.yaml", "apps/web.yaml"},
                                                                    {"up", "apps"},
                                                                    {"root/web.yaml", "apps/web.yaml"},
                                                                    {"out", "-"},
                                                                    {"loop", "-"},
                                                                    {"deep/link", "apps/web.yaml"},
                                                                    {"missing", "-"},
                                                                    {"apps/web.yaml/x", "-"}};
    for (const auto& [path, expected] : table)
        BOOST_TEST_CONTEXT("path \"" << path << "\"") {
            BOOST_TEST(resolve(path) == expected);
        }
}

BOOST_AUTO_TEST_CASE(replacing_blobs_keeps_everything_else_and_git_agrees) {
    TestRepository repository;
    const ObjectId before = repository.tree({{"a.yaml", {"1"}},
                                             {"dir/run", {"1", k_mode_executable}},
                                             {"dir/sub/b.yaml", {"1"}},
                                             {"dir.yaml", {"1"}},
                                             {"link", {"a.yaml", k_mode_link}},
                                             {"other/c", {"1"}}});
    const ObjectId blob = repository.objects().write_blob("2");
    const ObjectId after =
        replace_blobs(repository.objects(), before, {{"dir/sub/b.yaml", blob}, {"a.yaml", blob}, {"dir/run", blob}});
    const Lines expected{"~ a.yaml", "~ dir/run", "~ dir/sub/b.yaml"};
    BOOST_TEST(differences(repository, before, after) == expected, boost::test_tools::per_element());
    repository.git("update-ref refs/heads/main " + to_string(repository.commit(after, {})));
    BOOST_TEST(repository.git("fsck --strict --no-dangling --no-progress").empty());
    BOOST_TEST(repository.git("ls-tree main dir/run").starts_with("100755 "));
}

BOOST_AUTO_TEST_CASE(replacing_what_is_no_file_is_an_error) {
    TestRepository repository;
    const ObjectId tree = repository.tree({{"a.yaml", {"1"}}, {"dir/b", {"1"}}, {"link", {"a.yaml", k_mode_link}}});
    const ObjectId blob = repository.objects().write_blob("2");
    for (const std::string path : {"missing", "dir", "a.yaml/x", "link", "dir/missing"})
        BOOST_CHECK_THROW(replace_blobs(repository.objects(), tree, {{path, blob}}), Error);
}

BOOST_AUTO_TEST_CASE(paths_sort_by_names_within_each_folder) {
    BOOST_TEST(path_less("a/z", "a.yaml"));
    BOOST_TEST(path_less("a", "a/b"));
    BOOST_TEST(!path_less("b", "a/b"));
    BOOST_TEST(path_less("a\x7f", "a\xc3"));
}

BOOST_AUTO_TEST_CASE(objects_of_a_git_source_are_read_below_their_folder) {
    TestRepository repository;
    const ObjectId tree = repository.tree({{"clusters/prod/b.yaml", {"b"}},
                                           {"clusters/prod/a/x.yml", {"x"}},
                                           {"clusters/prod/big.yaml", {std::string(100, 'x')}},
                                           {"clusters/prod/readme.md", {"no"}},
                                           {"clusters/test/c.yaml", {"c"}}});
    const TreeFiles files =
        read_tree_files(repository.objects(), tree, "./clusters/prod", is_object_file_name, {.file_bytes = 50});
    BOOST_REQUIRE_EQUAL(files.texts.size(), 2u);
    BOOST_TEST(files.texts[0].file == "clusters/prod/a/x.yml");
    BOOST_TEST(files.texts[1].bytes == "b");
    BOOST_REQUIRE_EQUAL(files.findings.size(), 1u);
    BOOST_TEST(files.findings[0].place.file == "clusters/prod/big.yaml");
    BOOST_CHECK_THROW(read_tree_files(repository.objects(), tree, "clusters/missing", is_object_file_name), Error);
    BOOST_CHECK_THROW(read_tree_files(repository.objects(), tree, "", is_object_file_name, {.files = 2}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
