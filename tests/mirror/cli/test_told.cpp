// What the service tells over its socket, read back: nothing of what `get` and `events` show is lost on the way.
#include <boost/test/unit_test.hpp>

#include "mirror/base/error.h"
#include "mirror/cli/event_reader.h"
#include "mirror/cli/json.h"
#include "mirror/cli/told_objects.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::cli;
using policy::ObjectKind;
using service::KnownObject;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

std::string answer(const KnownObject& object) {
    policy::yaml::Value whole;
    whole.set("total", std::int64_t{7}).set("items", policy::yaml::Value::Sequence{service::data_of(object)});
    whole.set("problems", policy::yaml::Value::Sequence{"broken.yaml:1: no end"});
    return to_json(whole);
}

KnownObject known(ObjectKind kind) {
    KnownObject object;
    object.kind = kind;
    object.key = {"apps", "web"};
    object.api_version = "image.toolkit.fluxcd.io/v1";
    object.labels = {{"team", "blue"}, {"a/b", ""}};
    object.suspended = true;
    object.status.conditions = {
        {"Ready", "False", "Failure", "line\n\"two\"\ttab", sys_seconds(seconds(1'790'000'000))},
        {"Stalled", "True", "", "", {}}};
    return object;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_cli_told)

BOOST_AUTO_TEST_CASE(objects_of_each_kind_come_back_as_they_were) {
    std::vector<KnownObject> objects;
    objects.push_back(known(ObjectKind::image_repository));
    objects.back().image = "ghcr.io/acme/web";
    objects.back().status.canonical_name = "ghcr.io/acme/web";
    objects.back().status.last_scan = sys_seconds(seconds(1'790'000'001));
    objects.back().status.tag_count = 3;
    objects.back().status.latest_tags = {"2", "1"};
    objects.push_back(known(ObjectKind::image_policy));
    objects.back().status.latest = policy::LatestReference{"ghcr.io/acme/web", "1.2", "sha256:00"};
    objects.back().status.previous = policy::LatestReference{"ghcr.io/acme/web", "1.1", ""};
    objects.push_back(known(ObjectKind::image_update_automation));
    objects.back().source = {"flux-system", "fleet"};
    objects.back().status.last_run = sys_seconds(seconds(1'790'000'002));
    objects.back().status.last_push = sys_seconds(seconds(1'790'000'003));
    objects.back().status.last_push_commit = "9c1d0e4";
    objects.push_back(known(ObjectKind::git_repository));
    objects.back().url = "ssh://git@git.example/fleet.git";
    objects.back().status.revision = "main@sha1:9c1d0e4";
    objects.emplace_back();  // one that was never worked on
    for (const KnownObject& object : objects) {
        const ToldObjects told = read_told_objects(object.kind, answer(object));
        BOOST_TEST(told.total == 7U);
        BOOST_TEST(told.problems.size() == 1U);
        BOOST_REQUIRE(told.objects.size() == 1U);
        BOOST_TEST((told.objects.front() == object), policy::kind_name(object.kind));
    }
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_none_is_an_error) {
    for (const char* text : {"", "[]", "{}", "{\"items\": 1}", "<html>"}) {
        BOOST_CHECK_THROW(read_told_objects(ObjectKind::image_policy, text), Error);
        BOOST_CHECK_THROW(read_told_events(text), Error);
    }
    // What has no shape of an object is one without anything.
    const ToldObjects told =
        read_told_objects(ObjectKind::image_policy, R"({"items": [1, {"status": {"conditions": [2]}}]})");
    BOOST_TEST(told.objects.size() == 2U);
    BOOST_TEST(told.objects.front().key.name.empty());
}

BOOST_AUTO_TEST_CASE(events_come_back_as_they_were) {
    const auto events = read_told_events(R"({"items": [
        {"id": 7, "time": "2026-09-21T14:13:20Z", "severity": "warning", "kind": "ImagePolicy", "namespace": "apps",
         "name": "web", "reason": "Pinned", "message": "is pinned", "details": ["a", "b"], "who": "dana",
         "facts": {"reason": "bug 4711"}},
        {"id": 6, "time": "2026-09-21T14:13:20Z", "severity": "info", "kind": null, "namespace": "", "name": "",
         "reason": "Started", "message": "", "details": [], "who": "", "facts": {}}]})");
    BOOST_REQUIRE(events.size() == 2U);
    store::Event first;
    first.id = 7;
    first.time = sys_seconds(seconds(1'790'000'000));
    first.severity = store::Severity::warning;
    first.kind = ObjectKind::image_policy;
    first.object = {"apps", "web"};
    first.reason = "Pinned";
    first.message = "is pinned";
    first.details = {"a", "b"};
    first.who = "dana";
    first.facts = {{"reason", "bug 4711"}};
    BOOST_TEST((events[0] == first));
    BOOST_TEST(events[1].id == 6);
    BOOST_TEST(!events[1].kind);
}

BOOST_AUTO_TEST_SUITE_END()
