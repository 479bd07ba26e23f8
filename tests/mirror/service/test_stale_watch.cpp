#include <boost/test/unit_test.hpp>

#include "mirror/service/conditions.h"
#include "mirror/service/stale_watch.h"
#include "policy/objects/read.h"
#include "tests/support/temporary_folder.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::service;
using namespace std::chrono_literals;
using tests::TemporaryFolder;

namespace {

const std::chrono::sys_seconds k_now(std::chrono::seconds(1'800'000'000));

/// Images with an interval of ten minutes, and a service that watches them.
struct Scene {
    TemporaryFolder folder;
    store::Store store{folder.path() / "state", store::OpenMode::write};
    policy::ObjectSet objects;
    std::vector<std::string> lines;
    StaleWatch watch = make();
    StaleWatch::Instant steady{1000h};
    std::chrono::sys_seconds wall = k_now;

    StaleWatch make() {
        return StaleWatch([this](const ReportLine& line) { lines.push_back(line.subject + " " + line.text); });
    }
    explicit Scene(std::size_t images = 1) { edit(images, ""); }
    void edit(std::size_t images, const std::string& further) {
        std::string text;
        for (std::size_t i = 0; i < images; ++i)
            text += "---\napiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nmetadata: {name: web" +
                    std::to_string(i) + ", namespace: shop}\nspec: {image: registry.example/web" + std::to_string(i) +
                    ", interval: 10m" + further + "}\n";
        objects = policy::read_objects({{"objects.yaml", text}});
    }
    /// Whose time is the wall clock's, whatever that says.
    void scan(bool well = true) {
        for (const auto& [key, repository] : objects.image_repositories) {
            store::ObjectStatus status;
            set_ready(status, well, well ? "Succeeded" : "ReadOperationFailed", well ? "found" : "answered 503", wall);
            store.put_status(ObjectKind::image_repository, key, status);
            store::TagList tags;
            tags.canonical_name = "registry.example/" + key.name;
            tags.scanned = wall;
            if (well) store.put_tag_list(key, tags);
        }
    }
    void pass(std::chrono::minutes time) {
        steady += time;
        wall += time;
    }
    std::size_t stale() {
        watch.look(objects, store, steady, wall);
        return watch.stale().size();
    }
    std::vector<std::string> events() {
        std::vector<std::string> all;
        for (const store::Event& event : store.events({}))
            all.insert(all.begin(), event.object.name + " " + event.reason + " " + event.message);
        return all;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_service_stale_watch)

BOOST_AUTO_TEST_CASE(silence_is_told_once_when_it_begins_and_once_when_it_ends) {
    Scene scene;
    BOOST_TEST(scene.stale() == 0U);
    scene.pass(30min);
    BOOST_TEST(scene.stale() == 0U);
    scene.pass(1min);
    BOOST_TEST(scene.stale() == 1U);
    scene.pass(10min);
    BOOST_TEST(scene.stale() == 1U);
    scene.scan();
    scene.pass(1min);
    BOOST_TEST(scene.stale() == 0U);
    scene.pass(1min);
    BOOST_TEST(scene.stale() == 0U);
    BOOST_TEST(scene.events() == (std::vector<std::string>{"web0 Stale no successful scan for 31m",
                                                           "web0 Recovered no longer stale"}),
               boost::test_tools::per_element());
    BOOST_TEST(scene.lines == (std::vector<std::string>{"shop/web0 stale: no successful scan for 31m",
                                                        "shop/web0 no longer stale"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_object_that_succeeds_in_time_is_never_stale) {
    Scene scene;
    for (int i = 0; i < 10; ++i) {
        scene.scan();
        BOOST_TEST(scene.stale() == 0U);
        scene.pass(20min);
    }
    BOOST_TEST(scene.events().empty());
}

BOOST_AUTO_TEST_CASE(a_wall_clock_that_jumps_makes_nothing_stale) {
    Scene scene;
    scene.scan();
    for (const auto jump : {std::chrono::hours(2000), std::chrono::hours(-5000)}) {
        BOOST_TEST(scene.stale() == 0U);
        scene.wall += jump;
        scene.steady += 2min;
        BOOST_TEST(scene.stale() == 0U);
    }
    // Nor does one that stands in the future hide silence.
    scene.steady += 31min;
    BOOST_TEST(scene.stale() == 1U);
}

// Between two questions to the state: that it succeeded is sure, when it did is not.
BOOST_AUTO_TEST_CASE(a_success_counts_from_its_own_time_where_the_clock_can_be_trusted) {
    for (const auto jump : {0h, 2000h, -5000h}) {
        Scene scene;
        scene.scan();
        scene.stale();
        scene.pass(15min);
        scene.scan();
        scene.pass(20min);
        scene.wall += jump;
        BOOST_TEST(scene.stale() == 0U);
        scene.pass(11min);
        BOOST_TEST(scene.stale() == (jump == 0h ? 1U : 0U));
        scene.pass(20min);
        BOOST_TEST(scene.stale() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(the_state_is_looked_at_once_a_minute) {
    Scene scene;
    BOOST_TEST(scene.watch.look(scene.objects, scene.store, scene.steady, scene.wall));
    BOOST_TEST(!scene.watch.look(scene.objects, scene.store, scene.steady + 59s, scene.wall));
    BOOST_TEST(scene.watch.look(scene.objects, scene.store, scene.steady + 60s, scene.wall));
}

BOOST_AUTO_TEST_CASE(a_failure_that_ends_is_told_by_who_saw_it_end) {
    Scene scene;
    scene.scan(false);
    scene.stale();
    scene.pass(31min);
    BOOST_TEST(scene.stale() == 1U);
    BOOST_TEST(scene.watch.stale().at(0).reason == "no successful scan for 31m: answered 503");
    scene.scan();
    scene.pass(1min);
    BOOST_TEST(scene.stale() == 0U);
    BOOST_TEST(scene.events().size() == 1U);
    BOOST_TEST(scene.lines.back() == "shop/web0 no longer stale");
}

BOOST_AUTO_TEST_CASE(what_is_suspended_or_edited_is_stale_no_longer_without_a_word) {
    for (const char* further : {", suspend: true", ", timeout: 7s"}) {
        Scene scene;
        scene.stale();
        scene.pass(31min);
        BOOST_TEST(scene.stale() == 1U);
        scene.edit(1, further);
        scene.pass(1min);
        BOOST_TEST(scene.stale() == 0U);
        BOOST_TEST(scene.events().size() == 1U);
        BOOST_TEST(scene.lines.size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(a_service_that_starts_anew_does_not_tell_the_same_silence_again) {
    Scene scene;
    scene.scan();
    scene.stale();
    scene.pass(31min);
    BOOST_TEST(scene.stale() == 1U);
    scene.watch = scene.make();
    BOOST_TEST(scene.stale() == 0U);
    scene.pass(31min);
    BOOST_TEST(scene.stale() == 1U);
    BOOST_TEST(scene.watch.stale().at(0).reason == "no successful scan for 1h02m");
    BOOST_TEST(scene.events().size() == 1U);
}

BOOST_AUTO_TEST_CASE(many_at_once_are_summed_up) {
    Scene scene(250);
    scene.stale();
    scene.pass(31min);
    BOOST_TEST(scene.stale() == 250U);
    const auto query_all = store::EventQuery{0, {}, {}, {}, 1000};
    const auto events = scene.store.events(query_all);
    BOOST_REQUIRE_EQUAL(events.size(), StaleWatch::k_told_each + 1);
    BOOST_TEST(events.front().message ==
               "150 more objects are stale: they had no success for three intervals; tidemark status says which");
    BOOST_TEST(!events.front().kind.has_value());
    BOOST_TEST(scene.lines.size() == StaleWatch::k_told_each + 1);
}

BOOST_AUTO_TEST_SUITE_END()
