#include "policy/objects/selections.h"
#include "tests/policy/objects/support.h"

using namespace tidemark::policy;
using namespace tidemark::policy::test;

namespace {

/// Policies by labels and automations by selector, in namespace `a` where no other is named.
std::string policy(const std::string& name, const std::string& labels, const std::string& space = "a") {
    return "---\napiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\nmetadata: {name: " + name +
           ", namespace: " + space + ", labels: {" + labels +
           "}}\nspec: {imageRepositoryRef: {name: web}, policy: {alphabetical: {}}}\n";
}

std::string automation(const std::string& name, const std::string& selector) {
    return "---\napiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nmetadata: {name: " + name +
           ", namespace: a}\nspec: {interval: 1m, sourceRef: {kind: GitRepository, name: fleet}, git: {commit: "
           "{author: "
           "{email: a@b.test}}}, policySelector: {" +
           selector + "}}\n";
}

std::string names(const SelectedPolicies& policies) {
    std::string joined;
    for (const ImagePolicy* policy : policies)
        joined += policy->metadata.key.name + " ";
    return joined;
}

const std::string k_policies = policy("p1", "team: x, tier: web") + policy("p2", "team: y") + policy("p3", "team: x") +
                               policy("p4", "") + policy("p1", "team: x", "b");

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_objects_selections)

BOOST_AUTO_TEST_CASE(each_selector_finds_what_it_finds_alone) {
    const struct {
        const char* selector;
        const char* found;
    } cases[] = {
        {"", "p1 p2 p3 p4 "},
        {"matchLabels: {team: x}", "p1 p3 "},
        {"matchLabels: {team: x, tier: web}", "p1 "},
        {"matchLabels: {team: z}", ""},
        {"matchExpressions: [{key: team, operator: In, values: [y, x, y]}]", "p1 p2 p3 "},
        {"matchExpressions: [{key: team, operator: NotIn, values: [x]}]", "p2 p4 "},
        {"matchExpressions: [{key: team, operator: Exists}]", "p1 p2 p3 "},
        {"matchExpressions: [{key: team, operator: DoesNotExist}]", "p4 "},
        {"matchLabels: {team: x}, matchExpressions: [{key: tier, operator: DoesNotExist}]", "p3 "},
    };
    std::string text = k_policies;
    for (std::size_t i = 0; i < std::size(cases); ++i)
        text += automation("u" + std::to_string(i), cases[i].selector);
    const ObjectSet objects = read(text);
    const Selections selections(objects);
    for (std::size_t i = 0; i < std::size(cases); ++i) {
        const ObjectKey key{"a", "u" + std::to_string(i)};
        BOOST_TEST(names(selections.of(key)) == cases[i].found, cases[i].selector);
        BOOST_TEST(selections.of(key) == policies_of(objects.image_update_automations.at(key), objects),
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(automations_that_select_the_same_share_one_list) {
    const ObjectSet objects = read(k_policies + automation("one", "matchLabels: {team: x}") +
                                   automation("two", "matchLabels: {team: x}") + automation("all", ""));
    const Selections selections(objects);
    BOOST_TEST(&selections.of({"a", "one"}) == &selections.of({"a", "two"}));
    BOOST_TEST(&selections.of({"a", "one"}) != &selections.of({"a", "all"}));
    BOOST_TEST(selections.lists().size() == 2U);
    BOOST_TEST(selections.lists().at(&selections.of({"a", "one"})).size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
