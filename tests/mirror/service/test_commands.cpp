#include <boost/test/unit_test.hpp>

#include "mirror/service/commands.h"
#include "mirror/service/suspensions.h"
#include "policy/base/timestamp.h"
#include "policy/objects/read.h"
#include "tests/support/temporary_folder.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::service;
using policy::ObjectKind;
using Status = CommandAnswer::Status;

namespace {

const ObjectKey k_web{"flux-system", "web"};
const ObjectKey k_fleet{"flux-system", "fleet"};

std::string objects_text(const std::string& policy_head = "", bool suspended = false) {
    return "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nmetadata: {name: web, namespace: "
           "flux-system}\nspec: {image: ghcr.io/acme/web, interval: 5m}\n---\n"
           "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\nmetadata: {name: web, namespace: flux-system" +
           policy_head + "}\nspec: {imageRepositoryRef: {name: web}, policy: {semver: {range: 1.x}}, suspend: " +
           (suspended ? "true" : "false") +
           "}\n---\n"
           "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: fleet, namespace: "
           "flux-system}\nspec: {url: https://git.example/fleet.git, interval: 1m, ref: {branch: main}}\n---\n"
           "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nmetadata: {name: fleet, namespace: "
           "flux-system}\nspec: {interval: 1m, sourceRef: {kind: GitRepository, name: fleet}, git: {checkout: {ref: "
           "{branch: main}}, commit: {author: {email: bot@example.com}}, push: {branch: flux-imageupdates}}, update: "
           "{strategy: Setters}}\n";
}

/// A state with the tags of ghcr.io/acme/web, and the objects above.
struct World {
    tests::TemporaryFolder folder;
    Session session;
    std::chrono::sys_seconds now = *policy::parse_timestamp("2026-11-21T06:50:00Z");

