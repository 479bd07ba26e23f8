#include <boost/test/unit_test.hpp>

#include "mirror/service/schedule.h"

using namespace tidemark::mirror::service;
using namespace std::chrono_literals;

namespace {

using Instant = Schedule::Instant;
using Duration = Schedule::Duration;

/// A clock that stands where the test puts it.
const Instant k_start = Instant(1h);

ObjectKey key(const std::string& name) {
    return {"flux-system", name};
}

Schedule::Entry scan(const std::string& name, Duration interval, std::optional<Duration> age = {}) {
    return {Task::scan, key(name), interval, "v1", age};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_service_schedule)

BOOST_AUTO_TEST_CASE(what_never_had_a_turn_is_due_at_once) {
    Schedule schedule;
    schedule.replace({scan("web", 5min)}, k_start);
    BOOST_TEST(schedule.due(Task::scan, k_start).contains(key("web")));
    BOOST_TEST(schedule.due(Task::update, k_start).empty());
    BOOST_TEST((schedule.next() == k_start));
}

BOOST_AUTO_TEST_CASE(the_next_turn_comes_after_the_interval_and_up_to_a_tenth_more) {
    std::set<Duration> waits;
    for (int i = 0; i < 50; ++i) {
        Schedule schedule;
        const std::string name = "web" + std::to_string(i);
        schedule.replace({scan(name, 10min)}, k_start);
        schedule.done(Task::scan, key(name), true, k_start);
        const Duration wait = *schedule.next() - k_start;
        BOOST_TEST((wait >= 10min && wait <= 11min));
        waits.insert(wait);
    }
    BOOST_TEST(waits.size() > 40U);
}

BOOST_AUTO_TEST_CASE(a_name_has_the_same_jitter_each_time) {
    Schedule one, other;
    one.replace({scan("web", 10min)}, k_start);
    other.replace({scan("api", 3min), scan("web", 10min)}, k_start);
    one.done(Task::scan, key("web"), true, k_start);
    other.done(Task::scan, key("web"), true, k_start);
    other.done(Task::scan, key("api"), true, k_start + 1h);
    BOOST_TEST((one.next() == other.next()));
}

BOOST_AUTO_TEST_CASE(ten_thousand_objects_whose_time_is_over_spread_over_a_minute) {
    std::vector<Schedule::Entry> entries;
    for (int i = 0; i < 10'000; ++i)
        entries.push_back(scan("r" + std::to_string(i), 1h, 5h));
    Schedule schedule;
    schedule.replace(entries, k_start);
    std::map<std::string, Instant> turns;
    schedule.each([&](Task, const ObjectKey& key, Instant due) { turns[key.name] = due; });
    BOOST_REQUIRE(turns.size() == entries.size());
    std::array<int, 6> tens{};
    for (const auto& [name, due] : turns) {
        BOOST_REQUIRE((due >= k_start && due < k_start + 1min));
        ++tens[static_cast<std::size_t>((due - k_start) / 10s)];
    }
    for (const int count : tens)
        BOOST_TEST((count > 1200 && count < 2200));
}

BOOST_AUTO_TEST_CASE(a_few_objects_whose_time_is_over_are_looked_at_at_once) {
    Schedule schedule;
    schedule.replace({scan("a", 1h, 5h), scan("b", 1h, 5h), scan("c", 1h, 5h)}, k_start);
    schedule.each([&](Task, const ObjectKey&, Instant due) { BOOST_TEST((due < k_start + 1s)); });
}

BOOST_AUTO_TEST_CASE(a_restart_keeps_what_is_left_of_the_interval) {
    Schedule schedule;
    schedule.replace({scan("web", 10min, 4min)}, k_start);
    const Duration wait = *schedule.next() - k_start;
    BOOST_TEST((wait >= 6min && wait <= 7min));
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_back_delays_nothing_beyond_one_interval) {
    Schedule schedule;
    schedule.replace({scan("web", 10min, -100h)}, k_start);
    BOOST_TEST((*schedule.next() - k_start <= 11min));
}

BOOST_AUTO_TEST_CASE(who_is_nearly_due_is_taken_along) {
    Schedule schedule;
    schedule.replace({scan("a", 10min, 10min), scan("b", 10min, 9min + 30s), scan("c", 10min, 1min)}, k_start);
    const Instant all_but_c = k_start + 65s;
    const std::set<ObjectKey> due = schedule.due(Task::scan, all_but_c);
    BOOST_TEST(due.contains(key("a")));
    BOOST_TEST(due.contains(key("b")));
    BOOST_TEST(!due.contains(key("c")));
}

BOOST_AUTO_TEST_CASE(failures_double_the_distance_up_to_ten_minutes) {
    Schedule schedule;
    schedule.replace({scan("web", 1min)}, k_start);
    std::vector<long> minutes;
    for (int i = 0; i < 7; ++i) {
        schedule.done(Task::scan, key("web"), false, k_start);
        minutes.push_back(std::chrono::duration_cast<std::chrono::minutes>(*schedule.next() - k_start).count());
    }
    const std::vector<long> wanted = {1, 2, 4, 8, 10, 10, 10};
    BOOST_TEST(minutes == wanted, boost::test_tools::per_element());
    schedule.done(Task::scan, key("web"), true, k_start);
    BOOST_TEST((*schedule.next() - k_start <= 66s));
}

BOOST_AUTO_TEST_CASE(failures_of_a_long_interval_come_back_at_that_interval) {
    Schedule schedule;
    schedule.replace({scan("web", 1h)}, k_start);
    for (int i = 0; i < 5; ++i)
        schedule.done(Task::scan, key("web"), false, k_start);
    BOOST_TEST((*schedule.next() - k_start <= 66min));
}

BOOST_AUTO_TEST_CASE(a_registry_that_asked_to_be_left_alone_is_not_asked_before) {
    Schedule schedule;
    schedule.replace({scan("web", 1min), scan("api", 1min)}, k_start);
    schedule.done(Task::scan, key("web"), false, k_start, 1h);
    schedule.done(Task::scan, key("api"), true, k_start);
    // Not even along with somebody else.
    BOOST_TEST(!schedule.due(Task::scan, k_start + 59min + 59s).contains(key("web")));
    BOOST_TEST(schedule.due(Task::scan, k_start + 1h).contains(key("web")));
}

BOOST_AUTO_TEST_CASE(a_registry_that_was_given_a_pause_is_asked_before_only_if_something_changed) {
    Schedule schedule;
    schedule.replace({scan("web", 1s)}, k_start);
    schedule.done(Task::scan, key("web"), false, k_start, 0s, 1min);
    BOOST_TEST(schedule.due(Task::scan, k_start + 59s).empty());
    BOOST_TEST(schedule.due(Task::scan, k_start + 1min).contains(key("web")));
    schedule.retry_failed(k_start + 5s);
    BOOST_TEST(schedule.due(Task::scan, k_start + 5s).contains(key("web")));
}

BOOST_AUTO_TEST_CASE(an_edit_makes_an_object_due_and_leaves_the_others) {
    Schedule schedule;
    schedule.replace({scan("web", 10min), scan("api", 10min)}, k_start);
    schedule.done(Task::scan, key("web"), true, k_start);
    schedule.done(Task::scan, key("api"), true, k_start);
    Schedule::Entry edited = scan("web", 10min);
    edited.version = "v2";
    schedule.replace({edited, scan("api", 10min)}, k_start + 1min);
    const std::set<ObjectKey> due = schedule.due(Task::scan, k_start + 1min);
    BOOST_TEST(due.contains(key("web")));
    BOOST_TEST(!due.contains(key("api")));
}

BOOST_AUTO_TEST_CASE(what_is_gone_has_no_turn) {
    Schedule schedule;
    schedule.replace({scan("web", 10min)}, k_start);
    schedule.replace({}, k_start);
    BOOST_TEST(schedule.due(Task::scan, k_start + 1h).empty());
    BOOST_TEST(!schedule.next().has_value());
    schedule.done(Task::scan, key("web"), true, k_start);
    BOOST_TEST(!schedule.next().has_value());
}

BOOST_AUTO_TEST_CASE(after_a_change_what_failed_is_due) {
    Schedule schedule;
    schedule.replace({scan("web", 10min), scan("api", 10min)}, k_start);
    schedule.done(Task::scan, key("web"), false, k_start);
    schedule.done(Task::scan, key("api"), true, k_start);
    schedule.retry_failed(k_start + 1s);
    const std::set<ObjectKey> due = schedule.due(Task::scan, k_start + 1s);
    BOOST_TEST(due.contains(key("web")));
    BOOST_TEST(!due.contains(key("api")));
}

BOOST_AUTO_TEST_CASE(after_a_change_who_wished_to_be_left_alone_still_is) {
    Schedule schedule;
    schedule.replace({scan("web", 10min)}, k_start);
    schedule.done(Task::scan, key("web"), false, k_start, 1h);
    schedule.retry_failed(k_start + 1s);
    BOOST_TEST(schedule.due(Task::scan, k_start + 59min).empty());
    BOOST_TEST(schedule.due(Task::scan, k_start + 1h).contains(key("web")));
}

BOOST_AUTO_TEST_CASE(an_interval_that_makes_no_sense_keeps_nobody_busy) {
    for (const Duration interval : {Duration(0), Duration(-5s), Duration(1ns), Duration::max()}) {
        Schedule schedule;
        schedule.replace({scan("web", interval)}, k_start);
        schedule.done(Task::scan, key("web"), true, k_start);
        BOOST_TEST((*schedule.next() - k_start >= 1s));
        for (int i = 0; i < 100; ++i)
            schedule.done(Task::scan, key("web"), false, k_start);
        BOOST_TEST((*schedule.next() - k_start >= 1s));
    }
}

BOOST_AUTO_TEST_SUITE_END()
