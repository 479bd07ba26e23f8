#include <boost/test/unit_test.hpp>

#include "mirror/web/sessions.h"

using namespace tidemark::mirror::web;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(mirror_web_sessions)

BOOST_AUTO_TEST_CASE(a_session_is_found_by_its_name_until_it_ends) {
    Sessions sessions;
    const Sessions::Clock::time_point now{};
    const std::string name = sessions.open("dana", "hash", now);
    BOOST_TEST(name.size() == 64U);
    BOOST_TEST(sessions.find(name, now + 1h).value().who == "dana");
    BOOST_TEST(sessions.find(name, now + 1h).value().csrf != name);
    BOOST_TEST(!sessions.find("", now).has_value());
    BOOST_TEST(!sessions.find(name.substr(1), now).has_value());
    sessions.close(name);
    BOOST_TEST(!sessions.find(name, now + 1h).has_value());
}

BOOST_AUTO_TEST_CASE(a_session_ends_when_it_rests_or_gets_old) {
    Sessions sessions;
    const Sessions::Clock::time_point now{};
    const std::string resting = sessions.open("dana", "", now);
    BOOST_TEST(!sessions.find(resting, now + 2h + 1s).has_value());
    const std::string busy = sessions.open("dana", "", now);
    for (int hour = 1; hour <= 12; ++hour)
        BOOST_TEST(sessions.find(busy, now + hour * 1h).has_value());
    BOOST_TEST(!sessions.find(busy, now + 12h + 1s).has_value());
}

BOOST_AUTO_TEST_CASE(too_many_sessions_end_the_one_that_rests_longest) {
    Sessions sessions;
    const Sessions::Clock::time_point now{};
    const std::string first = sessions.open("first", "", now);
    const std::string second = sessions.open("second", "", now + 1s);
    BOOST_TEST(sessions.find(first, now + 2s).has_value());
    for (std::size_t i = 2; i <= Sessions::k_most; ++i)
        sessions.open("more", "", now + 3s);
    BOOST_TEST(sessions.find(first, now + 4s).has_value());
    BOOST_TEST(!sessions.find(second, now + 4s).has_value());
}

BOOST_AUTO_TEST_CASE(guessing_is_slowed_down_by_address) {
    Sessions sessions;
    const Sessions::Clock::time_point now(24h);
    for (unsigned i = 0; i < Sessions::k_free_tries; ++i) {
        BOOST_TEST(sessions.may_try("192.0.2.1", now));
        sessions.tried_in_vain("192.0.2.1", now);
    }
    BOOST_TEST(!sessions.may_try("192.0.2.1", now + 29s));
    BOOST_TEST(sessions.may_try("192.0.2.2", now));
    BOOST_TEST(sessions.may_try("192.0.2.1", now + 30s));
    sessions.tried_in_vain("192.0.2.1", now + 30s);
    BOOST_TEST(!sessions.may_try("192.0.2.1", now + 31s));
    sessions.tried_in_vain("192.0.2.1", now + 3h);
    BOOST_TEST(sessions.may_try("192.0.2.1", now + 3h));
}

BOOST_AUTO_TEST_CASE(texts_are_equal_or_not) {
    BOOST_TEST(equal_in_constant_time("", ""));
    BOOST_TEST(equal_in_constant_time("token", "token"));
    BOOST_TEST(!equal_in_constant_time("token", "tokeN"));
    BOOST_TEST(!equal_in_constant_time("token", "tokens"));
    BOOST_TEST(random_name() != random_name());
}

BOOST_AUTO_TEST_SUITE_END()
