// Commits, references and ancestry in a real bare repository, judged by git.
#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "mirror/base/error.h"
#include "mirror/git/repository.h"
#include "tests/mirror/git/objects_support.h"

using namespace tidemark::mirror;
using namespace tidemark::mirror::git;
using namespace tidemark::mirror::git::testing;

BOOST_AUTO_TEST_SUITE(mirror_git_repository)

BOOST_AUTO_TEST_CASE(object_ids_read_and_write_as_forty_digits) {
    const std::string text = "0123456789abcdef0123456789abcdef01234567";
    BOOST_TEST(to_string(read_object_id(text, "tip")) == text);
    BOOST_TEST(to_short_string(read_object_id(text, "tip")) == "01234567");
    BOOST_TEST(!find_object_id("0123").has_value());
    BOOST_TEST(!find_object_id(text.substr(1) + "g").has_value());
    BOOST_TEST(ObjectId{}.is_zero());
    BOOST_CHECK_THROW(read_object_id("x", "tip"), Error);
}

BOOST_AUTO_TEST_CASE(a_commit_keeps_its_message_byte_for_byte) {
    TestRepository repository;
    const ObjectId tree = repository.tree({{"a.yaml", {"a: 1\n"}}});
    const std::string message = "\xf0\x9f\x9a\x80 Bump\n\n# not a comment\n\n\n  trailing  ";
    const ObjectId id = repository.commit(tree, {}, "Bot", message);
    const CommitInfo info = repository.objects().read_commit(id);
    BOOST_TEST(info.message == message);
    BOOST_TEST(info.summary() == "\xf0\x9f\x9a\x80 Bump");
    BOOST_TEST((info.tree == tree));
    BOOST_TEST(info.parents.empty());
    BOOST_TEST(info.author.email == "bot@example.com");
    BOOST_TEST(repository.git("cat-file commit " + to_string(id)).ends_with("\n\n" + message));
}

BOOST_AUTO_TEST_CASE(the_same_request_gives_the_same_commit) {
    TestRepository repository;
    const ObjectId tree = repository.tree({{"a.yaml", {"a: 1\n"}}});
    BOOST_TEST((repository.commit(tree, {}) == repository.commit(tree, {})));
    BOOST_TEST((repository.commit(tree, {}) != repository.commit(tree, {}, "Ann")));
}

BOOST_AUTO_TEST_CASE(a_commit_without_its_tree_or_with_a_nul_is_refused) {
    TestRepository repository;
    const ObjectId tree = repository.tree({});
    BOOST_CHECK_THROW(repository.commit(*find_object_id(std::string(40, '1')), {}), Error);
    BOOST_CHECK_THROW(repository.commit(tree, {}, "Bot", std::string("a\0b", 3)), Error);
}

BOOST_AUTO_TEST_CASE(references_are_found_through_tags_or_not_at_all) {
    TestRepository repository;
    const ObjectId commit = repository.commit(repository.tree({}), {});
    repository.git("update-ref refs/heads/main " + to_string(commit));
    repository.git("-c user.name=a -c user.email=b tag -a -m x v1 main");
    BOOST_TEST((repository.objects().find_commit("refs/heads/main") == commit));
    BOOST_TEST((repository.objects().find_commit("refs/tags/v1") == commit));
    BOOST_TEST(!repository.objects().find_commit("refs/heads/other").has_value());
    BOOST_CHECK_THROW(repository.objects().find_commit("refs/heads/../x"), Error);
}

