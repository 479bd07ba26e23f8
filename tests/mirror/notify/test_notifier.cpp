// The queue of notices on a real state. Sinks stand at a port where nobody listens: whatever is handed out fails at
// once, which is what is looked at here; that notices arrive is for tests/e2e/story_24_events.
#include <condition_variable>
#include <mutex>

#include <boost/test/unit_test.hpp>

#include "mirror/notify/notifier.h"
#include "tests/support/temporary_folder.h"

using namespace tidemark;
using namespace tidemark::mirror;
using notify::Notifier;
using std::chrono::seconds;

namespace {

const std::chrono::sys_seconds k_start{seconds(1'790'000'000)};

SinkSettings webhook(const std::string& name) {
    SinkSettings settings;
    settings.name = name;
    settings.address = "http://127.0.0.1:1/";
    settings.secret_ref = {"t", "sign"};
    return settings;
}

struct Fixture {
    tests::TemporaryFolder folder;
    std::shared_ptr<const SecretStore> secrets;
    std::vector<std::string> words;
    std::mutex mutex;
    std::condition_variable changed;
    bool woken = false;
    std::optional<store::Store> store;
    Notifier notifier{[this] {
                          const std::lock_guard lock(mutex);
                          woken = true;
                          changed.notify_all();
                      },
                      [this](bool bad, const std::string& text) { words.push_back((bad ? "bad: " : "") + text); }};

    Fixture() {
        std::filesystem::create_directories(folder / "secrets/t/sign");
        std::ofstream(folder / "secrets/t/sign/token") << "key";
        std::filesystem::permissions(folder / "secrets", std::filesystem::perms::owner_all);
        std::filesystem::permissions(folder / "secrets/t/sign/token", std::filesystem::perms(0600));
        secrets = std::make_shared<const SecretStore>(SecretSources{folder / "secrets", {}}, policy::ObjectSet{});
        store.emplace(folder / "state", store::OpenMode::write);
        notifier.set_sinks(notify::make_sinks({webhook("ops")}));
        notifier.listen(*store);
    }

    void event(const std::string& reason, seconds after, const std::string& name = "web") {
        store::Event event;
        event.time = k_start + after;
        event.kind = policy::ObjectKind::image_update_automation;
        event.object = {"apps", name};
        event.reason = reason;
        store->add_event(event);
    }
    std::vector<store::Delivery> queue() { return store->due_deliveries(k_start + std::chrono::hours(48), 100); }
    void turn(seconds after) { notifier.turn(store, secrets, k_start + after); }
    void wait_for_result() {
        std::unique_lock lock(mutex);
        BOOST_REQUIRE(changed.wait_for(lock, seconds(30), [this] { return woken; }));
        woken = false;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mirror_notify_notifier, Fixture)

BOOST_AUTO_TEST_CASE(event_is_enqueued_for_whom_it_is) {
    SinkSettings errors = webhook("errors");
    errors.filter.severity = LeastSeverity::error;
    notifier.set_sinks(notify::make_sinks({webhook("ops"), errors}));
    event("Pushed", seconds(0));
    BOOST_REQUIRE(queue().size() == 1U);
    BOOST_TEST(queue()[0].sink == "ops");
    BOOST_TEST((queue()[0].next_try == k_start));
    BOOST_TEST((notifier.next() == k_start));
}

BOOST_AUTO_TEST_CASE(what_repeats_itself_is_held_and_told_once) {
    event("ScanFailed", seconds(0));
    event("Recovered", seconds(30));
    turn(seconds(30));  // the first is on its way
    for (int i = 1; i <= 5; ++i) {
        event("ScanFailed", seconds(60 * i));
        event("Recovered", seconds(60 * i + 30));
    }
    event("ScanFailed", seconds(60), "api");
    const auto waiting = queue();
    BOOST_REQUIRE(waiting.size() == 4U);
    BOOST_TEST(waiting[0].events == 1U);  // the first failure
    BOOST_TEST(waiting[1].events == 6U);  // the first recovery was not on its way yet
    BOOST_TEST(waiting[2].events == 1U);  // another object
    BOOST_TEST(waiting[3].events == 5U);
    BOOST_TEST((waiting[3].next_try == k_start + seconds(60) + Notifier::k_repeat));
    BOOST_TEST(waiting[3].newest > waiting[3].event);
}

BOOST_AUTO_TEST_CASE(what_comes_again_long_after_is_news) {
    event("Pushed", seconds(0));
    store->remove_delivery(queue()[0].id);
    event("Pushed", Notifier::k_repeat + seconds(1));
    BOOST_REQUIRE(queue().size() == 1U);
    BOOST_TEST((queue()[0].next_try == k_start + Notifier::k_repeat + seconds(1)));
}

BOOST_AUTO_TEST_CASE(sink_that_is_away_is_tried_again_later_and_told_once) {
    event("Pushed", seconds(0));
    event("ScanFailed", seconds(0));
    const std::string key = notify::delivery_key(queue()[0]);
    turn(seconds(0));
    wait_for_result();
    turn(seconds(1));
    BOOST_REQUIRE(words.size() == 1U);
    BOOST_TEST(words[0].starts_with("bad: notification ops: cannot deliver, tries again: "), words[0]);
    BOOST_REQUIRE(queue().size() == 2U);
    BOOST_TEST((notifier.next() == k_start + seconds(1) + Notifier::k_first_wait));
    turn(seconds(2));  // the other waits with it
    BOOST_TEST(queue()[0].attempts + queue()[1].attempts == 1U);
    const seconds again = seconds(1) + Notifier::k_first_wait;
    turn(again);
    wait_for_result();
    turn(again);
    BOOST_TEST((notifier.next() == k_start + again + 2 * Notifier::k_first_wait));
    BOOST_TEST(words.size() == 1U);
    for (const store::Delivery& delivery : queue()) {
        if (delivery.attempts == 2) BOOST_TEST(notify::delivery_key(delivery) == key);
    }
}

BOOST_AUTO_TEST_CASE(after_a_day_it_is_dropped_with_a_word) {
    event("Pushed", seconds(0));
    turn(seconds(0));
    wait_for_result();
    const seconds late = Notifier::k_patience + seconds(5);
    turn(late);
    turn(late + Notifier::k_first_wait);
    BOOST_TEST(queue().empty());
    BOOST_TEST(words.back().starts_with("bad: notification ops: Pushed of apps/web is dropped after a day"),
               words.back());
}

BOOST_AUTO_TEST_CASE(deliveries_to_sinks_that_are_no_more_are_dropped) {
    event("Pushed", seconds(0));
    notifier.set_sinks({});
    turn(seconds(0));
    BOOST_TEST(queue().empty());
}

BOOST_AUTO_TEST_CASE(no_two_deliveries_have_one_key) {
    BOOST_TEST(notify::delivery_key({.event = 1, .sink = "a", .last_error = {}}) !=
               notify::delivery_key({.event = 1, .sink = "b", .last_error = {}}));
    BOOST_TEST(notify::delivery_key({.event = 1, .sink = "a", .last_error = {}}) !=
               notify::delivery_key({.event = 2, .sink = "a", .last_error = {}}));
}

BOOST_AUTO_TEST_SUITE_END()
