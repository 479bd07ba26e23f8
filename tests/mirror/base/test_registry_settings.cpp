// registries: of the configuration.
#include <boost/test/unit_test.hpp>

#include "mirror/base/configuration.h"
#include "mirror/base/error.h"

using namespace tidemark::mirror;

namespace {

std::vector<RegistrySettings> registries_of(const std::string& text) {
    return parse_configuration(text, "t.yaml").registries;
}

/// The error's lines after the first, or nothing.
std::string error_of(const std::string& text) {
    try {
        registries_of(text);
    } catch (const Error& error) {
        const std::string message = error.what();
        return message.substr(message.find('\n') + 1);
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_base_registry_settings)

BOOST_AUTO_TEST_CASE(without_the_key_nothing_is_limited) {
    BOOST_TEST(registries_of("state: /srv/state\n").empty());
}

BOOST_AUTO_TEST_CASE(limits_are_read) {
    const auto registries = registries_of(
        "registries:\n- host: ghcr.io\n  connections: 4\n  requestsPerSecond: 10\n"
        "- {host: docker.io, requestsPerSecond: 0.5}\n- {host: \"127.0.0.1:5000\", connections: 1}\n");
    BOOST_REQUIRE(registries.size() == 3U);
    BOOST_TEST(registries[0].host == "ghcr.io");
    BOOST_TEST(registries[0].connections.value() == 4U);
    BOOST_TEST(registries[0].requests_per_second.value() == 10.0);
    BOOST_TEST(registries[0].place.line == 2U);
    BOOST_TEST(registries[1].host == "index.docker.io");
    BOOST_TEST(!registries[1].connections.has_value());
    BOOST_TEST(registries[1].requests_per_second.value() == 0.5);
    BOOST_TEST(registries[2].host == "127.0.0.1:5000");
    BOOST_TEST(!registries[2].requests_per_second.has_value());
}

BOOST_AUTO_TEST_CASE(mistakes_are_named_with_their_place) {
    const struct {
        const char* text;
        const char* wanted;
    } table[] = {
        {"registries: [{connections: 4}]", "t.yaml:1:14: registries[].host is missing"},
        {"registries: [{host: \"\", connections: 4}]", "registries[].host is empty"},
        {"registries: [{host: localhost, connections: 4}]", "t.yaml:1:21: registries[].host must be a registry's host"},
        {"registries: [{host: \"https://ghcr.io\", connections: 4}]", "registries[].host must be a registry's host"},
        {"registries: [{host: ghcr.io/acme, connections: 4}]", "registries[].host must be a registry's host"},
        {"registries: [{host: \"gh cr.io\", connections: 4}]", "registries[].host must be a registry's host"},
        {"registries: [{host: ghcr.io}]", "t.yaml:1:14: registries[] limits nothing"},
        {"registries: [{host: ghcr.io, connections: 0}]",
         "registries[].connections must be a whole number from 1 to 64"},
        {"registries: [{host: ghcr.io, connections: 65}]", "t.yaml:1:43: registries[].connections must be"},
        {"registries: [{host: ghcr.io, connections: -1}]", "registries[].connections must be"},
        {"registries: [{host: ghcr.io, connections: 1.5}]", "registries[].connections must be"},
        {"registries: [{host: ghcr.io, connections: many}]", "registries[].connections must be"},
        {"registries: [{host: ghcr.io, requestsPerSecond: 0}]",
         "registries[].requestsPerSecond must be a number from 0.01 to 10000"},
        {"registries: [{host: ghcr.io, requestsPerSecond: 1e9}]", "registries[].requestsPerSecond must be"},
        {"registries: [{host: ghcr.io, requestsPerSecond: .nan}]", "registries[].requestsPerSecond must be"},
        {"registries: [{host: ghcr.io, requestsPerSecond: [1]}]", "registries[].requestsPerSecond must be"},
        {"registries: [{host: ghcr.io, connection: 4}]", "connection"},
        {"registries: {host: ghcr.io}", "registries"},
        {"registries: [ghcr.io]", "registries[] must be a mapping"},
        {"registries:\n- {host: ghcr.io, connections: 4}\n- {host: \"GHCR.io:443\", connections: 8}\n",
         "t.yaml:3:3: there are two registries of the host ghcr.io"},
        {"registries:\n- {host: docker.io, connections: 4}\n- {host: registry-1.docker.io, connections: 8}\n",
         "there are two registries of the host index.docker.io"},
    };
    for (const auto& row : table)
        BOOST_TEST_CONTEXT(row.text) {
            BOOST_TEST(error_of(row.text).find(row.wanted) != std::string::npos, error_of(row.text));
        }
}

BOOST_AUTO_TEST_SUITE_END()
