// One manifest before and after: which markers count as lost, changed or broken, and which changes are people's right.
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "policy/guard/file_pair.h"

namespace tidemark::policy::guard {
namespace {

std::string marker(const std::string& setter) {
    return " # {\"$imagepolicy\": \"" + setter + "\"}";
}

const std::string k_app = marker("ns:app");
const std::string k_tag = marker("ns:app:tag");

/// A Deployment with these lines as its containers.
std::string deployment(const std::string& containers, const std::string& version = "apps/v1",
                       const std::string& name = "web") {
    return "apiVersion: " + version + "\nkind: Deployment\nmetadata:\n  name: " + name +
           "\n  namespace: shop\nspec:\n  template:\n    spec:\n      containers:\n" + containers;
}

std::string container(const std::string& name, const std::string& image, const std::string& comment = "") {
    return "      - name: " + name + "\n        image: " + image + comment + "\n";
}

std::vector<std::string> compare(const std::string& before, const std::string& after) {
    std::vector<std::string> lines;
    for (const MarkerFinding& finding : compare_manifests(before, after, MarkerRules::both).findings)
        lines.push_back(fmt::format("{}:{} {}", to_string(finding.rule), finding.line, finding.subject));
    return lines;
}

struct Row {
    std::string what;
    std::string before;
    std::string after;
    std::vector<std::string> told;
};

void check(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        BOOST_TEST_CONTEXT(row.what) {
            BOOST_TEST(compare(row.before, row.after) == row.told, boost::test_tools::per_element());
            BOOST_TEST(compare(row.before, row.before).empty());
            BOOST_TEST(compare(row.after, row.after).empty());
        }
    }
}

const std::string k_web = deployment(container("web", "app:1", k_app));
const std::string k_both = deployment(container("web", "app:1", k_app) + container("side", "x:1"));

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_guard_file_pair)

BOOST_AUTO_TEST_CASE(a_field_that_stays_must_keep_its_marker) {
    const std::string image = "marker-removed:11 Deployment shop/web, containers[web].image";
    check({
        {"stripped", k_web, deployment(container("web", "app:1")), {image}},
        {"stripped with a new value", k_web, deployment(container("web", "other:2")), {image}},
        {"stripped with a new API version", k_web, deployment(container("web", "app:1"), "apps/v2"), {image}},
        {"another comment instead", k_web, deployment(container("web", "app:1", " # pinned")), {image}},
        {"stripped in another position",
         k_both,
         deployment(container("side", "x:1") + container("web", "app:1")),
         {"marker-removed:13 Deployment shop/web, containers[web].image"}},
        {"stripped in quotes", k_web, deployment(container("web", "\"app:1\"")), {image}},
        {"stripped from the line above",
         deployment("      - name: web\n        image:\n          #" + k_app.substr(2) + "\n          app:1\n"),
         deployment("      - name: web\n        image: app:1\n"),
         {"marker-removed:11 Deployment shop/web, containers[web].image"}},
        {"in a flow mapping", "a: {image: x:1, b: c}" + k_app + "\n", "a: {image: x:1, b: c}\n", {}},
        {"moved to another field of the container",
         k_web,
         deployment("      - name: web" + k_app + "\n        image: app:1\n"),
         {image}},
        {"one of two objects with one name",
         k_web + "---\n" + k_web,
         k_web + "---\n" + deployment(container("web", "app:1")),
         {"marker-removed:23 Deployment shop/web, containers[web].image"}},
        {"an object below a comment and a new one",
         k_web,
         deployment(container("web", "app:1"), "apps/v1", "new") + "---\n# x\n" + deployment(container("web", "app:1")),
         {"marker-removed:24 Deployment shop/web, containers[web].image"}},
        {"an item of a List",
         "kind: List\nitems:\n- kind: Pod\n  metadata: {name: p}\n  image: a:1" + k_app + "\n",
         "kind: List\nitems:\n- kind: Pod\n  metadata: {name: q}\n- kind: Pod\n  metadata: {name: p}\n  image: a:1\n",
         {"marker-removed:7 Pod p, image"}},
        {"a tag of kustomize",
         "images:\n- name: app\n  newTag: \"1\"" + k_tag + "\n",
         "images:\n- name: app\n  newTag: \"2\"\n",
         {"marker-removed:3 images[app].newTag"}},
        {"a value of Helm",
         "image:\n  tag: 1.2" + k_tag + "\n",
         "image:\n  tag: 1.3\n",
         {"marker-removed:2 image.tag"}},
        {"the last of two list items without names",
         "args:\n- a:1" + k_app + "\n- b:1" + marker("ns:b") + "\n",
         "args:\n- a:1" + k_app + "\n- b:1\n",
         {"marker-removed:3 args[]"}},
        {"an item without a name that moved",
         "args:\n- a:1" + k_app + "\n- b:1\n",
         "args:\n- b:1\n- c:1\n- a:2\n",
         {"marker-removed:4 args[]"}},
    });
}

