#include <boost/test/unit_test.hpp>

#include "mirror/service/decide.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::service;

namespace {

std::chrono::sys_seconds at(int count) {
    return std::chrono::sys_seconds(std::chrono::seconds(count));
}

/// A policy `flux-system/web` with a semver range, its repository and the tags of the last whole scan.
struct World {
    policy::ImagePolicy image_policy;
    policy::ImageRepository repository;
    store::TagList tags;
    std::optional<store::Decision> last;

    explicit World(const std::string& lines) {
        image_policy.metadata.key = {"flux-system", "web"};
        image_policy.metadata.spec_hash = "spec-1";
        image_policy.image_repository = {"flux-system", "web"};
        image_policy.selection.semver = policy::SemverChoice{">=1.0.0"};
        repository.metadata.key = {"flux-system", "web"};
        repository.image = "ghcr.io/acme/web";
        tags.canonical_name = "ghcr.io/acme/web";
        tags.lines = lines;
    }
    DecideInput input() const {
        return {image_policy, &repository, "ghcr.io/acme/web", &tags, last, std::nullopt, at(100)};
    }
    void decided(const std::string& tag) {
        last = store::Decision{"spec-1", "ghcr.io/acme/web", {"ghcr.io/acme/web", tag, ""}, at(1), at(2)};
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_service_decide)

BOOST_AUTO_TEST_CASE(the_newest_version_in_the_range_is_chosen_with_its_first_seen_time) {
    World world("1.2.0\t7\n1.1.0\t5\n0.9.0\t5\n");
    const Verdict verdict = decide(world.input());
    BOOST_TEST(verdict.ready);
    BOOST_TEST(verdict.decision->latest.tag == "1.2.0");
    BOOST_TEST((verdict.decision->first_seen == at(7)));
    BOOST_TEST((verdict.decision->decided == at(100)));
    BOOST_TEST(verdict.message == "Latest image tag for ghcr.io/acme/web resolved to 1.2.0");
}

BOOST_AUTO_TEST_CASE(the_same_choice_again_changes_nothing) {
    World world("1.2.0\t7\n");
    world.decided("1.2.0");
    BOOST_TEST((*decide(world.input()).decision == *world.last));
}

BOOST_AUTO_TEST_CASE(a_list_that_lost_the_chosen_tag_does_not_lower_the_candidate) {
    World world("1.1.0\t5\n");
    world.decided("1.2.0");
    const Verdict verdict = decide(world.input());
    BOOST_TEST(verdict.ready);
    BOOST_TEST(verdict.decision->latest.tag == "1.2.0");
    BOOST_TEST(verdict.held.find("1.1.0") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_choice_is_unproven_while_none_was_known_before_it) {
    World world("1.2.0\t7\n");
    const Verdict first = decide(world.input());
    BOOST_TEST(first.decision->unproven);
    world.last = first.decision;
    world.tags.lines = "1.3.0\t9\n1.2.0\t7\n";
    const Verdict higher = decide(world.input());
    BOOST_TEST(higher.decision->latest.tag == "1.3.0");
    BOOST_TEST(higher.decision->unproven);
    world.last->unproven = false;
    BOOST_TEST(!decide(world.input()).decision->unproven);
    world.last->unproven = true;
    world.image_policy.metadata.spec_hash = "spec-2";
    BOOST_TEST(!decide(world.input()).decision->unproven);
}

BOOST_AUTO_TEST_CASE(an_empty_list_keeps_the_candidate_and_is_not_ready) {
    World world("");
    world.decided("1.2.0");
    const Verdict verdict = decide(world.input());
    BOOST_TEST(!verdict.ready);
    BOOST_TEST(verdict.decision->latest.tag == "1.2.0");
}

BOOST_AUTO_TEST_CASE(an_edited_policy_may_lower_the_candidate) {
    World world("1.1.0\t5\n");
    world.decided("1.2.0");
    world.image_policy.metadata.spec_hash = "spec-2";
    const Verdict verdict = decide(world.input());
    BOOST_TEST(verdict.decision->latest.tag == "1.1.0");
    BOOST_TEST(verdict.held.empty());
}

BOOST_AUTO_TEST_CASE(an_edited_policy_without_a_choice_has_no_candidate) {
    World world("0.1.0\t5\n");
    world.decided("1.2.0");
    world.image_policy.metadata.spec_hash = "spec-2";
    const Verdict verdict = decide(world.input());
    BOOST_TEST(!verdict.ready);
    BOOST_TEST(!verdict.decision.has_value());
}

BOOST_AUTO_TEST_CASE(tags_of_another_image_count_as_none) {
    World world("1.2.0\t7\n");
    world.tags.canonical_name = "ghcr.io/acme/old";
    BOOST_TEST(decide(world.input()).reason == "DependencyNotReady");
}

BOOST_AUTO_TEST_CASE(a_missing_repository_is_named) {
    World world("1.2.0\t7\n");
    DecideInput input = world.input();
    input.repository = nullptr;
    const Verdict verdict = decide(input);
    BOOST_TEST(verdict.reason == "DependencyNotReady");
    BOOST_TEST(verdict.message.find("flux-system/web") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_range_that_does_not_parse_is_an_invalid_policy) {
    World world("1.2.0\t7\n");
    world.image_policy.selection.semver = policy::SemverChoice{"not a range"};
    BOOST_TEST(decide(world.input()).reason == "InvalidPolicy");
}

BOOST_AUTO_TEST_CASE(a_digest_is_asked_for_only_when_the_policy_wants_one_that_is_not_known) {
    World world("1.2.0\t7\n");
    BOOST_TEST(!decide(world.input()).needs_digest);
    world.image_policy.digest_reflection = policy::DigestReflection::if_not_present;
    BOOST_TEST(decide(world.input()).needs_digest);
    world.decided("1.2.0");
    world.last->latest.digest = "sha256:1";
    BOOST_TEST(!decide(world.input()).needs_digest);
    world.image_policy.digest_reflection = policy::DigestReflection::always;
    BOOST_TEST(decide(world.input()).needs_digest);
}

BOOST_AUTO_TEST_CASE(a_digest_that_cannot_be_had_keeps_the_last_decision) {
    World world("1.3.0\t7\n1.2.0\t7\n");
    world.image_policy.digest_reflection = policy::DigestReflection::if_not_present;
    world.decided("1.2.0");
    world.last->latest.digest = "sha256:1";
    const DecideInput input = world.input();
    const Verdict failed = with_digest(input, decide(input), policy::Problem{"HEAD answered 500", {}});
    BOOST_TEST(!failed.ready);
    BOOST_TEST((*failed.decision == *world.last));
    const Verdict found = with_digest(input, decide(input), std::string("sha256:2"));
    BOOST_TEST(found.ready);
    BOOST_TEST(found.decision->latest.to_string() == "ghcr.io/acme/web:1.3.0@sha256:2");
}

BOOST_AUTO_TEST_SUITE_END()
