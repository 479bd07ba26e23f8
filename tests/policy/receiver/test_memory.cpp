#include <boost/test/unit_test.hpp>

#include "policy/receiver/memory.h"

using namespace tidemark::policy::receiver;
using std::chrono::milliseconds;
using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(policy_receiver_memory)

BOOST_AUTO_TEST_CASE(message_is_new_once) {
    SeenMessages seen;
    BOOST_TEST(seen.add("a"));
    BOOST_TEST(!seen.add("a"));
    BOOST_TEST(seen.add("b"));
    BOOST_TEST(!seen.add("a"));
}

BOOST_AUTO_TEST_CASE(oldest_is_forgotten_when_there_are_too_many) {
    SeenMessages seen;
    for (std::size_t i = 0; i < SeenMessages::k_limit; ++i)
        BOOST_TEST(seen.add(std::to_string(i)));
    BOOST_TEST(!seen.add("0"));
    BOOST_TEST(seen.add("one more"));
    BOOST_TEST(!seen.add("1"));
    BOOST_TEST(seen.add("0"));
}

BOOST_AUTO_TEST_CASE(burst_is_let_through_and_then_one_a_step) {
    RateLimit rate;
    RateLimit::Instant now{std::chrono::hours(1)};
    for (int i = 0; i < RateLimit::k_burst; ++i)
        BOOST_TEST(rate.take(now).count() == 0);
    BOOST_TEST(rate.take(now).count() == 1);
    BOOST_TEST(rate.take(now + milliseconds(500)).count() == 1);
    now += seconds(1);
    BOOST_TEST(rate.take(now).count() == 0);
    BOOST_TEST(rate.take(now).count() == 1);
    now += std::chrono::hours(1);
    for (int i = 0; i < RateLimit::k_burst; ++i)
        BOOST_TEST(rate.take(now).count() == 0);
    BOOST_TEST(rate.take(now).count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
