// The marker rules on whole pushes: trees, moved files, links, limits, branches that come and go.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "policy/guard/manifest_blobs.h"
#include "tests/policy/guard/text_repository.h"

namespace tidemark::policy::guard {
namespace {

using Files = TextRepository::Files;

const std::string k_marker = " # {\"$imagepolicy\": \"ns:app\"}";
const std::string k_broken = " # {\"$imagepolicy\": \"ns:app\"";

std::string pod(const std::string& comment = k_marker, const std::string& name = "p",
                const std::string& value = "app:1") {
    return "kind: Pod\nmetadata:\n  name: " + name + "\nspec:\n  image: " + value + comment + "\n";
}

std::string values(const std::string& comment = k_marker) {
    return "replicas: 1\nimage: app:1" + comment + "\nport: 80\nhost: web\n";
}

struct Row {
    std::string what;
    Files before;
    Files after;
    std::vector<std::string> told;
};

void check(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        BOOST_TEST_CONTEXT(row.what) {
            TextRepository repository;
            const std::string old_tip = repository.commit({}, row.before);
            const std::string new_tip = repository.commit({old_tip}, row.after);
            const auto found = briefly(judge_with(push_of("main", old_tip, new_tip), rules_for("main"), repository));
            BOOST_TEST(found == row.told, boost::test_tools::per_element());
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_guard_marker_rules)

BOOST_AUTO_TEST_CASE(only_manifests_are_looked_at_and_only_where_they_changed) {
    check({
        {"stripped", {{"a.yaml", {pod()}}}, {{"a.yaml", {pod("")}}}, {"marker-removed a.yaml:5"}},
        {"stripped in a Kustomization",
         {{"x/Kustomization", {pod()}}},
         {{"x/Kustomization", {pod("")}}},
         {"marker-removed x/Kustomization:5"}},
        {"no manifest", {{"a.txt", {pod()}}}, {{"a.txt", {pod("")}}}, {}},
        {"the mode alone", {{"a.yaml", {pod()}}}, {{"a.yaml", {pod(), 0100755}}}, {}},
        {"stripped and made executable",
         {{"a.yaml", {pod()}}},
         {{"a.yaml", {pod(""), 0100755}}},
         {"marker-removed a.yaml:5"}},
        {"a name that is no UTF-8",
         {{"\xff\n.yaml", {pod()}}},
         {{"\xff\n.yaml", {pod("")}}},
         {"marker-removed \xff\n.yaml:5"}},
        {"the file went", {{"a.yaml", {pod()}}}, {}, {}},
        {"the file is no manifest any more", {{"a.yaml", {pod()}}}, {{"a.yaml.off", {pod()}}}, {}},
        {"a link in its place", {{"a.yaml", {pod()}}}, {{"a.yaml", {"b.yaml", 0120000}}}, {}},
        {"a submodule in its place", {{"a.yaml", {pod()}}}, {{"a.yaml", {"", 0160000}}}, {}},
        {"a link that is a file now", {{"a.yaml", {pod(), 0120000}}}, {{"a.yaml", {pod("")}}}, {}},
        {"a new broken marker", {}, {{"a.yaml", {pod(k_broken)}}}, {"marker-broken a.yaml:5"}},
        {"two files, by name",
         {{"b.yaml", {pod()}}, {"a.yaml", {pod()}}},
         {{"b.yaml", {pod("")}}, {"a.yaml", {pod("")}}},
         {"marker-removed a.yaml:5", "marker-removed b.yaml:5"}},
    });
}

BOOST_AUTO_TEST_CASE(a_file_that_moved_is_known_by_its_objects) {
    check({
        {"moved and kept", {{"a.yaml", {pod()}}}, {{"b/c.yaml", {pod()}}}, {}},
        {"moved and stripped", {{"a.yaml", {pod()}}}, {{"b/c.yaml", {pod("")}}}, {"marker-removed b/c.yaml:5"}},
        {"moved and for something else",
         {{"a.yaml", {pod()}}},
         {{"b.yaml", {pod(" # {\"$imagepolicy\": \"ns:b\"}")}}},
         {"marker-changed b.yaml:5"}},
        {"moved, and a link left behind",
         {{"a.yaml", {pod()}}},
         {{"a.yaml", {"b.yaml", 0120000}}, {"b.yaml", {pod("")}}},
         {"marker-removed b.yaml:5"}},
        {"joined into one and stripped",
         {{"a.yaml", {pod()}}, {"b.yaml", {pod(k_marker, "q")}}},
         {{"c.yaml", {pod("") + "---\n" + pod("", "q")}}},
         {"marker-removed c.yaml:5", "marker-removed c.yaml:11"}},
        {"one of two equal ones went", {{"a.yaml", {pod()}}, {"b.yaml", {pod("")}}}, {{"c.yaml", {pod("")}}}, {}},
        {"another object came", {{"a.yaml", {pod()}}}, {{"b.yaml", {pod("", "q")}}}, {}},
        {"an equal one stays where it was", {{"a.yaml", {pod()}}, {"b.yaml", {pod("")}}}, {{"b.yaml", {pod("")}}}, {}},
        {"values moved and stripped",
         {{"a/values.yaml", {values()}}},
         {{"b/values.yaml", {values("")}}},
         {"marker-removed b/values.yaml:2"}},
        {"other values came",
         {{"a/values.yaml", {values()}}},
         {{"b/values.yaml", {"image: x\na: 1\nb: 2\nc: 3\n"}}},
         {}},
        {"no YAML came", {{"a.yaml", {pod()}}}, {{"b.yaml", {pod("") + "<<<<<\n"}}}, {}},
    });
    TextRepository repository;
    const std::string old_tip = repository.commit({}, {{"a.yaml", {pod()}}});
    const std::string new_tip = repository.commit({old_tip}, {{"b.yaml", {pod("")}}});
    const Judgement judgement = judge_with(push_of("main", old_tip, new_tip), rules_for("main"), repository);
    BOOST_REQUIRE(judgement.findings.size() == 1);
    BOOST_TEST(judgement.findings[0].text.find("(moved here from a.yaml)") != std::string::npos);
    BOOST_TEST(judgement.findings[0].was == "  image: app:1" + k_marker);
    BOOST_TEST(judgement.findings[0].is == "  image: app:1");
}

BOOST_AUTO_TEST_CASE(a_push_is_judged_by_its_net_result) {
    TextRepository repository;
    const Files with = {{"a.yaml", {pod()}}};
    const Files without = {{"a.yaml", {pod("")}}};
    const std::string first = repository.commit({}, with);
    const std::string stripped = repository.commit({first}, without);
    const std::string mended = repository.commit({stripped}, with);
    const std::string unrelated = repository.commit({}, without);
    const std::string other = repository.commit({first}, without);
    const RepositoryRules rules = rules_for("main");
    const auto count = [&](const std::string& old_id, const std::string& new_id, const std::string& branch = "main") {
        return judge_with(push_of(branch, old_id, new_id), rules, repository).findings.size();
    };
    BOOST_TEST(count(first, mended) == 0);
    BOOST_TEST(count(first, stripped) == 1);
    BOOST_TEST(count(mended, other) == 1);     // force push
    BOOST_TEST(count(first, unrelated) == 1);  // unrelated history
    BOOST_TEST(count(stripped, first) == 0);
    BOOST_TEST(count(k_no_id, stripped) == 0);  // creation
    BOOST_TEST(count(first, k_no_id) == 0);     // deletion
    BOOST_TEST(count(std::string(64, '0'), stripped) == 0);
    BOOST_TEST(count(first, stripped, "other") == 0);
}

BOOST_AUTO_TEST_CASE(references_that_are_no_branches_are_left_alone) {
    TextRepository repository;
    const std::string first = repository.commit({}, {{"a.yaml", {pod()}}});
    const std::string stripped = repository.commit({first}, {{"a.yaml", {pod("")}}});
    RepositoryRules rules = rules_for("**");
    for (const std::string reference :
         {"refs/tags/v1", "refs/for/main", "refs/pull/1/head", "refs/merge-requests/1/head", "refs/notes/x"}) {
        Push push = push_of("main", first, stripped);
        push.updates[0].reference = reference;
        BOOST_TEST(judge_with(push, rules, repository).findings.empty(), reference);
    }
    BOOST_TEST(repository.blobs_read() == 0U);
    Push both = push_of("main", first, stripped);
    both.updates.push_back({first, stripped, "refs/heads/release/1"});
    BOOST_TEST(judge_with(both, rules, repository).findings.size() == 2);
    Push no_commit = push_of("main", first, std::string(40, 'd'));
    BOOST_TEST(judge_with(no_commit, rules, repository).findings.empty());
}

BOOST_AUTO_TEST_CASE(files_without_markers_cost_one_look) {
    TextRepository repository;
    const std::string first = repository.commit({}, {{"a.yaml", {pod("")}}, {"b.txt", {"x"}}});
    const std::string second = repository.commit({first}, {{"a.yaml", {pod("", "q")}}, {"b.txt", {"y"}}});
    RepositoryRules rules = rules_for("main");
    rules.branches[0].modes[RuleId::marker_broken] = RuleMode::off;
    BOOST_TEST(judge_with(push_of("main", first, second), rules, repository).findings.empty());
    BOOST_TEST(repository.blobs_read() == 1U);
}

BOOST_AUTO_TEST_CASE(more_than_the_limits_allow_is_no_judgement) {
    Files before;
    Files after;
    for (int i = 0; i < 20; ++i) {
        before["f" + std::to_string(i) + ".yaml"] = {pod()};
        after["f" + std::to_string(i) + ".yaml"] = {pod(k_marker, "p", "app:2")};
    }
    TextRepository repository;
    const std::string first = repository.commit({}, before);
    const std::string second = repository.commit({first}, after);
    const auto judged = [&](const Limits& limits) {
        return judge(push_of("main", first, second), rules_for("main"), repository, {}, limits);
    };
    Limits limits;
    limits.files = 20;
    BOOST_TEST(judged(limits).findings.empty());
    limits.files = 19;
    BOOST_CHECK_THROW(judged(limits), LimitReached);
    limits.files = 20;
    limits.bytes = 20 * pod().size();
    BOOST_CHECK_THROW(judged(limits), LimitReached);
}

BOOST_AUTO_TEST_CASE(a_file_with_more_markers_than_are_compared_is_no_judgement) {
    std::string before;
    std::string after;
    for (int i = 0; i < 12000; ++i) {
        before += "- a" + std::to_string(i) + ":1" + k_marker + "\n";
        after += "- a" + std::to_string(i) + ":1\n";
    }
    TextRepository repository;
    const std::string first = repository.commit({}, {{"a.yaml", {"a:\n" + before}}});
    const std::string second = repository.commit({first}, {{"a.yaml", {"a:\n" + after}}});
    BOOST_CHECK_THROW(judge_with(push_of("main", first, second), rules_for("main"), repository), LimitReached);
}

BOOST_AUTO_TEST_CASE(a_manifest_too_large_to_read_is_no_judgement_if_it_had_markers) {
    const std::string huge(k_max_manifest_bytes + 1, '#');
    TextRepository repository;
    const std::string marked = repository.commit({}, {{"a.yaml", {pod()}}});
    const std::string plain = repository.commit({}, {{"a.yaml", {pod("")}}});
    const std::string large = repository.commit({}, {{"a.yaml", {huge}}});
    const RepositoryRules rules = rules_for("main");
    BOOST_CHECK_THROW(judge_with(push_of("main", marked, large), rules, repository), LimitReached);
    BOOST_TEST(judge_with(push_of("main", plain, large), rules, repository).findings.empty());
    BOOST_TEST(judge_with(push_of("main", large, plain), rules, repository).findings.empty());
    BOOST_TEST(judge_with(push_of("main", k_no_id, large), rules, repository).findings.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::policy::guard