BOOST_AUTO_TEST_CASE(ancestry_is_told_as_git_tells_it) {
    TestRepository repository;
    Repository& objects = repository.objects();
    const ObjectId tree = repository.tree({});
    const ObjectId root = repository.commit(tree, {}, "Bot", "root");
    const ObjectId left = repository.commit(tree, {root}, "Bot", "left");
    const ObjectId right = repository.commit(tree, {root}, "Bot", "right");
    const ObjectId merge = repository.commit(tree, {left, right}, "Bot", "merge");
    const ObjectId foreign = repository.commit(tree, {}, "Bot", "unrelated");
    BOOST_TEST((objects.find_merge_base(left, right) == root));
    BOOST_TEST(!objects.find_merge_base(left, foreign).has_value());
    BOOST_TEST(objects.is_ancestor(root, merge));
    BOOST_TEST(objects.is_ancestor(merge, merge));
    BOOST_TEST(!objects.is_ancestor(merge, root));
    const Divergence divergence = objects.compare(merge, left);
    BOOST_TEST(divergence.ahead == 2u);
    BOOST_TEST(divergence.behind == 0u);
    BOOST_TEST(objects.commits_beyond(left, merge, 10).size() == 2u);
    BOOST_TEST(objects.commits_beyond(root, merge, 2).size() == 2u);
    BOOST_TEST(objects.commits_beyond(merge, left, 10).empty());
    BOOST_TEST(objects.commits_beyond(std::vector<ObjectId>{}, merge, 10).size() == 4u);
    BOOST_TEST(objects.commits_beyond({left, right}, merge, 10).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_criss_cross_has_two_merge_bases) {
    TestRepository repository;
    const ObjectId tree = repository.tree({});
    const auto commit = [&](std::vector<ObjectId> parents, const std::string& message) {
        return repository.commit(tree, parents, "Bot", message);
    };
    const ObjectId one = commit({}, "1");
    const ObjectId other = commit({}, "2");
    auto bases = repository.objects().find_merge_bases(commit({one, other}, "3"), commit({other, one}, "4"));
    std::sort(bases.begin(), bases.end());
    BOOST_TEST((bases == std::vector<ObjectId>{std::min(one, other), std::max(one, other)}));
    BOOST_TEST(repository.objects().find_merge_bases(one, other).empty());
}

BOOST_AUTO_TEST_CASE(an_id_leads_to_its_commit_or_to_none) {
    TestRepository repository;
    const ObjectId tree = repository.tree({});
    const ObjectId commit = repository.commit(tree, {});
    repository.git("-c user.name=a -c user.email=b tag -a -m x v1 " + to_string(commit));
    repository.git("-c user.name=a -c user.email=b tag -a -m x tree " + to_string(tree));
    const Repository& objects = repository.objects();
    const auto id_of = [&](const std::string& name) {
        return *find_object_id(repository.git("rev-parse " + name).substr(0, 40));
    };
    BOOST_TEST((objects.find_commit(commit) == commit));
    BOOST_TEST((objects.find_commit(id_of("v1")) == commit));
    BOOST_TEST(!objects.find_commit(id_of("tree")).has_value());
    BOOST_TEST(!objects.find_commit(tree).has_value());
    BOOST_TEST(!objects.find_commit(*find_object_id(std::string(40, '1'))).has_value());
    BOOST_TEST((objects.find_revision("v1^{commit}") == commit));
    BOOST_TEST((objects.find_revision(to_string(commit).substr(0, 10)) == commit));
    for (const char* none : {"main", "v1~1", "", "..", "HEAD"})
        BOOST_TEST(!objects.find_revision(none).has_value(), none);
}

BOOST_AUTO_TEST_CASE(objects_of_other_folders_are_seen_and_never_written) {
    TestRepository repository;
    TestRepository pushed;
    const ObjectId blob = pushed.objects().write_blob("new");
    BOOST_TEST(!repository.objects().has_object(blob));
    const Repository both(repository.folder(), {{pushed.folder() / "objects"}, Ownership::any});
    BOOST_TEST(both.read_blob(blob) == "new");
    BOOST_TEST(!Repository(repository.folder()).has_object(blob));
}

BOOST_AUTO_TEST_CASE(a_blob_over_the_limit_is_not_read) {
    TestRepository repository;
    const ObjectId blob = repository.objects().write_blob(std::string(1000, 'x'));
    BOOST_TEST(repository.objects().read_blob(blob, 1000).size() == 1000u);
    BOOST_TEST(!repository.objects().find_blob(blob, 999).has_value());
    BOOST_CHECK_THROW(repository.objects().read_blob(blob, 999), Error);
    BOOST_CHECK_THROW(repository.objects().read_blob(repository.tree({})), Error);
}

BOOST_AUTO_TEST_CASE(a_missing_or_foreign_folder_is_said_so) {
    const TemporaryFolder folder;
    try {
        const Repository repository(folder.path() / "nothing.git");
        BOOST_FAIL("opened what is not there");
    } catch (const Error& error) {
        BOOST_TEST((error.kind() == ErrorKind::not_found));
        BOOST_TEST(std::string(error.what()).find("nothing.git") != std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