BOOST_AUTO_TEST_CASE(what_people_may_do_is_no_removal) {
    const std::string list = "args:\n- --image=a:1" + k_app + "\n- --verbose\n";
    check({
        {"a pin", k_web, deployment(container("web", "app:0", k_app)), {}},
        {"another image by hand", k_web, deployment(container("web", "fork/app:7", k_app)), {}},
        {"the marker moved with its line",
         k_both,
         deployment(container("side", "x:1") + container("web", "app:1", k_app)),
         {}},
        {"the marker moved above its line",
         k_web,
         deployment("      - name: web\n        image:\n          #" + k_app.substr(2) + "\n          app:1\n"),
         {}},
        {"the container went", k_both, deployment(container("side", "x:1")), {}},
        {"the field went", k_web, deployment("      - name: web\n"), {}},
        {"the field says nothing", k_web, deployment("      - name: web\n        image:\n"), {}},
        {"the field became an alias of a marked one",
         k_web,
         "x: &x app:1" + k_app + "\n" + deployment("      - name: web\n        image: *x\n"),
         {}},
        {"the field became a mapping", "image: a:1" + k_app + "\n", "image: {name: a, tag: 1}\n", {}},
        {"the object went",
         k_web + "---\n" + deployment(container("web", "app:1"), "apps/v1", "other"),
         deployment(container("web", "app:1"), "apps/v1", "other"),
         {}},
        {"the object is another one", k_web, deployment(container("web", "app:1"), "apps/v1", "other"), {}},
        {"an equal object without a marker was there",
         k_web + "---\n" + deployment(container("web", "app:1")),
         deployment(container("web", "app:2")),
         {}},
        {"equal objects changed places",
         k_web + "---\n" + deployment(container("web", "app:1")),
         deployment(container("web", "app:1")) + "---\n" + k_web,
         {}},
        {"the API version changed", k_web, deployment(container("web", "app:1", k_app), "apps/v2"), {}},
        {"the file was emptied", k_web, "", {}},
        {"no markers at all", deployment(container("web", "app:1")), deployment(container("web", "app:2")), {}},
        {"a marker came", deployment(container("web", "app:1")), k_web, {}},
        {"an item went from a list without names", list, "args:\n- --verbose\n", {}},
        {"an item came before it", list, "args:\n- --x\n- --image=a:1" + k_app + "\n- --verbose\n", {}},
        {"an item went and another came", list, "args:\n- --verbose\n- --image=b:1\n", {}},
        {"items without names changed places", list, "args:\n- --verbose\n- --image=a:1" + k_app + "\n", {}},
        {"documents without a name: one went, one came",
         "a: x:1" + k_app + "\n---\na: y:1\n",
         "a: y:1\n---\na: z:1\n---\nb: 1\n",
         {}},
        {"a separator more", "a: x:1" + k_app + "\n", "---\na: x:1" + k_app + "\n", {}},
        {"line ends", k_web, "\xef\xbb\xbf" + k_web.substr(0, k_web.size() - 1) + "\r\n", {}},
        {"a marker in a block of text is none", "a: |\n  x: y" + k_app + "\n", "a: |\n  x: y\n", {}},
    });
}

BOOST_AUTO_TEST_CASE(values_that_are_names_may_change_too) {
    const std::string name = marker("ns:a:name");
    const std::string other = marker("ns:b:name");
    check({
        {"a renamed image",
         "images:\n- name: a" + name + "\n  newTag: \"1\"" + k_tag + "\n",
         "images:\n- name: b" + name + "\n  newTag: \"1\"" + k_tag + "\n",
         {}},
        {"names that change places",
         "images:\n- name: a" + name + "\n  newTag: \"1\"" + k_tag + "\n- name: b" + other + "\n  newTag: \"1\"\n",
         "images:\n- name: b" + name + "\n  newTag: \"1\"" + k_tag + "\n- name: a" + other + "\n  newTag: \"1\"\n",
         {}},
    });
}

