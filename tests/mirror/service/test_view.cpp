#include <fstream>

#include <boost/test/unit_test.hpp>

#include "mirror/service/conditions.h"
#include "mirror/service/view.h"
#include "policy/objects/read.h"
#include "tests/support/temporary_folder.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::service;
using tests::TemporaryFolder;
using namespace std::chrono_literals;
using policy::ObjectKind;

namespace {

const std::chrono::sys_seconds k_now(std::chrono::seconds(1'800'000'000));

std::string image_of(const std::string& name, const std::string& further = "") {
    return "---\napiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nmetadata: {name: " + name +
           ", namespace: shop}\nspec: {image: registry.example/" + name + ", interval: 10m}\n" +
           "---\napiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\nmetadata: {name: " + name +
           ", namespace: shop}\nspec: {imageRepositoryRef: {name: " + name + "}, policy: {semver: {range: 1.x}}" +
           further + "}\n";
}

constexpr const char* k_automation =
    "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: fleet, namespace: shop}\n"
    "spec: {url: \"https://git.example/fleet.git\", interval: 1m, ref: {branch: main}}\n"
    "---\napiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nmetadata: {name: fleet, namespace: "
    "shop}\nspec: {interval: 10m, sourceRef: {kind: GitRepository, name: fleet}, git: {commit: {author: {email: "
    "bot@example.org}}, push: {branch: bumps}}}\n";

struct Scene {
    TemporaryFolder folder;
    store::Store store{folder.path() / "state", store::OpenMode::write};
    policy::ObjectSet objects;
    LiveFacts live;

    explicit Scene(const std::string& yaml) : objects(policy::read_objects({{"objects.yaml", yaml}})) {
        policy::check_references(objects);
        live.ready = true;
    }
    void repository(const std::string& name, bool ready, const std::string& message,
                    std::vector<std::string> tags = {}) {
        store::ObjectStatus status;
        status.latest_tags = std::move(tags);
        set_ready(status, ready, ready ? "Succeeded" : "ReadOperationFailed", message, k_now - 1h);
        store.put_status(ObjectKind::image_repository, {"shop", name}, status);
    }
    void policy(const std::string& name, const std::string& tag, const std::string& held = "") {
        store::ObjectStatus status;
        status.latest = policy::LatestReference{"registry.example/" + name, tag, ""};
        set_ready(status, true, "Succeeded", "resolved to " + tag + (held.empty() ? "" : "; held: " + held), k_now);
        store.put_status(ObjectKind::image_policy, {"shop", name}, status);
    }
    Views read() { return read_views({objects, store, k_now, &live}); }
    ImageView image(const std::string& name) {
        for (const ImageView& view : read().images)
            if (view.policy.name == name) return view;
        BOOST_FAIL("no image " << name);
        return {};
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_service_view)

BOOST_AUTO_TEST_CASE(an_image_is_current_when_git_has_its_candidate) {
    Scene scene(image_of("web") + k_automation);
    scene.repository("web", true, "found", {"1.9.0", "1.10.0", "2.0.0", "latest"});
    scene.policy("web", "1.10.0");
    scene.store.put_values_in_git({"shop", "fleet"},
                                  {{{"shop", "web"}, "a.yaml", "shop:web", "registry.example/web:1.10.0"},
                                   {{"shop", "web"}, "b.yaml", "shop:web:tag", "1.10.0"},
                                   {{"shop", "web"}, "b.yaml", "shop:web:name", "registry.example/web"}});
    const ImageView view = scene.image("web");
    BOOST_TEST((view.state == ImageState::current));
    BOOST_TEST(view.in_git == std::vector<std::string>{"1.10.0"}, boost::test_tools::per_element());
    BOOST_TEST(view.newest == "2.0.0");
    BOOST_TEST(view.needs == "");
}

BOOST_AUTO_TEST_CASE(an_image_that_no_value_is_marked_for_is_not_called_current) {
    Scene scene(image_of("web") + k_automation);
    scene.repository("web", true, "found", {"1.0.0"});
    scene.policy("web", "1.0.0");
    BOOST_TEST((scene.image("web").state == ImageState::waiting));  // for the automation to look
    store::ObjectStatus looked;
    looked.last_run = k_now;
    set_ready(looked, true, "Succeeded", "nothing to do", k_now);
    scene.store.put_status(ObjectKind::image_update_automation, {"shop", "fleet"}, looked);
    BOOST_TEST((scene.image("web").state == ImageState::unmarked));
    BOOST_TEST(scene.read().counts.unmarked == 1U);
    BOOST_TEST(scene.read().counts.current == 0U);
    scene.store.put_values_in_git({"shop", "fleet"}, {{{"shop", "web"}, "a.yaml", "shop:web:digest", "sha256:00"}});
    BOOST_TEST((scene.image("web").state == ImageState::current));
}

BOOST_AUTO_TEST_CASE(a_signing_key_that_is_missing_is_not_taken_for_the_remotes_credential) {
    const auto next = [](const std::string& message) {
        return next_step(ObjectKind::image_update_automation, "GitOperationFailed", message);
    };
    BOOST_TEST(next("spec.git.commit.signingKey: secret shop/keys: no credential").find("signingKey") !=
               std::string::npos);
    BOOST_TEST(next("refused by the server's hook: signing is required here").find("signingKey") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_value_behind_its_candidate_is_named) {
    Scene scene(image_of("web") + k_automation);
    scene.repository("web", true, "found", {"1.1.0"});
    scene.policy("web", "1.1.0");
    scene.store.put_values_in_git({"shop", "fleet"},
                                  {{{"shop", "web"}, "a.yaml", "shop:web", "registry.example:5000/web:1.0.0@sha256:00"},
                                   {{"shop", "web"}, "b.yaml", "shop:web", "registry.example:5000/web"}});
    const ImageView view = scene.image("web");
    BOOST_TEST((view.state == ImageState::behind));
    BOOST_TEST(view.in_git == std::vector<std::string>{"1.0.0"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_held_says_why_and_until_when) {
    Scene scene(image_of("web") + image_of("db"));
    scene.policy("web", "1.0.0", "the registry's best is now 0.9.0");
    scene.policy("db", "1.0.0", "pinned to 1.0.0 by ada");
    scene.store.put_pin({"shop", "db"}, {"1.0.0", "ada", "bug 4711", k_now - 1h, k_now + 1h});
    BOOST_TEST((scene.image("web").state == ImageState::held));
    BOOST_TEST(scene.image("web").held == "the registry's best is now 0.9.0");
    const ImageView pinned = scene.image("db");
    BOOST_TEST((pinned.state == ImageState::held));
    BOOST_TEST(pinned.pin.value().tag == "1.0.0");
    BOOST_TEST((pinned.held_until == k_now + 1h));
}

BOOST_AUTO_TEST_CASE(a_repository_in_trouble_is_told_once_with_its_next_step) {
    Scene scene(image_of("web") + k_automation);
    scene.repository("web", false, "registry.example answered 401 Unauthorized");
    scene.policy("web", "1.0.0");
    const Views views = scene.read();
    BOOST_REQUIRE_EQUAL(views.needs.size(), 1U);
    BOOST_TEST((views.needs[0].kind == ObjectKind::image_repository));
    BOOST_TEST(views.needs[0].name == "shop/web");
    BOOST_TEST(views.needs[0].next == "renew the credential that its spec.secretRef names");
    BOOST_TEST((views.needs[0].since == k_now - 1h));
    BOOST_TEST((views.images.at(0).state == ImageState::failing));
    BOOST_TEST(views.images.at(0).needs == views.needs[0].next);
    BOOST_TEST(views.counts.failing == 1U);
}

BOOST_AUTO_TEST_CASE(a_request_belongs_to_its_automation_and_needs_nobody) {
    Scene scene(k_automation);
    BOOST_TEST(!scene.read().automations.at(0).request.has_value());
    store::RequestFacts request;
    request.number = 12;
    request.problem = "git.example answered 401";
    scene.store.put_request_facts({"shop", "fleet"}, request);
    const Views views = scene.read();
    BOOST_TEST((views.automations.at(0).request == request));
    BOOST_TEST(views.automations.at(0).needs == "");
    BOOST_TEST(views.needs.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_suspended_object_needs_nobody) {
    Scene scene(image_of("web", ", suspend: true"));
    scene.policy("web", "1.0.0");
    const Views views = scene.read();
    BOOST_TEST((views.images.at(0).state == ImageState::suspended));
    BOOST_TEST(views.needs.empty());
}

BOOST_AUTO_TEST_CASE(stale_is_what_the_running_service_says) {
    Scene scene(image_of("web"));
    scene.policy("web", "1.0.0");
    scene.live.stale.push_back(
        {ObjectKind::image_repository, {"shop", "web"}, "no successful scan for 32m", k_now - 32min});
    const Views views = scene.read();
    BOOST_TEST((views.images.at(0).state == ImageState::stale));
    BOOST_TEST(views.images.at(0).stale == "no successful scan for 32m");
    BOOST_REQUIRE_EQUAL(views.needs.size(), 1U);
    BOOST_TEST((views.needs[0].kind == ObjectKind::image_repository));
}

BOOST_AUTO_TEST_CASE(without_a_service_three_intervals_make_stale) {
    Scene scene(k_automation);
    store::ObjectStatus status;
    set_ready(status, true, "Succeeded", "repository up-to-date", k_now - 40min);
    const auto stale_after = [&](std::chrono::sys_seconds last) {
        status.last_run = last;
        scene.store.put_status(ObjectKind::image_update_automation, {"shop", "fleet"}, status);
        return !read_views({scene.objects, scene.store, k_now}).automations.at(0).stale.empty();
    };
    BOOST_TEST(!stale_after(k_now - 30min));
    BOOST_TEST(stale_after(k_now - 31min));
}

BOOST_AUTO_TEST_CASE(an_object_with_a_mistake_is_not_ready_whatever_the_state_says) {
    Scene scene(image_of("web", ", digestReflectionPolicy: Sometimes"));
    scene.repository("web", true, "found");
    scene.policy("web", "1.0.0");
    const ImageView view = scene.image("web");
    BOOST_TEST((view.state == ImageState::failing));
    BOOST_TEST(view.ready.reason == "Invalid");
    BOOST_TEST(view.needs == "correct the object there");
}

BOOST_AUTO_TEST_CASE(an_image_is_explained) {
    Scene scene(image_of("web") + k_automation);
    scene.policy("web", "1.1.0");
    store::TagList list;
    list.canonical_name = "registry.example/web";
    list.lines = "latest\t100\n2.0.0\t300\n1.1.0\t300\n1.0.0\t100\n";
    scene.store.put_tag_list({"shop", "web"}, list);
    scene.store.add_choice({"shop", "web"}, {"registry.example/web", "1.1.0", ""}, k_now);
    const Views views = scene.read();
    const auto detail = read_image({scene.objects, scene.store, k_now, &scene.live}, views, {"shop", "web"});
    BOOST_REQUIRE(detail.has_value());
    BOOST_TEST(detail->selection == "semver 1.x");
    BOOST_TEST(detail->trace.tags == 4U);
    BOOST_TEST(detail->trace.not_a_version == 1U);
    BOOST_TEST(detail->trace.out_of_range == 1U);
    BOOST_REQUIRE_EQUAL(detail->tags.size(), 4U);
    BOOST_TEST(detail->tags[0].tag == "1.1.0");  // of those seen last, what the policy ranks goes first
    BOOST_TEST(detail->tags[1].tag == "2.0.0");
    BOOST_TEST(detail->history.at(0).tag == "1.1.0");
    BOOST_TEST(detail->automations.at(0).to_string() == "shop/fleet");
    BOOST_TEST(!read_image({scene.objects, scene.store, k_now}, views, {"shop", "none"}).has_value());
}

BOOST_AUTO_TEST_CASE(the_hooks_report_is_read_and_not_trusted) {
    const TemporaryFolder folder;
    const auto report = [&](const std::string& text) {
        std::ofstream(folder.path() / "report.json") << text;
        return read_hooks_report(folder.path() / "report.json");
    };
    BOOST_TEST(!read_hooks_report(folder.path() / "none").reported);
    BOOST_TEST(read_hooks_report(folder.path() / "none").problem == "");
    const HooksView view =
        report(R"({"time": "now", "hooks": [{"repository": "a", "host": "plain", "armed": true, "why": ""}, 3,)"
               R"({"repository": "b", "armed": "yes", "why": 7}]})");
    BOOST_REQUIRE_EQUAL(view.hooks.size(), 2U);
    BOOST_TEST(view.hooks[0].armed);
    BOOST_TEST(!view.hooks[1].armed);
    for (const char* bad : {"", "[]", "{", "{\"hooks\": \"\\ud800\"}", "null"})
        BOOST_TEST(report(bad).hooks.empty());
    BOOST_TEST(!report("{").problem.empty());
    BOOST_TEST(report(std::string(100'000, '[')).hooks.empty());
}

BOOST_AUTO_TEST_SUITE_END()
