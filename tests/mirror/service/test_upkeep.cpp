// What the service does for the files of its state folder.
#include <filesystem>
#include <fstream>

#include <boost/test/unit_test.hpp>

#include "mirror/git/remote_mirror.h"
#include "mirror/service/sources.h"
#include "tests/mirror/service/running_service.h"
#include "tests/support/git_servers.h"
#include "tests/support/servers.h"

namespace tidemark::mirror::service {
namespace {

using namespace testing;
using tests::DockerRegistry;
using tests::GitRepository;
using tests::TemporaryFolder;

struct Fleet {
    Fleet() {
        registry.add_tags("team/web", {"1.0.0", "1.1.0"});
        remote.commit("main", {{"web.yaml", marked(image(), "1.0.0", "web")}});
        folder.write("objects/web.yaml", image_repository("web", image()) + image_policy("web", "web") +
                                             git_repository("fleet", remote.url()) + automation("fleet", "fleet"));
        configuration.state = folder / "state";
        configuration.object_folders = {folder / "objects"};
    }
    std::string image() const { return registry.host() + "/team/web"; }
    std::filesystem::path mirror() const { return mirror_path(configuration.state, remote.url()); }

    TemporaryFolder folder;
    DockerRegistry registry{folder / "registry"};
    GitRepository remote{folder / "fleet.git"};
    Configuration configuration;
};

/// How many objects lie in packs.
std::size_t count_packed(const std::filesystem::path& mirror) {
    const std::string counts = GitRepository(mirror, GitRepository::existing).git({"count-objects", "-v"});
    const std::string_view key = "in-pack: ";
    return std::stoul(counts.substr(counts.find(key) + key.size()));
}

/// A state file that is large, and damaged where only reading all of it shows: in the midst of one long value.
void damage_a_large_state(const std::filesystem::path& folder) {
    constexpr std::size_t k_size = std::size_t{20} << 20U;
    {
        store::Store store(folder, store::OpenMode::write);
        store::ObjectStatus status;
        status.canonical_name.assign(k_size, 'x');
        store.put_status(policy::ObjectKind::image_repository, {"elsewhere", "large"}, status);
    }
    std::string bytes = tests::read_text(folder / "state.db");
    BOOST_REQUIRE(bytes.size() > k_size);
    constexpr std::size_t k_page = 4096;
    bytes.replace(bytes.size() / 2 / k_page * k_page, k_page, k_page, '\0');
    std::ofstream(folder / "state.db", std::ios::binary) << bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_service_upkeep)

BOOST_AUTO_TEST_CASE(a_mirror_of_many_small_pieces_is_packed_after_the_push) {
    if (tests::skip_without({"docker-registry", "git"})) return;
    Fleet fleet;
    {
        RunningService service(fleet.configuration);
        BOOST_TEST(service.words.hear("pushed"), service.words.all());
    }
    const std::size_t before = count_packed(fleet.mirror());
    for (int i = 0; i < 50; ++i)
        fleet.folder.write((fleet.mirror() / "objects/17" / std::to_string(i)).string(), "");
    fleet.registry.add_tags("team/web", {"1.2.0"});
    RunningService service(fleet.configuration);
    service.ask(Verb::reconcile, policy::ObjectKind::image_policy, "web");
    BOOST_TEST(service.words.hear("pushed"), service.words.all());
    for (int i = 0; i < 600 && count_packed(fleet.mirror()) == before; ++i)
        service.words.hear_more();
    BOOST_TEST(count_packed(fleet.mirror()) > before);
}

BOOST_AUTO_TEST_CASE(damage_of_a_large_state_is_found_after_the_start_and_the_work_goes_on_with_a_new_one) {
    if (tests::skip_without({"docker-registry", "git"})) return;
    Fleet fleet;
    damage_a_large_state(fleet.configuration.state);
    RunningService service(fleet.configuration);
    BOOST_TEST(service.words.hear("the pass was lost"), service.words.all());
    BOOST_TEST(service.words.hear("set aside as"), service.words.all());
    BOOST_TEST(service.words.hear("pushed"), service.words.all());
    BOOST_TEST(service.words.hear("passes go through again"), service.words.all());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::mirror::service
