#include <boost/test/unit_test.hpp>

#include "tests/mirror/service/running_service.h"
#include "tests/support/git_servers.h"
#include "tests/support/servers.h"

namespace tidemark::mirror::service {
namespace {

using namespace testing;
using policy::ObjectKind;
using tests::DockerRegistry;
using tests::GitRepository;
using tests::TemporaryFolder;

/// One image, one repository, one automation that writes main.
struct Fleet {
    Fleet() {
        registry.add_tags("team/web", {"1.0.0", "1.1.0"});
        remote.commit("main", {{"web.yaml", marked(image(), "1.0.0", "web")}});
        folder.write("objects/web.yaml", image_repository("web", image()) + image_policy("web", "web") +
                                             git_repository("fleet", remote.url()) + automation("fleet", "fleet"));
    }
    std::string image() const { return registry.host() + "/team/web"; }
    Configuration configuration() const {
        Configuration configuration;
        configuration.state = folder / "state";
        configuration.object_folders = {folder / "objects"};
        return configuration;
    }
    bool has(const std::string& tag) const { return remote.read("main", "web.yaml") == marked(image(), tag, "web"); }

    TemporaryFolder folder;
    DockerRegistry registry{folder / "registry"};
    GitRepository remote{folder / "fleet.git"};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_service_serve)

BOOST_AUTO_TEST_CASE(a_reconcile_is_answered_and_ends_when_its_work_is_in_git) {
    if (tests::skip_without({"docker-registry", "git"})) return;
    Fleet fleet;
    RunningService service(fleet.configuration());
    BOOST_TEST(service.words.hear("pushed"), service.words.all());
    BOOST_TEST(fleet.has("1.1.0"));

    fleet.registry.add_tags("team/web", {"1.2.0"});
    const TicketState state = service.ask(Verb::reconcile, ObjectKind::image_policy, "web");
    BOOST_REQUIRE(state.answer.has_value());
    BOOST_TEST(state.answer->accepted, state.answer->message);
    BOOST_TEST(state.finished);
    BOOST_TEST(state.ready == "True", state.message);
    BOOST_TEST(service.words.hear("1.1.0 → 1.2.0"), service.words.all());
    BOOST_TEST(fleet.has("1.2.0"));

    const Counters counters = service.live.counters();
    BOOST_TEST(counters.commits == 2U);
    BOOST_TEST(counters.pushes.at("ok") == 2U);
    BOOST_TEST((counters.scans.at({fleet.registry.host(), "changed"})) == 2U);
    BOOST_REQUIRE(service.live.workspace());
    BOOST_TEST(service.live.workspace()->objects.image_policies.size() == 1U);
    BOOST_TEST(service.live.turns()->contains({ObjectKind::image_repository, {"flux-system", "web"}}));
    BOOST_TEST(service.live.facts().ready);
}

BOOST_AUTO_TEST_CASE(a_command_about_nothing_is_refused_at_once) {
    if (tests::skip_without({"docker-registry", "git"})) return;
    Fleet fleet;
    RunningService service(fleet.configuration());
    const TicketState state = service.ask(Verb::reconcile, ObjectKind::image_policy, "nobody");
    BOOST_REQUIRE(state.answer.has_value());
    BOOST_TEST(!state.answer->accepted);
    BOOST_TEST(state.finished);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::mirror::service
