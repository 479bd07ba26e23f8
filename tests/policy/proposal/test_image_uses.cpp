#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "policy/proposal/image_uses.h"

using namespace tidemark::policy::proposal;

namespace {

/// "LINE IMAGE TAG DIGEST [tag] !OBSTACLE @SETTER", a line each.
std::string uses_in(const std::string& text) {
    std::string result;
    for (const ImageUse& use : find_image_uses(text, "a.yaml").uses) {
        result += fmt::format("{} {} {}{}{}", use.line, use.image, use.tag, use.digest.empty() ? "" : "@" + use.digest,
                              use.part == MarkedPart::tag ? " [tag]" : "");
        if (!use.obstacle.empty()) result += " !" + use.obstacle.substr(0, use.obstacle.find(' ', 8));
        if (!use.setter.empty()) result += " @" + use.setter;
        result += '\n';
    }
    return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_proposal_image_uses)

BOOST_AUTO_TEST_CASE(containers_of_any_kind_are_found) {
    BOOST_TEST(
        uses_in("kind: Deployment\nspec:\n  template:\n    spec:\n      initContainers:\n      - image: a/bb:1.0.0\n"
                "      containers:\n      - image: \"cc:2.0.0\"\n      - image: 127.0.0.1:5000/dd\n"
                "---\nkind: List\nitems:\n- kind: Pod\n  spec:\n    containers: [{image: ee:1.0.0}]\n") ==
        "6 a/bb 1.0.0\n8 cc 2.0.0\n9 127.0.0.1:5000/dd \n15 ee 1.0.0 !it stands\n");
}

BOOST_AUTO_TEST_CASE(image_elsewhere_counts_where_a_tag_is_written) {
    BOOST_TEST(
        uses_in(
            "services:\n  db:\n    image: mysql:8.0.36\nlogo:\n  image: pictures/logo.png\nother:\n  image: web\n") ==
        "3 mysql 8.0.36\n");
}

BOOST_AUTO_TEST_CASE(kustomize_and_helm_mark_the_tag) {
    BOOST_TEST(
        uses_in(
            "images:\n- name: web\n  newName: ghcr.io/acme/web\n  newTag: 1.25.1\n- name: api\n  newTag: \"2.0.0\"\n"
            "- name: db\n  digest: sha256:00\nimage:\n  registry: quay.io\n  repository: acme/chart\n  tag: 3.0.0\n"
            "sidecarImage:\n  repository: acme/side\n  tag: ''\n") ==
        "4 ghcr.io/acme/web 1.25.1 [tag]\n6 api 2.0.0 [tag]\n12 quay.io/acme/chart 3.0.0 [tag]\n");
}

BOOST_AUTO_TEST_CASE(markers_are_known_and_obstacles_named) {
    BOOST_TEST(uses_in("a:\n  image: aa:1.0.0 # {\"$imagepolicy\": \"x:y\"}\nb:\n  image: bb:1.0.0 # mine\nc:\n  "
                       "image: &i cc:1.0.0\n"
                       "d:\n  image: *i\ne: {image: ee:1.0.0}\nf:\n  image: >-\n    ff:1.0.0\n") ==
               "2 aa 1.0.0 @x:y\n4 bb 1.0.0 !its line\n6 cc 1.0.0 !it is written\n9 ee 1.0.0 !it stands\n"
               "11 ff 1.0.0 !it is written\n");
}

BOOST_AUTO_TEST_CASE(objects_of_the_automation_are_no_manifests) {
    BOOST_TEST(uses_in("apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nspec:\n  image: a/bb:1.0.0\n") ==
               "");
}

BOOST_AUTO_TEST_CASE(line_end_is_before_the_line_break_and_counts_bytes) {
    const FileUses uses = find_image_uses("\xEF\xBB\xBF# für uns\r\nimage: aa:1.0.0  \r\nother: 1\n", "a.yaml");
    BOOST_REQUIRE_EQUAL(uses.uses.size(), 1U);
    BOOST_TEST(uses.uses[0].obstacle == "");
    BOOST_TEST(uses.uses[0].line == 2U);
    BOOST_TEST(uses.uses[0].line_end == 32U);
}

BOOST_AUTO_TEST_CASE(what_is_no_yaml_is_said_once_and_templates_name_no_image) {
    BOOST_TEST(!find_image_uses("a: [\n", "a.yaml").problem.empty());
    BOOST_TEST(uses_in("a:\n  image: \"{{ .Values.image }}:1.0.0\"\nb:\n  image: web:${TAG}\n") == "");
}

BOOST_AUTO_TEST_SUITE_END()
