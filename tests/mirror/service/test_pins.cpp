#include <boost/test/unit_test.hpp>

#include "mirror/service/pins.h"
#include "policy/base/timestamp.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::service;
using policy::DigestReflection;
using policy::LatestReference;

namespace {

const ObjectKey k_web{"flux-system", "web"};

std::chrono::sys_seconds at(const char* time) {
    return *policy::parse_timestamp(time);
}

/// A policy that chose 1.25.3 from two tags, and a pin of ada's.
struct World {
    policy::ImagePolicy image_policy;
    policy::ImageRepository repository;
    store::TagList tags;
    std::map<ObjectKey, store::Pin> pins;
    std::chrono::sys_seconds now = at("2026-11-22");

    World() {
        image_policy.metadata.key = k_web;
        image_policy.metadata.spec_hash = "spec-1";
        image_policy.metadata.place.file = "web.yaml";
        image_policy.selection.semver = policy::SemverChoice{"1.x"};
        repository.image = "nginx";
        tags.canonical_name = "index.docker.io/library/nginx";
        tags.lines = "1.25.3\t7\n1.25.1\t5\n";
        pins[k_web] = {"1.25.1", "ada", "bug 4711", at("2026-11-21T06:50:00Z"), at("2026-12-01")};
    }
    DecideInput input() const {
        return {image_policy, &repository, "index.docker.io/library/nginx", &tags, std::nullopt, std::nullopt, now};
    }
    Verdict verdict(const std::optional<LatestReference>& shown = {}) const {
        const DecideInput all = input();
        return pinned_verdict(all, decide(all), *find_pin(image_policy, pins, now), shown);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_service_pins)

BOOST_AUTO_TEST_CASE(pin_stands_in_place_of_the_policys_own_choice) {
    const Verdict verdict = World().verdict();
    BOOST_TEST(verdict.ready);
    BOOST_TEST(verdict.decision->latest.to_string() == "nginx:1.25.1");
    BOOST_TEST(!verdict.decision->unproven);
    BOOST_TEST(verdict.held ==
               "pinned to 1.25.1 by ada since 2026-11-21 06:50 UTC: bug 4711, until 2026-12-01 00:00 UTC; the policy "
               "chooses 1.25.3");
    BOOST_TEST(verdict.message == "Latest image tag for nginx resolved to 1.25.1; held: " + verdict.held);
}

BOOST_AUTO_TEST_CASE(pin_ends_at_its_time) {
    World world;
    BOOST_TEST(find_pin(world.image_policy, world.pins, at("2026-11-30T23:59:59Z")).has_value());
    BOOST_TEST(!find_pin(world.image_policy, world.pins, at("2026-12-01")).has_value());
}

BOOST_AUTO_TEST_CASE(annotation_goes_before_the_state) {
    World world;
    world.image_policy.pin = policy::PinAnnotation{"1.25.3", "", at("2026-11-25")};
    BOOST_TEST(to_string(*find_pin(world.image_policy, world.pins, world.now)) ==
               "pinned to 1.25.3 by the annotation tidemark/pin in web.yaml, until 2026-11-25 00:00 UTC");
    BOOST_TEST(find_pin(world.image_policy, world.pins, at("2026-11-26"))->tag == "1.25.1");
}

BOOST_AUTO_TEST_CASE(tag_stays_though_nobody_scanned_or_lists_it) {
    World world;
    world.tags.lines = "1.25.3\t7\n";
    BOOST_TEST(world.verdict().held.ends_with("; the policy chooses 1.25.3; not among the tags"));
    world.tags.canonical_name = "elsewhere";
    const Verdict verdict = world.verdict();
    BOOST_TEST(verdict.ready);
    BOOST_TEST(verdict.decision->latest.tag == "1.25.1");
    BOOST_TEST(verdict.held.find("; without it: no tags in database") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(nothing_is_written_where_the_image_is_not_known) {
    World world;
    DecideInput input = world.input();
    input.repository = nullptr;
    const Verdict verdict =
        pinned_verdict(input, decide(input), *find_pin(world.image_policy, world.pins, world.now), {});
    BOOST_TEST(!verdict.ready);
    BOOST_TEST(!verdict.decision.has_value());
}

BOOST_AUTO_TEST_CASE(policy_with_mistakes_keeps_its_pinned_tag) {
    World world;
    world.image_policy.metadata.findings.push_back({policy::Severity::error, {}, "", "broken", ""});
    const Verdict verdict = world.verdict();
    BOOST_TEST(!verdict.ready);
    BOOST_TEST(verdict.decision->latest.tag == "1.25.1");
}

BOOST_AUTO_TEST_CASE(digest_is_looked_up_once_where_the_policy_asks_for_one) {
    World world;
    world.image_policy.digest_reflection = DigestReflection::if_not_present;
    const Verdict first = world.verdict();
    BOOST_TEST(first.needs_digest);
    const Verdict found = with_pinned_digest(world.input(), first, std::string("sha256:a"));
    BOOST_TEST(found.decision->latest.to_string() == "nginx:1.25.1@sha256:a");
    BOOST_TEST(found.message.find("with digest sha256:a; held: pinned") != std::string::npos);
    const Verdict again = world.verdict(found.decision->latest);
    BOOST_TEST(!again.needs_digest);
    BOOST_TEST((again.decision->latest == found.decision->latest));
}

BOOST_AUTO_TEST_CASE(digest_that_cannot_be_had_leaves_the_one_known_before) {
    World world;
    world.image_policy.digest_reflection = DigestReflection::always;
    const policy::Result<std::string> down = policy::Problem{"registry down", {}};
    const Verdict unknown = with_pinned_digest(world.input(), world.verdict(), down);
    BOOST_TEST(!unknown.ready);
    BOOST_TEST(!unknown.decision.has_value());
    const Verdict known =
        with_pinned_digest(world.input(), world.verdict(LatestReference{"nginx", "1.25.1", "sha256:a"}), down);
    BOOST_TEST(!known.ready);
    BOOST_TEST(known.decision->latest.digest == "sha256:a");
}

BOOST_AUTO_TEST_CASE(plan_says_what_the_pin_holds_back) {
    World world;
    const auto pin = find_pin(world.image_policy, world.pins, world.now);
    BOOST_TEST(held_sentence(k_web, *pin, decide(world.input()).decision) ==
               "held: flux-system:web 1.25.1 → 1.25.3, pinned by ada since 2026-11-21 06:50 UTC: bug 4711, until "
               "2026-12-01 00:00 UTC");
}

BOOST_AUTO_TEST_SUITE_END()
