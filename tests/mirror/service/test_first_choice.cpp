#include <boost/test/unit_test.hpp>

#include "mirror/service/first_choice.h"
#include "tests/mirror/git/objects_support.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::service;
using git::testing::TestRepository;

namespace {

std::string marked(const std::string& value, const std::string& setter) {
    return "image: " + value + " # {\"$imagepolicy\": \"" + setter + "\"}\n";
}

/// A tree of marked files, and the policy `flux-system/web` (any version from 1.0.0) with its first choice.
struct World {
    TestRepository repository;
    policy::ImagePolicy web;
    std::vector<policy::PolicyReference> candidates;
    git::HeldSetters held;

    explicit World(const std::string& tag, const std::string& digest = "") {
        web.metadata.key = {"flux-system", "web"};
        web.selection.semver = policy::SemverChoice{">=1.0.0 <3.0.0"};
        candidates.push_back({"flux-system", "web", {"acme/web", tag, digest}});
    }
    git::MarkerIndex index(const git::testing::TestFiles& files) {
        git::MarkerIndex result(repository.path("markers"), ".");
        result.update(repository.objects(), repository.tree(files));
        return result;
    }
    Kept hold(const git::testing::TestFiles& files) { return hold_higher(index(files), {&web}, candidates, held); }
    Kept keep(const git::testing::TestFiles& files) {
        return keep_proposals(index(files), "bumps", {&web}, candidates);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_service_first_choice)

BOOST_AUTO_TEST_CASE(a_value_above_the_choice_is_held_in_its_file_alone) {
    World world("1.1.0");
    const Kept kept = world.hold({{"high.yaml", {marked("acme/web:1.2.0", "flux-system:web")}},
                                  {"low.yaml", {marked("acme/web:1.0.0", "flux-system:web")}}});
    BOOST_TEST_REQUIRE(kept.sentences.size() == 1u);
    BOOST_TEST(kept.sentences.front() ==
               "held: high.yaml:1 stays at acme/web:1.2.0: the registry's best for flux-system/web is now 1.1.0, which "
               "is lower; to take it: tidemark accept flux-system/web");
    BOOST_TEST(kept.policies.contains({"flux-system", "web"}));
    BOOST_TEST(world.held.size() == 1u);
    BOOST_TEST(world.held.at("high.yaml").contains("flux-system:web:digest"));
}

BOOST_AUTO_TEST_CASE(only_what_the_policy_admits_and_ranks_higher_is_held) {
    const struct {
        const char* value;
        const char* setter;
        bool held;
    } cases[] = {
        {"acme/web:1.2.0", "flux-system:web", true},
        {"acme/web:1.2.0@sha256:aa", "flux-system:web", true},
        {"1.2.0", "flux-system:web:tag", true},
        {"acme/web:1.1.0", "flux-system:web", false},
        {"acme/web:1.0.0", "flux-system:web", false},
        {"acme/web:3.1.0", "flux-system:web", false},      // out of the range
        {"acme/web:latest", "flux-system:web", false},     // no version
        {"acme/other:1.2.0", "flux-system:web", false},    // another image
        {"acme/web", "flux-system:web", false},            // no tag
        {"host:5000/acme/web", "flux-system:web", false},  // a port is no tag
        {"1.2.0", "flux-system:web:name", false},          // no tag
        {"acme/web:1.2.0", "flux-system:other", false},    // another policy
    };
    for (const auto& each : cases) {
        BOOST_TEST_CONTEXT(each.setter << " = " << each.value) {
            World world("1.1.0");
            const Kept kept = world.hold({{"a.yaml", {marked(each.value, each.setter)}}});
            BOOST_TEST(!kept.policies.empty() == each.held);
            BOOST_TEST(!world.held.empty() == each.held);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_the_branch_proposes_stands_in_place_of_a_lower_choice) {
    World world("1.1.0");
    const Kept kept = world.keep({{"a.yaml", {marked("acme/web:1.2.0", "flux-system:web")}},
                                  {"b.yaml", {marked("1.3.0", "flux-system:web:tag")}},
                                  {"c.yaml", {marked("acme/web:9.0.0", "flux-system:web")}}});
    BOOST_TEST(world.candidates.front().latest.to_string() == "acme/web:1.3.0");
    BOOST_TEST_REQUIRE(kept.sentences.size() == 1u);
    BOOST_TEST(kept.sentences.front() ==
               "held: bumps goes on proposing 1.3.0 of flux-system/web: the registry's best is now 1.1.0, which is "
               "lower; to take it: tidemark accept flux-system/web");
    World same("1.3.0");
    BOOST_TEST(same.keep({{"a.yaml", {marked("acme/web:1.2.0", "flux-system:web")}}}).policies.empty());
    BOOST_TEST(same.candidates.front().latest.tag == "1.3.0");
}

BOOST_AUTO_TEST_CASE(a_proposal_stands_with_its_digest) {
    World whole("1.1.0", "sha256:aa");
    whole.keep({{"a.yaml", {marked("acme/web:1.2.0@sha256:bb", "flux-system:web")}}});
    BOOST_TEST(whole.candidates.front().latest.to_string() == "acme/web:1.2.0@sha256:bb");
    World apart("1.1.0", "sha256:aa");
    apart.keep({{"a.yaml",
                 {"tag: 1.2.0 # {\"$imagepolicy\": \"flux-system:web:tag\"}\n"
                  "digest: sha256:cc # {\"$imagepolicy\": \"flux-system:web:digest\"}\n"}}});
    BOOST_TEST(apart.candidates.front().latest.to_string() == "acme/web:1.2.0@sha256:cc");
}

BOOST_AUTO_TEST_SUITE_END()
