// Objects through the command line: created, shown with their state, exported.
#include <boost/test/unit_test.hpp>

#include "mirror/store/store.h"
#include "tests/mirror/cli/invoke.h"
#include "tests/support/process.h"

using namespace tidemark;
using namespace tidemark::tests;
namespace fs = std::filesystem;

namespace {

struct Places {
    TempFolder root;
    std::string objects = (root / "objects").string();
    std::string secrets = (root / "secrets").string();
    std::string state = (root / "state").string();

    Places() { fs::create_directory(objects); }

    Invocation run(std::vector<std::string> line) const {
        line.insert(line.end(), {"--objects", objects, "--secrets", secrets, "--state", state});
        return invoke(line);
    }
};

fs::perms mode_of(const fs::path& path) {
    return fs::status(path).permissions();
}

constexpr const char* k_repository =
    "apiVersion: image.toolkit.fluxcd.io/v1\n"
    "kind: ImageRepository\n"
    "metadata: {name: web, namespace: flux-system}  # the shop\n"
    "spec: {image: ghcr.io/acme/web, interval: 5m, suspend: false, timeout: null}\n";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mirror_cli_objects, Places)

BOOST_AUTO_TEST_CASE(create_writes_a_file_that_get_then_shows) {
    const Invocation created = run({"create", "image", "repository", "web", "--image=ghcr.io/acme/web"});
    BOOST_TEST(created.exit == 0, created.err);
    const fs::path file = fs::path(objects) / "flux-system/imagerepository-web.yaml";
    BOOST_TEST(contains(created.err, "✔ wrote " + file.string()));
    BOOST_TEST((mode_of(file) == fs::perms(0644)));
    BOOST_TEST(contains(read_text(file), "image: ghcr.io/acme/web\n"));
    const Invocation shown = run({"get", "image", "repository", "--no-header"});
    BOOST_TEST(shown.exit == 0, shown.err);
    BOOST_TEST(contains(shown.out, "web\t"));
    BOOST_TEST(contains(shown.out, "waiting to be reconciled"));
}

BOOST_AUTO_TEST_CASE(create_takes_no_namespace_as_a_way_out_of_the_folder) {
    const Invocation result = run({"create", "image", "repository", "web", "--image=ghcr.io/acme/web", "-n", "../out"});
    BOOST_TEST(result.exit == 1);
    BOOST_TEST(!fs::exists(root / "out"));
}

BOOST_AUTO_TEST_CASE(a_secret_can_be_read_by_its_owner_alone) {
    const Invocation result = run({"create", "secret", "git", "fleet", "--url=https://git.example/fleet",
                                   "--username=robot", "--password=canary-1f"});
    BOOST_TEST(result.exit == 0, result.err);
    const fs::path folder = fs::path(secrets) / "flux-system/fleet";
    BOOST_TEST((mode_of(folder) == fs::perms(0700)));
    BOOST_TEST((mode_of(folder / "password") == fs::perms(0600)));
    BOOST_TEST(read_text(folder / "password") == "canary-1f");
    BOOST_TEST(!contains(result.out + result.err, "canary-1f"));
}

BOOST_AUTO_TEST_CASE(init_names_a_secret_only_where_it_is_missing) {
    const auto next = [&](const std::vector<std::string>& further) {
        const fs::path fleet = root / "fleet";
        fs::remove_all(fleet);
        fs::create_directory(fleet);
        write_text(fleet / "web.yaml", "kind: Pod\nspec:\n  containers:\n  - image: ghcr.io/acme/web:1.25.1\n");
        std::vector<std::string> line = {"init", fleet.string(), "--write", "--url=https://git.example/fleet.git"};
        line.insert(line.end(), further.begin(), further.end());
        const Invocation written = run(line);
        BOOST_TEST(written.exit == 0, written.err);
        return written.err.substr(written.err.find("next:"));
    };
    BOOST_TEST(contains(next({}), "if it wants one: tidemark create secret git"));
    BOOST_TEST(!contains(next({}), "create secret"), "its GitRepository is there and names none");
    fs::remove_all(objects);
    fs::create_directory(objects);
    BOOST_TEST(
        contains(next({"--secret-ref=fleet"}), "the Secret flux-system/fleet: tidemark create secret git fleet"));
    BOOST_TEST(contains(next({}), "the Secret flux-system/fleet"), "its GitRepository is there and names it");
    const Invocation created = run({"create", "secret", "git", "fleet", "--url=https://git.example/fleet",
                                    "--username=robot", "--password=canary-1f"});
    BOOST_TEST(created.exit == 0, created.err);
    BOOST_TEST(!contains(next({}), "create secret"));
    BOOST_TEST(!contains(next({"--secret-ref=fleet"}), "create secret"));
}

