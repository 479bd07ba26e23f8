#include "tests/policy/objects/support.h"

using namespace tidemark::policy;
using namespace tidemark::policy::test;

namespace {

std::string document(const std::string& group, const std::string& kind, const std::string& space,
                     const std::string& name, const std::string& spec, const std::string& labels = "{}") {
    return "---\napiVersion: " + group + ".toolkit.fluxcd.io/v1\nkind: " + kind + "\nmetadata: {name: " + name +
           ", namespace: " + space + ", labels: " + labels + "}\nspec: {" + spec + "}\n";
}

std::string repository(const std::string& space, const std::string& name, const std::string& more = "") {
    return document("image", "ImageRepository", space, name, "image: ghcr.io/org/app, interval: 5m" + more);
}

std::string policy(const std::string& space, const std::string& name, const std::string& reference,
                   const std::string& labels = "{}") {
    return document("image", "ImagePolicy", space, name,
                    "imageRepositoryRef: {" + reference + "}, policy: {semver: {range: 1.x}}", labels);
}

std::string source(const std::string& space, const std::string& name,
                   const std::string& more = ", ref: {branch: main}") {
    return document("source", "GitRepository", space, name,
                    "url: https://git.example/" + name + ", interval: 5m" + more);
}

std::string update(const std::string& space, const std::string& name, const std::string& from,
                   const std::string& git = "", const std::string& more = "") {
    return document("image", "ImageUpdateAutomation", space, name,
                    "interval: 5m, sourceRef: {kind: GitRepository, " + from +
                        "}, git: {commit: {author: {email: a@b.c}}" + git + "}" + more);
}

ObjectSet checked(const std::string& text) {
    ObjectSet set = read(text);
    check_references(set);
    return set;
}

const Findings& of_policy(const ObjectSet& set, const std::string& space, const std::string& name) {
    return set.image_policies.at({space, name}).metadata.findings;
}

const Findings& of_update(const ObjectSet& set, const std::string& space, const std::string& name) {
    return set.image_update_automations.at({space, name}).metadata.findings;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_objects_references)

BOOST_AUTO_TEST_CASE(objects_that_fit_together_have_no_finding) {
    const ObjectSet set = checked(repository("a", "web") + policy("a", "web", "name: web") + source("a", "fleet") +
                                  update("a", "up", "name: fleet"));
    BOOST_TEST(lines_of(of_policy(set, "a", "web")) == "");
    BOOST_TEST(lines_of(of_update(set, "a", "up")) == "");
}

BOOST_AUTO_TEST_CASE(missing_repository_and_source_are_named_with_the_nearest) {
    const ObjectSet set =
        checked(repository("a", "web") + policy("a", "p", "name: wep") + policy("b", "q", "name: web") +
                source("a", "fleet") + update("a", "up", "name: flet"));
    BOOST_TEST(mentions(of_policy(set, "a", "p"), "its ImageRepository a/wep does not exist (did you mean web?)"));
    BOOST_TEST(
        mentions(of_policy(set, "b", "q"), "its ImageRepository b/web does not exist (there are none in namespace b)"));
    BOOST_TEST(mentions(of_update(set, "a", "up"), "its GitRepository a/flet does not exist (did you mean fleet?)"));
}

BOOST_AUTO_TEST_CASE(access_from_another_namespace_goes_by_labels) {
    const std::string spaces =
        "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: b, labels: {team: x}}\n---\napiVersion: v1\nkind: "
        "Namespace\nmetadata: {name: c}\n";
    struct Row {
        std::string access, space;
        bool granted;
    };
    const std::vector<Row> table = {
        {"", "a", true},
        {"", "b", false},
        {", accessFrom: {namespaceSelectors: []}", "b", false},
        {", accessFrom: {namespaceSelectors: [{}]}", "b", true},
        {", accessFrom: {namespaceSelectors: [{matchLabels: {}}]}", "unknown", true},
        {", accessFrom: {namespaceSelectors: [{matchLabels: {team: x}}]}", "b", true},
        {", accessFrom: {namespaceSelectors: [{matchLabels: {team: x}}]}", "c", false},
        {", accessFrom: {namespaceSelectors: [{matchLabels: {team: y}}, {matchLabels: {team: x}}]}", "b", true},
        {", accessFrom: {namespaceSelectors: [{matchLabels: {team: x, other: y}}]}", "b", false},
        {", accessFrom: {namespaceSelectors: [{matchLabels: {kubernetes.io/metadata.name: unknown}}]}", "unknown",
         true},
    };
    for (const Row& row : table) {
        const ObjectSet set =
            checked(spaces + repository("a", "web", row.access) + policy(row.space, "p", "name: web, namespace: a"));
        BOOST_TEST_CONTEXT(row.access << " " << row.space)
        BOOST_TEST(of_policy(set, row.space, "p").empty() == row.granted);
    }
}

BOOST_AUTO_TEST_CASE(what_refers_to_a_broken_object_is_not_ready_either) {
    const ObjectSet set = checked(repository("a", "web", ", provider: aws") + policy("a", "p", "name: web") +
                                  source("a", "fleet", ", provider: github") + update("a", "up", "name: fleet"));
    BOOST_TEST(mentions(of_policy(set, "a", "p"), "its ImageRepository a/web is not ready"));
    BOOST_TEST(mentions(of_update(set, "a", "up"), "its GitRepository a/fleet is not ready"));
}

BOOST_AUTO_TEST_CASE(automation_needs_a_branch_to_start_from_and_to_push_to) {
    auto findings = [](const std::string& ref, const std::string& git) {
        return lines_of(of_update(checked(repository("a", "web") + policy("a", "p", "name: web") +
                                          source("a", "fleet", ref) + update("a", "up", "name: fleet", git)),
                                  "a", "up"));
    };
    BOOST_TEST(findings("", "").find("no branch to push to") != std::string::npos);
    BOOST_TEST(findings("", ", push: {branch: auto}") == "");
    BOOST_TEST(findings("", ", checkout: {ref: {branch: main}}") == "");
    BOOST_TEST(findings(", ref: {tag: v1}", "").find("GitRepository a/fleet is at tag v1, which is no branch") !=
               std::string::npos);
    BOOST_TEST(findings(", ref: {tag: v1}", ", checkout: {ref: {branch: main}}") == "");
}

BOOST_AUTO_TEST_CASE(two_automations_with_one_push_branch_are_warned) {
    const std::string base = repository("a", "web") + policy("a", "p", "name: web") + source("a", "fleet");
    const ObjectSet set =
        checked(base + update("a", "one", "name: fleet") + update("a", "two", "name: fleet", ", push: {branch: main}") +
                update("a", "three", "name: fleet", ", push: {branch: other}"));
    BOOST_TEST(mentions(of_update(set, "a", "one"), "a/two pushes to branch main of the same repository too"));
    BOOST_TEST(mentions(of_update(set, "a", "two"), "a/one pushes to branch main of the same repository too"));
    BOOST_TEST(of_update(set, "a", "three").empty());
    BOOST_TEST(set.image_update_automations.at({"a", "one"}).metadata.valid());
}

BOOST_AUTO_TEST_CASE(automation_takes_the_selected_policies_of_its_namespace) {
    const ObjectSet set = checked(
        repository("a", "web") + policy("a", "p", "name: web", "{team: x}") + policy("a", "q", "name: web") +
        policy("b", "p", "name: web, namespace: a", "{team: x}") + source("a", "fleet") +
        update("a", "all", "name: fleet") +
        update("a", "some", "name: fleet", ", push: {branch: x}", ", policySelector: {matchLabels: {team: x}}") +
        update("a", "none", "name: fleet", ", push: {branch: y}", ", policySelector: {matchLabels: {team: z}}"));
    auto names = [&](const std::string& name) {
        std::string joined;
        for (const ImagePolicy* found : policies_of(set.image_update_automations.at({"a", name}), set))
            joined += found->metadata.key.to_string() + " ";
        return joined;
    };
    BOOST_TEST(names("all") == "a/p a/q ");
    BOOST_TEST(names("some") == "a/p ");
    BOOST_TEST(names("none") == "");
    BOOST_TEST(mentions(of_update(set, "a", "none"), "no ImagePolicy of namespace a is selected"));
}

BOOST_AUTO_TEST_SUITE_END()
