#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "policy/objects/read.h"
#include "policy/proposal/proposal.h"

using namespace tidemark::policy;
using namespace tidemark::policy::proposal;

namespace {

constexpr const char* k_web = "a:\n  image: ghcr.io/acme/web:1.25.1\nb:\n  image: ghcr.io/acme/web:1.26.0\n";

Wish wish() {
    Wish wish;
    wish.url = "https://git.example/acme/fleet.git";
    wish.push_branch = "updates";
    return wish;
}

std::string yaml_of(const Proposal& proposal) {
    std::string text;
    for (const auto& [file, objects] : proposal.objects)
        for (const yaml::Value& object : objects)
            text += "---\n" + *yaml::emit(object);
    return text;
}

/// "IMAGE TAGS POLICY RULE PLACES", a line each.
std::string rows_of(const Proposal& proposal) {
    std::string text;
    for (const ImageRow& row : proposal.images)
        text += fmt::format("{} {} {} {} {}\n", row.image, fmt::join(row.tags, ","), row.policy.to_string(), row.rule,
                            fmt::join(row.places, ","));
    return text;
}

ObjectSet objects_of(const std::string& yaml) {
    return read_objects({{"objects.yaml", yaml}});
}

Proposal propose_for(const std::string& manifest, const ObjectSet& there = {}) {
    return propose(find_image_uses(manifest, "a.yaml").uses, there, wish());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_proposal_proposal)

BOOST_AUTO_TEST_CASE(one_image_gets_a_repository_and_a_policy_from_its_lowest_tag) {
    const Proposal proposal = propose_for(k_web);
    BOOST_TEST(rows_of(proposal) == "ghcr.io/acme/web 1.25.1,1.26.0 flux-system/web >=1.25.1 <2 a.yaml:2,a.yaml:4\n");
    BOOST_TEST(proposal.objects.contains("image-web"));
    BOOST_TEST(proposal.objects.contains("git-fleet"));
    BOOST_TEST(proposal.object_count() == 4U);
    BOOST_TEST(proposal.marker_count() == 2U);
}

BOOST_AUTO_TEST_CASE(proposed_objects_are_valid_and_fit_together) {
    const Proposal proposal =
        propose_for("a:\n  image: a/web:1.25.1\nb:\n  image: b/web:0.4.2@sha256:" + std::string(64, 'a') +
                    "\nc:\n  image: cc:15.4\nd:\n  image: dd:main-3f2a91c-1732176000\ne:\n  image: "
                    "ee:RELEASE.2026-01-16T16-07-38Z\n");
    ObjectSet objects = objects_of(yaml_of(proposal));
    check_references(objects);
    BOOST_TEST(objects.findings.empty());
    BOOST_TEST(objects.image_policies.size() == 5U);
    BOOST_TEST(objects.image_repositories.size() == 5U);
    const auto check = [](const auto& kind) {
        for (const auto& [key, object] : kind)
            for (const Finding& finding : object.metadata.findings)
                BOOST_ERROR(to_string(finding));
    };
    check(objects.image_repositories);
    check(objects.image_policies);
    check(objects.git_repositories);
    check(objects.image_update_automations);
    BOOST_TEST(objects.image_update_automations.at({"flux-system", "fleet"}).push_branch == "updates");
    BOOST_TEST(
        (objects.image_policies.at({"flux-system", "b-web"}).digest_reflection == DigestReflection::if_not_present));
}

BOOST_AUTO_TEST_CASE(kinds_of_tags_of_one_image_get_a_policy_each) {
    const Proposal proposal =
        propose_for("a:\n  image: db:15.4.0\nb:\n  image: db:16.1.0\nc:\n  image: db:15.4.0-alpine\n");
    BOOST_TEST(rows_of(proposal) ==
               "db 15.4.0-alpine flux-system/db >=15.4.0 <16, tags that end in -alpine a.yaml:6\n"
               "db 15.4.0 flux-system/db-15 >=15.4.0 <16 a.yaml:2\n"
               "db 16.1.0 flux-system/db-16 >=16.1.0 <17 a.yaml:4\n");
    BOOST_TEST(proposal.objects.at("image-db").size() == 4U);
}

BOOST_AUTO_TEST_CASE(what_is_there_is_used_and_a_second_time_nothing_is_proposed) {
    const ObjectSet there = objects_of(yaml_of(propose_for(k_web)));
    const Proposal again = propose_for(k_web, there);
    BOOST_TEST(again.object_count() == 0U);
    BOOST_TEST(again.marker_count() == 2U);
    BOOST_TEST(rows_of(again) == "ghcr.io/acme/web 1.25.1,1.26.0 flux-system/web  a.yaml:2,a.yaml:4\n");

    const Proposal other = propose_for("image: ghcr.io/acme/web:2.0.0\n", there);
    BOOST_TEST(rows_of(other) == "ghcr.io/acme/web 2.0.0 flux-system/web-2 >=2.0.0 <3 a.yaml:1\n");
    BOOST_TEST(other.object_count() == 1U);
}

BOOST_AUTO_TEST_CASE(marked_values_are_counted_and_others_left_alone_with_the_reason) {
    const Proposal proposal = propose_for(
        "containers:\n- image: aa:1.0.0 # {\"$imagepolicy\": \"x:y\"}\n- image: bb:latest\n- image: c/dd\n"
        "- image: ee@sha256:" +
        std::string(64, 'b') + "\n");
    BOOST_TEST(proposal.marked_already == 1U);
    BOOST_TEST(proposal.marker_count() == 0U);
    BOOST_REQUIRE_EQUAL(proposal.left_alone.size(), 3U);
    BOOST_TEST(proposal.left_alone[0].line == 3U);
    BOOST_TEST(proposal.left_alone[1].why.find("names no tag") != std::string::npos);
    BOOST_TEST(proposal.left_alone[2].why.find("digest alone") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(name_that_kustomize_fills_in_is_no_image_without_a_tag) {
    const Proposal proposal =
        propose_for("containers:\n- image: web\n---\nimages:\n- name: web\n  newName: acme/web\n  newTag: 1.0.0\n");
    BOOST_TEST(proposal.left_alone.empty());
    BOOST_TEST(rows_of(proposal) == "acme/web 1.0.0 flux-system/web >=1.0.0 <2 a.yaml:7\n");
    BOOST_TEST(proposal.markers.at("a.yaml")[0].setter == "flux-system:web:tag");
}

BOOST_AUTO_TEST_CASE(without_a_url_there_is_no_automation) {
    const Proposal proposal = propose(find_image_uses(k_web, "a.yaml").uses, {}, Wish());
    BOOST_TEST(proposal.object_count() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
