#include <boost/test/unit_test.hpp>

#include "mirror/service/scan.h"
#include "mirror/service/sources.h"

using namespace tidemark::mirror::service;

BOOST_AUTO_TEST_SUITE(mirror_service_names)

BOOST_AUTO_TEST_CASE(the_scan_message_has_the_checksum_of_the_tags_as_a_json_array) {
    BOOST_TEST(scan_message({"1.1.0", "1.0.0"}) == "successful scan: found 2 tags with checksum 495453000");
    BOOST_TEST(scan_message({}) == "successful scan: found 0 tags with checksum 18153657");
}

BOOST_AUTO_TEST_CASE(a_mirror_is_named_after_its_repository_and_differs_by_url) {
    const std::string one = mirror_name("https://git.example/team/fleet.git");
    const std::string other = mirror_name("https://other.example/team/fleet.git");
    BOOST_TEST(one.starts_with("fleet-"));
    BOOST_TEST(one.ends_with(".git"));
    BOOST_TEST(one != other);
    BOOST_TEST(mirror_name("file:///srv/../../etc").find('/') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
