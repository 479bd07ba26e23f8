#include <boost/test/unit_test.hpp>

#include "mirror/service/candidates.h"
#include "mirror/service/proofs.h"
#include "policy/objects/read.h"
#include "tests/mirror/service/running_service.h"

namespace tidemark::mirror::service {
namespace {

using namespace testing;
using policy::LatestReference;
using policy::ObjectKey;

const ObjectKey k_web{"flux-system", "web"}, k_api{"flux-system", "api"};
const ObjectKey k_one{"flux-system", "one"}, k_two{"flux-system", "two"};

/// Two policies, and automations of two remotes that select both.
struct World {
    policy::ObjectSet objects =
        policy::read_objects({{"objects.yaml", image_policy("web", "web") + image_policy("api", "api") +
                                                   automation("one", "first") + automation("two", "second")}});
    policy::Selections selections{objects};
    std::map<ObjectKey, store::Decision> chosen;
    std::map<ObjectKey, std::string> held;
    Proofs proofs;

    void choose(const ObjectKey& policy, const std::string& tag, bool unproven = true) {
        chosen[policy].latest = {"acme/" + policy.name, tag, ""};
        chosen[policy].unproven = unproven;
    }
    void look(const ObjectKey& automation, const std::set<ObjectKey>& kept = {}) {
        CandidateLists lists(chosen, held);
        proofs.looked(automation, lists.of(selections.of(automation))->first_choices, kept);
    }
    std::set<ObjectKey> proven() const {
        std::map<ObjectKey, LatestReference> first_choices;
        for (const auto& [key, decision] : chosen)
            if (decision.unproven) first_choices[key] = decision.latest;
        return proofs.proven(selections, first_choices);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_service_proofs)

BOOST_AUTO_TEST_CASE(a_first_choice_is_proven_when_all_have_looked_each_at_its_own_time) {
    World world;
    world.choose(k_web, "1.0.0");
    BOOST_TEST(world.proven().empty());
    world.look(k_one);
    BOOST_TEST(world.proven().empty());
    world.choose(k_api, "2.0.0");  // which the first has not looked for
    world.look(k_two);
    BOOST_TEST((world.proven() == std::set<ObjectKey>{k_web}));
    world.look(k_one);
    BOOST_TEST((world.proven() == std::set<ObjectKey>{k_api, k_web}));
}

BOOST_AUTO_TEST_CASE(another_choice_has_to_be_looked_for_again) {
    World world;
    world.choose(k_web, "1.0.0");
    world.look(k_one);
    world.look(k_two);
    world.choose(k_web, "0.9.0");
    BOOST_TEST(world.proven().empty());
    world.look(k_one);
    BOOST_TEST(world.proven().empty());
}

BOOST_AUTO_TEST_CASE(what_one_found_something_above_is_not_proven_until_it_does_no_more) {
    World world;
    world.choose(k_web, "1.0.0");
    world.choose(k_api, "2.0.0");
    world.look(k_one, {k_web});
    world.look(k_two);
    BOOST_TEST((world.proven() == std::set<ObjectKey>{k_api}));
    world.look(k_one);
    BOOST_TEST((world.proven() == std::set<ObjectKey>{k_api, k_web}));
}

BOOST_AUTO_TEST_CASE(looks_at_other_objects_count_for_nothing) {
    World world;
    world.choose(k_web, "1.0.0");
    world.look(k_one);
    world.look(k_two);
    world.proofs.forget();
    world.look(k_one);
    BOOST_TEST(world.proven().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::mirror::service
