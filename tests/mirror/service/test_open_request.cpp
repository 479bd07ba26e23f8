// What the service learns of open requests, from a forge that answers what a file says.
#include <filesystem>

#include <boost/test/unit_test.hpp>

#include "tests/mirror/service/running_service.h"
#include "tests/support/git_servers.h"
#include "tests/support/servers.h"

namespace tidemark::mirror::service {
namespace {

using namespace testing;
using tests::DockerRegistry;
using tests::GitRepository;
using tests::HttpGitServer;
using tests::Nginx;
using tests::TemporaryFolder;

const ObjectKey k_fleet{"flux-system", "fleet"};

/// An automation with a branch of its own, on a forge of its own.
struct Scene {
    TemporaryFolder folder;
    DockerRegistry registry{folder / "registry"};
    GitRepository remote{folder / "git/acme/fleet.git"};
    HttpGitServer git{folder / "git-http", folder / "git"};
    Nginx forge{folder / "forge",
                "server { listen 127.0.0.1:@PORT1@; root @FOLDER@/answers; "
                "location / { try_files /answer =502; } }"};
    Configuration configuration;

    Scene() {
        const std::string image = registry.host() + "/team/web";
        registry.add_tags("team/web", {"1.0.0", "1.1.0"});
        remote.commit("main", {{"web.yaml", marked(image, "1.0.0", "web")}});
        folder.write("objects/web.yaml", image_repository("web", image) + image_policy("web", "web") +
                                             git_repository("fleet", git.url(remote)) +
                                             automation("fleet", "fleet", "1h", "", "bumps"));
        configuration.state = folder / "state";
        configuration.object_folders = {folder / "objects"};
        ForgeSettings settings;
        settings.host = fmt::format("127.0.0.1:{}", git.port());
        settings.url = fmt::format("http://{}", forge.host());
        configuration.forges = {settings};
        none_open();
    }

    void answer(const std::string& text) { tests::write_text(folder / "forge/answers/answer", text); }
    void none_open() { answer("[]"); }
    void one_open() {
        answer(R"([{"number": 12, "state": "open", "title": "Bumps", "html_url": "https://git.example/12",
                    "head": {"ref": "bumps", "repo_id": 7}, "base": {"ref": "main", "repo_id": 7}}])");
    }
    void fail() { answer(R"({"message": "no"})"); }

    std::optional<store::RequestFacts> known() const {
        store::Store store(configuration.state, store::OpenMode::read_only);
        const auto facts = store.request_facts();
        const auto found = facts.find(k_fleet);
        return found == facts.end() ? std::nullopt : std::optional(found->second);
    }
    bool ready() const {
        store::Store store(configuration.state, store::OpenMode::read_only);
        const auto status = store.find_status(policy::ObjectKind::image_update_automation, k_fleet);
        return status && !status->conditions.empty() && status->conditions.front().status == "True";
    }
    static void look(RunningService& service) {
        service.ask(Verb::reconcile, policy::ObjectKind::image_update_automation, "fleet");
    }
};

bool lacks_programs() {
    return tests::skip_without({"docker-registry", "git", "nginx", "python3"});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_service_open_request)

BOOST_AUTO_TEST_CASE(a_request_is_known_from_its_opening_to_its_end) {
    if (lacks_programs()) return;
    Scene scene;
    RunningService service(scene.configuration);
    BOOST_TEST(service.words.hear("pushed"), service.words.all());
    Scene::look(service);
    BOOST_REQUIRE(scene.known().has_value());
    BOOST_TEST(scene.known()->number == 0);
    BOOST_TEST(scene.known()->repository == "acme/fleet");
    BOOST_TEST(scene.known()->asked.has_value());

    scene.one_open();
    Scene::look(service);
    BOOST_TEST(service.words.heard("request flux-system/fleet: #12 is open: Bumps") == 1u, service.words.all());
    BOOST_TEST(scene.known()->number == 12);
    BOOST_TEST(scene.known()->url == "https://git.example/12");

    scene.none_open();
    Scene::look(service);
    BOOST_TEST(service.words.heard("request flux-system/fleet: #12 is no longer open") == 1u, service.words.all());
    BOOST_TEST(scene.known()->number == 0);
    BOOST_TEST(scene.known()->title == "");

    // Merged, and its branch deleted.
    scene.remote.set_branch("main", *scene.remote.tip("bumps"));
    scene.remote.delete_branch("bumps");
    scene.fail();
    Scene::look(service);
    BOOST_TEST(!scene.known().has_value());
    BOOST_TEST(service.words.heard("could not be asked") == 0u, service.words.all());
}

BOOST_AUTO_TEST_CASE(a_forge_that_fails_makes_nothing_fail) {
    if (lacks_programs()) return;
    Scene scene;
    scene.one_open();
    RunningService service(scene.configuration);
    BOOST_TEST(service.words.hear("#12 is open"), service.words.all());
    scene.fail();
    for (int i = 0; i < 3; ++i)
        Scene::look(service);
    BOOST_TEST(service.words.heard("the forge could not be asked: ") == 1u, service.words.all());
    BOOST_TEST(scene.known()->problem.find("answered with no list of requests") != std::string::npos);
    BOOST_TEST(scene.known()->number == 12);
    BOOST_TEST(scene.ready());
    scene.one_open();
    for (int i = 0; i < 3; ++i)
        Scene::look(service);
    BOOST_TEST(service.words.heard("#12 is open") == 2u, service.words.all());
    BOOST_TEST(scene.known()->problem == "");
}

BOOST_AUTO_TEST_CASE(a_forge_that_does_not_answer_is_left_alone) {
    if (lacks_programs()) return;
    Scene scene;
    std::filesystem::remove(scene.folder / "forge/answers/answer");
    RunningService service(scene.configuration);
    BOOST_TEST(service.words.hear("answered 502"), service.words.all());
    scene.one_open();
    Scene::look(service);
    Scene::look(service);
    BOOST_TEST(scene.known()->problem.find("answered 502") != std::string::npos);
    BOOST_TEST(scene.ready());
    BOOST_TEST(!scene.known()->asked.has_value());
}

BOOST_AUTO_TEST_CASE(without_its_host_in_the_configuration_nobody_is_asked) {
    if (lacks_programs()) return;
    Scene scene;
    scene.one_open();
    {
        RunningService service(scene.configuration);
        BOOST_TEST(service.words.hear("#12 is open"), service.words.all());
    }
    BOOST_TEST(scene.known().has_value());
    scene.fail();
    for (const bool another : {true, false}) {
        scene.configuration.forges.front().host = "git.example";
        if (!another) scene.configuration.forges.clear();
        RunningService service(scene.configuration);
        BOOST_TEST(service.words.hear("objects taken"), service.words.all());
        Scene::look(service);
        BOOST_TEST(!scene.known().has_value());
        BOOST_TEST(service.words.heard("could not be asked") == 0u, service.words.all());
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::mirror::service