BOOST_AUTO_TEST_CASE(get_shows_what_the_last_pass_found) {
    write_text(root / "objects/web.yaml", k_repository);
    mirror::store::ObjectStatus status;
    status.conditions.push_back({"Ready", "True", "Succeeded", "successful scan: found 50 tags", {}});
    {
        mirror::store::Store store(state, mirror::store::OpenMode::write);
        mirror::store::Store::Transaction transaction(store);
        store.put_status(policy::ObjectKind::image_repository, {"flux-system", "web"}, status);
        transaction.commit();
    }
    const Invocation result = run({"get", "images", "all"});
    BOOST_TEST(result.exit == 0, result.err);
    BOOST_TEST(contains(result.out, "imagerepository/web"));
    BOOST_TEST(contains(result.out, "True"));
    BOOST_TEST(contains(result.out, "successful scan: found 50 tags"));
}

BOOST_AUTO_TEST_CASE(an_object_that_became_wrong_since_says_so) {
    write_text(root / "objects/web.yaml", std::string(k_repository) + "extra: 1\n");
    const Invocation result = run({"get", "image", "repository"});
    BOOST_TEST(contains(result.out, "web.yaml:5"));
    BOOST_TEST(contains(result.out, "False"));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_yaml_is_a_warning_beside_the_table) {
    write_text(root / "objects/web.yaml", k_repository);
    write_text(root / "objects/broken.yaml", "apiVersion: image.toolkit.fluxcd.io/v1\nkind: [\n");
    const Invocation result = run({"get", "image", "repository"});
    BOOST_TEST(result.exit == 0);
    BOOST_TEST(contains(result.err, "broken.yaml"));
    BOOST_TEST(contains(result.out, "web"));
}

BOOST_AUTO_TEST_CASE(get_without_objects_says_how_to_name_some) {
    const Invocation result = invoke({"get", "images", "all", "--state", state});
    BOOST_TEST(result.exit == 1);
    BOOST_TEST(contains(result.err, "--objects DIR"));
}

BOOST_AUTO_TEST_CASE(export_prints_an_object_as_it_is_written_without_what_is_null) {
    write_text(root / "objects/list.yaml",
               "---\nkind: Namespace\napiVersion: v1\nmetadata: {name: x}\n---\n"
               "apiVersion: v1\nkind: List\nitems:\n"
               "- apiVersion: image.toolkit.fluxcd.io/v1beta2\n  kind: ImagePolicy\n"
               "  metadata: {name: web, namespace: flux-system, labels: {team: \"1\"}, resourceVersion: \"7\"}\n"
               "  spec: {imageRepositoryRef: {name: web}, policy: {semver: {range: \"1.0\"}}}\n"
               "  status: {observedGeneration: 1}\n");
    write_text(root / "objects/web.yaml", k_repository);
    Invocation result = run({"export", "image", "repository", "web"});
    BOOST_TEST(result.exit == 0, result.err);
    BOOST_TEST(result.out ==
               "---\napiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nmetadata:\n"
               "  name: web\n  namespace: flux-system\nspec:\n  image: ghcr.io/acme/web\n"
               "  interval: 5m\n  suspend: false\n");
    result = run({"export", "image", "policy", "--all"});
    BOOST_TEST(result.out ==
               "---\napiVersion: image.toolkit.fluxcd.io/v1beta2\nkind: ImagePolicy\nmetadata:\n"
               "  labels:\n    team: \"1\"\n  name: web\n  namespace: flux-system\nspec:\n"
               "  imageRepositoryRef:\n    name: web\n  policy:\n    semver:\n      range: \"1.0\"\n");
    result = run({"export", "source", "git", "none"});
    BOOST_TEST(result.exit == 1);
    BOOST_TEST(result.err == "✗ gitrepositories.source.toolkit.fluxcd.io \"none\" not found\n");
}

BOOST_AUTO_TEST_SUITE_END()
