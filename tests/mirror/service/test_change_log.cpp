#include <boost/test/unit_test.hpp>

#include "mirror/service/change_log.h"
#include "mirror/service/conditions.h"
#include "mirror/service/git_facts.h"
#include "tests/support/temporary_folder.h"

using namespace tidemark;
using namespace tidemark::mirror::service;
using mirror::store::Event;
using mirror::store::ObjectStatus;
using mirror::store::OpenMode;
using mirror::store::Severity;
using mirror::store::Store;
using policy::ObjectKind;

namespace {

const ObjectKey k_web{"flux-system", "web"};

std::chrono::sys_seconds at(int count) {
    return std::chrono::sys_seconds(std::chrono::seconds(count));
}

ObjectStatus status(bool ready, const std::string& message, const std::string& tag = "",
                    const std::string& reason = "R") {
    ObjectStatus made;
    set_ready(made, ready, reason, message, at(1));
    if (!tag.empty()) made.latest = policy::LatestReference{"ghcr.io/acme/web", tag, ""};
    return made;
}

/// "Reason: message" of each event.
std::vector<std::string> told(const std::optional<ObjectStatus>& before, const ObjectStatus& after,
                              ObjectKind kind = ObjectKind::image_repository) {
    std::vector<std::string> lines;
    for (const Event& event : events_of({kind, k_web, before ? &*before : nullptr, after}, at(2)))
        lines.push_back(event.reason + ": " + event.message);
    return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_service_change_log)

BOOST_AUTO_TEST_CASE(a_failure_is_told_when_it_begins_and_when_it_ends) {
    const ObjectStatus fine = status(true, "fine");
    const ObjectStatus failed = status(false, "scan failed: no route");
    BOOST_TEST(told({}, fine) == Lines{});
    BOOST_TEST(told(fine, fine) == Lines{});
    BOOST_TEST(told(fine, failed) == Lines{"ScanFailed: scan failed: no route"});
    BOOST_TEST(told({}, failed) == Lines{"ScanFailed: scan failed: no route"});
    BOOST_TEST(told(failed, failed) == Lines{});
    BOOST_TEST(told(failed, fine) == Lines{"Recovered: fine"});
}

BOOST_AUTO_TEST_CASE(the_same_failure_in_other_numbers_is_no_news) {
    BOOST_TEST(told(status(false, "answered 502 after 31 ms (request 8a2f1)"),
                    status(false, "answered 503 after 7 ms (request 99bc0)")) == Lines{});
    BOOST_TEST(told(status(false, "no route to host"), status(false, "unauthorized")) ==
               Lines{"ScanFailed: unauthorized"});
    BOOST_TEST(told(status(false, "no", "", "A"), status(false, "no", "", "B")) == Lines{"ScanFailed: no"});
}

BOOST_AUTO_TEST_CASE(each_kind_has_its_word_for_a_failure) {
    const ObjectStatus failed = status(false, "no");
    BOOST_TEST(told({}, failed, ObjectKind::git_repository) == Lines{"FetchFailed: no"});
    BOOST_TEST(told({}, failed, ObjectKind::image_policy) == Lines{"NotReady: no"});
    const std::vector<Event> refused =
        events_of({ObjectKind::image_update_automation, k_web, nullptr, failed, {"remote: no"}, "PushRefused"}, at(2));
    BOOST_REQUIRE(refused.size() == 1u);
    BOOST_TEST(refused[0].reason == "PushRefused");
    BOOST_TEST(refused[0].details == Lines{"remote: no"});
    BOOST_TEST((refused[0].severity == Severity::error));
}

BOOST_AUTO_TEST_CASE(a_policy_that_chooses_another_tag_says_which) {
    const ObjectKind kind = ObjectKind::image_policy;
    BOOST_TEST(told({}, status(true, "", "1.0"), kind) == Lines{"CandidateChosen: ghcr.io/acme/web:1.0"});
    BOOST_TEST(told(status(true, "", "1.0"), status(true, "", "1.0"), kind) == Lines{});
    BOOST_TEST(told(status(true, "", "1.0"), status(true, "", "1.1"), kind) == Lines{"CandidateChosen: 1.0 → 1.1"});
    ObjectStatus digest = status(true, "", "1.1");
    digest.latest->digest = "sha256:1";
    BOOST_TEST(told(status(true, "", "1.1"), digest, kind) == Lines{"CandidateChosen: 1.1 has a new digest sha256:1"});
    const ObjectStatus before = status(true, "", "1.0");
    const Event event = events_of({kind, k_web, &before, digest}, at(2)).at(0);
    const std::map<std::string, std::string> facts = {
        {"image", "ghcr.io/acme/web"}, {"old", "1.0"}, {"new", "1.1"}, {"digest", "sha256:1"}};
    BOOST_TEST((event.facts == facts));
}

BOOST_AUTO_TEST_CASE(what_is_held_is_told_once_and_when_it_is_over) {
    const ObjectStatus free = status(true, "resolved to 1.1", "1.1");
    const ObjectStatus held = status(true, "resolved to 1.1; held: the best is now 1.0, which is lower", "1.1");
    const ObjectStatus lower = status(true, "resolved to 1.1; held: the best is now 0.9, which is lower", "1.1");
    BOOST_TEST(told(free, held) == Lines{"Held: the best is now 1.0, which is lower"});
    BOOST_TEST(told(held, lower) == Lines{});
    const ObjectStatus pinned = status(true, "resolved to 1.1; held: pinned to 1.1 by ada since 2026", "1.1");
    BOOST_TEST(told(free, pinned) == Lines{});  // she is told as she sets it
    const ObjectStatus annotated = status(true, "resolved to 1.1; held: pinned to 1.1 by the annotation x", "1.1");
    BOOST_TEST(told(free, annotated) == Lines{"Held: pinned to 1.1 by the annotation x"});
    BOOST_TEST(told(held, free) == Lines{"Released: no longer held: the best is now 1.0, which is lower"});
}

BOOST_AUTO_TEST_CASE(of_thousands_of_like_events_most_become_one) {
    tests::TemporaryFolder folder;
    Store store(folder.path(), OpenMode::write);
    ChangeLog log(store, at(2));
    const ObjectStatus failed = status(false, "no");
    const ObjectStatus chosen = status(true, "", "1.0");
    for (std::size_t i = 0; i < ChangeLog::k_told_each + 7; ++i) {
        log.add({ObjectKind::image_repository, {"apps", std::to_string(i)}, nullptr, failed});
        log.add({ObjectKind::image_policy, {"apps", std::to_string(i)}, nullptr, chosen});
    }
    BOOST_TEST(log.has_rest());
    log.add_rest();
    BOOST_TEST(!log.has_rest());
    const std::vector<Event> events = store.events({.limit = 1000});
    BOOST_TEST(events.size() == 2 * ChangeLog::k_told_each + 2);
    BOOST_TEST(events[0].message == "the same of 7 more objects; tidemark get says how each of them stands");
    // The way of each tag is kept whole.
    BOOST_TEST(store.history({"apps", std::to_string(ChangeLog::k_told_each + 6)}).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_setter_names_its_policy) {
    BOOST_TEST((policy_of_setter("flux-system:web") == k_web));
    BOOST_TEST((policy_of_setter("flux-system:web:tag") == k_web));
    for (const char* none : {"", "web", ":web", "flux-system:", "flux-system::tag"})
        BOOST_TEST(!policy_of_setter(none).has_value(), none);
}

BOOST_AUTO_TEST_CASE(a_push_is_told_by_policy) {
    const std::vector<policy::Change> changes = {
        {"a.yaml", {}, "flux-system:web", "ghcr.io/acme/web:1.0@sha256:0", "ghcr.io/acme/web:1.1", 1},
        {"b.yaml", {}, "flux-system:web:tag", "0.9", "1.1", 1},
        {"b.yaml", {}, "flux-system:api", "ghcr.io/acme/api:1", "ghcr.io/acme/api:2", 2},
        {"b.yaml", {}, "other:unknown", "x", "y", 3}};
    const std::vector<policy::PolicyReference> candidates = {{"flux-system", "api", {"ghcr.io/acme/api", "2", ""}},
                                                             {"flux-system", "db", {"ghcr.io/acme/db", "3", ""}},
                                                             {"flux-system", "web", {"ghcr.io/acme/web", "1.1", ""}}};
    const std::vector<WrittenChoice> choices = written_choices(changes, candidates);
    BOOST_REQUIRE(choices.size() == 2u);
    BOOST_TEST(choices[0].latest.tag == "2");
    BOOST_TEST((choices[1].policy == k_web));
    BOOST_TEST(choices[1].values == 2u);
    BOOST_TEST(choices[1].old_value == "ghcr.io/acme/web:1.0@sha256:0");
}

BOOST_AUTO_TEST_SUITE_END()
