#include "tests/policy/objects/support.h"

using namespace tidemark::policy;
using namespace tidemark::policy::test;

namespace {

const std::string k_v1 = "image.toolkit.fluxcd.io/v1";
const std::string k_repository = "image: ghcr.io/org/app\ninterval: 5m";

std::string named(const std::string& name, const std::string& rest = "") {
    return "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nmetadata: {name: " + name + rest +
           "}\nspec: {image: ghcr.io/org/app, interval: 5m}\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_objects_read)

BOOST_AUTO_TEST_CASE(objects_of_several_documents_and_files_make_one_set) {
    const ObjectSet set =
        read_objects({{"a.yaml", named("a") + "---\n" + named("b")}, {"c.yaml", named("c", ", namespace: other")}});
    BOOST_TEST(set.image_repositories.size() == 3U);
    BOOST_TEST(lines_of(set.findings) == "");
    BOOST_TEST(set.image_repositories.count({"default", "a"}) == 1U);
    BOOST_TEST(set.image_repositories.count({"other", "c"}) == 1U);
    BOOST_TEST(to_string(set.image_repositories.at({"default", "b"}).metadata.place) == "a.yaml:6:1");
}

BOOST_AUTO_TEST_CASE(lists_are_taken_apart) {
    const std::string item =
        R"({"apiVersion":"image.toolkit.fluxcd.io/v1","kind":"ImageRepository","metadata":{"name":"NAME"},"spec":{"image":"a.b/cd","interval":"1m"}})";
    auto with = [&](const std::string& name) { return std::string(item).replace(item.find("NAME"), 4, name); };
    const ObjectSet set = read("{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[" + with("a") + "," + with("b") +
                               ",{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[" + with("c") + "]}]}");
    BOOST_TEST(set.image_repositories.size() == 3U);
    const ObjectSet typed =
        read("apiVersion: v1\nkind: SecretList\nitems:\n- metadata: {name: s}\n  stringData: {a: b}\n");
    BOOST_TEST(typed.secrets.size() == 1U);
}

BOOST_AUTO_TEST_CASE(other_kinds_are_skipped_and_counted) {
    const ObjectSet set =
        read_objects({{"a.yaml", "kind: Deployment\napiVersion: apps/v1\n---\nkind: Service\n"},
                      {"b.yaml", "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nx: [\n---\n" + named("a")},
                      {"c.yaml", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n---\n- list\n"}});
    BOOST_TEST(set.skipped == 4U);
    BOOST_TEST(set.image_repositories.size() == 1U);
}

BOOST_AUTO_TEST_CASE(broken_yaml_is_a_finding_with_its_place_and_stops_only_its_document) {
    const ObjectSet set = read(named("a") + "---\nx: [1\n---\n" + named("b"));
    BOOST_TEST(set.image_repositories.size() == 2U);
    BOOST_TEST(mentions(set.findings, "f.yaml:7:1: not readable as YAML"));
    BOOST_TEST(has_errors(set.findings));
}

BOOST_AUTO_TEST_CASE(broken_yaml_without_an_object_is_at_most_a_warning) {
    BOOST_TEST(read("{{ if .Values.x }}\n").findings.empty());
    const ObjectSet set = read("kind: Secret\n{{ if .Values.x }}\n");
    BOOST_TEST(set.findings.size() == 1U);
    BOOST_TEST(!has_errors(set.findings));
}

BOOST_AUTO_TEST_CASE(what_a_cluster_adds_is_passed_over) {
    const ObjectSet set = read(
        "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nmetadata:\n  name: a\n  creationTimestamp: "
        "\"2026-01-01T00:00:00Z\"\n"
        "  finalizers: [finalizers.fluxcd.io]\n  generation: 3\n  resourceVersion: \"12\"\n  uid: x\n  managedFields: "
        "[{manager: x}]\n"
        "  ownerReferences: []\nspec: {image: a.b/cd, interval: 1m}\nstatus: {observedGeneration: 1, conditions: [{a: "
        "b}]}\n");
    BOOST_TEST(lines_of(only(set.image_repositories).metadata.findings) == "");
}

BOOST_AUTO_TEST_CASE(object_without_a_name_is_a_finding_of_the_set) {
    const ObjectSet set = read("apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\nmetadata: {}\nspec: {}\n");
    BOOST_TEST(set.image_policies.empty());
    BOOST_TEST(mentions(set.findings, "metadata.name is missing"));
}

BOOST_AUTO_TEST_CASE(mistakes_in_metadata_are_findings_of_the_object) {
    const ObjectSet set = read(
        "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nmetadata:\n  name: Web_1\n  namespace: a.b\n  "
        "lables: {a: b}\n"
        "  labels: {a: 1.0, \"x y\": z}\n  annotations: {tidemark/pin: \"1\", other/x: y}\nspec: {image: a.b/cd, "
        "interval: 1m}\n");
    const Findings& findings = only(set.image_repositories).metadata.findings;
    BOOST_TEST(mentions(findings, "f.yaml:4:9: ImageRepository a.b/Web_1: metadata.name is no object name"));
    BOOST_TEST(mentions(findings, "metadata.namespace is no namespace"));
    BOOST_TEST(mentions(findings, "unknown field metadata.lables (did you mean labels?)"));
    BOOST_TEST(mentions(findings, "metadata.labels.a must be text, but 1.0 is a number"));
    BOOST_TEST(mentions(findings, "metadata.labels: key x y"));
    BOOST_TEST(mentions(findings,
                        "warning: ImageRepository a.b/Web_1: annotation tidemark/pin is not known to this version for "
                        "ImageRepository"));
    BOOST_TEST(!mentions(findings, "other/x"));
}

BOOST_AUTO_TEST_CASE(unknown_kinds_and_versions_of_the_group_are_said) {
    BOOST_TEST(
        mentions(read("apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolcy\nmetadata: {name: a}\n").findings,
                 "image.toolkit.fluxcd.io has no kind \"ImagePolcy\" (did you mean ImagePolicy?)"));
    const ObjectSet old =
        read("apiVersion: image.toolkit.fluxcd.io/v1alpha2\nkind: ImagePolicy\nmetadata: {name: a}\nspec: {x: y}\n");
    BOOST_TEST(mentions(only(old.image_policies).metadata.findings,
                        "apiVersion image.toolkit.fluxcd.io/v1alpha2 is not read"));
    BOOST_TEST(mentions(read("kind: ImagePolicy\n# toolkit.fluxcd.io\nmetadata: {name: a}\n").findings,
                        "ImagePolicy without its apiVersion"));
}

BOOST_AUTO_TEST_CASE(second_object_of_a_name_is_a_finding_and_the_first_stays) {
    const ObjectSet set =
        read(named("a") + "---\n" + named("a") + "---\n" + object(k_v1, "ImageRepository", k_repository) + "---\n" +
             object(k_v1, "ImageRepository", "image: ghcr.io/org/other\ninterval: 5m"));
    BOOST_REQUIRE_EQUAL(set.findings.size(), 2U);
    BOOST_TEST((set.findings[0].severity == Severity::warning));
    BOOST_TEST((set.findings[1].severity == Severity::error));
    BOOST_TEST(set.image_repositories.at({"flux-system", "web"}).image == "ghcr.io/org/app");
}

BOOST_AUTO_TEST_CASE(top_level_mistakes_are_found) {
    const ObjectSet set =
        read("apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nmetadata: {name: a}\nspecs: {}\n");
    const Findings& findings = only(set.image_repositories).metadata.findings;
    BOOST_TEST(mentions(findings, "spec is missing"));
    BOOST_TEST(mentions(findings, "f.yaml:4:1: ImageRepository default/a: unknown field specs (did you mean spec?)"));
}

BOOST_AUTO_TEST_CASE(hash_of_a_spec_is_changed_by_its_meaning_only) {
    auto hash = [](const std::string& spec) {
        return only(read(object(k_v1, "ImageRepository", spec)).image_repositories).metadata.spec_hash;
    };
    const std::string base = hash("image: ghcr.io/org/app\ninterval: 5m\nsuspend: false");
    BOOST_TEST(base.size() == 64U);
    BOOST_TEST(hash("suspend: FALSE # why\ninterval: '5m'\nimage: \"ghcr.io/org/app\"\ntimeout:") == base);
    BOOST_TEST(hash("image: ghcr.io/org/app\ninterval: 5m\nsuspend: true") != base);
    BOOST_TEST(hash("image: ghcr.io/org/app\ninterval: 6m\nsuspend: false") != base);
}

BOOST_AUTO_TEST_CASE(namespaces_labels_are_kept) {
    const ObjectSet set = read("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: apps\n  labels: {team: a}\n");
    BOOST_TEST(set.namespace_labels.at("apps").at("team") == "a");
    BOOST_TEST(set.skipped == 1U);
}

BOOST_AUTO_TEST_CASE(hostile_texts_end_quickly) {
    std::string bomb = "# toolkit.fluxcd.io\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 30; ++i) {
        bomb += std::string("a") + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int j = 0; j < 10; ++j)
            bomb += std::string(j ? ", *a" : "*a") + std::to_string(i - 1);
        bomb += "]\n";
    }
    BOOST_TEST(read(bomb).findings.size() == 1U);
    std::string separators = "# toolkit.fluxcd.io\n";
    for (int i = 0; i < 20000; ++i)
        separators += "--- [\n";
    BOOST_TEST(read(separators).findings.size() == 20U);
    std::string keys = "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\nmetadata: {name: a}\nspec:\n";
    for (int i = 0; i < 20000; ++i)
        keys += std::string("  k") + std::to_string(i) + ": 1\n";
    BOOST_TEST(only(read(keys).image_policies).metadata.findings.size() == 51U);
}

BOOST_AUTO_TEST_SUITE_END()
