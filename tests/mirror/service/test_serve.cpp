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

BOOST_AUTO_TEST_CASE(a_registry_and_a_remote_that_hang_hold_up_nobody_else) {
    if (tests::skip_without({"docker-registry", "git", "python3"})) return;
    Fleet fleet;
    const tests::OddServer silent_registry(fleet.folder / "silent", "silent");
    const tests::OddServer silent_remote(fleet.folder / "remote", "silent");
    fleet.folder.write("objects/silent.yaml",
                       image_repository("silent", silent_registry.host() + "/team/app") +
                           git_repository("silent", "http://" + silent_remote.host() + "/fleet.git") +
                           automation("silent", "silent", "1h", "team: other"));
    RunningService service(fleet.configuration());
    BOOST_TEST(service.words.hear("pushed"), service.words.all());
    fleet.registry.add_tags("team/web", {"1.2.0"});
    const TicketState state = service.ask(Verb::reconcile, ObjectKind::image_repository, "web");
    BOOST_TEST(state.ready == "True", state.message);
    BOOST_TEST(fleet.has("1.2.0"));
    // Both still hang: nobody waited for them.
    BOOST_TEST(service.words.heard("did not answer") == 0U, service.words.all());
    BOOST_TEST(service.live.facts().scans_waiting == 1U);
}

BOOST_AUTO_TEST_CASE(a_main_that_moved_is_noticed_at_the_interval_of_its_repository) {
    if (tests::skip_without({"docker-registry", "git"})) return;
    Fleet fleet;
    fleet.folder.write("objects/web.yaml", image_repository("web", fleet.image()) + image_policy("web", "web") +
                                               git_repository("fleet", fleet.remote.url(), "1s") +
                                               automation("fleet", "fleet"));
    RunningService service(fleet.configuration());
    BOOST_TEST(service.words.hear("pushed"), service.words.all());
    fleet.remote.commit("main", {{"more.yaml", marked(fleet.image(), "1.0.0", "web")}});
    BOOST_TEST(service.words.hear("1 file, 1 value"), service.words.all());
    for (int i = 0; i < 600 && fleet.remote.read("main", "more.yaml") != marked(fleet.image(), "1.1.0", "web"); ++i)
        service.words.hear_more();
    BOOST_TEST(fleet.remote.read("main", "more.yaml") == marked(fleet.image(), "1.1.0", "web"));
}

// Only what was scanned is decided on again; the branch is made of all that its automation writes.
BOOST_AUTO_TEST_CASE(a_branch_keeps_what_was_chosen_from_images_that_were_not_scanned_again) {
    if (tests::skip_without({"docker-registry", "git"})) return;
    Fleet fleet;
    const std::string api = fleet.registry.host() + "/team/api";
    fleet.registry.add_tags("team/api", {"1.0.0", "1.1.0"});
    fleet.remote.commit("main", {{"api.yaml", marked(api, "1.0.0", "api")}});
    fleet.folder.write("objects/web.yaml", image_repository("web", fleet.image(), "1s") + image_policy("web", "web") +
                                               image_repository("api", api) + image_policy("api", "api") +
                                               git_repository("fleet", fleet.remote.url()) +
                                               automation("fleet", "fleet", "1h", "", "bumps"));
    RunningService service(fleet.configuration());
    BOOST_TEST(service.words.hear("pushed"), service.words.all());
    const auto wait_for = [&](const std::string& web_tag) {
        const auto is_there = [&] {
            return fleet.remote.read("bumps", "web.yaml") == marked(fleet.image(), web_tag, "web") &&
                   fleet.remote.read("bumps", "api.yaml") == marked(api, "1.1.0", "api");
        };
        for (int i = 0; i < 600 && !is_there(); ++i)
            service.words.hear_more();
        return is_there();
    };
    BOOST_TEST(wait_for("1.1.0"), service.words.all());
    fleet.registry.add_tags("team/web", {"1.2.0"});
    BOOST_TEST(wait_for("1.2.0"), service.words.all());
}

BOOST_AUTO_TEST_CASE(a_git_source_that_was_never_fetched_holds_up_no_folder) {
    if (tests::skip_without({"docker-registry", "git", "python3"})) return;
    Fleet fleet;
    const tests::OddServer silent_remote(fleet.folder / "remote", "silent");
    Configuration configuration = fleet.configuration();
    GitObjects source;
    source.url = "http://" + silent_remote.host() + "/objects.git";
    configuration.object_repositories.push_back(source);
    RunningService service(configuration);
    BOOST_TEST(service.words.hear("pushed"), service.words.all());
    BOOST_TEST(service.words.hear("being fetched for the first time"), service.words.all());
}

BOOST_AUTO_TEST_CASE(objects_in_git_are_read_anew_when_their_branch_moved) {
    if (tests::skip_without({"docker-registry", "git"})) return;
    Fleet fleet;
    GitRepository objects(fleet.folder / "objects.git");
    objects.commit("main", {{"web.yaml", tests::read_text(fleet.folder / "objects/web.yaml")}});
    Configuration configuration = fleet.configuration();
    configuration.object_folders.clear();
    GitObjects source;
    source.url = objects.url();
    source.interval = std::chrono::seconds(1);
    configuration.object_repositories.push_back(source);
    RunningService service(configuration);
    BOOST_TEST(service.words.hear("pushed"), service.words.all());
    const std::size_t taken = service.words.heard("objects taken");
    objects.commit("main", {{"other.yaml", image_repository("other", fleet.registry.host() + "/team/other")}});
    BOOST_TEST(service.words.hear("team/other"), service.words.all());
    // Without the objects, with the first ones, with the other one: nothing was read for looks that found no news.
    BOOST_TEST(service.words.heard("objects taken") == taken + 1, service.words.all());
}

BOOST_AUTO_TEST_CASE(a_digest_is_written_when_its_registry_has_answered) {
    if (tests::skip_without({"docker-registry", "git"})) return;
    Fleet fleet;
    const std::string digest = fleet.registry.add_tags("team/web", {"1.1.0"});
    fleet.folder.write("objects/web.yaml",
                       image_repository("web", fleet.image()) +
                           image_policy("web", "web", ", digestReflectionPolicy: Always, interval: 1h") +
                           git_repository("fleet", fleet.remote.url()) + automation("fleet", "fleet"));
    RunningService service(fleet.configuration());
    BOOST_TEST(service.words.hear("pushed"), service.words.all());
    BOOST_TEST(fleet.has("1.1.0@" + digest));
}

BOOST_AUTO_TEST_CASE(a_pin_that_ends_between_two_intervals_is_decided_on_then) {
    if (tests::skip_without({"docker-registry", "git"})) return;
    Fleet fleet;
    RunningService service(fleet.configuration());
    BOOST_TEST(service.words.hear("pushed"), service.words.all());
    BOOST_TEST(fleet.has("1.1.0"));
    Command pin;
    pin.verb = Verb::pin;
    pin.object = {"flux-system", "web"};
    pin.who = "dana";
    pin.tag = "1.0.0";
    pin.until = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + std::chrono::seconds(12);
    BOOST_TEST(service.orders.submit(pin)->wait_for_end(std::chrono::minutes(1)).finished);
    BOOST_TEST(service.words.hear("stays at 1.0.0"), service.words.all());
    // Nothing else is due for an hour.
    BOOST_TEST(service.words.hear("1.0.0 → 1.1.0"), service.words.all());
    for (int i = 0; i < 600 && !fleet.has("1.1.0"); ++i)
        service.words.hear_more();
    BOOST_TEST(fleet.has("1.1.0"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::mirror::service
