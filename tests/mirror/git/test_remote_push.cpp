#include <optional>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/mirror/git/remote_fixture.h"

using namespace tidemark::mirror;
using namespace tidemark::mirror::git;
using namespace tidemark::tests;

namespace {

struct PushFixture : RemoteFixture {
    PushFixture() { origin.fetch(k_main); }

    PushUpdate update(const std::string& branch, const std::string& commit, const std::string& expected,
                      PushMode mode = PushMode::fast_forward) const {
        PushUpdate result;
        result.branch = branch;
        if (!commit.empty()) result.commit = id_of(commit);
        if (!expected.empty()) result.expected = id_of(expected);
        result.mode = mode;
        return result;
    }
    PushResult push(const PushUpdate& one, const PushOptions& options = {}) {
        return origin.push(std::vector<PushUpdate>{one}, options);
    }

    Remote origin = remote();
    std::string bump = "";
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(git_remote_push, PushFixture)

BOOST_AUTO_TEST_CASE(a_bump_arrives_and_the_mirror_knows) {
    bump = commit_in_mirror(first, "a: 2\n");
    const PushResult result = push(update("main", bump, first));
    BOOST_TEST(result.ok(), result.branches[0].message);
    BOOST_TEST(server.tip("main").value() == bump);
    BOOST_TEST((find_tracked_tip(mirror, "main") == id_of(bump)));
    BOOST_TEST(origin.fetch(k_main).moved.empty());
}

BOOST_AUTO_TEST_CASE(a_new_branch_is_made_and_deleted) {
    bump = commit_in_mirror(first, "a: 2\n");
    BOOST_TEST(push(update("flux-imageupdates", bump, "")).ok());
    BOOST_TEST(server.tip("flux-imageupdates").value() == bump);
    BOOST_TEST(push(update("flux-imageupdates", "", bump)).ok());
    BOOST_TEST(!server.tip("flux-imageupdates").has_value());
    BOOST_TEST(!find_tracked_tip(mirror, "flux-imageupdates"));
}

BOOST_AUTO_TEST_CASE(a_branch_can_be_replaced_under_its_lease) {
    const std::string one = commit_in_mirror(first, "a: 2\n");
    const std::string two = commit_in_mirror(first, "a: 3\n");
    BOOST_TEST(push(update("flux-imageupdates", one, "")).ok());
    BOOST_TEST(push(update("flux-imageupdates", two, one, PushMode::replace)).ok());
    BOOST_TEST(server.tip("flux-imageupdates").value() == two);
}

BOOST_AUTO_TEST_CASE(the_same_again_is_no_refusal) {
    bump = commit_in_mirror(first, "a: 2\n");
    BOOST_TEST(push(update("main", bump, first)).ok());
    BOOST_TEST(push(update("main", bump, bump)).ok());
}

BOOST_AUTO_TEST_CASE(a_moved_branch_loses_the_lease) {
    const std::string theirs = server.commit("main", {{"b.yaml", "b: 1\n"}});
    bump = commit_in_mirror(first, "a: 2\n");
    for (const PushMode mode : {PushMode::fast_forward, PushMode::replace}) {
        const PushResult result = push(update("main", bump, first, mode));
        BOOST_TEST(to_string(result.branches[0].refusal) == "lease lost", result.branches[0].message);
        BOOST_TEST(contains(result.branches[0].message, first.substr(0, 8)), result.branches[0].message);
    }
    BOOST_TEST(server.tip("main").value() == theirs);
}

BOOST_AUTO_TEST_CASE(a_branch_taken_back_on_the_remote_is_not_brought_back) {
    const std::string second = server.commit("main", {{"a.yaml", "a: bad\n"}});
    origin.fetch(k_main);
    server.set_branch("main", first);
    bump = commit_in_mirror(second, "a: 2\n");
    BOOST_TEST(to_string(push(update("main", bump, second)).branches[0].refusal) == "lease lost");
    BOOST_TEST(server.tip("main").value() == first);
}

BOOST_AUTO_TEST_CASE(a_branch_that_should_not_be_there_loses_the_lease) {
    server.commit("flux-imageupdates", {{"b.yaml", "b: 1\n"}});
    bump = commit_in_mirror(first, "a: 2\n");
    BOOST_TEST(to_string(push(update("flux-imageupdates", bump, "")).branches[0].refusal) == "lease lost");
}

BOOST_AUTO_TEST_CASE(a_fast_forward_must_follow_what_is_there) {
    const std::string second = server.commit("main", {{"a.yaml", "a: 2\n"}});
    origin.fetch(k_main);
    bump = commit_in_mirror(first, "a: 3\n");
    const PushResult result = push(update("main", bump, second));
    BOOST_TEST(to_string(result.branches[0].refusal) == "not fast-forward", result.branches[0].message);
    BOOST_TEST(server.tip("main").value() == second);
}

BOOST_AUTO_TEST_CASE(the_server_may_deny_what_is_no_fast_forward) {
    server.git({"config", "receive.denyNonFastForwards", "true"});
    const std::string second = server.commit("main", {{"a.yaml", "a: 2\n"}});
    origin.fetch(k_main);
    bump = commit_in_mirror(first, "a: 3\n");
    const PushResult result = push(update("main", bump, second, PushMode::replace));
    BOOST_TEST(to_string(result.branches[0].refusal) == "not fast-forward", result.branches[0].message);
}

BOOST_AUTO_TEST_CASE(a_hook_that_declines_is_quoted) {
    server.set_hook(
        "pre-receive",
        "#!/bin/sh\nprintf '\\033[31mmarker removed\\033[0m in a.yaml\\n' >&2\necho 'ask platform@example.com'\n"
        "exit 1\n");
    bump = commit_in_mirror(first, "a: 2\n");
    const PushResult result = push(update("main", bump, first));
    BOOST_TEST(to_string(result.branches[0].refusal) == "hook", result.branches[0].message);
    BOOST_TEST(
        result.server_lines == (std::vector<std::string>{"marker removed in a.yaml", "ask platform@example.com"}),
        boost::test_tools::per_element());
    BOOST_TEST((find_tracked_tip(mirror, "main") == id_of(first)));
}

BOOST_AUTO_TEST_CASE(a_protected_branch_is_told_from_a_hook) {
    server.set_hook("pre-receive",
                    "#!/bin/sh\necho 'GitLab: You are not allowed to push code to protected branches on "
                    "this project.' >&2\nexit 1\n");
    bump = commit_in_mirror(first, "a: 2\n");
    BOOST_TEST(to_string(push(update("main", bump, first)).branches[0].refusal) == "protected branch");
}

BOOST_AUTO_TEST_CASE(deleting_may_be_against_a_rule) {
    server.git({"config", "receive.denyDeletes", "true"});
    bump = commit_in_mirror(first, "a: 2\n");
    BOOST_TEST(push(update("old", bump, "")).ok());
    BOOST_TEST(to_string(push(update("old", "", bump)).branches[0].refusal) == "rule");
}

BOOST_AUTO_TEST_CASE(each_branch_has_its_own_answer) {
    server.set_hook("update", "#!/bin/sh\n[ \"$1\" != refs/heads/main ]\n");
    bump = commit_in_mirror(first, "a: 2\n");
    const PushResult result =
        origin.push(std::vector<PushUpdate>{update("main", bump, first), update("flux-imageupdates", bump, "")});
    BOOST_TEST(to_string(result.branches[0].refusal) == "hook");
    BOOST_TEST(result.branches[1].ok());
    BOOST_TEST(!result.ok());
}

BOOST_AUTO_TEST_CASE(atomic_means_all_or_nothing) {
    server.set_hook("update", "#!/bin/sh\n[ \"$1\" != refs/heads/main ]\n");
    bump = commit_in_mirror(first, "a: 2\n");
    PushOptions options;
    options.atomic = true;
    const PushResult result = origin.push(
        std::vector<PushUpdate>{update("main", bump, first), update("flux-imageupdates", bump, "")}, options);
    BOOST_TEST(!result.branches[0].ok());
    BOOST_TEST(!result.branches[1].ok());
    BOOST_TEST(!server.tip("flux-imageupdates").has_value());
}

BOOST_AUTO_TEST_CASE(push_options_reach_the_hook_or_are_refused_by_rule) {
    bump = commit_in_mirror(first, "a: 2\n");
    PushOptions options;
    options.server_options = {"merge_request.create"};
    const PushResult refused = push(update("main", bump, first), options);
    BOOST_TEST(to_string(refused.branches[0].refusal) == "rule", refused.branches[0].message);
    server.git({"config", "receive.advertisePushOptions", "true"});
    server.set_hook("pre-receive", "#!/bin/sh\necho \"got $GIT_PUSH_OPTION_0\"\n");
    const PushResult result = push(update("main", bump, first), options);
    BOOST_TEST(result.ok(), result.branches[0].message);
    BOOST_TEST(result.server_lines == std::vector<std::string>{"got merge_request.create"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_reads_back_otherwise_does_not_count) {
    server.set_hook("post-receive", "#!/bin/sh\ngit update-ref refs/heads/main " + first + "\n");
    bump = commit_in_mirror(first, "a: 2\n");
    const PushResult result = push(update("main", bump, first));
    BOOST_TEST(to_string(result.branches[0].refusal) == "lease lost");
    BOOST_TEST(contains(result.branches[0].message, "reads back"), result.branches[0].message);
}

BOOST_AUTO_TEST_CASE(our_own_side_runs_no_hook) {
    write_text(mirror / "hooks" / "pre-push", "#!/bin/sh\nexit 1\n");
    std::filesystem::permissions(mirror / "hooks" / "pre-push", std::filesystem::perms::owner_all);
    bump = commit_in_mirror(first, "a: 2\n");
    BOOST_TEST(push(update("main", bump, first)).ok());
}

BOOST_AUTO_TEST_CASE(a_hook_that_never_ends_meets_the_deadline) {
    server.set_hook("pre-receive", "#!/bin/sh\nsleep 300\n");
    RemoteAccess impatient = access(server.url());
    impatient.timeout = std::chrono::seconds(2);
    Remote waiting(mirror, impatient, private_root);
    bump = commit_in_mirror(first, "a: 2\n");
    const PushResult result = waiting.push(std::vector<PushUpdate>{update("main", bump, first)});
    BOOST_TEST(to_string(result.branches[0].refusal) == "network");
    BOOST_TEST(contains(result.branches[0].message, "did not end within 2 s"), result.branches[0].message);
}

BOOST_AUTO_TEST_SUITE_END()
