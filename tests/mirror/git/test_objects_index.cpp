// The index of marked files: built once, brought along by differences, rebuilt when its cache is of no use.
#include <functional>

#include <boost/test/unit_test.hpp>

#include "mirror/base/error.h"
#include "mirror/git/marker_index.h"
#include "mirror/git/rewrite.h"
#include "tests/mirror/git/objects_support.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::git;
using namespace tidemark::mirror::git::testing;

namespace {

using Names = std::vector<std::string>;

Names seen(const MarkerIndex& index) {
    Names names;
    for (const MarkedFile& file : index.files())
        names.push_back(file.seen_as);
    return names;
}

/// The index of `tree` made from nothing: what every way to it must give.
MarkerIndex fresh(TestRepository& repository, const ObjectId& tree, const std::string& update_path = "") {
    MarkerIndex index(repository.path("fresh-index-that-is-not-there"), update_path);
    index.update(repository.objects(), tree);
    return index;
}

TestFiles sample() {
    return {{"apps/web.yaml", {marked_manifest("nginx:1.0")}},
            {"apps/api/Kustomization", {marked_manifest("api:1.0", "flux-system:api")}},
            {"apps/plain.yaml", {plain_manifest("plain")}},
            {"apps/notes.txt", {marked_manifest("nginx:1.0")}},
            {"infra/db.yml", {marked_manifest("db:1.0", "flux-system:db"), k_mode_executable}}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_git_marker_index)

BOOST_AUTO_TEST_CASE(finds_marked_manifests_and_nothing_else) {
    TestRepository repository;
    const MarkerIndex index = fresh(repository, repository.tree(sample()));
    const Names expected{"apps/api/Kustomization", "apps/web.yaml", "infra/db.yml"};
    BOOST_TEST(seen(index) == expected, boost::test_tools::per_element());
    BOOST_REQUIRE_EQUAL(index.files()[1].values.size(), 1u);
    BOOST_TEST(index.files()[1].values[0].setter == "flux-system:web");
    BOOST_TEST(index.files()[1].values[0].value == "nginx:1.0");
    BOOST_TEST(index.files()[1].values[0].line == 6u);
    BOOST_TEST(index.files()[2].mode == k_mode_executable);
}

BOOST_AUTO_TEST_CASE(the_update_path_is_cleaned_and_cannot_leave_the_tree) {
    TestRepository repository;
    TestFiles files = sample();
    files["link"] = {"infra", k_mode_link};
    const ObjectId tree = repository.tree(files);
    struct Row {
        const char* path;
        Names names;
        std::string relative;
    };
    const std::vector<Row> table = {
        {"./infra/", {"infra/db.yml"}, "db.yml"},     {"/infra", {"infra/db.yml"}, "db.yml"},
        {"../../infra", {"infra/db.yml"}, "db.yml"},  {"link", {"infra/db.yml"}, "db.yml"},
        {"infra/db.yml", {"infra/db.yml"}, "db.yml"}, {"apps/api", {"apps/api/Kustomization"}, "Kustomization"}};
    for (const Row& row : table) {
        BOOST_TEST_CONTEXT("update path " << row.path) {
            const MarkerIndex index = fresh(repository, tree, row.path);
            BOOST_TEST(seen(index) == row.names, boost::test_tools::per_element());
            BOOST_TEST(index.relative(row.names[0]) == row.relative);
        }
    }
    for (const char* path : {"missing", "apps/web.yaml/x", "/etc"})
        BOOST_CHECK_THROW(fresh(repository, tree, path), Error);
}

BOOST_AUTO_TEST_CASE(a_missing_update_path_leaves_the_index_as_it_was) {
    TestRepository repository;
    const ObjectId tree = repository.tree(sample());
    MarkerIndex index = fresh(repository, tree, "infra");
    BOOST_CHECK_THROW(index.update(repository.objects(), repository.tree({{"a.yaml", {"a: 1\n"}}})), Error);
    BOOST_TEST((index.tree() == tree));
    BOOST_TEST(index.files().size() == 1u);
}

BOOST_AUTO_TEST_CASE(every_step_by_difference_gives_what_a_fresh_index_gives) {
    TestRepository repository;
    TestFiles files = sample();
    MarkerIndex index = fresh(repository, repository.tree(files));
    const std::vector<std::function<void()>> steps = {
        [&] { files["apps/web.yaml"].bytes = marked_manifest("nginx:2.0"); },
        [&] { files["apps/web.yaml"].bytes = plain_manifest("web"); },
        [&] { files["apps/plain.yaml"].bytes = marked_manifest("p:1"); },
        [&] { files.erase("infra/db.yml"); },
        [&] { files["apps/new/deep/x.yml"].bytes = marked_manifest("x:1"); },
        [&] { files["apps/api/Kustomization"].mode = k_mode_executable; },
        [&] { files["apps/copy.yaml"] = files["apps/plain.yaml"]; },
        [&] {
            files.erase("apps/api/Kustomization");
            files["apps/api"].bytes = "no folder any more\n";
        },
        [&] {
            files["z.yaml"] = {"apps/notes.txt", k_mode_link};
        },
        [&] { files["apps/notes.txt"].bytes = marked_manifest("nginx:3.0"); },
        [&] { files["apps/notes.txt"].bytes = "nothing\n"; },
        [&] { files = sample(); },
        [&] { files.clear(); },
    };
    for (std::size_t i = 0; i < steps.size(); ++i) {
        steps[i]();
        const ObjectId tree = repository.tree(files);
        const IndexUpdate update = index.update(repository.objects(), tree);
        const MarkerIndex expected = fresh(repository, tree);
        BOOST_TEST_CONTEXT("step " << i) {
            BOOST_TEST(!update.rebuilt);
            BOOST_TEST((index.files() == expected.files()));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_change_elsewhere_reads_no_blob_and_the_same_tree_reads_nothing) {
    TestRepository repository;
    TestFiles files = sample();
    MarkerIndex index = fresh(repository, repository.tree(files), "infra");
    files["apps/web.yaml"].bytes = marked_manifest("nginx:2.0");
    BOOST_TEST(index.update(repository.objects(), repository.tree(files)).blobs_read == 0u);
    files["infra/db.yml"].bytes = marked_manifest("db:2.0");
    files["infra/readme.md"].bytes = "text\n";
    const IndexUpdate update = index.update(repository.objects(), repository.tree(files));
    BOOST_TEST(update.blobs_read == 1u);
    BOOST_TEST(!update.rebuilt);
}

BOOST_AUTO_TEST_CASE(a_saved_index_is_there_again) {
    TestRepository repository;
    const ObjectId tree = repository.tree(sample());
    const auto cache = repository.path(marker_index_name(""));
    MarkerIndex first(cache, "");
    first.update(repository.objects(), tree);
    first.save();
    MarkerIndex second(cache, "");
    BOOST_TEST((second.tree() == tree));
    BOOST_TEST((second.files() == first.files()));
    BOOST_TEST(second.update(repository.objects(), tree).blobs_read == 0u);
    MarkerIndex other_path(cache, "apps");
    BOOST_TEST(other_path.tree().is_zero());
}

BOOST_AUTO_TEST_CASE(any_damage_to_the_cache_means_a_rebuild) {
    TestRepository repository;
    const ObjectId tree = repository.tree(sample());
    const auto cache = repository.path("cache");
    MarkerIndex first(cache, "");
    first.update(repository.objects(), tree);
    first.save();
    const std::string whole = read_text(cache);
    for (std::size_t i = 0; i < whole.size(); i += 7) {
        std::string damaged = whole;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x40);
        write_text(cache, damaged);
        BOOST_TEST(MarkerIndex(cache, "").tree().is_zero());
        write_text(cache, whole.substr(0, i));
        BOOST_TEST(MarkerIndex(cache, "").tree().is_zero());
    }
    write_text(cache, whole + "x");
    MarkerIndex again(cache, "");
    BOOST_TEST(again.update(repository.objects(), tree).rebuilt);
    BOOST_TEST((again.files() == first.files()));
}

BOOST_AUTO_TEST_CASE(a_tree_that_is_gone_from_the_mirror_means_a_rebuild) {
    TestRepository repository;
    TestFiles files = sample();
    const ObjectId tree = repository.tree(files);
    MarkerIndex index = fresh(repository, tree);
    files["infra/db.yml"].bytes = marked_manifest("db:2.0");
    const ObjectId next = repository.tree(files);
    const std::string name = to_string(tree);
    std::filesystem::remove(repository.folder() / "objects" / name.substr(0, 2) / name.substr(2));
    const Repository reopened(repository.folder());
    BOOST_TEST(index.update(reopened, next).rebuilt);
    BOOST_TEST((index.files() == fresh(repository, next).files()));
}

BOOST_AUTO_TEST_CASE(unmarked_blobs_are_not_read_twice) {
    TestRepository repository;
    TestFiles files;
    for (int i = 0; i < 600; ++i)
        files["many/" + std::to_string(i) + ".yaml"].bytes = plain_manifest(std::to_string(i));
    files["m.yaml"].bytes = marked_manifest("nginx:1.0");
    const ObjectId tree = repository.tree(files);
    const auto cache = repository.path("cache");
    {
        MarkerIndex index(cache, "");
        BOOST_TEST(index.update(repository.objects(), tree).blobs_read == 601u);
        index.save();
    }
    // Moved to another folder: other paths, the same blobs.
    TestFiles moved;
    for (const auto& [path, file] : files)
        moved["moved/" + path] = file;
    MarkerIndex index(cache, "");
    BOOST_TEST(index.update(repository.objects(), repository.tree(moved)).blobs_read == 1u);
    BOOST_TEST(seen(index) == Names{"moved/m.yaml"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(several_threads_find_what_one_finds) {
    TestRepository repository;
    TestFiles files;
    for (int i = 0; i < 5000; ++i) {
        const std::string name = std::to_string(i);
        files["d" + std::to_string(i % 50) + "/" + name + ".yaml"].bytes =
            i % 10 == 0 ? marked_manifest("web:" + name) : plain_manifest(name);
    }
    const ObjectId tree = repository.tree(files);
    MarkerIndex one(repository.path("one"), "");
    MarkerIndex two(repository.path("two"), "");
    one.update(repository.objects(), tree, {.threads = 1});
    two.update(repository.objects(), tree, {.threads = 2});
    BOOST_TEST(one.files().size() == 500u);
    BOOST_TEST((one.files() == two.files()));
}

BOOST_AUTO_TEST_CASE(links_are_followed_within_the_tree_and_never_out) {
    TestRepository repository;
    const ObjectId tree = repository.tree({{"a/real.yaml", {marked_manifest("nginx:1.0")}},
                                           {"a/same.yaml", {"real.yaml", k_mode_link}},
                                           {"a/text.yaml", {"../other/file.txt", k_mode_link}},
                                           {"a/text2.yaml", {"../other/file.txt", k_mode_link}},
                                           {"a/outside.yaml", {"../b/b.yaml", k_mode_link}},
                                           {"a/gone.yaml", {"nowhere.yaml", k_mode_link}},
                                           {"a/loop.yaml", {"loop.yaml", k_mode_link}},
                                           {"a/folder.yaml", {"../b", k_mode_link}},
                                           {"a/host.yaml", {"/etc/passwd", k_mode_link}},
                                           {"b/b.yaml", {marked_manifest("b:1")}},
                                           {"other/file.txt", {marked_manifest("c:1")}}});
    const MarkerIndex index = fresh(repository, tree, "a");
    const Names expected{"a/outside.yaml", "a/real.yaml", "a/text.yaml"};
    BOOST_TEST(seen(index) == expected, boost::test_tools::per_element());
    BOOST_TEST(index.files()[0].path == "b/b.yaml");
    BOOST_TEST(index.files()[2].path == "other/file.txt");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_a_finding_and_the_others_go_on) {
    TestRepository repository;
    TestFiles files = sample();
    files["apps/broken.yaml"].bytes = "a:\n\t- broken\n" + marked_manifest("nginx:1.0");
    files["apps/not-ours.yaml"].bytes = "a:\n\t- broken\n";
    files["apps/huge.yaml"].bytes = std::string(k_max_manifest_bytes + 1, ' ');
    files["caf\xe9.yaml"].bytes = marked_manifest("nginx:1.0");
    const MarkerIndex index = fresh(repository, repository.tree(files), "apps/..");
    const auto findings = index.findings();
    BOOST_REQUIRE_EQUAL(findings.size(), 2u);
    BOOST_TEST(findings[0].place.file == "apps/broken.yaml");
    BOOST_TEST(findings[1].place.file == "apps/huge.yaml");
    BOOST_TEST(index.files().size() == 6u);
    BOOST_TEST(index.files().back().seen_as == "infra/db.yml");
}

BOOST_AUTO_TEST_CASE(refused_names_are_told_until_they_are_gone) {
    TestRepository repository;
    const ObjectId inside = repository.tree({{"x.yaml", {marked_manifest("nginx:1.0")}}});
    const ObjectId hostile = repository.raw_tree({{"..", inside}, {"ok", inside}});
    MarkerIndex index = fresh(repository, hostile);
    BOOST_TEST(seen(index) == Names{"ok/x.yaml"}, boost::test_tools::per_element());
    BOOST_TEST(index.findings().size() == 1u);
    index.update(repository.objects(), repository.raw_tree({{"..", inside}, {"fine", inside}}));
    BOOST_TEST(index.findings().size() == 1u);
    index.update(repository.objects(), repository.raw_tree({{"fine", inside}}));
    BOOST_TEST(index.findings().empty());
}

BOOST_AUTO_TEST_CASE(submodules_are_left_alone) {
    TestRepository repository;
    const ObjectId commit = repository.commit(repository.tree({}), {});
    const MarkerIndex index = fresh(repository, repository.raw_tree({{"sub.yaml", commit}}, k_mode_submodule));
    BOOST_TEST(index.files().empty());
}

BOOST_AUTO_TEST_SUITE_END()
