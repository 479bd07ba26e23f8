// Rates and pauses, on times that the test makes up.
#include <boost/test/unit_test.hpp>

#include "mirror/registry/pace.h"

using namespace tidemark::mirror::registry;
using namespace std::chrono_literals;

namespace {

const Clock::time_point k_start = Clock::time_point(1h);

/// How many requests go out in a time in which somebody always wants to send one.
unsigned count(Pace& pace, Clock::time_point from, Clock::duration time) {
    unsigned sent = 0;
    for (Clock::time_point now = from; now < from + time; now += 1ms)
        while (pace.allows(now) && sent < 100'000) {
            pace.take(now);
            ++sent;
        }
    return sent;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registry_pace)

BOOST_AUTO_TEST_CASE(without_a_rate_everything_may_go_at_once) {
    Pace pace;
    for (int i = 0; i < 1000; ++i) {
        BOOST_REQUIRE(pace.allows(k_start));
        pace.take(k_start);
    }
}

BOOST_AUTO_TEST_CASE(a_rate_is_kept_to_with_a_small_burst) {
    Pace pace;
    pace.set(10, k_start);
    BOOST_TEST(count(pace, k_start, 1ms) == 3U);  // a quarter of a second's
    BOOST_TEST(count(pace, k_start + 1ms, 10s) == 100U);
    BOOST_TEST(!pace.allows(k_start + 10s));
    BOOST_TEST((pace.next() > k_start + 10s && pace.next() < k_start + 10s + 100ms));
    // However long nobody asked: no more than one burst.
    BOOST_TEST(count(pace, k_start + 1h, 1ms) == 3U);
}

BOOST_AUTO_TEST_CASE(a_slow_rate_lets_one_through_at_a_time) {
    Pace pace;
    pace.set(0.1, k_start);
    BOOST_TEST(count(pace, k_start, 1ms) == 1U);
    BOOST_TEST(count(pace, k_start, 9s) == 0U);
    BOOST_TEST(count(pace, k_start + 9s, 1s) == 1U);
}

BOOST_AUTO_TEST_CASE(another_rate_holds_at_once) {
    Pace pace;
    pace.set(0.01, k_start);
    pace.take(k_start);
    pace.set(10, k_start + 1s);
    BOOST_TEST(count(pace, k_start + 1s, 1s) >= 10U);
    pace.set(0, k_start + 2s);
    BOOST_TEST(count(pace, k_start + 2s, 1ms) == 100'000U);
}

BOOST_AUTO_TEST_CASE(pauses_double_up_to_the_longest) {
    Backoff backoff;
    Clock::time_point now = k_start;
    for (const auto whole : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
        BOOST_TEST(backoff.strike(1s, 60s, 0, now, now));
        BOOST_TEST((backoff.until() - now == whole));
        now = backoff.until();
    }
    for (int i = 0; i < 100; ++i)
        backoff.strike(1s, 60s, 0, now, now);
    BOOST_TEST((backoff.until() - now == 60s));
}

BOOST_AUTO_TEST_CASE(jitter_takes_off_half_at_most) {
    for (const auto& [chance, wanted] : {std::pair(0.0, 1000ms), {0.5, 750ms}, {1.0, 500ms}}) {
        Backoff backoff;
        backoff.strike(1s, 60s, chance, k_start, k_start);
        BOOST_TEST((backoff.until() - k_start == wanted));
    }
}

BOOST_AUTO_TEST_CASE(what_was_under_way_before_a_pause_tells_nothing_new) {
    Backoff backoff;
    BOOST_TEST(backoff.strike(1s, 60s, 0, k_start, k_start + 1s));
    for (int i = 0; i < 15; ++i)
        BOOST_TEST(!backoff.strike(1s, 60s, 0, k_start, k_start + 5s));
    BOOST_TEST(backoff.strikes() == 1U);
    backoff.succeed(k_start);
    BOOST_TEST(backoff.strikes() == 1U);
    BOOST_TEST((backoff.until() == k_start + 2s));
    backoff.succeed(k_start + 2s);
    BOOST_TEST(backoff.strikes() == 0U);
}

BOOST_AUTO_TEST_CASE(a_pause_that_was_lifted_is_followed_by_a_longer_one) {
    Backoff backoff;
    backoff.strike(1s, 60s, 0, k_start, k_start);
    backoff.strike(1s, 60s, 0, k_start + 1s, k_start + 1s);
    backoff.lift();
    BOOST_TEST((backoff.until() < k_start));
    BOOST_TEST(backoff.strike(1s, 60s, 0, k_start + 2s, k_start + 2s));
    BOOST_TEST((backoff.until() == k_start + 6s));
}

BOOST_AUTO_TEST_SUITE_END()
