#include <boost/test/unit_test.hpp>

#include "mirror/service/conditions.h"
#include "mirror/service/sources.h"
#include "mirror/service/staleness.h"
#include "policy/objects/read.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::service;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

namespace {

const std::chrono::sys_seconds k_now(std::chrono::seconds(1'800'000'000));
const policy::ObjectKey k_web{"shop", "web"};
const policy::ObjectKey k_fleet{"shop", "fleet"};
constexpr const char* k_url = "https://git.example/fleet.git";

policy::ObjectSet objects_of(const std::string& repository, const std::string& automation = "interval: 10m",
                             const std::string& source = "interval: 1m") {
    policy::ObjectSet objects = policy::read_objects(
        {{"objects.yaml",
          "---\napiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nmetadata: {name: web, namespace: shop}\n"
          "spec: {image: registry.example/web, " +
              repository +
              "}\n---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\n"
              "metadata: {name: fleet, namespace: shop}\nspec: {url: \"" +
              k_url + "\", ref: {branch: main}, " + source +
              "}\n---\napiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\n"
              "metadata: {name: fleet, namespace: shop}\nspec: {sourceRef: {kind: GitRepository, name: fleet}, "
              "git: {commit: {author: {email: bot@example.org}}, push: {branch: bumps}}, " +
              automation + "}\n"}});
    policy::check_references(objects);
    return objects;
}

struct Facts {
    std::map<policy::ObjectKey, store::ObjectStatus> repositories, automations;
    std::vector<store::MirrorFacts> mirrors;

    std::vector<Expected> expected(const policy::ObjectSet& objects) const {
        std::vector<Expected> all = find_expected(objects, mirrors);
        for (Expected& object : all) {
            const auto& [kind, key] = object.name;
            const auto& statuses = kind == ObjectKind::image_repository ? repositories : automations;
            if (kind != ObjectKind::git_repository && statuses.contains(key)) take_status(object, statuses.at(key));
        }
        return all;
    }
};

Expected one(nanoseconds interval, std::optional<std::chrono::sys_seconds> last = {}, std::string failure = "") {
    return {{ObjectKind::image_repository, k_web}, interval, "", last, std::move(failure)};
}

bool is_stale(nanoseconds interval, std::optional<nanoseconds> silence) {
    return !find_stale(
                {one(interval)}, [&](const Expected&) { return silence; }, k_now)
                .empty();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_service_staleness)

BOOST_AUTO_TEST_CASE(three_intervals_of_silence_are_stale_but_never_less_than_three_minutes) {
    const struct {
        nanoseconds interval;
        std::optional<nanoseconds> silence;
        bool stale;
    } table[] = {
        {10min, 30min, false},
        {10min, 31min, true},
        {1s, 4s, false},
        {1s, 3min, false},
        {1s, 3min + 1s, true},
        {1min, 3min, false},
        {1min, 3min + 1s, true},
        {10min, std::nullopt, false},
        {10min, -5h, false},  // a clock that went back
        {24h * 365 * 200, 24h * 365, false},
    };
    for (const auto& row : table)
        BOOST_TEST(is_stale(row.interval, row.silence) == row.stale,
                   row.interval.count() << " ns, silent for " << row.silence.value_or(0s).count());
}

BOOST_AUTO_TEST_CASE(reason_says_what_for_how_long_and_why) {
    const auto reason = [](const Expected& object, nanoseconds silence) {
        return find_stale(
                   {object}, [&](const Expected&) { return silence; }, k_now)
            .at(0)
            .reason;
    };
    BOOST_TEST(reason(one(10min), 32min) == "no successful scan for 32m");
    BOOST_TEST(reason(one(10min, {}, "ghcr.io answered 503"), 5h + 2min) ==
               "no successful scan for 5h02m: ghcr.io answered 503");
    // Watched since a start of late, silent for longer.
    BOOST_TEST(reason(one(10min, k_now - 72h), 32min) == "no successful scan for 3 days");
    BOOST_TEST(reason(one(10min, k_now + 72h), 32min) == "no successful scan for 32m");
    const std::string long_one = reason(one(10min, {}, std::string(299, 'x') + "→" + std::string(999, 'y')), 32min);
    BOOST_TEST(long_one.ends_with("xx …"));
    Expected source = one(10min);
    source.name.first = ObjectKind::git_repository;
    BOOST_TEST(reason(source, 32min) == "no successful fetch for 32m");
    source.name.first = ObjectKind::image_update_automation;
    BOOST_TEST(reason(source, 32min) == "no successful look at Git for 32m");
}

BOOST_AUTO_TEST_CASE(since_is_the_last_success_or_the_begin_of_watching) {
    const auto silent = [](const Expected&) { return std::optional<nanoseconds>(40min); };
    const auto stale = find_stale({one(10min, k_now - 50min), one(10min)}, silent, k_now);
    BOOST_REQUIRE_EQUAL(stale.size(), 2U);
    BOOST_TEST((stale[0].since == k_now - 50min));
    BOOST_TEST((stale[1].since == k_now - 40min));
}

BOOST_AUTO_TEST_CASE(without_a_watch_an_object_that_never_succeeded_is_not_stale) {
    BOOST_TEST(find_stale({one(10min)}, k_now).empty());
    BOOST_TEST(find_stale({one(10min, k_now - 30min)}, k_now).empty());
    BOOST_TEST(find_stale({one(10min, k_now - 31min)}, k_now).size() == 1U);
}

BOOST_AUTO_TEST_CASE(scans_looks_and_fetches_are_expected) {
    Facts facts;
    facts.repositories[k_web].last_scan = k_now - 1min;
    set_ready(facts.automations[k_fleet], true, "Succeeded", "pushed", k_now - 9h);
    facts.automations[k_fleet].last_run = k_now - 2min;
    facts.mirrors.push_back({k_url, "", "/state/mirrors/" + mirror_name(k_url), k_now - 3min, 1, ""});
    const auto expected = facts.expected(objects_of("interval: 5m"));
    BOOST_REQUIRE_EQUAL(expected.size(), 3U);
    BOOST_TEST((expected[0].name == ObjectName(ObjectKind::image_repository, k_web)));
    BOOST_TEST((expected[0].last == k_now - 1min));
    BOOST_TEST((expected[0].interval == 5min));
    BOOST_TEST((expected[1].name == ObjectName(ObjectKind::image_update_automation, k_fleet)));
    BOOST_TEST((expected[1].last == k_now - 2min));
    BOOST_TEST((expected[2].name == ObjectName(ObjectKind::git_repository, k_fleet)));
    BOOST_TEST((expected[2].last == k_now - 3min));
    // A fetch comes with a look.
    BOOST_TEST((expected[2].interval == 10min));
}

BOOST_AUTO_TEST_CASE(last_look_that_went_well_is_before_the_first_that_failed) {
    Facts facts;
    store::ObjectStatus& status = facts.automations[k_fleet];
    set_ready(status, false, "GitOperationFailed", "push was refused", k_now - 2h);
    status.last_run = k_now - 1min;
    const auto expected = facts.expected(objects_of("interval: 5m"));
    BOOST_TEST((expected.at(1).last == k_now - 2h));
    BOOST_TEST(expected.at(1).failure == "push was refused");
}

BOOST_AUTO_TEST_CASE(what_is_suspended_or_has_a_mistake_is_not_expected) {
    const struct {
        const char* repository;
        const char* automation;
        const char* source;
        std::size_t expected;
    } table[] = {
        {"interval: 5m", "interval: 10m", "interval: 1m", 3},
        {"interval: 5m, suspend: true", "interval: 10m", "interval: 1m", 2},
        {"interval: soon", "interval: 10m", "interval: 1m", 2},
        {"interval: 5m", "interval: 10m, suspend: true", "interval: 1m", 1},
        {"interval: 5m", "interval: 10m", "interval: 1m, suspend: true", 2},
    };
    for (const auto& row : table)
        BOOST_TEST(Facts().expected(objects_of(row.repository, row.automation, row.source)).size() == row.expected,
                   row.repository << ", " << row.automation << ", " << row.source);
}

BOOST_AUTO_TEST_SUITE_END()