BOOST_AUTO_TEST_CASE(a_marker_for_something_else_is_told) {
    const std::string changed = "marker-changed:11 Deployment shop/web, containers[web].image";
    check({
        {"another policy", k_web, deployment(container("web", "app:1", marker("ns:b"))), {changed}},
        {"another part", k_web, deployment(container("web", "app:1", k_tag)), {changed}},
        {"another form of the same",
         k_web,
         deployment(container("web", "app:1", " # { \"$imagepolicy\" : \"ns:app\" }")),
         {}},
        {"swapped between two containers",
         deployment(container("a", "x:1", k_app) + container("b", "x:1", marker("ns:b"))),
         deployment(container("a", "x:1", marker("ns:b")) + container("b", "x:1", k_app)),
         {"marker-changed:11 Deployment shop/web, containers[a].image",
          "marker-changed:13 Deployment shop/web, containers[b].image"}},
        {"a list item without a name",
         "args:\n- a:1" + k_app + "\n",
         "args:\n- a:1" + k_tag + "\n",
         {"marker-changed:2 args[]"}},
        {"a list item replaced by another",
         "args:\n- a:1" + k_app + "\n- b:1\n",
         "args:\n- b:1\n- c:1\n- d:1" + k_tag + "\n",
         {}},
    });
    const auto findings =
        compare_manifests(k_web, deployment(container("web", "app:1", k_tag)), MarkerRules::both).findings;
    BOOST_REQUIRE(findings.size() == 1);
    BOOST_TEST(findings[0].text == "its marker names ns:app:tag now, it named ns:app");
}

