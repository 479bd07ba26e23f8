#include <boost/test/unit_test.hpp>
#include <simdjson.h>

#include "mirror/base/error.h"
#include "mirror/cli/image_arguments.h"
#include "tests/mirror/cli/invoke.h"
#include "tests/support/process.h"

using namespace tidemark;
using namespace tidemark::mirror::cli;
using namespace tidemark::tests;

namespace {

struct Folder {
    TempFolder root;
    std::string path = root.path().string();

    Folder() {
        write_text(root / "apps/web.yaml",
                   "kind: Deployment\n"
                   "image: nginx:1.25.1 # {\"$imagepolicy\": \"flux-system:web\"}\n");
        write_text(root / "apps/api.yaml", "tag: 1.4.0 # {\"$imagepolicy\": \"flux-system:api:tag\"}\n");
        write_text(root / "other.yaml", "image: nginx:1.25.1 # {\"$imagepolicy\": \"flux-system:web\"}\n");
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mirror_cli_set, Folder)

BOOST_AUTO_TEST_CASE(an_image_argument_names_policy_name_tag_and_digest) {
    const policy::PolicyReference plain = parse_image_argument("flux-system/web=localhost:5000/acme/web:1.2.3");
    BOOST_TEST(plain.policy_namespace == "flux-system");
    BOOST_TEST(plain.policy_name == "web");
    BOOST_TEST(plain.latest.name == "localhost:5000/acme/web");
    BOOST_TEST(plain.latest.tag == "1.2.3");
    BOOST_TEST(plain.latest.digest.empty());
    BOOST_TEST(parse_image_argument("a:b=nginx:1@sha256:00").latest.digest == "sha256:00");
    for (const char* text : {"", "a/b", "a=nginx:1", "/b=nginx:1", "a/=nginx:1", "a/b=", "a/b=nginx", "a/b=host:5000/x",
                             "a/b=:1", "a/b=nginx:"})
        BOOST_CHECK_THROW(parse_image_argument(text), mirror::Error);
}

BOOST_AUTO_TEST_CASE(values_are_set_and_told_a_line_each) {
    const Invocation result =
        invoke({"set", path, "--image", "flux-system/web=nginx:1.25.3", "--image", "flux-system/api=acme/api:1.4.2"});
    BOOST_TEST(result.exit == 0);
    BOOST_TEST(result.out ==
               "apps/api.yaml:1  1.4.0 → 1.4.2  flux-system:api:tag\n"
               "apps/web.yaml:2  nginx:1.25.1 → nginx:1.25.3  flux-system:web\n"
               "other.yaml:1  nginx:1.25.1 → nginx:1.25.3  flux-system:web\n");
    BOOST_TEST(contains(result.err, "✔ set 3 values in 3 files"));
    BOOST_TEST(read_text(root / "apps/web.yaml") ==
               "kind: Deployment\nimage: nginx:1.25.3 # {\"$imagepolicy\": \"flux-system:web\"}\n");
}

BOOST_AUTO_TEST_CASE(a_policy_that_no_marker_names_is_told) {
    const Invocation result = invoke({"set", path, "--image", "flux-system/web=nginx:1.25.1", "--image",
                                      "flux-system/we=nginx:1.25.3", "--image", "flux-system/api=acme/api:1.4.0"});
    BOOST_TEST(result.exit == 0);
    BOOST_TEST(result.err.find("ImagePolicy flux-system/we: no marker in the files that were read names it") !=
               std::string::npos);
    BOOST_TEST(result.err.find("flux-system/web") == std::string::npos);
    BOOST_TEST(result.err.find("flux-system/api") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_dry_run_writes_nothing) {
    const std::string before = read_text(root / "apps/web.yaml");
    const Invocation result = invoke({"set", path, "--image", "flux-system/web=nginx:1.25.3", "--dry-run"});
    BOOST_TEST(result.exit == 0);
    BOOST_TEST(contains(result.err, "would set 2 values"));
    BOOST_TEST(read_text(root / "apps/web.yaml") == before);
}

BOOST_AUTO_TEST_CASE(an_update_path_bounds_the_work_and_paths_count_from_the_folder) {
    for (const char* below : {"apps", "./apps/", "apps/web.yaml", "../apps"}) {
        const Invocation result =
            invoke({"set", path, "--image", "flux-system/web=nginx:1.25.3", "--update-path", below, "--dry-run"});
        BOOST_TEST(result.out == "apps/web.yaml:2  nginx:1.25.1 → nginx:1.25.3  flux-system:web\n", below);
    }
}

BOOST_AUTO_TEST_CASE(images_come_from_a_file_and_arguments_go_before_it) {
    write_text(root / "choices.json", R"([
        {"namespace": "flux-system", "name": "web", "latest": {"name": "nginx", "tag": "1.25.2", "digest": ""}},
        {"namespace": "flux-system", "name": "api", "latest": {"name": "acme/api", "tag": "1.4.1"}}])");
    const Invocation result = invoke({"set", path, "--images", (root / "choices.json").string(), "--image",
                                      "flux-system/web=nginx:1.25.3", "-o", "json"});
    BOOST_TEST(result.exit == 0);
    simdjson::dom::parser parser;
    const auto data = parser.parse(result.out);
    BOOST_TEST(data["filesWritten"].get_int64().value() == 3);
    BOOST_TEST(data["changes"].get_array().size() == 3U);
    BOOST_TEST(std::string(data["changes"].at(0)["new"].get_c_str().value()) == "1.4.1");
    BOOST_TEST(std::string(data["changes"].at(1)["new"].get_c_str().value()) == "nginx:1.25.3");
}

BOOST_AUTO_TEST_CASE(a_broken_file_with_a_marker_fails_and_the_others_are_set) {
    write_text(root / "bad.yaml", "a: [ # {\"$imagepolicy\": \"flux-system:web\"}\n");
    write_text(root / "template.yaml", "{{ if }}\n");
    const Invocation result = invoke({"set", path, "--image", "flux-system/web=nginx:1.25.3"});
    BOOST_TEST(result.exit == 1);
    BOOST_TEST(contains(result.err, "✗ bad.yaml"));
    BOOST_TEST(contains(result.err, "1 file not set"));
    BOOST_TEST(!contains(result.err, "template.yaml"));
    BOOST_TEST(contains(result.out, "other.yaml:1"));
}

BOOST_AUTO_TEST_CASE(an_image_that_is_no_reference_is_a_mistake) {
    const Invocation result = invoke({"set", path, "--image", "flux-system/web=NGINX:1.25.3"});
    BOOST_TEST(result.exit == 1);
    BOOST_TEST(contains(result.err, "ImagePolicy flux-system/web"));
    BOOST_TEST(result.out.empty());
}

BOOST_AUTO_TEST_CASE(control_characters_of_a_file_do_not_reach_the_terminal) {
    write_text(root / "evil.yaml", "image: \"\\e[2Jx\" # {\"$imagepolicy\": \"flux-system:web\"}\n");
    const Invocation result = invoke({"set", path, "--image", "flux-system/web=nginx:1.25.3", "--dry-run"});
    BOOST_TEST(contains(result.out, "evil.yaml:1  \\x1b[2Jx → nginx:1.25.3"));
}

BOOST_AUTO_TEST_CASE(wrong_usage_says_what_to_give) {
    const std::vector<std::vector<std::string>> lines = {{"set"},
                                                         {"set", path},
                                                         {"set", path, "extra", "--image", "a/b=nginx:1"},
                                                         {"set", "/nonexistent", "--image", "a/b=nginx:1"},
                                                         {"set", path, "--images", "/nonexistent"},
                                                         {"set", path, "--images", path + "/other.yaml"}};
    for (const auto& line : lines) {
        const Invocation result = invoke(line);
        BOOST_TEST(result.exit == 1);
        BOOST_TEST(result.err.starts_with("✗ "));
    }
}

BOOST_AUTO_TEST_SUITE_END()
