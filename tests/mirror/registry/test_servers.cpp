// The test servers themselves: what other tests lean on.
#include <boost/test/unit_test.hpp>

#include "tests/support/servers.h"

namespace tidemark::tests {

BOOST_AUTO_TEST_SUITE(support_servers)

BOOST_AUTO_TEST_CASE(a_command_gives_its_output_and_exit_code) {
    const CommandResult result =
        run_command({"sh", "-c", "cat; echo $WORD >&2; exit 3"}, {.input = "in", .environment = {{"WORD", "out"}}});
    BOOST_TEST(result.output == "in");
    BOOST_TEST(result.error == "out\n");
    BOOST_TEST(result.exit_code == 3);
    BOOST_CHECK_THROW(run_checked({"false"}), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_registry_lists_tags_put_into_its_storage) {
    if (skip_without({"docker-registry", "curl"})) return;
    const TempFolder folder;
    DockerRegistry registry(folder / "registry");
    const std::string digest = registry.add_tags("team/app", {"1.0.0"});
    const std::string url = "http://" + registry.host() + "/v2/team/app/";
    BOOST_TEST(run_checked({"curl", "-sS", "--fail", url + "tags/list"}).find("1.0.0") != std::string::npos);
    const std::string head =
        run_checked({"curl", "-sS", "--fail", "-I", "-H", "Accept: application/vnd.oci.image.manifest.v1+json",
                     url + "manifests/1.0.0"});
    BOOST_TEST(head.find(digest) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::tests