BOOST_AUTO_TEST_CASE(a_new_marker_that_cannot_work_is_told_once) {
    const std::string broken = " # {\"$imagepolicy\": \"ns:app\"";
    check({
        {"misspelt", "a: x:1\n", "a: x:1" + broken + "\n", {"marker-broken:1 "}},
        {"was there", "a: x:1" + broken + "\n", "a: x:2" + broken + "\n", {}},
        {"was there and moved", "a: x:1" + broken + "\n", "b: 1\na: x:1" + broken + "\n", {}},
        {"a second one",
         "a: x:1" + broken + "\n",
         "a: x:1" + broken + "\nb: x:1" + broken + "\n",
         {"marker-broken:2 "}},
        {"on a mapping", "a:\n  b: x\n", "a:" + k_app + "\n  b: x\n", {"marker-broken:1 "}},
        {"unknown part", "a: x\n", "a: x" + marker("ns:app:version") + "\n", {"marker-broken:1 "}},
        {"a working marker that was broken",
         "a: x" + k_app + "\n",
         "a: x" + broken + "\n",
         {"marker-broken:1 ", "marker-removed:1 a"}},
    });
    BOOST_TEST(check_new_manifest("a: x" + broken + "\n").size() == 1);
    BOOST_TEST(check_new_manifest("a: x" + k_app + "\n").empty());
    BOOST_TEST(compare_manifests("a: x\n", "a: x" + broken + "\n", MarkerRules::losses).findings.empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_yaml_is_compared_by_lines) {
    const std::string bad = "<<<<<<< HEAD\n";
    const std::string lines = "a: x:1" + k_app + "\nb: y:1" + marker("ns:b") + "\n";
    check({
        {"not readable any more, markers kept", lines, lines + bad, {"marker-broken:4 "}},
        {"not readable any more, one stripped",
         lines,
         "a: x:1\nb: y:1" + marker("ns:b") + "\n" + bad,
         {"marker-removed:1 a", "marker-broken:4 "}},
        {"not readable before", lines + bad, "a: x:1\nb: y:1" + marker("ns:b") + "\n", {"marker-removed:1 a"}},
        {"never readable", bad + lines, bad + "a: x:2\nb: y:1" + marker("ns:b") + "\n", {"marker-removed:2 a"}},
        {"never readable, line gone", bad + lines, bad + "b: y:1" + marker("ns:b") + "\n", {}},
        {"never readable, moved and bumped",
         bad + lines,
         bad + "b: y:2" + marker("ns:b") + "\nc: 1\na: x:2" + k_app + "\n",
         {}},
        {"never readable, another policy",
         bad + lines,
         bad + "a: x:1" + k_tag + "\nb: y:1" + marker("ns:b") + "\n",
         {"marker-changed:2 a"}},
        {"never readable, marker above",
         bad + "#" + k_app.substr(2) + "\n- image: x:1\n",
         bad + "- image: x:1\n",
         {"marker-removed:2 image"}},
    });
    const auto findings = compare_manifests(lines, bad + "a: x:1\n", MarkerRules::losses).findings;
    BOOST_REQUIRE(findings.size() == 1);
    BOOST_TEST(findings[0].text.find("the file is not YAML, line 1") != std::string::npos, findings[0].text);
    BOOST_TEST(findings[0].was == "a: x:1" + k_app);
    BOOST_TEST(findings[0].is == "a: x:1");
}

BOOST_AUTO_TEST_CASE(a_file_too_large_for_yaml_is_compared_by_lines) {
    const std::string ballast = "# " + std::string(k_max_parsed_bytes, 'x') + "\n";
    check({
        {"stripped", ballast + "a: x:1" + k_app + "\n", ballast + "a: x:1\n", {"marker-removed:2 a"}},
        {"grown and stripped", "a: x:1" + k_app + "\n", ballast + "a: x:1\n", {"marker-removed:2 a"}},
        {"bumped", ballast + "a: x:1" + k_app + "\n", ballast + "a: x:2" + k_app + "\n", {}},
    });
}

BOOST_AUTO_TEST_CASE(a_file_with_more_fields_than_are_compared_falls_back_to_lines) {
    std::string before = "args:\n- \"x:1\"" + k_app + "\n";
    for (std::size_t i = 0; i < k_max_occurrences; ++i)
        before += "- a\n";
    const std::string after = "args:\n- \"x:1\"\n" + before.substr(before.find("- a\n"));
    const auto findings = compare_manifests(before, after, MarkerRules::both).findings;
    BOOST_REQUIRE(findings.size() == 1);
    BOOST_TEST(findings[0].text.find("too many fields") != std::string::npos, findings[0].text);
}

BOOST_AUTO_TEST_CASE(a_finding_says_what_a_message_needs) {
    const auto findings = compare_manifests(k_web, deployment(container("web", "app:2")), MarkerRules::both).findings;
    BOOST_REQUIRE(findings.size() == 1);
    BOOST_TEST(findings[0].text == "lost its marker for ns:app, so nothing will update it");
    BOOST_TEST(findings[0].setter == "ns:app");
    BOOST_TEST(findings[0].value == "app:2");
    BOOST_TEST(findings[0].was == "        image: app:1" + k_app);
    BOOST_TEST(findings[0].is == "        image: app:2");
}

BOOST_AUTO_TEST_CASE(a_finding_shows_its_line_wherever_it_stands) {
    for (const std::size_t above : {0U, 1U, 62U, 63U, 64U, 65U, 127U, 128U, 500U}) {
        std::string start;
        for (std::size_t i = 0; i < above; ++i)
            start += fmt::format("k{}: v\r\n", i);
        for (const std::string end : {"", "\r\n"}) {
            const auto found =
                compare_manifests(start + "a: x:1" + k_app + end, start + "a: x:2" + end, MarkerRules::both);
            BOOST_REQUIRE(found.findings.size() == 1);
            BOOST_TEST(found.findings[0].line == above + 1);
            BOOST_TEST(found.findings[0].was == "a: x:1" + k_app);
            BOOST_TEST(found.findings[0].is == "a: x:2");
        }
    }
}

BOOST_AUTO_TEST_CASE(deep_and_wide_files_are_read_in_time_and_stack) {
    std::string deep;
    for (int i = 0; i < 990; ++i)
        deep += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
    deep += std::string(990, ' ') + "b: x:1";
    BOOST_TEST(compare_manifests(deep + k_app + "\n", deep + "\n", MarkerRules::both).findings.size() == 1);
    const auto list = [](int count, const std::string& comment) {
        std::string text = "a:\n";
        for (int i = 0; i < count; ++i)
            text += fmt::format("- image: x{}:1{}\n", i, comment);
        return text;
    };
    BOOST_TEST(compare_manifests(list(9000, k_app), list(9000, ""), MarkerRules::both).findings.size() == 9000U);
    // Neither fields nor lines can be compared then, and that is said.
    BOOST_TEST(!compare_manifests(list(12000, k_app), list(12000, ""), MarkerRules::both).complete);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::policy::guard
