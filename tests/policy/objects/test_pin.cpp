#include <boost/test/unit_test.hpp>

#include "policy/base/timestamp.h"
#include "policy/objects/read.h"

using namespace tidemark::policy;

namespace {

/// The policy flux-system/web with these annotations.
ImagePolicy read_policy(const std::string& annotations, std::string_view kind = "ImagePolicy") {
    const ObjectSet set = read_objects(
        {{"p.yaml", "apiVersion: image.toolkit.fluxcd.io/v1\nkind: " + std::string(kind) +
                        "\nmetadata:\n  name: web\n  namespace: flux-system\n  annotations:\n" + annotations +
                        "spec:\n  imageRepositoryRef: {name: web}\n  policy: {semver: {range: "
                        "1.x}}\n"}});
    BOOST_TEST_REQUIRE(set.image_policies.size() == 1U);
    return set.image_policies.begin()->second;
}

std::string findings_of(const ImagePolicy& policy) {
    std::string text;
    for (const Finding& finding : policy.metadata.findings)
        text += to_string(finding) + "\n";
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_objects_pin)

BOOST_AUTO_TEST_CASE(annotation_names_the_tag_that_stays) {
    const ImagePolicy policy = read_policy("    tidemark/pin: \"1.25.1\"\n");
    BOOST_TEST(findings_of(policy) == "");
    BOOST_TEST_REQUIRE(policy.pin.has_value());
    BOOST_TEST(policy.pin->tag == "1.25.1");
    BOOST_TEST(policy.pin->reason == "");
    BOOST_TEST(!policy.pin->until.has_value());
    BOOST_TEST(!read_policy("    other/pin: \"1.25.1\"\n").pin.has_value());
}

BOOST_AUTO_TEST_CASE(reason_and_end_are_annotations_of_their_own) {
    const ImagePolicy policy = read_policy(
        "    tidemark/pin: 1.25.1\n    tidemark/pin-reason: bug 4711\n    tidemark/pin-until: \"2026-12-01\"\n");
    BOOST_TEST(findings_of(policy) == "");
    BOOST_TEST_REQUIRE(policy.pin.has_value());
    BOOST_TEST(policy.pin->reason == "bug 4711");
    BOOST_TEST(format_timestamp(*policy.pin->until) == "2026-12-01T00:00:00Z");
}

BOOST_AUTO_TEST_CASE(what_is_no_tag_or_no_date_is_an_error_at_its_place) {
    const ImagePolicy tag = read_policy("    tidemark/pin: \"nginx:1.25\"\n");
    BOOST_TEST(!tag.pin.has_value());
    BOOST_TEST(!tag.metadata.valid());
    BOOST_TEST(findings_of(tag).find("p.yaml:7:19: ImagePolicy flux-system/web: annotation tidemark/pin is no tag: "
                                     "\"nginx:1.25\" (e.g. tidemark/pin: \"1.25.1\")") != std::string::npos);
    BOOST_TEST(!read_policy("    tidemark/pin: \"\"\n").metadata.valid());
    const ImagePolicy date = read_policy("    tidemark/pin: \"1\"\n    tidemark/pin-until: soon\n");
    BOOST_TEST(!date.pin.has_value());
    BOOST_TEST(findings_of(date).find("p.yaml:8:25: ") != std::string::npos);
    BOOST_TEST(!read_policy("    tidemark/pin: 1.25\n").metadata.valid());  // a number, as Kubernetes has it
}

BOOST_AUTO_TEST_CASE(what_has_no_effect_is_said) {
    const ImagePolicy lonely = read_policy("    tidemark/pin-reason: bug 4711\n");
    BOOST_TEST(lonely.metadata.valid());
    BOOST_TEST(findings_of(lonely).find("has no effect without tidemark/pin") != std::string::npos);
    BOOST_TEST(findings_of(read_policy("    tidemark/pim: \"1\"\n")).find("tidemark/pim is not known") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(same_policy_twice_with_another_pin_is_an_error) {
    const std::string head =
        "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\nmetadata:\n  name: web\n  annotations: "
        "{tidemark/pin: \"";
    const std::string rest = "\"}\nspec:\n  imageRepositoryRef: {name: web}\n  policy: {semver: {range: 1.x}}\n---\n";
    BOOST_TEST(!has_errors(read_objects({{"p.yaml", head + "1" + rest + head + "1" + rest}}).findings));
    BOOST_TEST(has_errors(read_objects({{"p.yaml", head + "1" + rest + head + "2" + rest}}).findings));
}

BOOST_AUTO_TEST_SUITE_END()
