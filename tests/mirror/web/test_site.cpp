#include <boost/test/unit_test.hpp>

#include "mirror/web/site.h"

using namespace tidemark::mirror::web;

// Those who wait leave threads for all others.
static_assert(k_local_waiting < k_local_threads && k_network_waiting < k_network_threads);

BOOST_AUTO_TEST_SUITE(mirror_web_site)

BOOST_AUTO_TEST_CASE(a_full_waiting_room_lets_in_as_many_as_leave) {
    WaitingRoom room(2);
    BOOST_TEST(room.enter());
    BOOST_TEST(room.enter());
    BOOST_TEST(!room.enter());
    BOOST_TEST(!room.enter());
    room.leave();
    BOOST_TEST(room.enter());
    BOOST_TEST(!room.enter());
}

BOOST_AUTO_TEST_SUITE_END()