    explicit World(const std::string& text = objects_text()) {
        session.store.emplace(folder.path(), store::OpenMode::write);
        store::TagList list;
        list.canonical_name = "ghcr.io/acme/web";
        list.scanned = now;
        list.lines = "1.25.3\t7\n1.25.1\t5\n";
        session.store->put_tag_list(k_web, list);
        load(text);
    }
    void load(const std::string& text) {
        Workspace workspace{policy::read_objects({{"objects.yaml", text}}), SecretStore({}, {})};
        policy::check_references(workspace.objects);
        apply_suspensions(workspace, *session.store, VoidSuspensions::forget);
        session.workspace = std::make_shared<const Workspace>(std::move(workspace));
    }
    void decided(const std::string& tag, bool unproven = false) {
        const std::string& hash = session.workspace->objects.image_policies.at(k_web).metadata.spec_hash;
        session.store->put_decision(
            k_web, {hash, "ghcr.io/acme/web", {"ghcr.io/acme/web", tag, ""}, {}, now, unproven, false});
    }
    CommandAnswer give(Verb verb, const std::string& tag = "", ObjectKind kind = ObjectKind::image_policy,
                       const ObjectKey& key = k_web, std::optional<std::chrono::sys_seconds> until = {}) {
        return apply({verb, kind, key, "ada", tag, "bug 4711", until}, session, now);
    }
    store::Event last_event() { return session.store->events({}).at(0); }
    bool suspended() const { return session.workspace->objects.image_policies.at(k_web).suspend; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_service_commands)

BOOST_AUTO_TEST_CASE(words_of_verbs_and_kinds_are_read_back) {
    for (const Verb verb :
         {Verb::reconcile, Verb::suspend, Verb::resume, Verb::pin, Verb::unpin, Verb::accept, Verb::reset_branch})
        BOOST_TEST((find_verb(to_string(verb)) == verb));
    BOOST_TEST(!find_verb("delete").has_value());
    BOOST_TEST((find_kind("ImagePolicy") == ObjectKind::image_policy));
    BOOST_TEST((find_kind("image update") == ObjectKind::image_update_automation));
    BOOST_TEST(!find_kind("Secret").has_value());
}

BOOST_AUTO_TEST_CASE(pin_is_kept_with_who_when_and_why_and_wakes_the_automations) {
    World world;
    const CommandAnswer answer = world.give(Verb::pin, "1.25.1");
    BOOST_TEST_REQUIRE(answer.accepted);
    BOOST_TEST(answer.message == "flux-system/web is pinned to 1.25.1");
    BOOST_TEST((answer.wish->automations == std::set<ObjectKey>{k_fleet}));
    BOOST_TEST(answer.wish->repositories.empty());
    const store::Pin pin = world.session.store->pins().at(k_web);
    BOOST_TEST((pin == store::Pin{"1.25.1", "ada", "bug 4711", world.now, std::nullopt}));
    const store::Event event = world.last_event();
    BOOST_TEST(event.reason == "Pinned");
    BOOST_TEST(event.who == "ada");
    BOOST_TEST(event.facts.at("reason") == "bug 4711");
}

BOOST_AUTO_TEST_CASE(pin_without_a_tag_keeps_what_git_has) {
    World world;
    world.decided("1.25.3");
    world.session.store->put_values_in_git(
        k_fleet, {{k_web, "a.yaml", "flux-system:web", "ghcr.io:443/acme/web:1.25.1@sha256:0"},
                  {k_web, "a.yaml", "flux-system:web:name", "ghcr.io/acme/web"},
                  {{"flux-system", "db"}, "b.yaml", "flux-system:db:tag", "9"}});
    BOOST_TEST(world.give(Verb::pin).message == "flux-system/web is pinned to 1.25.1");
}

BOOST_AUTO_TEST_CASE(pin_without_a_tag_keeps_the_choice_where_git_was_not_looked_at) {
    World world;
    BOOST_TEST((world.give(Verb::pin).status == Status::refused));
    world.decided("1.25.3");
    BOOST_TEST(world.give(Verb::pin).message == "flux-system/web is pinned to 1.25.3");
}

BOOST_AUTO_TEST_CASE(pin_without_a_tag_asks_which_where_git_has_several) {
    World world;
    world.session.store->put_values_in_git(k_fleet, {{k_web, "a.yaml", "flux-system:web:tag", "1.25.1"},
                                                     {k_web, "b.yaml", "flux-system:web:tag", "1.25.3"}});
    BOOST_TEST(world.give(Verb::pin).message ==
               "Git has several tags of flux-system/web: 1.25.1, 1.25.3; name the one that is to stay");
}

BOOST_AUTO_TEST_CASE(pin_that_cannot_be_meant_is_refused) {
    World world;
    BOOST_TEST(world.give(Verb::pin, "1.25.2").message.find("1.25.2 is not among the 2 tags of ghcr.io/acme/web") ==
               0U);
    BOOST_TEST(world.give(Verb::pin, "a:b").message == "\"a:b\" is no tag");
    BOOST_TEST((world.give(Verb::pin, "1.25.1", ObjectKind::image_repository).status == Status::refused));
    BOOST_TEST((world.give(Verb::pin, "1.25.1", ObjectKind::image_policy, {"a", "b"}).status == Status::not_found));
    BOOST_TEST(!world.give(Verb::pin, "1.25.1", ObjectKind::image_policy, k_web, world.now).accepted);
    BOOST_TEST(world.session.store->pins().empty());
    BOOST_TEST(world.session.store->events({}).empty());
}

BOOST_AUTO_TEST_CASE(pin_in_git_goes_before_one_of_the_command_line) {
    World world(objects_text(", annotations: {tidemark/pin: \"1.25.1\"}"));
    const std::string words = "flux-system/web is pinned to 1.25.1 by the annotation tidemark/pin in objects.yaml";
    BOOST_TEST(world.give(Verb::pin, "1.25.3").message == words + ", which goes before any other pin; change it there");
    BOOST_TEST(world.give(Verb::unpin).message == words + "; take it out there");
}

BOOST_AUTO_TEST_CASE(pinned_tag_is_written_again_though_somebody_took_it_back) {
    World world;
    world.session.store->put_write(k_fleet, {"a.yaml", "flux-system:web:tag", "1.25.3", "c1"});
    world.session.store->put_write(k_fleet, {"a.yaml", "flux-system:webshop", "2", "c1"});
    BOOST_TEST(world.give(Verb::pin, "1.25.3").accepted);
    for (const store::Written& written : world.session.store->writes(k_fleet))
        BOOST_TEST(written.value == (written.setter == "flux-system:webshop" ? "2" : ""));
}

BOOST_AUTO_TEST_CASE(unpin_ends_a_pin_and_says_so_where_there_is_none) {
    World world;
    BOOST_TEST(world.give(Verb::unpin).message == "flux-system/web is not pinned");
    world.give(Verb::pin, "1.25.1");
    BOOST_TEST(world.give(Verb::unpin).accepted);
    BOOST_TEST(world.session.store->pins().empty());
    BOOST_TEST(world.last_event().reason == "Unpinned");
}

BOOST_AUTO_TEST_CASE(suspend_counts_until_the_file_is_edited) {
    World world;
    BOOST_TEST(world.give(Verb::suspend).message == "flux-system/web is suspended");
    BOOST_TEST(world.suspended());
    world.load(objects_text());
    BOOST_TEST(world.suspended());
    BOOST_TEST(world.give(Verb::reconcile).message == "resource is suspended");
    world.load(objects_text("", true));
    BOOST_TEST(world.suspended());
    world.load(objects_text());  // edited back: what was said before it is over
    BOOST_TEST(!world.suspended());
}

BOOST_AUTO_TEST_CASE(resume_overrules_the_file_and_says_what_it_says) {
    World world(objects_text("", true));
    const CommandAnswer answer = world.give(Verb::resume);
    BOOST_TEST(
        answer.message ==
        "flux-system/web is resumed; its file still says spec.suspend: true, which counts again once it is edited");
    BOOST_TEST((answer.wish->repositories == std::set<ObjectKey>{k_web}));
    BOOST_TEST(!world.suspended());
    BOOST_TEST(says_suspend(*world.session.workspace, ObjectKind::image_policy, k_web));
    BOOST_TEST(world.give(Verb::suspend).message == "flux-system/web is suspended; its file says so too");
    BOOST_TEST(world.suspended());
}

BOOST_AUTO_TEST_CASE(accept_takes_the_lower_tag_that_is_held) {
    World world;
    world.decided("1.25.9");
    BOOST_TEST(world.give(Verb::accept, "1.25.1").message ==
               "flux-system/web chooses 1.25.3, not 1.25.1; to have 1.25.1 all the same: tidemark pin flux-system/web "
               "1.25.1");
    BOOST_TEST(world.give(Verb::accept).message == "flux-system/web takes 1.25.3");
    const store::Decision decision = world.session.store->decisions().at(k_web);
    BOOST_TEST(decision.latest.tag == "1.25.3");
    BOOST_TEST(!decision.unproven);
}

BOOST_AUTO_TEST_CASE(accept_leaves_a_pin_to_unpin) {
    World world;
    world.give(Verb::pin, "1.25.1");
    BOOST_TEST(world.give(Verb::accept).message ==
               "flux-system/web is pinned to 1.25.1 by ada since 2026-11-21 06:50 UTC: bug 4711; unpin it first");
}

BOOST_AUTO_TEST_CASE(accept_proves_a_first_choice) {
    World world;
    world.decided("1.25.3", true);
    BOOST_TEST(world.give(Verb::accept, "1.25.3").accepted);
    BOOST_TEST(!world.session.store->decisions().at(k_web).unproven);
}

BOOST_AUTO_TEST_CASE(branch_is_given_up_as_it_was_last_seen) {
    World world;
    const auto reset = [&] { return world.give(Verb::reset_branch, "", ObjectKind::image_update_automation, k_fleet); };
    BOOST_TEST(reset().message.find("has no branch flux-imageupdates that was looked at") != std::string::npos);
    store::BranchFacts facts;
    facts.push = "flux-imageupdates";
    facts.push_tip = "0123456789abcdef";
    world.session.store->put_branch_facts(k_fleet, facts);
    BOOST_TEST(reset().message == "flux-imageupdates holds no commits of others; it is rebuilt by itself");
    facts.foreign = 2;
    world.session.store->put_branch_facts(k_fleet, facts);
    BOOST_TEST(reset().message ==
               "flux-imageupdates is rebuilt from main over 01234567, which has 2 commits of others");
    const auto kept = world.session.store->find_branch_reset(k_fleet);
    BOOST_TEST_REQUIRE(kept.has_value());
    BOOST_TEST(kept->tip == "0123456789abcdef");
    world.session.store->remove_branch_reset(k_fleet);
    BOOST_TEST(!world.session.store->find_branch_reset(k_fleet).has_value());
}

BOOST_AUTO_TEST_CASE(what_people_write_is_kept_as_one_bounded_line) {
    World world;
    apply({Verb::pin, ObjectKind::image_policy, k_web, "a\nb", "1.25.1", "x\x1b[31m" + std::string(5000, 'y'), {}},
          world.session, world.now);
    const store::Pin pin = world.session.store->pins().at(k_web);
    BOOST_TEST(pin.who == "a b");
    BOOST_TEST(pin.reason.size() == 1024U);
    BOOST_TEST(pin.reason.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
